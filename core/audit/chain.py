"""The chain over the entries: SHA-256 over the previous hash and the entry, a signed head each day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import Select, func, or_, select, text

from core.audit.tables import Entry, Head, Link
from core.errors import Forged
from core.sealing import Facts, canonical, sign, verify
from core.work import SHANGHAI, Reporter, Work

GENESIS = bytes(32)
_LATE = timedelta(hours=2)  # a reporter's hour, and one for the worker to come back
_LOCK = 0x4A53_4155  # one number for PostgreSQL's advisory lock: two would fork the chain, or sign a day twice


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the trail found. ``broken`` says what does not fit first, or is empty."""

    chained: int
    unchained: int
    heads: int
    broken: str = ""


async def seal_entries(work: Work, *, limit: int = 1000) -> int:
    """Chain up to ``limit`` entries that are not chained yet, oldest first; return how many.

    What reporters did waits until its hour is over and is then chained in no particular order: a place in the chain
    must not tell more of the time than the entry does.
    """
    await _be_alone(work)
    last = await work.session.scalar(select(Link).order_by(Link.seq.desc()).limit(1))
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    batch = (await work.session.scalars((await _ripe(work)).order_by(Entry.at, Entry.id).limit(limit))).all()
    for entry in batch:
        seq += 1
        link = Link(seq=seq, entry_id=entry.id, prev_hash=previous, hash=_hash(previous, entry))
        previous = link.hash
        work.session.add(link)
    return len(batch)


async def sign_head(work: Work) -> Head | None:
    """Sign the present end of the chain for today, once a day and only when all that is ripe is chained.

    Returns the head, or nothing when there is no need.
    """
    await _be_alone(work)
    today = work.clock.today()
    last = await work.session.scalar(select(Link).order_by(Link.seq.desc()).limit(1))
    if last is None or await work.session.get(Head, today) is not None:
        return None
    if await work.session.scalar((await _ripe(work)).limit(1)) is not None:
        return None
    head = Head(day=today, seq=last.seq, hash=last.hash)
    head.signature = sign(work.keys.signing_key, "audit_head", _head_facts(head))
    work.session.add(head)
    return head


async def verify_chain(work: Work) -> Verdict:
    """Recompute the whole chain, check every head and look for entries that should long be chained.

    Stops at the first entry that does not fit.
    """
    heads = (await work.session.scalars(select(Head).order_by(Head.day))).all()
    total = await work.session.scalar(select(func.count()).select_from(Entry)) or 0
    links = await work.session.stream(
        select(Link, Entry)
        .outerjoin(Entry, Entry.id == Link.entry_id)
        .order_by(Link.seq)
        .execution_options(yield_per=500)
    )
    signed = {head.seq for head in heads}
    ends, previous, seen, broken = {}, GENESIS, 0, ""
    async for link, entry in links:
        if fault := _fault(link, entry, seen + 1, previous):
            broken = f"{fault} {link.seq} ({link.entry_id})"
            break
        previous, seen = link.hash, seen + 1
        if seen in signed:
            ends[seen] = previous
    await links.close()
    broken = broken or _head_faults(work, heads, ends) or await _late(work)
    return Verdict(chained=seen, unchained=total - seen, heads=len(heads), broken=broken)


async def _be_alone(work: Work) -> None:
    """Wait until no other worker is at the chain; in SQLite nobody else writes anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        await work.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def _ripe(work: Work) -> Select[Entry]:
    """Return the query for the entries that may be chained now and are not."""
    query = select(Entry).outerjoin(Link, Link.entry_id == Entry.id).where(Link.seq.is_(None))
    query = query.where(or_(Entry.actor != str(Reporter()), Entry.at < work.hour()))
    for head in await work.session.scalars(
        select(Head).where(Head.day <= work.clock.today()).order_by(Head.day.desc())
    ):
        if _is_genuine(work, head):  # all that is older was chained before that day's head was signed
            return query.where(Entry.at >= datetime.combine(head.day, time.min, SHANGHAI) - timedelta(days=1))
    return query


async def _late(work: Work) -> str:
    unchained = select(Entry.at).outerjoin(Link, Link.entry_id == Entry.id).where(Link.seq.is_(None))
    oldest = await work.session.scalar(unchained.where(Entry.at < work.now() - _LATE).order_by(Entry.at).limit(1))
    return "" if oldest is None else f"entries since {oldest:%Y-%m-%d %H:%M} UTC are not chained; does the worker run?"


def _head_faults(work: Work, heads: Sequence[Head], ends: Mapping[int, bytes]) -> str:
    for head in heads:
        if head.day > work.clock.today() or not _is_genuine(work, head):
            return f"the signed head of {head.day} is forged"
        if head.seq not in ends:
            return f"entries signed on {head.day} are missing: there is no entry {head.seq}"
        if ends[head.seq] != head.hash:
            return f"the signed head of {head.day} differs at entry {head.seq}"
    return ""


def _is_genuine(work: Work, head: Head) -> bool:
    try:
        verify(work.keys.verify_keys["worker"], head.signature, "audit_head", _head_facts(head))
    except Forged:
        return False
    return True


def _fault(link: Link, entry: Entry | None, seq: int, previous: bytes) -> str:
    if link.seq != seq:
        return "an entry is missing before entry"
    if entry is None:
        return "the content is missing of entry"
    if link.prev_hash != previous or link.hash != _hash(previous, entry):
        return "changed: entry"
    return ""


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


def _head_facts(head: Head) -> Facts:
    return {"day": head.day.isoformat(), "seq": head.seq, "hash": head.hash}
