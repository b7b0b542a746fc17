"""How fast a bot may speak. Pure: the seconds of a monotonic clock are handed in.

The platform takes about 30 messages in a second from a bot and one in a second to a chat. It counts them as they
arrive: what left evenly may arrive in a heap. So we stay below, and never catch up by more than one message.
"""

from typing import Final

PER_SECOND: Final = 26.5
SPACING: Final = 1 / PER_SECOND
CHAT_SPACING: Final = 1.1


class Pacing:
    """A bucket of two tokens for the bot, one of one token for each chat, and the end of a halt.

    At most 28 messages leave in any second, which leaves room for two that were late on their way.
    """

    def __init__(self) -> None:
        self._full_at = 0.0
        self._chat_free_at: dict[str, float] = {}
        self._halted_until = 0.0

    def begin(self, now: float) -> None:
        """Keep quiet for a second: another process may have sent until a moment ago."""
        self._full_at = max(self._full_at, now + CHAT_SPACING + SPACING)

    def halt(self, until: float) -> None:
        """Send nothing to anybody until then; a halt is never ended early."""
        self._halted_until = max(self._halted_until, until)

    def halted(self, now: float) -> float:
        """Return for how many seconds nothing may be sent to anybody."""
        return max(0.0, self._halted_until - now)

    def wait(self, now: float, chat: str = "") -> float:
        """Return in how many seconds a message to ``chat``, or to any fresh one, may leave; 0 is at once."""
        free_at = max(self._full_at - SPACING, self._chat_free_at.get(chat, 0.0), self._halted_until)
        return max(0.0, free_at - now)

    def note(self, now: float, chat: str) -> None:
        """Note that a message to ``chat`` leaves now."""
        self._full_at = max(self._full_at, now) + SPACING
        self._chat_free_at = {each: at for each, at in self._chat_free_at.items() if at > now}
        self._chat_free_at[chat] = now + CHAT_SPACING
