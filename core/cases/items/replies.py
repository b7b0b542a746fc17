"""The verbs of staff on items: answer, ask back, grant."""

from uuid import UUID, uuid4

from sqlalchemy import update

from core import access, audit, outbox, registry
from core.cases.items.intake import next_place
from core.cases.items.listing import WITHOUT_CONTENT, ItemSummary, summary
from core.cases.items.queries import load_genuine
from core.cases.items.signatures import reply_facts
from core.cases.items.tables import Fact, Item, Reply
from core.errors import Conflict, Denied, Invalid
from core.sealing import Context, seal_envelope, sign
from core.work import Staff, Work


async def answer(work: Work, item_id: UUID, text: str) -> UUID:
    """Send the reporter an answer; return its id. Raises `Invalid`, `Denied`, `Conflict`."""
    return await _reply(work, item_id, "answer", text)


async def ask_back(work: Work, item_id: UUID, text: str) -> UUID:
    """Ask the reporter something; return its id. Raises `Conflict` when the reporter wished for no questions."""
    return await _reply(work, item_id, "question", text)


async def grant(work: Work, item_id: UUID, person_id: UUID, *, reason: str) -> None:
    """Let a colleague open the item: its key is sealed to them. Raises `Denied` when one cannot open it oneself."""
    staff = access.permit(work, "item.grant", body=(await summary(work, item_id)).body)
    if person_id == staff.person_id:
        raise Invalid("grant_to_oneself", field="person_id")
    openers = access.PERMISSIONS["item.open"].held_by
    if not any(held.role in openers for held in await registry.held_by(work, person_id, on=work.clock.today())):
        raise Invalid("grant_to_unentitled", field="person_id")
    item = await load_genuine(work, item_id)
    pair = await access.open_key(work, "item", item_id, item.public_key)
    await access.seal_to_person(work, "item", item_id, pair, person_id)
    audit.record(work, "item", "granted", item_id, reason=access.fit_reason(reason), change=person_id.bytes)


async def revoke(work: Work, item_id: UUID, person_id: UUID, *, reason: str) -> None:
    """Take a colleague's grant back; this needs no key."""
    access.permit(work, "item.grant", body=(await summary(work, item_id)).body)
    await access.unseal_from_person(work, "item", item_id, person_id)
    audit.record(work, "item", "grant_revoked", item_id, reason=access.fit_reason(reason), change=person_id.bytes)


async def _reply(work: Work, item_id: UUID, kind: str, text: str) -> UUID:
    clear = await summary(work, item_id)
    staff = await _may_reply(work, clear)
    text = text.strip()
    if not text:
        raise Invalid("reply_empty", field="text")
    if len(text) > (limit := work.policy.characters("reply_text")):
        raise Invalid("reply_too_long", field="text", limit=limit, length=len(text))
    if clear.state in WITHOUT_CONTENT or clear.withdrawal_asked:
        raise Conflict("item_closed_to_replies", state=clear.state)
    if kind == "question" and not clear.wants_questions:
        raise Conflict("reporter_wants_no_questions")
    return await send(work, await load_genuine(work, item_id), staff, kind, text)


async def send(work: Work, item: Item, staff: Staff, kind: str, text: str) -> UUID:
    """Seal words to the reporter and owe the message that they are there; the caller has checked words and sender."""
    reply_id = uuid4()
    recipients = [item.reporter_public_key, item.public_key]
    envelope = seal_envelope(text.encode(), to=recipients, context=Context("reply", "envelope", reply_id))
    row = Reply(
        id=reply_id,
        item_id=item.id,
        kind=kind,
        place=await next_place(work, item.id),
        author_id=staff.person_id,
        sent_at=work.hour(),
        envelope=envelope,
    )
    row.signature = sign(work.keys.signing_key, "reply", reply_facts(row))
    work.session.add(row)
    added = update(Fact).where(Fact.item_id == item.id, Fact.place < row.place, ~Fact.is_answered)
    await work.session.execute(added.values(is_answered=True))
    await outbox.queue(work, outbox.REPLY_WAITING, item.id)
    audit.record(work, "item", "answered" if kind == "answer" else "asked_back", item.id, change=envelope)
    return reply_id


async def _may_reply(work: Work, clear: ItemSummary) -> Staff:
    """Members of the deciding body with the permission may reply, and so may those to whom the item was granted."""
    try:
        return access.permit(work, "item.answer", body=clear.body)
    except Denied:
        staff = access.permit(work, "item.answer_granted")
        if staff.person_id not in await access.people_with_seal(work, "item", clear.id):
            raise
        return staff
