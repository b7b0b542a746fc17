"""The audit trail: every write, every read of content and every export, appended in the business transaction.

Entries are named ``source:subject:action``. A sealer chains them in batches afterwards: intake only ever inserts.
"""

from core.audit.chain import Verdict, seal_entries, sign_head, verify_chain
from core.audit.service import Recorded, actions, entries, open_reason, record

__all__ = [
    "Recorded",
    "Verdict",
    "actions",
    "entries",
    "open_reason",
    "record",
    "seal_entries",
    "sign_head",
    "verify_chain",
]
