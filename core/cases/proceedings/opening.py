"""A case begins with an accepted item, and further items about the same subject join it (T7)."""

from uuid import UUID, uuid4

from sqlalchemy import func, select

from core import access, audit, deadlines, numbers, registry
from core.cases.cards import TEAM, CardContent, card_of, fit_text, read_card
from core.cases.items import Item, lock_item
from core.cases.proceedings import members
from core.cases.proceedings.members import Part
from core.cases.proceedings.signatures import case_facts
from core.cases.proceedings.steps import Merged, Opened
from core.cases.proceedings.tables import CaseFile, CaseItem
from core.cases.proceedings.telling import show_stage
from core.cases.proceedings.thread import lock_case, record
from core.cases.rules.lifecycle import NOTHING, transition
from core.errors import Conflict
from core.sealing import KeyPair, sign
from core.work import Work

_REASON = 1000
_JOINABLE = frozenset({"opened", "verifying", "awaiting_explanation", "held"})


async def open_case(work: Work, item_id: UUID) -> CaseFile:
    """Open a case on an accepted item (T7) and return its row.

    The case has a key of its own, sealed to escrow, to the clerk and to the supervisors of the body. The item's key is
    sealed to the case alone from then on: whoever holds only the intake key opens it no more. Raises `Denied`,
    `KeyLocked`, `NotFound`, `Conflict` (``item_not_accepted``, ``item_in_a_case``).
    """
    item = await lock_item(work, item_id)
    staff = access.permit(work, "case.open", body=item.body)
    await _require_free(work, item_id, item.state)
    item_key = await access.open_key(work, "item", item.id, item.public_key)
    card = await read_card(work, item_id, item_key)
    number, key, now = await numbers.next_number(work, f"case:{item.body}"), KeyPair.new(), work.now()
    case = CaseFile(
        id=uuid4(),
        year=number.year,
        number=number.place,
        body=item.body,
        state=transition(NOTHING, "T7"),
        version=0,
        public_key=key.public,
        opened_at=now,
        changed_at=now,
        subject_hash=(await card_of(work, item_id)).subject_hash,
    )
    case.signature = sign(work.keys.signing_key, "case_file", case_facts(case))
    work.session.add(case)
    await work.session.flush()  # rows that point at the case follow
    access.seal_to_escrow(work, "case", case.id, key)
    await members.join(work, case, staff.person_id, Part.CLERK, key)
    for person in await registry.people_with_role(work, "supervisor", on=work.clock.today(), body=case.body):
        if await access.present_person_key(work, person.id) is not None:
            await members.join(work, case, person.id, Part.SUPERVISOR, key)
    record(work, case, _opened(item_id, card.content))
    await _take_in(work, case, item, item_key, origin=1)
    deadlines.begin(work, "case", case.id, case.body, "assignment")
    if await _is_important(work, card.content):
        deadlines.begin(work, "case", case.id, case.body, "escalation")
    return case


async def merge(
    work: Work, item_id: UUID, case_id: UUID, *, reason: str, same_origin_as: UUID | None = None
) -> CaseFile:
    """Let an accepted item join a case about the same subject (T7).

    Whether it has the origin of an item that is there is the clerk's judgement: such items count once. Each keeps its
    own card. Raises `Denied`, `KeyLocked`, `NotFound`, `Conflict` (``item_not_accepted``, ``item_in_a_case``,
    ``different_subject``, ``case_takes_no_more``, ``origin_unknown``), `Invalid` for the reason.
    """
    item, case = await lock_item(work, item_id), await lock_case(work, case_id)
    await members.permit_in(work, case, "case.open", Part.CLERK)
    access.permit(work, "case.open", body=item.body)
    await _require_free(work, item_id, item.state)
    if case.body != item.body or (await card_of(work, item_id)).subject_hash != case.subject_hash:
        raise Conflict("different_subject")
    if case.state not in _JOINABLE:
        raise Conflict("case_takes_no_more", state=case.state)
    item_key = await access.open_key(work, "item", item.id, item.public_key)
    content = (await read_card(work, item_id, item_key)).content
    origin = await _origin(work, case_id, same_origin_as)
    step = Merged(str(item_id), origin, content.evidence, content.substance, fit_text(reason, "reason", _REASON))
    record(work, case, step)
    item.state = transition(item.state, "T7m")
    await _take_in(work, case, item, item_key, origin=origin)
    return case


async def _is_important(work: Work, content: CardContent) -> bool:
    """Tell whether the district committee is to be told for whom it is about alone (rules.md 3.10)."""
    if content.subject.kind == TEAM:
        return True
    return (await registry.official(work, content.subject.id)).is_principal


async def _require_free(work: Work, item_id: UUID, state: str) -> None:
    if state != "accepted":
        raise Conflict("item_not_accepted", state=state)
    if await work.session.get(CaseItem, item_id) is not None:
        raise Conflict("item_in_a_case")


async def _origin(work: Work, case_id: UUID, same_as: UUID | None) -> int:
    if same_as is None:
        highest = select(func.max(CaseItem.origin)).where(CaseItem.case_id == case_id)
        return (await work.session.scalar(highest) or 0) + 1
    known = await work.session.get(CaseItem, same_as)
    if known is None or known.case_id != case_id:
        raise Conflict("origin_unknown")
    return known.origin


async def _take_in(work: Work, case: CaseFile, item: Item, item_key: KeyPair, *, origin: int) -> None:
    """Seal the item's key to the case in the place of everybody who held it."""
    staff = access.signed_in(work)
    work.session.add(
        CaseItem(item_id=item.id, case_id=case.id, origin=origin, joined_by=staff.person_id, joined_at=work.now())
    )
    item.awaits_case = False
    await access.hand_over(work, item.id, item_key, case_id=case.id, case_public_key=case.public_key)
    await show_stage(work, case)
    audit.record(work, "item", "joined_case", item.id, change=case.id.bytes)


def _opened(item_id: UUID, content: CardContent) -> Opened:
    subject = content.subject
    return Opened(
        item_id=str(item_id),
        subject_kind=subject.kind,
        subject_id=str(subject.id),
        unit_id=str(subject.unit_id),
        name=subject.name,
        post=subject.post,
        setting=content.setting,
        category=content.category,
        manifestation=content.manifestation,
        evidence=content.evidence,
        conduct_on=content.conduct_on.isoformat() if content.conduct_on else "",
        substance=content.substance,
    )
