"""What waits for the person at work: cases in which the next step is theirs, and accepted items without a case.

Only what lies in clear is asked: parts, states, and the kind and author of entries, never what they say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from core import access
from core.cases.cards import WaitingItem
from core.cases.items import Item
from core.cases.proceedings.members import OFFICERS, RECUSED, Part
from core.cases.proceedings.steps import Classified, Declined, Finding, Inquiry, Malicious, Referral, Signed
from core.cases.proceedings.tables import CaseEntry, CaseFile, CaseItem, CaseMember
from core.cases.rules.lifecycle import CASE_STATES, is_open, may
from core.work import Work

_OPEN: Final = tuple(state for state in CASE_STATES if is_open(state))
_SETTLING: Final = (Signed.kind, Declined.kind)
_DRAFTS: Final[Mapping[str, tuple[str, ...]]] = {
    "verifying": (Inquiry.kind, Finding.kind),
    "verified": (Malicious.kind, Classified.kind),
}
_SUPERVISED: Final[Mapping[str, str]] = {
    "opened": "assign",
    "classified": "analyse",
    "analysed": "call",
    "department_meeting_done": "call",
}


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
    """Return the cases in which the next step is the person's own, the longest untouched first, each once."""
    me = access.signed_in(work).person_id
    found: dict[UUID, WaitingCase] = {}
    for what, condition in _conditions(work, me):
        query = select(CaseFile.id, CaseFile.year, CaseFile.number, CaseFile.state, CaseFile.changed_at)
        query = query.join(CaseMember, CaseMember.case_id == CaseFile.id)
        query = query.where(CaseMember.person_id == me, CaseMember.until.is_(None), condition)
        for row in await work.session.execute(query.order_by(CaseFile.changed_at, CaseFile.id).limit(limit)):
            name = what(row[3])
            found.setdefault(row[0], WaitingCase(name, *row))
    return sorted(found.values(), key=lambda one: (one.since, one.id.hex))


async def accepted_items(work: Work, *, limit: int = 50) -> Sequence[WaitingItem]:
    """Return the accepted items that are in no case yet, where the person may open one."""
    query = select(Item.id, Item.received_at).where(Item.state == "accepted")
    query = query.where(Item.body.in_(access.bodies(work, "case.open")), ~exists().where(CaseItem.item_id == Item.id))
    rows = await work.session.execute(query.order_by(Item.received_at, Item.id).limit(limit))
    return [WaitingItem("open_case", item_id, since) for item_id, since in rows]


def _conditions(work: Work, me: UUID) -> Sequence[tuple[Callable[[str], str], ColumnElement[bool]]]:
    """Return what a case waits for, by its state, with the condition under which it does."""
    officer = CaseMember.part.in_([str(part) for part in OFFICERS])
    declared = and_(officer, CaseMember.declared.is_not(None), CaseMember.declared != RECUSED)
    referable = [state for state in _OPEN if may(state, "T12") or may(state, "T28")]
    receives = or_(CaseMember.part == Part.RECEIVER, CaseMember.part == Part.OFFICER_DISC)
    drafts = [and_(CaseFile.state == state, _draft_of_another(me, kinds)) for state, kinds in _DRAFTS.items()]
    found: list[tuple[Callable[[str], str], ColumnElement[bool]]] = [
        (lambda _: "declare", and_(officer, CaseMember.declared.is_(None), CaseFile.state.in_(_OPEN))),
        (lambda _: "sign", and_(declared, or_(*drafts))),
        (
            lambda _: "accept_referral",
            and_(receives, CaseFile.state.in_(referable), _draft_of_another(me, (Referral.kind,))),
        ),
        (lambda _: "classify", and_(declared, CaseFile.state == "verified")),
        (
            lambda state: _SUPERVISED[state],
            and_(CaseMember.part == Part.SUPERVISOR, CaseFile.state.in_(_SUPERVISED.keys())),
        ),
    ]
    if access.may(work.actor, "case.confirm"):
        found.append(
            (lambda _: "confirm", and_(CaseMember.part == Part.HEARING, CaseFile.state == "group_meeting_done"))
        )
    return found


def _draft_of_another(me: UUID, kinds: Sequence[str]) -> ColumnElement[bool]:
    """Tell whether somebody else drafted an entry of these kinds and nothing was signed or declined since."""
    draft, later = aliased(CaseEntry), aliased(CaseEntry)
    settled = exists().where(later.case_id == draft.case_id, later.kind.in_(_SETTLING), later.place > draft.place)
    mine = (draft.case_id == CaseFile.id, draft.kind.in_(kinds), draft.author_id != me)
    return exists(select(draft.id).where(*mine, ~settled).correlate(CaseFile))
