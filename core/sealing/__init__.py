"""Sealing: envelopes, keys, receipts, streams. libsodium does the work; here is only who can open what.

Front door of the package; the threat model in ``docs/threat-model.md`` says against whom it protects.
"""

from core.sealing.envelope import Context, addressees, open_box, open_envelope, seal_box, seal_envelope
from core.sealing.escrow import Escrow, escrow_open, escrow_seal, new_escrow
from core.sealing.keyfiles import PROCESSES, ProcessKeys, create_key_files, load_process_keys
from core.sealing.keypairs import (
    Cost,
    KeyPair,
    SharedKey,
    fingerprint,
    lock_private_key,
    open_private_key,
    seal_private_key,
    unlock_private_key,
)
from core.sealing.receipts import Receipt
from core.sealing.signing import Facts, canonical, sign, verify
from core.sealing.streams import CHUNK, decrypt_stream, new_stream_key, sealed_size, stream_sealer

__all__ = [
    "CHUNK",
    "PROCESSES",
    "Context",
    "Cost",
    "Escrow",
    "Facts",
    "KeyPair",
    "ProcessKeys",
    "Receipt",
    "SharedKey",
    "addressees",
    "canonical",
    "create_key_files",
    "decrypt_stream",
    "escrow_open",
    "escrow_seal",
    "fingerprint",
    "load_process_keys",
    "lock_private_key",
    "new_escrow",
    "new_stream_key",
    "open_box",
    "open_envelope",
    "open_private_key",
    "seal_box",
    "seal_envelope",
    "seal_private_key",
    "sealed_size",
    "sign",
    "stream_sealer",
    "unlock_private_key",
    "verify",
]
