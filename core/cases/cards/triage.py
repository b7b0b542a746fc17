"""Triage: the clerk proposes what becomes of a carded item, and a second person decides (T4 to T6)."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit, deadlines, registry
from core.cases.cards.content import fit, fit_text
from core.cases.cards.queries import card_of, read_card
from core.cases.cards.signatures import check_proposal, proposal_facts, return_facts
from core.cases.cards.tables import Triage
from core.cases.items import Item, lock_item, tell_receiver
from core.cases.rules.catalogue import chargeable
from core.cases.rules.lifecycle import transition
from core.errors import Conflict, Denied, NotFound
from core.sealing import Context, KeyPair, open_envelope, seal_envelope, sign
from core.work import Staff, Work

_REASON: Final = 1000


class Outcome(StrEnum):
    """What may become of a carded item; merging follows acceptance."""

    ACCEPTED = "accepted"
    INSUFFICIENT = "insufficient"
    OUT_OF_SCOPE = "out_of_scope"
    TRANSFERRED = "transferred"
    MINIMISED_OUT = "minimised_out"


_TRANSITIONS: Final = {
    Outcome.ACCEPTED: "T4",
    Outcome.INSUFFICIENT: "T4i",
    Outcome.OUT_OF_SCOPE: "T4o",
    Outcome.TRANSFERRED: "T5",
    Outcome.MINIMISED_OUT: "T6",
}


@dataclass(frozen=True, slots=True)
class Pending:
    """What of a proposal that waits for a decision lies in clear."""

    outcome: str
    proposed_by: UUID
    proposed_at: datetime


async def propose(work: Work, item_id: UUID, outcome: str, *, reason: str, receiver: str = "") -> Triage:
    """Propose what becomes of a carded item; ``receiver`` names the body to which it would be transferred.

    Those who may decide are given the item's key, since nobody approves what they cannot read. Raises `Denied`,
    `KeyLocked`, `Conflict` (``transition_not_allowed``, ``triage_pending``, and what `chargeable` says of a conduct
    that cannot be charged), `Invalid` (``unknown_choice``, ``text_missing``, ``text_too_long``).
    """
    item, staff, key = await _fit_to_propose(work, item_id, outcome, reason, receiver)
    for person in await registry.people_with_role(work, "supervisor", on=work.clock.today(), body=item.body):
        if person.id != staff.person_id and await access.present_person_key(work, person.id) is not None:
            await access.seal_to_person(work, "item", item.id, key, person.id)
    row = Triage(id=uuid4(), item_id=item.id, outcome=outcome, proposed_by=staff.person_id, proposed_at=work.now())
    said = {"reason": reason.strip(), "receiver": receiver.strip() if outcome == Outcome.TRANSFERRED else ""}
    sealed = json.dumps(said, ensure_ascii=False).encode()
    row.envelope = seal_envelope(sealed, to=[item.public_key], context=Context("triage", "envelope", row.id))
    row.signature = sign(work.keys.signing_key, "triage", proposal_facts(row))
    work.session.add(row)
    audit.record(work, "item", "triage_proposed", item.id, change=row.signature)
    return row


async def could_propose(work: Work, item_id: UUID, outcome: str, *, reason: str, receiver: str = "") -> None:
    """Return if `propose` would do it now, and change nothing; raises what it raises."""
    await _fit_to_propose(work, item_id, outcome, reason, receiver)


async def decide(work: Work, item_id: UUID, *, approved: bool, reason: str = "") -> str:
    """Decide about what was proposed and return the item's state; who proposed it may not (I3).

    What is turned away has its feedback with that, since the receipt tells why; where it goes to another body, the
    reporter is told to which. What is returned takes a ``reason``, which the proposer reads. Raises `Denied`
    (``own_work`` among them), `NotFound` (``nothing_proposed``), `Invalid` (``text_missing``, ``text_too_long``), and
    for a transfer `KeyLocked`.
    """
    item, staff, row = await _fit_to_decide(work, item_id)
    row.approver_id, row.decided_at, row.approved = staff.person_id, work.now(), approved
    if not approved:
        said = fit_text(reason, "reason", _REASON).encode()
        context = Context("triage", "return_envelope", row.id)
        row.return_envelope = seal_envelope(said, to=[item.public_key], context=context)
        row.return_signature = sign(work.keys.signing_key, "triage_return", return_facts(row))
    audit.record(
        work,
        "item",
        "triage_approved" if approved else "triage_returned",
        item.id,
        change=row.return_signature or row.signature,
    )
    if approved:
        item.state = transition(item.state, _TRANSITIONS[Outcome(row.outcome)])
        item.awaits_case = row.outcome == Outcome.ACCEPTED
        await deadlines.meet(work, item.id, "acceptance", "acceptance_named")
        if row.outcome == Outcome.TRANSFERRED:
            await _tell_receiver(work, item, staff, row)
        if row.outcome != Outcome.ACCEPTED:
            await deadlines.meet(work, item.id, "feedback")
    return item.state


async def could_decide(work: Work, item_id: UUID) -> Pending:
    """Return what the person could decide about now, and change nothing; raises what `decide` raises."""
    _, _, row = await _fit_to_decide(work, item_id)
    return Pending(row.outcome, row.proposed_by, row.proposed_at)


async def _tell_receiver(work: Work, item: Item, staff: Staff, row: Triage) -> None:
    check_proposal(work, row)
    key = await access.open_key(work, "item", item.id, item.public_key)
    said = json.loads(open_envelope(row.envelope, key=key, context=Context("triage", "envelope", row.id)))
    await tell_receiver(work, item, key, staff, said["receiver"])


async def take_back(work: Work, item_id: UUID) -> None:
    """Take a proposal back before it is decided; only who made it may. Raises `NotFound`, `Denied`."""
    row = await _fit_to_take_back(work, item_id)
    await work.session.delete(row)
    audit.record(work, "item", "triage_taken_back", item_id)


async def could_take_back(work: Work, item_id: UUID) -> Pending:
    """Return what the person could take back now, and change nothing; raises what `take_back` raises."""
    row = await _fit_to_take_back(work, item_id)
    return Pending(row.outcome, row.proposed_by, row.proposed_at)


async def pending(work: Work, item_id: UUID) -> Triage | None:
    """Return the proposal that waits for a decision, if there is one."""
    query = select(Triage).where(Triage.item_id == item_id, Triage.approver_id.is_(None))
    return await work.session.scalar(query)


async def _fit_to_propose(
    work: Work, item_id: UUID, outcome: str, reason: str, receiver: str
) -> tuple[Item, Staff, KeyPair]:
    """Return the item, held, with its key, and who may propose this for it; raises as `propose`."""
    item = await lock_item(work, item_id)
    staff = access.permit(work, "triage.propose", body=item.body)
    chosen = fit(Outcome, outcome, "outcome")
    transition(item.state, _TRANSITIONS[Outcome(chosen)])
    if await pending(work, item_id) is not None:
        raise Conflict("triage_pending")
    fit_text(reason, "reason", _REASON)
    if chosen == Outcome.TRANSFERRED:
        fit_text(receiver, "receiver", _REASON)
    key = await access.open_key(work, "item", item.id, item.public_key)
    content = (await read_card(work, item_id, key)).content
    if chosen == Outcome.ACCEPTED and content.conduct_on is not None:
        both = (staff.person_id, "whoever decides")
        chargeable(content.manifestation, content.conduct_on, reasons=reason, approvers=both)
    return item, staff, key


async def _fit_to_decide(work: Work, item_id: UUID) -> tuple[Item, Staff, Triage]:
    """Return the item, held, its proposal, and who may decide about it; raises as `decide`."""
    item = await lock_item(work, item_id)
    staff = access.permit(work, "triage.decide", body=item.body)
    row = await pending(work, item_id)
    if row is None:
        raise NotFound("nothing_proposed")
    if staff.person_id in {row.proposed_by, (await card_of(work, item_id)).clerk_id}:
        raise Denied("own_work")
    return item, staff, row


async def _fit_to_take_back(work: Work, item_id: UUID) -> Triage:
    """Return the proposal, its item held, to whoever made it; raises as `take_back`."""
    item = await lock_item(work, item_id)
    staff = access.permit(work, "triage.propose", body=item.body)
    row = await pending(work, item_id)
    if row is None:
        raise NotFound("nothing_proposed")
    if row.proposed_by != staff.person_id:
        raise Denied("not_yours")
    return row
