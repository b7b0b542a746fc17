"""The chain over the entries: SHA-256 over the previous hash and the entry, a signed head each day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import func, or_, select, text

from core.audit.tables import Entry, Head, Link
from core.errors import Forged
from core.sealing import Facts, canonical, sign, verify
from core.work import SHANGHAI, Reporter, Work

GENESIS = bytes(32)
_LOCK = 0x4A53_4155  # one number for PostgreSQL's advisory lock: two sealers would fork the chain


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the trail found. ``broken`` names the first entry that does not fit, or is empty."""

    chained: int
    unchained: int
    heads: int
    broken: str = ""


async def seal_entries(work: Work, *, limit: int = 1000) -> int:
    """Chain up to ``limit`` entries that are not chained yet, oldest first; return how many.

    What reporters did waits until its hour is over and is then chained in no particular order: a place in the chain
    must not tell more of the time than the entry does.
    """
    if work.session.get_bind().dialect.name == "postgresql":
        await work.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = await work.session.scalar(select(Link).order_by(Link.seq.desc()).limit(1))
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    unchained = select(Entry).outerjoin(Link, Link.entry_id == Entry.id).where(Link.seq.is_(None))
    ripe = unchained.where(or_(Entry.actor != str(Reporter()), Entry.at < work.hour()))
    signed = await work.session.scalar(select(func.max(Head.day)))
    if signed is not None:  # all that is older was chained before that day's head was signed
        ripe = ripe.where(Entry.at >= datetime.combine(signed, time.min, SHANGHAI) - timedelta(days=1))
    batch = (await work.session.scalars(ripe.order_by(Entry.at, Entry.id).limit(limit))).all()
    for entry in batch:
        seq += 1
        link = Link(seq=seq, entry_id=entry.id, prev_hash=previous, hash=_hash(previous, entry))
        previous = link.hash
        work.session.add(link)
    return len(batch)


async def sign_head(work: Work) -> Head | None:
    """Sign the present end of the chain for today, once a day; return the head, or nothing when there is no need."""
    today = work.clock.today()
    last = await work.session.scalar(select(Link).order_by(Link.seq.desc()).limit(1))
    if last is None or await work.session.get(Head, today) is not None:
        return None
    facts = _head_facts(today.isoformat(), last.seq, last.hash)
    head = Head(day=today, seq=last.seq, hash=last.hash, signature=sign(work.keys.signing_key, "audit_head", facts))
    work.session.add(head)
    return head


async def verify_chain(work: Work) -> Verdict:
    """Recompute the whole chain and check every head; stop at the first entry that does not fit."""
    heads = {head.seq: head for head in (await work.session.scalars(select(Head))).all()}
    total = await work.session.scalar(select(func.count()).select_from(Entry)) or 0
    links = await work.session.stream(
        select(Link, Entry)
        .outerjoin(Entry, Entry.id == Link.entry_id)
        .order_by(Link.seq)
        .execution_options(yield_per=500)
    )
    previous, seen, broken = GENESIS, 0, ""
    async for link, entry in links:
        fault = _fault(link, entry, seen + 1, previous) or _head_fault(work, heads.get(link.seq), link)
        if fault:
            broken = f"{fault} {link.seq} ({link.entry_id})"
            break
        previous, seen = link.hash, seen + 1
    await links.close()
    beyond = [head.day.isoformat() for number, head in sorted(heads.items()) if number > seen]
    if beyond and not broken:
        broken = f"entries signed on {beyond[0]} are missing after entry {seen}"
    return Verdict(chained=seen, unchained=total - seen, heads=len(heads), broken=broken)


def _fault(link: Link, entry: Entry | None, seq: int, previous: bytes) -> str:
    if link.seq != seq:
        return "an entry is missing before entry"
    if entry is None:
        return "the content is missing of entry"
    if link.prev_hash != previous or link.hash != _hash(previous, entry):
        return "changed: entry"
    return ""


def _head_fault(work: Work, head: Head | None, link: Link) -> str:
    if head is None:
        return ""
    try:
        verify(
            work.keys.verify_keys["worker"],
            head.signature,
            "audit_head",
            _head_facts(head.day.isoformat(), head.seq, head.hash),
        )
    except Forged:
        return "the signed head is forged at entry"
    return "" if head.hash == link.hash else "the signed head differs at entry"


def _hash(previous: bytes, entry: Entry) -> bytes:
    facts: Facts = {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject_id": entry.subject_id,
        "change_hash": entry.change_hash,
        "sealed_reason": entry.sealed_reason,
    }
    return sha256(previous + canonical("audit_entry", facts)).digest()


def _head_facts(day: str, seq: int, end: bytes) -> Facts:
    return {"day": day, "seq": seq, "hash": end}
