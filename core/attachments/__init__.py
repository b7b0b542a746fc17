"""Attachments: sealed originals, and clean copies made for reading.

A file comes as a part of a form (`parts`), is stored as it arrives (`store`), noted with the draft (`register`), given
to an item at submission (`claim`), and read with the item's key (`describe`, `find`, `read`). A clean copy is made
outside a transaction (`make_clean_copy`) and kept within one (`add_clean_copy`).
"""

from core.attachments.cleaning import CLEANABLE, Bounds, Reason, make_clean_copy
from core.attachments.multipart import MAX_PARTS, Part, parts
from core.attachments.queries import (
    AttachmentView,
    SealedFile,
    clean_copy_of_case,
    describe,
    find,
    find_of_case,
    sealed_of_item,
    unseal,
)
from core.attachments.service import (
    add_clean_copy,
    add_to_case,
    claim,
    claim_for_case,
    destroy_of_case,
    destroy_of_item,
    discard,
    keep,
    register,
    remove_unregistered,
    sweep,
)
from core.attachments.store import StoredFile, read, store
from core.attachments.types import EXTENSIONS
from core.attachments.vault import Vault

__all__ = [
    "CLEANABLE",
    "EXTENSIONS",
    "MAX_PARTS",
    "AttachmentView",
    "Bounds",
    "Part",
    "Reason",
    "SealedFile",
    "StoredFile",
    "Vault",
    "add_clean_copy",
    "add_to_case",
    "claim",
    "claim_for_case",
    "clean_copy_of_case",
    "describe",
    "destroy_of_case",
    "destroy_of_item",
    "discard",
    "find",
    "find_of_case",
    "keep",
    "make_clean_copy",
    "parts",
    "read",
    "register",
    "remove_unregistered",
    "sealed_of_item",
    "store",
    "sweep",
    "unseal",
]
