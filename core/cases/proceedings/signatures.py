"""What the desk's signature covers of the rows of a case: a forged or changed one is seen when it is read."""

from hashlib import sha256

from core.cases.proceedings.tables import CaseEntry, CaseFile, Notice
from core.sealing import Facts, verify
from core.work import Work


def case_facts(row: CaseFile) -> Facts:
    """Return what the signature of a case covers; where it stands is told by its thread."""
    return {
        "id": row.id,
        "number": f"{row.year}/{row.number}",
        "body": row.body,
        "public_key": row.public_key,
        "subject_hash": row.subject_hash,
    }


def entry_facts(row: CaseEntry) -> Facts:
    """Return what the signature of an entry covers."""
    return {
        "id": row.id,
        "case_id": row.case_id,
        "place": row.place,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "author_id": str(row.author_id),
        "envelope_hash": sha256(row.envelope).digest(),
    }


def notice_facts(row: Notice) -> Facts:
    """Return what the signature of a notice covers."""
    return {
        "id": row.id,
        "case_id": row.case_id,
        "number": f"{row.year}/{row.number}",
        "sent_by": row.sent_by,
        "is_unverified": str(row.is_unverified),
        "envelope_hash": sha256(row.envelope).digest(),
    }


def check_notice(work: Work, row: Notice) -> None:
    """Raise `Forged` unless the desk sent the notice as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "notice", notice_facts(row))


def check_case(work: Work, row: CaseFile) -> None:
    """Raise `Forged` unless the desk opened the case as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "case_file", case_facts(row))


def check_entry(work: Work, row: CaseEntry) -> None:
    """Raise `Forged` unless the desk, or the worker for what the calendar decides, made the entry as it is."""
    signer = "desk" if row.author_id is not None else "worker"
    verify(work.keys.verify_keys[signer], row.signature, "case_entry", entry_facts(row))
