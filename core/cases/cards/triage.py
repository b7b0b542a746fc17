"""Triage: the clerk proposes what becomes of a carded item, and a second person decides (T4 to T6)."""

import json
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit, deadlines, registry
from core.cases.cards.content import fit, fit_text
from core.cases.cards.queries import card_of, read_card
from core.cases.cards.signatures import check_proposal, proposal_facts
from core.cases.cards.tables import Triage
from core.cases.items import Item, lock_item, tell_receiver
from core.cases.rules.catalogue import chargeable
from core.cases.rules.lifecycle import transition
from core.errors import Conflict, Denied, NotFound
from core.sealing import Context, open_envelope, seal_envelope, sign
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


async def propose(work: Work, item_id: UUID, outcome: str, *, reason: str, receiver: str = "") -> Triage:
    """Propose what becomes of a carded item; ``receiver`` names the body to which it would be transferred.

    Those who may decide are given the item's key, since nobody approves what they cannot read. Raises `Denied`,
    `KeyLocked`, `Conflict` (``transition_not_allowed``, ``triage_pending``, and what `chargeable` says of a conduct
    that cannot be charged), `Invalid` (``unknown_choice``, ``text_missing``, ``text_too_long``).
    """
    item = await lock_item(work, item_id)
    staff = access.permit(work, "triage.propose", body=item.body)
    chosen = fit(Outcome, outcome, "outcome")
    transition(item.state, _TRANSITIONS[Outcome(chosen)])
    if await pending(work, item_id) is not None:
        raise Conflict("triage_pending")
    reason = fit_text(reason, "reason", _REASON)
    receiver = fit_text(receiver, "receiver", _REASON) if chosen == Outcome.TRANSFERRED else ""
    key = await access.open_key(work, "item", item.id, item.public_key)
    content = (await read_card(work, item_id, key)).content
    if chosen == Outcome.ACCEPTED and content.conduct_on is not None:
        both = (staff.person_id, "whoever decides")
        chargeable(content.manifestation, content.conduct_on, reasons=reason, approvers=both)
    for person in await registry.people_with_role(work, "supervisor", on=work.clock.today(), body=item.body):
        if person.id != staff.person_id and await access.present_person_key(work, person.id) is not None:
            await access.seal_to_person(work, "item", item.id, key, person.id)
    row = Triage(id=uuid4(), item_id=item.id, outcome=chosen, proposed_by=staff.person_id, proposed_at=work.now())
    sealed = json.dumps({"reason": reason, "receiver": receiver}, ensure_ascii=False).encode()
    row.envelope = seal_envelope(sealed, to=[item.public_key], context=Context("triage", "envelope", row.id))
    row.signature = sign(work.keys.signing_key, "triage", proposal_facts(row))
    work.session.add(row)
    audit.record(work, "item", "triage_proposed", item.id, change=row.signature)
    return row


async def decide(work: Work, item_id: UUID, *, approved: bool) -> str:
    """Decide about what was proposed and return the item's state; who proposed it may not (I3).

    What is turned away has its feedback with that, since the receipt tells why; where it goes to another body, the
    reporter is told to which. Raises `Denied` (``own_work`` among them), `NotFound` (``nothing_proposed``), and for a
    transfer `KeyLocked`.
    """
    item = await lock_item(work, item_id)
    staff = access.permit(work, "triage.decide", body=item.body)
    row = await pending(work, item_id)
    if row is None:
        raise NotFound("nothing_proposed")
    if staff.person_id in {row.proposed_by, (await card_of(work, item_id)).clerk_id}:
        raise Denied("own_work")
    row.approver_id, row.decided_at, row.approved = staff.person_id, work.now(), approved
    audit.record(work, "item", "triage_approved" if approved else "triage_returned", item.id, change=row.signature)
    if approved:
        item.state = transition(item.state, _TRANSITIONS[Outcome(row.outcome)])
        await deadlines.meet(work, item.id, "acceptance", "acceptance_named")
        if row.outcome == Outcome.TRANSFERRED:
            await _tell_receiver(work, item, staff, row)
        if row.outcome != Outcome.ACCEPTED:
            await deadlines.meet(work, item.id, "feedback")
    return item.state


async def _tell_receiver(work: Work, item: Item, staff: Staff, row: Triage) -> None:
    check_proposal(work, row)
    key = await access.open_key(work, "item", item.id, item.public_key)
    said = json.loads(open_envelope(row.envelope, key=key, context=Context("triage", "envelope", row.id)))
    await tell_receiver(work, item, key, staff, said["receiver"])


async def take_back(work: Work, item_id: UUID) -> None:
    """Take a proposal back before it is decided; only who made it may. Raises `NotFound`, `Denied`."""
    item = await lock_item(work, item_id)
    staff = access.permit(work, "triage.propose", body=item.body)
    row = await pending(work, item_id)
    if row is None:
        raise NotFound("nothing_proposed")
    if row.proposed_by != staff.person_id:
        raise Denied("not_yours")
    await work.session.delete(row)
    audit.record(work, "item", "triage_taken_back", item.id)


async def pending(work: Work, item_id: UUID) -> Triage | None:
    """Return the proposal that waits for a decision, if there is one."""
    query = select(Triage).where(Triage.item_id == item_id, Triage.approver_id.is_(None))
    return await work.session.scalar(query)
