"""Taking a file in: its name, its first bytes and its size are looked at, and the original is sealed as it arrives."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from core.attachments.types import name_and_type
from core.attachments.vault import Vault
from core.errors import Forged, Invalid


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A sealed file and all that is needed to read it: ``size`` in bytes, digest of the plain bytes, 32-byte key.

    Before submission it lies in the draft, afterwards in the row's envelope.
    """

    id: UUID
    name: str = field(repr=False)
    size: int
    media_type: str
    sha256: bytes
    key: bytes = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return what a draft or an envelope keeps of it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "size": self.size,
            "media_type": self.media_type,
            "sha256": self.sha256.hex(),
            "key": self.key.hex(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(
            id=UUID(kept["id"]),
            name=kept["name"],
            size=kept["size"],
            media_type=kept["media_type"],
            sha256=bytes.fromhex(kept["sha256"]),
            key=bytes.fromhex(kept["key"]),
        )


async def store(vault: Vault, chunks: AsyncIterable[bytes], *, name: str, declared_type: str = "") -> StoredFile:
    """Seal an incoming file (chunks of any size) and return it; call `register` with the draft's transaction next.

    Needs no transaction and should not be called within one. Raises `Invalid` (``file_empty``, ``file_type_refused``,
    ``file_type_mismatch``), `TooLarge`, `Unavailable` (``storage_full``); then nothing is left on the disk.
    """
    safe_name, file_type = name_and_type(name, declared_type)

    def check(head: bytes) -> None:
        if not file_type.fits(head):
            raise Invalid("file_type_mismatch")

    written = await vault.write(chunks, check=check)
    return StoredFile(
        id=written.id,
        name=safe_name,
        size=written.size,
        media_type=file_type.media_type,
        sha256=written.sha256,
        key=written.key,
    )


async def read(vault: Vault, stored: StoredFile) -> AsyncIterator[bytes]:
    """Yield the plain bytes of a file; raise `Forged` at the latest at its end when they are not those taken in."""
    digest = sha256()
    async for chunk in vault.read(stored.id, stored.key):
        digest.update(chunk)
        yield chunk
    if digest.digest() != stored.sha256:
        raise Forged("file_digest_wrong")
