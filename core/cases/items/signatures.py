"""The clear facts of rows that somebody signed, and the check of those signatures: a forged row is seen.

Intake signs items, the receipt signs facts and withdrawals, the desk signs replies.
"""

from hashlib import sha256
from uuid import UUID

from nacl.signing import VerifyKey

from core.cases.items.tables import Fact, Item, Reply, Withdrawal
from core.errors import Forged
from core.sealing import Facts, verify
from core.work import Work


def item_facts(item: Item) -> Facts:
    """Return what the signature of an item covers; its state changes and is not among it."""
    return {
        "id": item.id,
        "channel": item.channel,
        "body": item.body,
        "received_at": item.received_at.isoformat(),
        "form": item.form,
        "public_key": item.public_key,
        "envelope_hash": sha256(item.envelope or b"").digest(),
        "receipt_hash": item.receipt_hash,
        "reporter_keys": item.reporter_public_key + item.reporter_verify_key,
        "wants_questions": str(item.wants_questions),
    }


def fact_facts(fact: Fact) -> Facts:
    """Return what the signature of added facts covers."""
    return {"id": fact.id, "item_id": fact.item_id, "envelope_hash": sha256(fact.envelope).digest()}


def reply_facts(reply: Reply) -> Facts:
    """Return what the signature of a reply covers."""
    return {
        "id": reply.id,
        "item_id": reply.item_id,
        "kind": reply.kind,
        "place": reply.place,
        "author_id": reply.author_id,
        "envelope_hash": sha256(reply.envelope).digest(),
    }


def withdrawal_facts(item_id: UUID) -> Facts:
    """Return what the signature of a withdrawal covers."""
    return {"item_id": item_id}


def is_wish_of(item: Item, withdrawal: Withdrawal) -> bool:
    """Tell whether the holder of the receipt asked for this withdrawal."""
    try:
        verify(VerifyKey(item.reporter_verify_key), withdrawal.signature, "withdrawal", withdrawal_facts(item.id))
    except Forged:
        return False
    return True


def check_item(work: Work, item: Item) -> None:
    """Raise `Forged` unless one of our processes made the item as it is."""
    signer = work.keys.verify_keys.get(item.signer)
    if signer is None:
        raise Forged("signer_unknown")
    verify(signer, item.signature, "item", item_facts(item))


def check_fact(item: Item, fact: Fact) -> None:
    """Raise `Forged` unless the holder of the receipt added these facts."""
    verify(VerifyKey(item.reporter_verify_key), fact.signature, "fact", fact_facts(fact))


def check_reply(work: Work, reply: Reply) -> None:
    """Raise `Forged` unless the desk sent this reply."""
    verify(work.keys.verify_keys["desk"], reply.signature, "reply", reply_facts(reply))
