"""The bot: an update is applied in one transaction, and only then answered, so that it may be delivered again.

Whatever fails before the answer has left raises `Later`, and the platform delivers again. An update that was applied
already is answered with what the chat shows now.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Final

from telegram.error import BadRequest

from bots.forms import record_form
from bots.lanes import Lanes
from bots.liaison import talking
from bots.liaison.chat import BOT, CHANNEL, Chat
from bots.liaison.incoming import Incoming
from bots.liaison.speaking import Speaker, Speaking, understood
from bots.liaison.texts import phone_line, texts
from bots.liaison.turn import Turn
from bots.platform import Gone, Later
from bots.texting import Screen
from bots.throttle import Throttle
from core.app import App, drafts, stations, updates
from core.errors import Forged, Invalid, JingshiError, Stale, TooMany, Unavailable
from core.texts import LANGUAGES, choose_language
from core.work import Reporter, Work

_log = logging.getLogger("jingshi.liaison")

_NOBODY_YET: Final = Reporter()
REFUSALS: Final = frozenset(
    {
        "invitation_unknown",
        "invitation_used",
        "chat_paired_with_another",
        "record_closed",
        "record_empty",
        "record_full",
        "record_has_entries",
        "record_not_submitted",
        "entry_held",
        "entry_unknown",
        "not_a_signer",
        "no_shared_key",
        "remark_too_long",
        "remark_missing",
    }
)
"""What the core refuses and a chat may meet."""

Draft = drafts.Draft
Applied = tuple[Turn, Screen, bool]


class Liaison:
    """One bot on an intake process's core."""

    def __init__(self, core: App, bot: Speaking) -> None:
        self.core = core
        self.bot = bot
        self.speaker = Speaker(bot)
        window = timedelta(minutes=core.policy.minutes("pairing_tries_window"))
        self.throttle = Throttle(core.clock, tries=core.policy.count("pairing_tries"), window=window)
        self.guesses = Throttle(core.clock, tries=core.policy.count("pairing_tries_of_all"), window=window)
        self._lanes = Lanes()
        record_form()  # slow to read: not while an update is being applied

    async def take(self, incoming: Incoming) -> None:
        """Apply an update and answer it; raises `Later` when it is to be delivered again, and `Revoked`."""
        try:
            if incoming.kind == "group":
                await self._decline_group(incoming.chat)
            elif incoming.kind == "press" and not incoming.is_own:
                await self.speaker.answer_if_possible(incoming.query)
            elif incoming.kind != "left":
                async with self._lanes.of(incoming.chat):
                    await self._take(incoming)
        except Gone:
            return  # nobody is there to be answered
        except (Unavailable, Stale) as error:
            _log.warning("%s: an update will be delivered again", error.code)
            raise Later(getattr(error, "retry_after", 1)) from error

    async def apologise(self, incoming: Incoming) -> None:
        """Say that something went wrong here, and that what was stored is still there; raises `Later`, `Revoked`."""
        language = choose_language(incoming.language)
        lines = (texts(language)("refused.other"), phone_line(language, self.core.settings.stations_phone))
        with suppress(Gone, BadRequest), understood():
            await self.bot.send_message(incoming.chat, "\n\n".join(filter(None, lines)))

    async def _take(self, incoming: Incoming) -> None:
        try:
            applied = await self._apply(incoming)
        except (Unavailable, Stale):
            raise
        except JingshiError as error:
            _log.info("%s %s", type(error).__name__, error.code)
            applied = await self._refuse(incoming, error)
        await self._give(*applied)

    async def _apply(self, incoming: Incoming) -> Applied:
        async with self.core.work(_NOBODY_YET, CHANNEL) as work:
            is_new = await updates.first_time(work, self._account, incoming.update_id)
            draft, turn = await self._begin(work, incoming)
            before = turn.chat
            if is_new:
                await talking.apply(turn)
                await _save(turn, draft, before)
            return turn, await turn.screen(), is_new

    async def _refuse(self, incoming: Incoming, error: JingshiError) -> Applied:
        """Note an update that the core refused as applied, change nothing by it, and say why."""
        async with self.core.work(_NOBODY_YET, CHANNEL) as work:
            is_new = await updates.first_time(work, self._account, incoming.update_id)
            draft, turn = await self._begin(work, incoming)
            before = turn.chat
            if isinstance(error, TooMany):
                turn.say("refused.too_many")
            else:
                turn.say(f"refused.{_code(error, incoming)}", number=turn.number)
            turn.leads = False
            if error.code == "record_not_submitted" and turn.chat.duty is not None:
                turn.set(place="duty", remark="")
            if turn.who is not None and error.code == "record_closed":  # the entry is kept: it may be sent back
                turn.set(place="duty", duty=turn.chat.entry_of or turn.chat.duty)
            try:
                screen = await turn.screen()
            except JingshiError:  # what the chat has open cannot be read: it is closed, or nobody could leave it
                turn.chat = Chat()
                turn.notes = [turn.t("entry.lost")]
                screen = await turn.screen()
            await _save(turn, draft, before)
            return turn, screen, is_new

    async def _begin(self, work: Work, incoming: Incoming) -> tuple[Draft, Turn]:
        """Return the draft of a chat, and a turn of whoever the chat stands for."""
        chat = str(incoming.chat)
        who = await stations.recognise(work, chat)
        try:
            draft = await drafts.load(work, CHANNEL, chat)
        except Forged:  # sealed with a key that is gone: nobody can read it any more
            await drafts.drop(work, CHANNEL, chat)
            draft = None
        turn = Turn(work, _held(draft), incoming, self.throttle, self.guesses, None, self.core.settings.stations_phone)
        turn.recognised(who)
        return draft or drafts.Draft(CHANNEL, chat), turn

    async def _give(self, turn: Turn, screen: Screen, is_new: bool) -> None:  # noqa: FBT001 - the parts of `Applied`
        incoming, chat = turn.incoming, turn.incoming.chat
        if incoming.kind == "press":
            await self.speaker.answer_if_possible(incoming.query, turn.alert)
            if turn.is_old or turn.chosen:
                await self.speaker.settle_if_possible(chat, incoming.message_id, incoming.shown, turn.chosen)
            if turn.is_old:
                return
            turned = is_new and not turn.chosen and not turn.notes
            if turned and await self.speaker.show_instead(chat, incoming.message_id, screen):
                return
        await self.speaker.show(chat, screen)

    async def _decline_group(self, chat: int) -> None:
        """Say that we speak in private only, and leave: what is said in a group is heard by all of it."""
        both = "\n\n".join(texts(language)("group_chat") for language in LANGUAGES)
        with suppress(BadRequest), understood():
            await self.bot.send_message(chat, both)
        with suppress(BadRequest), understood():
            await self.bot.leave_chat(chat)

    @property
    def _account(self) -> str:
        return f"{BOT}:{self.bot.id}"  # another account of the platform counts its updates anew


def _code(error: JingshiError, incoming: Incoming) -> str:
    """Return by what code the catalogues say why: who typed digits sent no link."""
    if error.code not in REFUSALS:
        return "other"
    typed = not incoming.text.startswith("/") and error.code.startswith("invitation_")
    return error.code.replace("invitation_", "digits_") if typed else error.code


def _held(draft: Draft | None) -> Chat:
    if draft is None:
        return Chat()
    try:
        return Chat.from_json(draft.content)
    except (Invalid, KeyError, TypeError, ValueError):  # written by a version whose drafts cannot be read any more
        return Chat()


async def _save(turn: Turn, draft: Draft, before: Chat) -> None:
    """Keep the chat if anything of it changed."""
    if turn.chat == before:
        return
    if turn.chat.is_blank:
        await drafts.discard(turn.work, draft)
    else:
        await drafts.save(turn.work, draft, turn.chat.to_json(), ttl=await turn.kept_for())
