"""Attachments: sealed originals, and clean copies made for reading."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in sealed storage; its key lies with whoever holds this."""

    id: UUID
    name: str = field(repr=False)
    size: int
    media_type: str
    sha256: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file of an item, as staff see it."""

    id: UUID
    name: str
    size: int
    media_type: str
    sha256: bytes
