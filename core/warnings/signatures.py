"""What signatures cover of the rows of measures: a forged or changed one is seen when it is read."""

from hashlib import sha256
from typing import Final

from nacl.signing import VerifyKey

from core.errors import Forged
from core.sealing import Facts, sign, verify
from core.warnings.tables import CodeWord, Measure, MeasureEffect, Remedy, ServedCode, SubjectMessage
from core.work import Work

_OF_THE_CALENDAR: Final = frozenset({"active", "term_ended", "assessed", "outcome_decided", "closed", "lapsed"})
"""Where a measure with a term can be when the worker makes a step; it brings none into force, and revokes none."""


def measure_facts(row: Measure) -> Facts:
    """Return what the signature of a measure covers from its draft on; `state_facts` say where it stands."""
    return {
        "id": row.id,
        "case_id": row.case_id,
        "follows_id": str(row.follows_id),
        "body": row.body,
        "form": row.form,
        "profile": row.profile,
        "person_hash": row.person_hash,
        "drafted_by": row.drafted_by,
    }


def state_facts(row: Measure) -> Facts:
    """Return what is signed at each step: where the measure stands."""
    return {"id": row.id, "state": row.state, "version": row.version}


def remedy_facts(row: Remedy) -> Facts:
    """Return what the signature of a review or an appeal covers; it is signed again when it is decided."""
    return {
        "id": row.id,
        "measure_id": row.measure_id,
        "kind": row.kind,
        "received_on": row.received_on.isoformat(),
        "taken_by": row.taken_by,
        "is_late": str(row.is_late),
        "admitted": str(row.admitted),
        "decided": f"{row.decided_by} {row.decided_on} {row.ruling}",
    }


def service_facts(row: Measure) -> Facts:
    """Return what the signature of a service covers."""
    return {"id": row.id, "served_on": str(row.served_on), "last_day": str(row.last_day)}


def effect_facts(row: MeasureEffect) -> Facts:
    """Return what the signature of an effect covers."""
    return {
        "measure_id": row.measure_id,
        "person_hash": row.person_hash,
        "form": row.form,
        "profile": row.profile,
        "months": row.months,
        "served_on": row.served_on.isoformat(),
        "revoked": str(row.revoked_at is not None),
    }


def code_facts(row: ServedCode) -> Facts:
    """Return what the signature of a served code covers; it is signed again when it ends."""
    return {
        "id": row.id,
        "case_id": row.case_id,
        "measure_id": str(row.measure_id),
        "document_id": row.document_id,
        "ended": str(row.ended_at is not None),
        "lookup_hash": row.lookup_hash,
        "keys": row.box_public_key + row.verify_key + row.case_public_key,
        "envelope_hash": sha256(row.envelope).digest(),
    }


def message_facts(row: SubjectMessage) -> Facts:
    """Return what the signature of a message of the person concerned covers."""
    return {
        "id": row.id,
        "code_id": row.code_id,
        "kind": row.kind,
        "received_at": row.received_at.isoformat(),
        "envelope_hash": sha256(row.envelope).digest(),
    }


def word_facts(row: CodeWord) -> Facts:
    """Return what the signature of a word to the person concerned covers."""
    return {
        "id": row.id,
        "code_id": row.code_id,
        "place": row.place,
        "kind": row.kind,
        "told_on": row.told_on.isoformat(),
        "envelope_hash": sha256(row.envelope).digest(),
    }


def check_measure(work: Work, row: Measure) -> None:
    """Raise `Forged` unless the desk drafted the measure and served it as it is, and it stands where was signed."""
    desk = work.keys.verify_keys["desk"]
    verify(desk, row.signature, "measure", measure_facts(row))
    if row.service_signature is not None:
        verify(desk, row.service_signature, "measure_service", service_facts(row))
    try:
        verify(desk, row.state_signature, "measure_state", state_facts(row))
    except Forged:
        if row.state not in _OF_THE_CALENDAR:
            raise
        verify(work.keys.verify_keys["worker"], row.state_signature, "measure_state", state_facts(row))


def sign_state(work: Work, row: Measure) -> None:
    """Sign where the measure stands after a step, as the process that made it."""
    row.state_signature = sign(work.keys.signing_key, "measure_state", state_facts(row))


def sign_remedy(work: Work, row: Remedy) -> None:
    """Sign a review or an appeal as it stands."""
    row.signature = sign(work.keys.signing_key, "remedy", remedy_facts(row))


def check_remedy(work: Work, row: Remedy) -> None:
    """Raise `Forged` unless the desk took the review or the appeal in, and decided it, as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "remedy", remedy_facts(row))


def check_effect(work: Work, row: MeasureEffect) -> None:
    """Raise `Forged` unless the desk wrote the effect as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "measure_effect", effect_facts(row))


def check_code(work: Work, row: ServedCode) -> None:
    """Raise `Forged` unless the desk gave out the code with what it says."""
    verify(work.keys.verify_keys["desk"], row.signature, "served_code", code_facts(row))


def check_message(code: ServedCode, row: SubjectMessage) -> None:
    """Raise `Forged` unless the holder of the code sent the message."""
    verify(VerifyKey(code.verify_key), row.signature, "subject_message", message_facts(row))


def check_word(work: Work, row: CodeWord) -> None:
    """Raise `Forged` unless the desk told the person this."""
    verify(work.keys.verify_keys["desk"], row.signature, "code_word", word_facts(row))
