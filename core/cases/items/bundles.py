"""The ``.zip`` in which a packet goes to the upper level, and its opening there with that body's key.

    README.txt           how to open it, in Chinese and English
    packet.age           the report, sealed with age to the upper level; in it lies the key to the rest
    manifest.json        what belongs together: ids, signatures, the sealed names and keys of the files
    facts/ID             what the reporter added later, sealed to that key
    attachments/ID       the files as they lay here

Everything but the manifest and the README is sealed already, so that nothing is compressed.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from io import RawIOBase
from typing import Any, Final
from uuid import UUID
from zipfile import BadZipFile, ZipFile, ZipInfo

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from core.attachments import SealedFile, StoredFile, Vault, unseal
from core.cases.items.packets import Export
from core.cases.items.reports import Content, decode, decode_fact
from core.errors import Forged, Invalid, TooLarge
from core.sealing import Context, Facts, KeyPair, decrypt_stream, escrow_open, open_envelope, verify

FORMAT: Final = "jingshi-packet/1"
README: Final = "README.txt"
PACKET: Final = "packet.age"
MANIFEST: Final = "manifest.json"

_MOST_PARTS: Final = 10_000
_LARGEST_TEXT: Final = 16 * 2**20  # bytes; packet, manifest and facts are held in memory
_PIECE: Final = 2**20


class _Pipe(RawIOBase):
    """Where the archive is written to, and taken from piece by piece."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - whatever has bytes, as the base class says
        self._held += data
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        held = bytes(self._held)
        self._held.clear()
        return held


async def stream_bundle(export: Export, vault: Vault) -> AsyncIterator[bytes]:
    """Yield the bytes of the archive; `NotFound` (``file_missing``) is ruled out by ``vault.require`` beforehand."""
    pipe = _Pipe()
    with ZipFile(pipe, "w") as archive:
        archive.writestr(_part(README), files(__package__).joinpath("packet_readme.txt").read_bytes())
        archive.writestr(_part(PACKET), export.packet)
        archive.writestr(_part(MANIFEST), json.dumps(_manifest(export), indent=1))
        for fact in export.facts:
            archive.writestr(_part(f"facts/{fact.id}"), fact.envelope)
        yield pipe.take()
        for sealed in export.files:
            with archive.open(_part(f"attachments/{sealed.id}"), "w", force_zip64=True) as part:
                async for piece in vault.sealed(sealed.id):
                    part.write(piece)
                    yield pipe.take()
    yield pipe.take()


def _part(name: str) -> ZipInfo:
    """Return the entry of a part: without a time, its owner's alone when it is unpacked."""
    part = ZipInfo(name)
    part.external_attr = 0o600 << 16
    return part


def _manifest(export: Export) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "packet": str(export.packet_id),
        "item": str(export.item_id),
        "category": export.category,
        "received_on": export.received_on.isoformat(),
        "facts": [
            {"id": str(each.id), "added_at": each.added_at.isoformat(), "signature": each.signature.hex()}
            for each in export.facts
        ],
        "attachments": [{"id": str(each.id), "envelope": b64encode(each.envelope).decode()} for each in export.files],
    }


@dataclass(frozen=True, slots=True)
class AddedFact:
    """What the reporter added later, in clear."""

    added_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedPacket:
    """A packet in clear, as the upper level reads it; ``files`` are read with `read_file`."""

    item_id: UUID
    category: str
    received_on: str
    content: Content = field(repr=False)
    identity: Mapping[str, str] = field(repr=False)
    facts: Sequence[AddedFact]
    files: Sequence[StoredFile]


def open_bundle(archive: ZipFile, identity: str) -> OpenedPacket:
    """Open what was handed on, with the age identity of the upper level.

    Raises:
        Invalid: ``not_a_packet``, for an archive that is something else or damaged.
        TooLarge: ``packet_too_large``.
        Forged: the identity opens nothing in it, or a part was changed, is missing, or belongs elsewhere.
        Misconfigured: the identity is none.
    """
    try:
        return _open(archive, identity)
    except (KeyError, ValueError, TypeError, BadZipFile, CryptoError) as error:
        raise Invalid("not_a_packet") from error


def _open(archive: ZipFile, identity: str) -> OpenedPacket:
    if len(archive.namelist()) > _MOST_PARTS:
        raise TooLarge("packet_too_large", limit=_MOST_PARTS)
    manifest = json.loads(_read(archive, MANIFEST))
    if manifest["format"] != FORMAT:
        raise Invalid("not_a_packet")
    packet = json.loads(escrow_open(_read(archive, PACKET), identity=identity))
    item_id, key = UUID(packet["item_id"]), KeyPair.from_private(bytes.fromhex(packet["item_private_key"]))
    reporter = VerifyKey(bytes.fromhex(packet["reporter_verify_key"]))
    content = decode(json.dumps(packet["report"]).encode())
    vouched = dict(content.files)
    facts = []
    for entry in manifest["facts"]:
        text, digests = _open_fact(archive, entry, item_id, key, reporter)
        vouched |= digests
        facts.append(AddedFact(datetime.fromisoformat(entry["added_at"]), text))
    sealed = [SealedFile(UUID(each["id"]), b64decode(each["envelope"])) for each in manifest["attachments"]]
    found = [unseal(each, key) for each in sealed]
    if {str(each.id): each.sha256.hex() for each in found} != vouched:
        raise Forged("attachments_differ")
    return OpenedPacket(
        item_id, manifest["category"], manifest["received_on"], content, packet["identity"], facts, found
    )


def _open_fact(
    archive: ZipFile, entry: Mapping[str, str], item_id: UUID, key: KeyPair, reporter: VerifyKey
) -> tuple[str, Mapping[str, str]]:
    fact_id = UUID(entry["id"])
    envelope = _read(archive, f"facts/{fact_id}")
    signed: Facts = {"id": fact_id, "item_id": item_id, "envelope_hash": sha256(envelope).digest()}
    verify(reporter, bytes.fromhex(entry["signature"]), "fact", signed)
    return decode_fact(open_envelope(envelope, key=key, context=Context("fact", "envelope", fact_id)))


async def read_file(archive: ZipFile, stored: StoredFile) -> AsyncIterator[bytes]:
    """Yield the plain bytes of a file; raise `Forged` at the latest at its end when they are not those handed in."""
    digest = sha256()
    async for chunk in decrypt_stream(_pieces(archive, f"attachments/{stored.id}"), stored.key):
        digest.update(chunk)
        yield chunk
    if digest.digest() != stored.sha256:
        raise Forged("file_digest_wrong")


async def _pieces(archive: ZipFile, name: str) -> AsyncIterator[bytes]:
    try:
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                yield piece
    except (KeyError, BadZipFile) as error:
        raise Invalid("not_a_packet") from error


def _read(archive: ZipFile, name: str) -> bytes:
    part = archive.getinfo(name)
    if part.file_size > _LARGEST_TEXT:
        raise TooLarge("packet_too_large", limit=_LARGEST_TEXT)
    return archive.read(part)
