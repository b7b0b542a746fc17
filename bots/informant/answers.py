"""What is said after an update was applied, and which messages of ours stand in a chat until a draft has noted them.

The latter is in memory only: it lets messages be deleted on wish that no step of the chat has noted yet, and lets the
answer to an album be kept up to date.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, TypeVar

from bots.informant.chat import MOST_TRACES
from bots.informant.incoming import Incoming
from bots.informant.speaking import Speaker
from bots.informant.turn import Turn
from bots.texting import Screen

K = TypeVar("K")
V = TypeVar("V")

_REMEMBERED: Final = 10_000  # of each kind; the least recent are forgotten first


class Answers:
    """Says what follows from a turn."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._sent: OrderedDict[int, list[int]] = OrderedDict()
        self._albums: OrderedDict[tuple[int, str], int] = OrderedDict()

    def shown_in(self, chat: int) -> Sequence[int]:
        """Return the messages of ours in a chat that no draft has noted."""
        return self._sent.get(chat, ())

    def forget(self, chat: int) -> None:
        """Let go of what `shown_in` returns."""
        self._sent.pop(chat, None)

    async def give(self, turn: Turn, screen: Screen, *, is_new: bool) -> None:
        """Say what follows; the last message is the one that must arrive."""
        incoming = turn.incoming
        chat = incoming.chat
        if incoming.kind == "press":
            await self._speaker.answer_if_possible(incoming.query, turn.alert)
            if turn.is_old or turn.chosen:
                await self._speaker.settle_if_possible(chat, incoming.message_id, incoming.shown, turn.chosen)
            if turn.is_old:
                return
            if is_new and not turn.chosen:  # a page was turned
                await self._speaker.show_instead(chat, incoming.message_id, screen)
                return
        if incoming.kind == "edit" and not turn.notes:
            return
        await self._show(incoming, screen)

    async def _show(self, incoming: Incoming, screen: Screen) -> None:
        """Send a screen; the pictures of one album are answered by one message, which is kept up to date."""
        chat, album = incoming.chat, (incoming.chat, incoming.album)
        before = self._albums.get(album) if incoming.album else None
        if before is not None and await self._speaker.show_instead(chat, before, screen):
            return
        shown: list[int] = []
        try:
            await self._speaker.show(chat, screen, shown)
        finally:
            _remember(self._sent, chat, [*self._sent.get(chat, []), *shown][-MOST_TRACES:])
        if incoming.album:
            _remember(self._albums, album, shown[-1])


def _remember(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
