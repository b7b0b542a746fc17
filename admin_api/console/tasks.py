"""What waits for somebody, for my day and for the counts in the navigation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import warnings
from core.app import access, stations
from core.cases import cards, proceedings
from core.cases.cards import WaitingItem
from core.cases.proceedings import MeetingSummary, WaitingCase
from core.warnings import WaitingMeasure, WaitingWord
from core.work import Staff, Work


@dataclass(frozen=True, slots=True)
class Tasks:
    """What waits for one person; notices, identities to agree to and books with held entries are counted only."""

    items: Sequence[WaitingItem]
    cases: Sequence[WaitingCase]
    measures: Sequence[WaitingMeasure]
    messages: Sequence[WaitingWord]
    meetings: Sequence[MeetingSummary]
    notices: int
    identities: int
    held: int

    @property
    def counts(self) -> Mapping[str, int]:
        """How much waits, by entry of the navigation."""
        total = len(self.items) + len(self.cases) + len(self.measures) + len(self.messages) + len(self.meetings)
        beside = {"notices": self.notices, "identities": self.identities, "held": self.held}
        waiting = {"cases": len(self.cases), "measures": len(self.measures), "meetings": len(self.meetings)}
        return {"day": total, **waiting, **beside}


async def tasks(work: Work, staff: Staff) -> Tasks:
    """Return what waits for the person at work."""
    items: list[WaitingItem] = []
    if access.may(staff, "triage.decide") or access.may(staff, "triage.propose"):
        items += await cards.waiting(work)
    if access.may(staff, "case.open"):
        items += await proceedings.accepted_items(work)
    found = await proceedings.waiting(work) if access.may(staff, "case.read") else ()
    meetings: Sequence[MeetingSummary] = ()
    if access.may(staff, "meeting.hold"):
        meetings = await proceedings.meetings_to_hold(work)
    unread = await proceedings.unread_notices(work) if access.may(staff, "notice.read") else 0
    wishes = await proceedings.waiting_wishes(work) if access.may(staff, "identity.release") else 0
    measures = await warnings.waiting(work) if access.may(staff, "measure.list") else ()
    messages = await warnings.waiting_words(work) if access.may(staff, "subject.hear") else ()
    held = await stations.held_count(work) if access.may(staff, "station.release_entries") else 0
    return Tasks(items, found, measures, messages, meetings, unread, wishes, held)
