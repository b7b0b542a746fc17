"""How much a bot may send: 30 messages a second, one a second per chat on average, 20 a minute in a group."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.peer.description import Refused


@dataclass(slots=True)
class Figures:
    """The real figures; ``chat_burst`` messages of one chat may come at once."""

    bot_per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20


@dataclass(slots=True)
class Limits:
    """Counts what was accepted; refuses what is too much, if it is switched on."""

    figures: Figures | None = None
    _second: deque[float] = field(default_factory=deque)
    _minutes: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _due: dict[int, float] = field(default_factory=dict)

    def switch(self, figures: Figures | None) -> None:
        self.figures = figures
        self._second.clear()
        self._minutes.clear()
        self._due.clear()

    def pass_or_refuse(self, chat: int, *, group: bool, now: float) -> None:
        """Count one message; raises ``Refused`` with 429 and ``retry_after``, and then does not count it."""
        figures = self.figures
        if figures is None:
            return
        minute = self._minutes[chat]
        _forget(self._second, now - 1)
        _forget(minute, now - 60)
        wait = 0.0
        if len(self._second) >= figures.bot_per_second:
            wait = self._second[0] + 1 - now
        if group and len(minute) >= figures.group_per_minute:
            wait = max(wait, minute[0] + 60 - now)
        step = 1 / figures.chat_per_second
        due = max(self._due.get(chat, now), now)  # when the last message would have been sent at an even pace
        if not group and due - now > step * (figures.chat_burst - 1):
            wait = max(wait, due - now - step * (figures.chat_burst - 1))
        if wait > 0:
            raise too_many(math.ceil(wait))
        self._second.append(now)
        minute.append(now)
        self._due[chat] = due + step


def _forget(moments: deque[float], until: float) -> None:
    while moments and moments[0] <= until:
        moments.popleft()


def too_many(seconds: int) -> Refused:
    """Return the refusal that asks to wait."""
    return Refused(f"Too Many Requests: retry after {seconds}", 429, kind="limit", parameters={"retry_after": seconds})
