"""What waits for the person at work: cases in which the next step is theirs, and accepted items without a case.

Only what lies in clear is asked: parts, states, and the kind and author of entries, never what they say.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from core import access, registry
from core.cases.cards import WaitingItem
from core.cases.items import Item
from core.cases.proceedings.calling import ON_AN_AGENDA
from core.cases.proceedings.members import OFFICERS, RECUSED, Part
from core.cases.proceedings.steps import Classified, Declined, Finding, Inquiry, Malicious, Referral, Signed
from core.cases.proceedings.tables import SUPERVISED, CaseEntry, CaseFile, CaseMember
from core.cases.rules.lifecycle import CASE_STATES, is_open, may
from core.work import Work

_OPEN: Final = tuple(state for state in CASE_STATES if is_open(state))
_SETTLING: Final = (Signed.kind, Declined.kind)
_DRAFTS: Final[Mapping[str, tuple[str, ...]]] = {
    "verifying": (Inquiry.kind, Finding.kind),
    "verified": (Malicious.kind, Classified.kind),
}
_DRAFTED: Final = (*chain.from_iterable(_DRAFTS.values()), Referral.kind)
_WORKING: Final = (*map(str, OFFICERS), str(Part.RECEIVER))
_CASE: Final = (CaseFile.id, CaseFile.year, CaseFile.number, CaseFile.state, CaseFile.changed_at)
_NEXT_STEPS: Final[Mapping[str, str]] = {
    "opened": "assign",
    "classified": "analyse",
    "analysed": "call",
    "department_meeting_done": "call",
    "group_meeting_done": "confirm",
}
"""What is next where no officer is at work on a case."""
_WAITS: Final = and_(SUPERVISED, CaseFile.id.not_in(ON_AN_AGENDA))
_HEARD: Final = and_(CaseFile.body.in_(map(str, registry.BODIES)), CaseFile.state == "group_meeting_done")


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A case that waits: to ``declare``, ``sign``, ``assign``, ``analyse``, ``call`` a meeting, or ``confirm``."""

    what: str
    id: UUID
    year: int
    number: int
    state: str
    since: datetime


async def waiting(work: Work, *, limit: int = 100) -> Sequence[WaitingCase]:
    """Return the cases in which the next step is the person's own, the longest untouched first, each once.

    Officers have a part in some cases, so all of these are looked through; supervisors and the leading group have one
    in nearly every case, so there it is the cases in those few states in which something is theirs to do.
    """
    me = access.signed_in(work).person_id
    found = await _of_officer(work, me)
    if access.may(work.actor, "case.assign"):
        for one in await _with_part(work, me, Part.SUPERVISOR, _WAITS, limit):
            found.setdefault(one.id, one)
    if access.may(work.actor, "case.confirm"):
        for one in await _with_part(work, me, Part.HEARING, _HEARD, limit):
            found.setdefault(one.id, one)
    return sorted(found.values(), key=lambda one: (one.since, one.id.hex))[:limit]


async def to_be_heard(work: Work, state: str, *, limit: int = 50) -> Sequence[WaitingCase]:
    """Return the cases in a state for which the person at work has to call a meeting, the longest untouched first."""
    me = access.permit(work, "meeting.call").person_id
    return await _with_part(work, me, Part.SUPERVISOR, and_(_WAITS, CaseFile.state == state), limit)


async def accepted_items(work: Work, *, limit: int = 50) -> Sequence[WaitingItem]:
    """Return the accepted items that are in no case yet, where the person may open one."""
    query = select(Item.id, Item.received_at).where(Item.awaits_case, Item.body.in_(access.bodies(work, "case.open")))
    rows = await work.session.execute(query.order_by(Item.received_at, Item.id).limit(limit))
    return [WaitingItem("open_case", item_id, since) for item_id, since in rows]


async def _of_officer(work: Work, me: UUID) -> dict[UUID, WaitingCase]:
    """Return what waits for somebody as an officer of a case, or as the one to whom it is referred."""
    query = select(*_CASE, CaseMember.part, CaseMember.declared).join(CaseMember, CaseMember.case_id == CaseFile.id)
    query = query.where(CaseMember.person_id == me, CaseMember.until.is_(None), CaseMember.part.in_(_WORKING))
    query = query.where(CaseFile.state.in_(_OPEN)).order_by(CaseMember.part)
    rows = (await work.session.execute(query)).all()
    drafts = await _drafts_of_others(work, me, [row.id for row in rows])
    found: dict[UUID, WaitingCase] = {}
    for row in rows:
        what = _next(row.part, row.declared, row.state, drafts[row.id])
        if what:
            found.setdefault(row.id, WaitingCase(what, row.id, row.year, row.number, row.state, row.changed_at))
    return found


def _next(part: str, declared: str | None, state: str, drafts: Collection[str]) -> str:
    """Return what is next for somebody with this part, or nothing. Pure."""
    is_officer = part in OFFICERS
    if is_officer and declared is None:
        return "declare"
    may_act = is_officer and declared != RECUSED
    if may_act and any(kind in drafts for kind in _DRAFTS.get(state, ())):
        return "sign"
    if part != Part.OFFICER_ORG and Referral.kind in drafts and (may(state, "T12") or may(state, "T28")):
        return "accept_referral"
    return "classify" if may_act and state == "verified" else ""


async def _with_part(work: Work, me: UUID, part: Part, where: ColumnElement[bool], limit: int) -> Sequence[WaitingCase]:
    """Return those of the cases in which somebody has a part, the longest untouched first, until there are enough.

    The part is written as a value, not as EXISTS: PostgreSQL would first read all parts of a supervisor.
    """
    mine = select(CaseMember.case_id).where(CaseMember.case_id == CaseFile.id, CaseMember.part == part)
    mine = mine.where(CaseMember.person_id == me, CaseMember.until.is_(None)).limit(1).correlate(CaseFile)
    query = select(*_CASE).where(where, mine.scalar_subquery().is_not(None))
    rows = await work.session.execute(query.order_by(CaseFile.changed_at, CaseFile.id).limit(limit))
    return [WaitingCase(_NEXT_STEPS[row.state], *row) for row in rows]


async def _drafts_of_others(work: Work, me: UUID, cases: Sequence[UUID]) -> Mapping[UUID, Collection[str]]:
    """Return the kinds of entries that somebody else drafted and that nothing was signed or declined after."""
    found: dict[UUID, set[str]] = defaultdict(set)
    if not cases:
        return found
    draft, later = aliased(CaseEntry), aliased(CaseEntry)
    settled = exists().where(later.case_id == draft.case_id, later.kind.in_(_SETTLING), later.place > draft.place)
    query = select(draft.case_id, draft.kind).where(draft.case_id.in_(cases), draft.kind.in_(_DRAFTED))
    for case_id, kind in await work.session.execute(query.where(draft.author_id != me, ~settled)):
        found[case_id].add(kind)
    return found
