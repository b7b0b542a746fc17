"""Entries of a record: whether the gate lets one in, how they are written down, how a signature seals them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final, Self
from uuid import UUID, uuid4

from core.cases.rules.gate import gate
from core.dialogue.results import Done
from core.errors import Conflict, Forged, Invalid
from core.sealing import Context, Facts, seal_envelope, sign, verify
from core.stations.tables import Obligation, RecordEntry
from core.work import Work

RECORD: Final = "record"
"""The purpose of the key to which signed entries are sealed."""

MOST_ENTRIES: Final = 40

OFFICIAL: Final = "official"
"""The answer that says about whom an entry is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: who wrote it when, the answers by their names, and label and value of each line as it was read.

    Of one that ``is_gone``, the urgent way, there is only about whom it was: it counts until the record is signed.
    """

    id: UUID
    by: UUID
    on: date
    answers: Mapping[str, str] = field(repr=False)
    lines: Sequence[tuple[str, str]] = field(repr=False)
    is_gone: bool = False

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `dumped` wrote."""
        lines = [(label, value) for label, value in plain["lines"]]
        by, on = UUID(plain["by"]), date.fromisoformat(plain["on"])
        return cls(UUID(plain["id"]), by, on, plain["answers"], lines, plain.get("is_gone", False))

    def gone(self) -> "Entry":
        """Return what stays of it in the record once it left the urgent way."""
        about = {name: value for name, value in self.answers.items() if name == OFFICIAL}
        return Entry(self.id, self.by, self.on, about, (), is_gone=True)


def entry_of(work: Work, done: Done, by: UUID) -> Entry:
    """Return the entry that somebody's walk through the form makes.

    Raises `Invalid` (``refused_at_gate``) for what the gate refuses; the form ends before there is such an entry.
    """
    answers = {name: str(value) for name, value in {**done.answers, **done.calculated}.items()}
    category, evidence = answers.get("category", ""), answers.get("evidence", "")
    if not gate(category, True, evidence).accepted:  # noqa: FBT003 - the officials of the form are the register's own
        raise Invalid("refused_at_gate", field="category")
    lines = [(line.label, "；".join(line.values)) for line in done.lines if line.values]
    return Entry(uuid4(), by, work.clock.today(), answers, lines)


def dumped(entries: Sequence[Entry] | Entry) -> bytes:
    """Return entries, or one, as what is sealed."""
    plain = asdict(entries) if isinstance(entries, Entry) else [asdict(each) for each in entries]
    return json.dumps(plain, default=str, ensure_ascii=False).encode()


def is_one_of_many(work: Work, entry: Entry, entries: Sequence[Entry]) -> bool:
    """Tell whether more than the policy's number of ``entries`` are about the official whom ``entry`` is about."""
    about = [each for each in entries if each.answers.get(OFFICIAL) == entry.answers.get(OFFICIAL)]
    return len(about) > work.policy.count("entries_before_privacy_review")


def seal_entries(work: Work, row: Obligation, entries: Sequence[Entry], *, after: int = 0) -> None:
    """Seal entries to the department, as a signature does; ``after`` so many that are in the record book already.

    Where more than the policy's number are about one official, these are held for the privacy officer. Raises
    `Conflict` (``no_shared_key``).
    """
    shared = work.shared.get(RECORD)
    if shared is None:
        raise Conflict("no_shared_key", purpose=RECORD)
    for place, each in enumerate((each for each in entries if not each.is_gone), after + 1):
        sealed = seal_envelope(dumped(each), to=[shared.public], context=Context("record_entry", "envelope", each.id))
        held = is_one_of_many(work, each, entries)
        made = RecordEntry(id=each.id, obligation_id=row.id, place=place, envelope=sealed, is_held=held)
        put_in_book(work, made)


def put_in_book(work: Work, made: RecordEntry) -> None:
    """Add a line to the record book, signed by this process."""
    made.signer = work.keys.process
    made.signature = sign(work.keys.signing_key, "record_entry", _facts(made))
    work.session.add(made)


def check_line(work: Work, row: RecordEntry) -> None:
    """Raise `Forged` unless one of our processes put the line into the book as it is."""
    signer = work.keys.verify_keys.get(row.signer)
    if signer is None:
        raise Forged("signer_unknown")
    verify(signer, row.signature, "record_entry", _facts(row))


def _facts(row: RecordEntry) -> Facts:
    """Return what the signature of a line covers; what the review makes of it is not among it."""
    envelope_hash = sha256(row.envelope).digest()
    return {"id": row.id, "obligation_id": row.obligation_id, "place": row.place, "envelope_hash": envelope_hash}
