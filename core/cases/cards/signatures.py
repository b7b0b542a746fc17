"""What the desk's signature covers of the rows of a card: a forged or changed one is seen when it is read."""

from hashlib import sha256

from core.cases.cards.tables import Card, CardCorrection, Triage
from core.sealing import Facts, verify
from core.work import Work


def card_facts(row: Card) -> Facts:
    """Return what the signature of a card covers."""
    return {
        "id": row.id,
        "item_id": row.item_id,
        "number": f"{row.year}/{row.number}",
        "body": row.body,
        "clerk_id": row.clerk_id,
        "subject_hash": row.subject_hash,
        "envelope_hash": sha256(row.envelope).digest(),
    }


def correction_facts(row: CardCorrection) -> Facts:
    """Return what the signature of a correction covers."""
    return {
        "id": row.id,
        "card_id": row.card_id,
        "author_id": row.author_id,
        "envelope_hash": sha256(row.envelope).digest(),
    }


def proposal_facts(row: Triage) -> Facts:
    """Return what the signature of a proposal covers; what was decided about it is told by the trail."""
    return {
        "id": row.id,
        "item_id": row.item_id,
        "outcome": row.outcome,
        "proposed_by": row.proposed_by,
        "envelope_hash": sha256(row.envelope).digest(),
    }


def return_facts(row: Triage) -> Facts:
    """Return what the signature of the reason for a return covers."""
    return {
        "id": row.id,
        "approver_id": row.approver_id or "",
        "envelope_hash": sha256(row.return_envelope or b"").digest(),
    }


def check_card(work: Work, row: Card) -> None:
    """Raise `Forged` unless the desk made the card as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "card", card_facts(row))


def check_correction(work: Work, row: CardCorrection) -> None:
    """Raise `Forged` unless the desk made the correction as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "card_correction", correction_facts(row))


def check_proposal(work: Work, row: Triage) -> None:
    """Raise `Forged` unless the desk made the proposal as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "triage", proposal_facts(row))


def check_return(work: Work, row: Triage) -> None:
    """Raise `Forged` unless the desk made the reason for a return as it is."""
    verify(work.keys.verify_keys["desk"], row.return_signature or b"", "triage_return", return_facts(row))
