"""A station's record of a quarter: filled in and filed by its liaisons, signed or sent back by its head.

An entry is one walk through the form of the record; the record is the list of entries, or the statement that there was
nothing to report. Until it is signed it lies with the obligation, sealed to intake's draft key, and whoever of the
station fills in sees what the others wrote. The signature seals each entry to the department's record key. Intake's
verbs, for a `Liaison`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select

from core import audit, registry
from core.dialogue.results import Done
from core.errors import Conflict, Denied, Forged, Invalid, NotFound, NotSignedIn, TooLarge
from core.sealing import Context, open_box, seal_box
from core.stations.records.entries import MOST_ENTRIES, Entry, dumped, entry_of, seal_entries
from core.stations.records.hurrying import hurried, hurry_entry, was_hurried
from core.stations.rounds.register import found, is_late, is_over, move
from core.stations.rounds.telling import tell
from core.stations.rules.reminders import FILERS, SIGNERS
from core.stations.rules.rounds import ASKED, OPEN, may
from core.stations.tables import Obligation, Round
from core.work import Liaison, Work

LONGEST_REMARK: Final = 300


@dataclass(frozen=True, slots=True)
class Duty:
    """What the person at work has to do with one obligation: fill it in, sign it, or only look.

    ``version`` counts what happened to it: whoever signs says by it which record they have read. ``signs`` tells that
    they are who signs for the station, whatever its state; ``submitted_by`` names who submitted what is to be signed.
    """

    obligation_id: UUID
    quarter: str
    station_id: UUID
    station_name: str
    station_name_en: str | None
    state: str
    version: int
    is_nil: bool
    is_late: bool
    due_on: date
    grace_until: date | None
    may_file: bool
    may_sign: bool
    may_send_back: bool
    may_take_back: bool
    signs: bool
    submitted_by: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record as it stands, and the remark with which it was sent back, if it was.

    ``hurried`` is the number of entries that left it the urgent way.
    """

    duty: Duty
    entries: Sequence[Entry] = field(repr=False)
    remark: str = field(repr=False, default="")
    hurried: int = 0


async def duties(work: Work) -> Sequence[Duty]:
    """Return what the stations of the person at work owe, what they can do something about first.

    These are the open rounds, and those records of locked ones that still wait for their signature.
    """
    me = _me(work)
    query = select(Obligation, Round).join(Round, Round.id == Obligation.round_id)
    waiting = or_(Round.locked_at.is_(None), Obligation.state == "submitted")
    query = query.where(Obligation.station_id.in_({held.unit_id for held in me.held}), waiting)
    rows = (await work.session.execute(query.order_by(Round.due_on, Obligation.id))).all()
    found = [await _duty(work, obligation, round_) for obligation, round_ in rows]
    return sorted(found, key=lambda duty: not (duty.may_file or duty.may_sign))


async def record(work: Work, obligation_id: UUID) -> Record:
    """Return a record of one's own station as it stands; raise `NotFound` (``obligation_unknown``) for another's."""
    row, round_ = await _own(work, obligation_id)
    return await _record(work, row, round_)


async def add_entry(work: Work, obligation_id: UUID, done: Done) -> Record:
    """Add an entry, unless the gate refuses what it is about: then nothing is kept (R12).

    The form ends before there is an entry that the gate refuses, and the front end counts that end.

    Raises:
        Invalid: ``refused_at_gate``.
        Conflict: ``record_closed`` once it is submitted, or the round is locked; ``record_full``.
    """
    row, round_ = await _own(work, obligation_id, *FILERS, *SIGNERS)
    _require_asked(work, row, round_)
    entries = _entries(work, row)
    if len(entries) >= MOST_ENTRIES:
        raise Conflict("record_full", limit=MOST_ENTRIES)
    new = entry_of(work, done, _me(work).person_id)
    await _keep(work, row, [*_draft(work, row), new])
    return await _record(work, row, round_)


async def drop_entry(work: Work, obligation_id: UUID, entry_id: UUID) -> Record:
    """Take an entry out again; a second time changes nothing. Raises `Conflict` as `add_entry`."""
    row, round_ = await _own(work, obligation_id, *FILERS, *SIGNERS)
    _require_asked(work, row, round_)
    await _keep(work, row, [each for each in _draft(work, row) if each.is_gone or each.id != entry_id])
    return await _record(work, row, round_)


async def file(work: Work, obligation_id: UUID) -> Record:
    """Submit the record to the head of the station.

    Raises `Conflict`: ``record_empty`` without an entry (then it is `file_nil`), otherwise as `add_entry`.
    """
    row, round_ = await _own(work, obligation_id, *FILERS, *SIGNERS)
    _require_asked(work, row, round_)
    if not _entries(work, row) and not await hurried(work, row.id):
        raise Conflict("record_empty")
    return await _submit(work, row, round_, is_nil=False)


async def file_nil(work: Work, obligation_id: UUID) -> Record:
    """State that there was nothing to report: a full answer (S85). Said again it changes nothing.

    Raises `Conflict`: ``record_has_entries`` where somebody of the station wrote one, otherwise as `add_entry`.
    """
    row, round_ = await _own(work, obligation_id, *FILERS, *SIGNERS)
    if row.state == "submitted" and row.is_nil:
        return await _record(work, row, round_)
    _require_asked(work, row, round_)
    if _entries(work, row) or await hurried(work, row.id):
        raise Conflict("record_has_entries")
    return await _submit(work, row, round_, is_nil=True)


async def take_back(work: Work, obligation_id: UUID) -> Record:
    """Go on with a record that was submitted and is not signed; raise `Conflict` (``record_closed``) otherwise."""
    row, round_ = await _own(work, obligation_id, *FILERS, *SIGNERS)
    if row.state != "submitted" or is_over(work, round_):
        raise Conflict("record_closed", state=row.state)
    row.is_nil = False
    await move(work, row, "take_back", by=_me(work).person_id)
    return await _record(work, row, round_)


async def sign(work: Work, obligation_id: UUID, *, seen: int | None = None) -> Record:
    """Sign a submitted record, as head of the station or deputy; a second signature changes nothing.

    ``seen`` is the version of the record that they read, where a page or a chat lies between: another one is not
    signed unread.

    Each entry is sealed to the department. Where more than the policy's number are about one official, these are held
    for the privacy officer. A record that waited for its signature when its round was locked is locked at once.

    Raises `Denied` (``not_a_signer``), `Conflict` (``record_not_submitted``, ``record_changed``, ``no_shared_key``).
    """
    row, round_ = await _own(work, obligation_id, *SIGNERS)
    if row.state in {"signed", "locked"}:
        return await _record(work, row, round_)
    if row.state != "submitted":
        raise Conflict("record_not_submitted", state=row.state)
    if seen is not None and row.version != seen:
        raise Conflict("record_changed", version=row.version)
    seal_entries(work, row, _draft(work, row), after=await hurried(work, row.id))
    row.sealed_draft = row.sealed_remark = None
    row.signed_by, row.signed_at = _me(work).person_id, work.now()
    await move(work, row, "sign", by=row.signed_by)
    if round_.locked_at is not None:
        await move(work, row, "lock", by=row.signed_by)
    await tell(work, row, "record_signed", FILERS, by=row.signed_by)
    return await _record(work, row, round_)


async def send_back(work: Work, obligation_id: UUID, remark: str) -> Record:
    """Send a submitted record back to those who filled it in, with a remark of at most `LONGEST_REMARK` characters.

    Raises `Denied` (``not_a_signer``), `Invalid` (``remark_missing``), `TooLarge` (``remark_too_long``), `Conflict`
    (``record_not_submitted``, ``record_closed`` after the lock).
    """
    remark = remark.strip()
    if not remark:
        raise Invalid("remark_missing", field="remark")
    if len(remark) > LONGEST_REMARK:
        raise TooLarge("remark_too_long", field="remark", limit=LONGEST_REMARK)
    row, round_ = await _own(work, obligation_id, *SIGNERS)
    if row.state != "submitted":
        raise Conflict("record_not_submitted", state=row.state)
    if is_over(work, round_):
        raise Conflict("record_closed", state=row.state)
    row.is_nil = False
    row.sealed_remark = seal_box(remark.encode(), key=_key(work, "remark"), context=_place(row, "sealed_remark"))
    await move(work, row, "send_back", by=_me(work).person_id)
    await tell(work, row, "record_returned", FILERS, by=_me(work).person_id)
    return await _record(work, row, round_)


async def hurry(work: Work, obligation_id: UUID, entry_id: UUID) -> Record:
    """Let an entry of a submitted record become an item at once, as head of the station or deputy; twice is once.

    It leaves the record; a line without a word stays in the record book, with whose decision that was.

    Raises `Denied` (``not_a_signer``), `NotFound` (``entry_unknown``), `Conflict` (``record_not_submitted``), and as
    `hurry_entry`.
    """
    row, round_ = await _own(work, obligation_id, *SIGNERS)
    if await was_hurried(work, row.id, entry_id):
        return await _record(work, row, round_)
    if row.state != "submitted":
        raise Conflict("record_not_submitted", state=row.state)
    entries = _draft(work, row)
    entry = next((each for each in entries if each.id == entry_id), None)
    if entry is None:
        raise NotFound("entry_unknown")
    await hurry_entry(work, row, entry, entries, by=_me(work).person_id)
    _seal_draft(work, row, [each.gone() if each.id == entry_id else each for each in entries])
    row.version, row.changed_at = row.version + 1, work.now()
    return await _record(work, row, round_)


async def oldest_unsigned(work: Work) -> datetime | None:
    """Return since when the oldest round has been open of which a record lies unsigned, sealed to a draft key."""
    lying = or_(Obligation.sealed_draft.is_not(None), Obligation.sealed_remark.is_not(None))
    query = select(func.min(Round.opened_at)).join(Obligation, Obligation.round_id == Round.id).where(lying)
    found: datetime | None = await work.session.scalar(query)
    return found


async def _submit(work: Work, row: Obligation, round_: Round, *, is_nil: bool) -> Record:
    row.is_nil, row.is_late = is_nil, is_late(round_, work.now())
    row.submitted_by, row.submitted_at, row.sealed_remark = _me(work).person_id, work.now(), None
    await move(work, row, "submit", by=row.submitted_by)
    await tell(work, row, "record_to_sign", SIGNERS, by=row.submitted_by)
    return await _record(work, row, round_)


async def _keep(work: Work, row: Obligation, entries: Sequence[Entry]) -> None:
    _seal_draft(work, row, entries)
    if row.state == "draft":
        row.version, row.changed_at = row.version + 1, work.now()
        audit.record(work, "obligation", "filled_in", row.id)
    else:
        await move(work, row, "fill_in", by=_me(work).person_id)


def _seal_draft(work: Work, row: Obligation, entries: Sequence[Entry]) -> None:
    row.sealed_draft = seal_box(dumped(entries), key=_key(work, "draft"), context=_place(row, "sealed_draft"))


def _entries(work: Work, row: Obligation) -> Sequence[Entry]:
    return [each for each in _draft(work, row) if not each.is_gone]


def _draft(work: Work, row: Obligation) -> Sequence[Entry]:
    text = _opened(work, row, "draft", row.sealed_draft)
    return [Entry.from_json(each) for each in json.loads(text)] if text else []


async def _record(work: Work, row: Obligation, round_: Round) -> Record:
    remark = _opened(work, row, "remark", row.sealed_remark).decode()
    return Record(await _duty(work, row, round_), _entries(work, row), remark, await hurried(work, row.id))


async def _duty(work: Work, row: Obligation, round_: Round) -> Duty:
    station = await registry.unit(work, row.station_id)
    roles = {held.role for held in _me(work).held if held.unit_id == row.station_id}
    is_open, signs = not is_over(work, round_), bool(roles & set(SIGNERS))
    submitter = row.submitted_by if row.state == "submitted" else None
    return Duty(
        obligation_id=row.id,
        quarter=round_.quarter,
        station_id=row.station_id,
        station_name=station.name,
        station_name_en=station.name_en,
        state=row.state,
        version=row.version,
        is_nil=row.is_nil,
        is_late=row.is_late,
        due_on=round_.due_on,
        grace_until=round_.grace_until,
        may_file=is_open and row.state in ASKED and bool(roles),
        may_sign=may(row.state, "sign") and signs,
        may_send_back=is_open and may(row.state, "send_back") and signs,
        may_take_back=is_open and may(row.state, "take_back") and bool(roles),
        signs=signs,
        submitted_by=(await registry.person(work, submitter)).name if submitter else "",
    )


async def _own(work: Work, obligation_id: UUID, *roles: str) -> tuple[Obligation, Round]:
    """Return an obligation of a station of the person at work; with ``roles``, of one of these, and held still."""
    row, round_ = await found(work, obligation_id, held=bool(roles))
    held = {each.role for each in _me(work).held if each.unit_id == row.station_id}
    if not held:
        raise NotFound("obligation_unknown")
    if roles and not held & set(roles):
        raise Denied("not_a_signer")
    return row, round_


def _require_asked(work: Work, row: Obligation, round_: Round) -> None:
    if row.state not in ASKED or is_over(work, round_):
        raise Conflict("record_closed", state=row.state if row.state in OPEN else "locked")


def _me(work: Work) -> Liaison:
    if not isinstance(work.actor, Liaison):
        raise NotSignedIn("not_signed_in")
    return work.actor


def _opened(work: Work, row: Obligation, what: str, sealed: bytes | None) -> bytes:
    """Open what lies with an obligation, by the present key or an older one; raise `Forged` when none opens it."""
    if sealed is None:
        return b""
    for secret in work.keys.all("draft"):
        try:
            return open_box(sealed, key=_mixed(secret, what), context=_place(row, f"sealed_{what}"))
        except Forged:
            continue
    raise Forged("record_does_not_open")


def _key(work: Work, what: str) -> bytes:
    return _mixed(work.keys.current("draft"), what)


def _mixed(secret: bytes, what: str) -> bytes:
    return blake2b(what.encode(), digest_size=32, key=secret, person=b"jingshi record").digest()  # keyed: RFC 7693


def _place(row: Obligation, column: str) -> Context:
    return Context("obligation", column, row.id)
