"""What each station of the demo does in each quarter of its year, as a table (``rounds.csv``). Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.registry import Role
from core.stations.rules.reminders import Stage, plan
from core.stations.rules.schedule import known_days
from jingshi.demo import lists

_ENTRIES: Final[Mapping[str, int]] = {"one": 1, "two": 2}
_IN_TIME: Final = ("prompt", "first", "second")
STEP: Final = timedelta(hours=1)
"""From a reminder to what a station does, and from that to the next thing: filed, sent back, filed again, signed."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What one station does in one quarter: the ``words`` of a cell of the table.

    ``nil``, or ``one`` or ``two`` entries; ``late``, after the due day, or ``missing``. ``unreachable``: the chats of
    those who fill in are gone until somebody calls them. ``returned``: the head sends the record back once.
    ``deputy``: it is the deputy who signs. ``refused``: they begin an entry about private life, which keeps nothing.
    """

    station: str
    number: int
    quarter: str
    words: frozenset[str]

    @property
    def entries(self) -> int:
        """How many entries the record has."""
        return sum(_ENTRIES.get(word, 0) for word in self.words)

    @property
    def is_missing(self) -> bool:
        """Whether nothing comes at all."""
        return "missing" in self.words

    @property
    def is_late(self) -> bool:
        """Whether the record comes after the due day."""
        return "late" in self.words

    @property
    def is_returned(self) -> bool:
        """Whether the record is sent back once."""
        return "returned" in self.words

    @property
    def is_unreachable(self) -> bool:
        """Whether the chats of those who fill in are gone when the round begins."""
        return "unreachable" in self.words

    @property
    def is_refused(self) -> bool:
        """Whether an entry is begun that the gate refuses."""
        return "refused" in self.words

    @property
    def signer(self) -> Role:
        """The role of whoever signs."""
        return Role.STATION_DEPUTY_HEAD if "deputy" in self.words else Role.STATION_HEAD

    @property
    def stage(self) -> str:
        """The stage of the plan of reminders after which the record comes; none for one that is missing."""
        if self.is_missing:
            return ""
        if self.is_late:
            return "escalated" if self.is_unreachable else "grace"
        return _IN_TIME[self.number % len(_IN_TIME)]


def year() -> Sequence[Deed]:
    """Return the year, quarter by quarter, the stations in the order of the district."""
    rows = lists.rounds()
    quarters = [name for name in rows[0] if name != "station"]
    return [
        Deed(row["station"], number, quarter, frozenset(row[quarter].split()))
        for quarter in quarters
        for number, row in enumerate(rows)
    ]


def stages(quarter: str) -> Mapping[str, Stage]:
    """Return the stages of a quarter's plan of reminders by name, the earliest first."""
    return {stage.name: stage for stage in plan(known_days(quarter))}


def waves() -> Mapping[tuple[str, str], Sequence[Deed]]:
    """Return the year by what the records come after: a quarter, and a stage of its plan."""
    found: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for deed in year():
        found[deed.quarter, deed.stage].append(deed)
    return found
