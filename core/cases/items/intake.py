"""The reporter's verbs: submit, add facts, withdraw, be told. They need no account; no key of theirs opens an item."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, select

from core import access, attachments, audit, outbox
from core.cases.items.reports import IDENTITY, INTAKE, Report, encode, encode_fact
from core.cases.items.signatures import fact_facts, is_wish_of, item_facts, withdrawal_facts
from core.cases.items.stages import stage_of_item
from core.cases.items.tables import Fact, Identity, Item, Packet, Refusal, Reply, Withdrawal
from core.cases.rules.conflicts import Route, routing
from core.cases.rules.gate import gate
from core.cases.rules.lifecycle import NOTHING, may, transition
from core.cases.rules.stages import Stage
from core.errors import Conflict, Invalid, NotFound
from core.sealing import Context, KeyPair, Receipt, escrow_seal, seal_envelope, sign
from core.work import Work


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a reporter gets: the receipt, shown once, and the body that decides."""

    receipt: Receipt
    item_id: UUID
    body: str


async def submit(work: Work, report: Report) -> Submitted:
    """Seal a report into the store and return its receipt (S65, S101; T1, T2; routing by R13).

    Raises `Invalid` for an unknown subject kind or a category that the gate refuses (R12), and `Conflict` when the body
    that decides has no key yet.
    """
    route = routing(report.subject_kind)
    # whether the subject stands in the register is for the clerk to find; the gate's other conditions hold at once
    if not gate(report.category, True, report.evidence).accepted:  # noqa: FBT003 - the signature of rules.md 3.11
        raise Invalid("refused_at_gate", field="topic")
    return await take_in(work, report, Receipt.new(), route)


async def take_in(work: Work, report: Report, receipt: Receipt, route: Route) -> Submitted:
    """Seal a report to the body that decides, under a receipt that no other item has; the caller has let it pass."""
    pair = KeyPair.new()
    item = _item(work, report, receipt, pair, route.decided_by)
    work.session.add(item)
    if report.files or report.identity is not None or not route.stored:
        await work.session.flush()  # rows that point at the item follow; several reports without go together
    if route.stored:
        access.seal_to_shared(work, "item", item.id, pair, INTAKE + route.decided_by)
        access.seal_to_escrow(work, "item", item.id, pair)
        _keep_identity(work, item, report)
    else:
        _send_up(work, item, report, pair)
    await attachments.claim(work, report.files, item.id, pair.public)
    audit.record(work, "item", "received", item.id, change=item.signature)
    return Submitted(receipt, item.id, item.body)


async def refuse(work: Work, *, category: str, channel: str) -> None:
    """Count that something was refused at the gate; of its text nothing is kept (R12)."""
    work.session.add(Refusal(category=category, channel=channel, refused_on=work.clock.today()))


async def find_by_receipt(work: Work, receipt: Receipt) -> Item:
    """Return the item that belongs to a receipt; raise `NotFound` when there is none."""
    item = await look_up(work, receipt)
    if item is None:
        raise NotFound("receipt_unknown")
    return item


async def look_up(work: Work, receipt: Receipt) -> Item | None:
    """Return the item that belongs to a receipt, if there is one."""
    return await work.session.scalar(select(Item).where(Item.receipt_hash == receipt.lookup_hash))


async def add_facts(work: Work, receipt: Receipt, text: str, files: tuple[attachments.StoredFile, ...] = ()) -> None:
    """Add facts to one's own report, sealed to the item and signed with the receipt.

    Raises `Invalid` for an empty or over-long text and `Conflict` once the report is withdrawn, was handed on or is put
    away: nobody would read them.
    """
    item = await find_by_receipt(work, receipt)
    require_words(work, text, files)
    if item.state == "withdrawn" or await asked_to_withdraw(work, item):
        raise Conflict("item_withdrawn")
    if await put_away(work, item):
        raise Conflict("item_put_away")
    fact_id = uuid4()
    sealed = encode_fact(text, files)
    envelope = seal_envelope(sealed, to=[item.public_key], context=Context("fact", "envelope", fact_id))
    place = await next_place(work, item.id)
    fact = Fact(id=fact_id, item_id=item.id, place=place, added_at=work.hour(), envelope=envelope)
    fact.signature = sign(receipt.signing_key, "fact", fact_facts(fact))
    work.session.add(fact)
    await work.session.flush()  # holds the item's row: an export waits for what follows, or has been and is seen here
    if item.state == "routed_up" and await handed_on(work, item.id):
        raise Conflict("item_handed_on")
    await attachments.claim(work, files, item.id, item.public_key)
    audit.record(work, "item", "facts_added", item.id, change=fact.signature)


async def tell_here(work: Work, receipt: Receipt, address: outbox.ChatAddress) -> None:
    """Tell the holder of a receipt in a chat when there is an answer, as they wish.

    Raises `Conflict` once the report is withdrawn: nothing will be answered.
    """
    item = await find_by_receipt(work, receipt)
    if item.state == "withdrawn" or await asked_to_withdraw(work, item):
        raise Conflict("item_withdrawn")
    await outbox.tell_here(work, item.id, address)


async def withdraw(work: Work, receipt: Receipt) -> None:
    """Ask to take the report back (T26); the worker carries it out. A second time changes nothing.

    Raises `Conflict` (``too_late_to_withdraw``) once a case has been opened or the report was sent on.
    """
    item = await find_by_receipt(work, receipt)
    if item.state == "withdrawn" or await asked_to_withdraw(work, item):
        return
    if not may(item.state, "T26"):
        raise Conflict("too_late_to_withdraw")
    signature = sign(receipt.signing_key, "withdrawal", withdrawal_facts(item.id))
    work.session.add(Withdrawal(item_id=item.id, asked_at=work.hour(), signature=signature))
    audit.record(work, "item", "withdrawal_asked", item.id, change=signature)


def require_words(work: Work, text: str, files: Sequence[attachments.StoredFile]) -> None:
    """Raise `Invalid` (``facts_empty``, ``facts_too_long``) unless there is something to add, of a length that fits."""
    if not text.strip() and not files:
        raise Invalid("facts_empty", field="facts")
    if len(text) > (limit := work.policy.characters("facts_text")):
        raise Invalid("facts_too_long", field="facts", limit=limit, length=len(text))


async def put_away(work: Work, item: Item) -> bool:
    """Return whether nobody can open an item any more: its case is sealed, or what it says was deleted by the rules."""
    if item.state in {"withdrawn", "routed_up"}:
        return False
    if item.envelope is None or item.state == "minimised_out":
        return True
    stage = await stage_of_item(work, item.id)
    return stage is not None and stage.stage == Stage.PUT_AWAY


async def handed_on(work: Work, item_id: UUID) -> bool:
    """Return whether an item was handed to the upper level."""
    exported = select(Packet.id).where(Packet.item_id == item_id, Packet.exported_at.is_not(None))
    return await work.session.scalar(exported) is not None


async def next_place(work: Work, item_id: UUID) -> int:
    """Return the next place in the thread of an item."""
    facts = await work.session.scalar(select(func.count()).where(Fact.item_id == item_id)) or 0
    replies = await work.session.scalar(select(func.count()).where(Reply.item_id == item_id)) or 0
    return facts + replies + 1


def _item(work: Work, report: Report, receipt: Receipt, pair: KeyPair, body: str) -> Item:
    item_id, received_at = uuid4(), work.hour()
    context = Context("item", "envelope", item_id)
    envelope = None if body == "upper_level" else seal_envelope(encode(report), to=[pair.public], context=context)
    state = transition(transition(NOTHING, "T1"), "T2")
    item = Item(
        id=item_id,
        channel=report.channel,
        body=body,
        state=transition(state, "R13") if envelope is None else state,
        received_at=received_at,
        form=report.form,
        public_key=pair.public,
        envelope=envelope,
        has_identity=report.identity is not None and envelope is not None,
        receipt_hash=receipt.lookup_hash,
        reporter_public_key=receipt.box.public,
        reporter_verify_key=bytes(receipt.signing_key.verify_key),
        wants_questions=report.wants_questions,
        signer=work.keys.process,
    )
    item.signature = sign(work.keys.signing_key, "item", item_facts(item))
    return item


def _keep_identity(work: Work, item: Item, report: Report) -> None:
    if report.identity is None:
        return
    text = json.dumps(dict(report.identity), ensure_ascii=False).encode()
    to = work.shared[IDENTITY].public
    sealed = seal_envelope(text, to=[to], context=Context("identity", "envelope", item.id))
    work.session.add(Identity(item_id=item.id, envelope=sealed))


def _send_up(work: Work, item: Item, report: Report, pair: KeyPair) -> None:
    """Seal the report to the upper level alone: no escrow, no card, no text here (rules.md 4.1, R13)."""
    recipient = work.keys.upper_level_recipient
    if recipient is None:
        raise Conflict("upper_level_unreachable")
    packet = {
        "report": json.loads(encode(report)),
        "identity": dict(report.identity or {}),
        "item_id": str(item.id),
        "item_private_key": pair.private.hex(),
        "reporter_verify_key": item.reporter_verify_key.hex(),
    }
    sealed = escrow_seal(json.dumps(packet, ensure_ascii=False).encode(), recipient=recipient)
    today = work.clock.today()
    work.session.add(Packet(item_id=item.id, category=report.subject_kind, received_on=today, sealed=sealed))


async def asked_to_withdraw(work: Work, item: Item) -> bool:
    """Tell whether the holder of the receipt asked to take the item back; what somebody else wrote does not count."""
    rows = await work.session.scalars(select(Withdrawal).where(Withdrawal.item_id == item.id))
    return any(is_wish_of(item, row) for row in rows)
