"""A backup file: a tar archive in an age envelope, with a signed list of what is in it; never in clear on a disk."""

import io
import json
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

import pyrage
from nacl.signing import SigningKey, VerifyKey

from core.errors import Forged, JingshiError, Misconfigured
from core.sealing import sign, verify

FIRST: Final = "backup.json"
LAST: Final = "manifest.json"
ROWS: Final = "rows/"
ATTACHMENTS: Final = "attachments/"
_NAME: Final = re.compile(r"backup\.json|manifest\.json|rows/[0-9]{6}|attachments/[0-9a-f]{2}/[0-9a-f-]{36}")
_LONGEST_LIST: Final = 64 * 1024 * 1024  # bytes of the first and the last member; about 500,000 attachments
PIECE: Final = 4 * 1024 * 1024
"""Bytes of rows in one member; no more of a backup is in memory at once."""


@dataclass
class Writer:
    """Adds members to a backup and remembers the digest of each."""

    tar: tarfile.TarFile
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """Add a member that is at hand."""
        self._add(name, len(content), io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        """Add a file; one that went away meanwhile is left out, since what it belonged to was destroyed."""
        with suppress(FileNotFoundError), path.open("rb") as source:
            self._add(name, os.fstat(source.fileno()).st_size, source)

    def finish(self, key: SigningKey) -> None:
        """Add the signed list of the members as the last of them."""
        signature = sign(key, "backup", {"members": _digest_of(self.digests)})
        self.add(LAST, json.dumps({"members": self.digests, "signature": signature.hex()}).encode())

    def _add(self, name: str, size: int, source: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        digest = _Digesting(source)
        self.tar.addfile(member, digest)
        self.digests[name] = digest.hexdigest()


class _Digesting(io.RawIOBase):
    """A source that is digested while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._digest = source, sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._digest.update(piece)
        return piece

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def is_name(text: str) -> bool:
    """Return whether a member may be called so."""
    return _NAME.fullmatch(text) is not None


@contextmanager
def writing(out: Path, recipients: Sequence[str]) -> Iterator[Writer]:
    """Give a writer whose members go sealed into ``out``, which appears whole or not at all.

    Raises `Misconfigured` for a recipient that is none or a file that exists, `OSError` when it cannot be written.
    """
    to = [_recipient(each) for each in recipients]
    part = out.with_name(out.name + ".part")
    if out.exists():
        raise Misconfigured(f"{out} exists and is not overwritten")
    try:
        with part.open("xb") as target:
            part.chmod(0o600)
            with (
                _through(lambda source: pyrage.encrypt_io(source, target, to)) as pipe,
                tarfile.TarFile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                yield Writer(tar)
            target.flush()
            os.fsync(target.fileno())
        part.replace(out)
    except FileExistsError as error:
        raise Misconfigured(f"{part} exists: another backup is being written, or one was broken off") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _through(seal: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Give a pipe whose other end is read by ``seal`` in a thread; a fault there is raised here."""
    read, write = os.pipe()
    faults: list[Exception] = []

    def work() -> None:
        with os.fdopen(read, "rb") as source:
            try:
                seal(source)
            except (pyrage.EncryptError, OSError) as error:
                faults.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        with os.fdopen(write, "wb") as pipe:
            yield pipe
    except BrokenPipeError:
        pass  # the thread says below what was wrong
    finally:
        thread.join()
    if faults:
        raise Misconfigured("the backup could not be written; the disk may be full") from faults[0]


def check(path: Path, *, identity: str, signer: VerifyKey) -> Mapping[str, Any]:
    """Read a whole backup, check its every member against the signed list, and return the facts at its head.

    Raises `Forged` when it does not open, is damaged, or was made by another installation.
    """
    digests: dict[str, str] = {}
    head: dict[str, Any] = {}
    listed: dict[str, Any] = {}
    for name, source, size in members(path, identity=identity):
        if name == LAST:
            listed = _parsed(_bounded(source, size))
        elif name == FIRST:
            content = _bounded(source, size)
            head = _parsed(content)
            digests[name] = sha256(content).hexdigest()
        else:
            digests[name] = _digest_of_file(source)
    with _as_damage():
        if list(listed["members"].items()) != list(digests.items()) or FIRST not in digests:
            raise Forged("backup_damaged")
        verify(signer, bytes.fromhex(listed["signature"]), "backup", {"members": _digest_of(digests)})
    return head


def members(path: Path, *, identity: str) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield name, content and size of each member of a backup; raises `Forged`.

    The first comes first, then the rows by number, the attachments and the last; no name comes twice, so that whoever
    reads them reads what the signed list is about.
    """
    seen: set[str] = set()
    before = ""
    with path.open("rb") as sealed, _from(sealed, _identity(identity)) as pipe, _as_damage():
        with tarfile.open(fileobj=pipe, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() and is_name(member.name) else None
                if content is None or member.name in seen or _place(member.name) < _place(before):
                    raise Forged("backup_damaged")
                before = member.name
                seen.add(before)
                yield member.name, content, member.size
        while pipe.read(PIECE):
            pass  # to the end, so that a file that is cut short is seen


def _place(name: str) -> tuple[int, str]:
    """Return where in the order of a backup a member may stand."""
    if name.startswith(ROWS):
        return 1, name
    return {"": -1, FIRST: 0, LAST: 3}.get(name, 2), ""


@contextmanager
def _from(sealed: IO[bytes], identity: Any) -> Iterator[IO[bytes]]:  # noqa: ANN401 - pyrage has no types
    """Give a pipe into which a thread opens ``sealed``; what does not open is raised here as `Forged`."""
    read, write = os.pipe()
    faults: list[JingshiError] = []

    def work() -> None:
        with os.fdopen(write, "wb", buffering=0) as target:
            try:
                pyrage.decrypt_io(sealed, target, [identity])
            except BrokenPipeError:
                pass  # the reader has seen enough
            except pyrage.DecryptError:
                faults.append(Forged("backup_does_not_open"))
            except OSError:
                faults.append(Forged("backup_damaged"))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        with os.fdopen(read, "rb") as pipe:
            yield pipe
    except Forged as error:
        thread.join()
        raise (faults[0] if faults else error) from error
    finally:
        thread.join()
    if faults:
        raise faults[0]


@contextmanager
def _as_damage() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise Forged("backup_damaged") from error


def lines(path: Path, *, identity: str, attachment: Callable[[str, IO[bytes]], None]) -> Iterator[bytes]:
    """Yield the lines of the rows of a backup, and hand each attachment to ``attachment``, by name and content."""
    rest = b""
    for name, source, _ in members(path, identity=identity):
        if name.startswith(ROWS):
            *whole, rest = (rest + source.read(PIECE + 1)).split(b"\n")
            yield from whole
        elif name.startswith(ATTACHMENTS):
            attachment(name.removeprefix(ATTACHMENTS), source)


def _recipient(text: str) -> Any:  # noqa: ANN401 - pyrage has no types
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Misconfigured("an age recipient must look like age1…") from error


def _identity(text: str) -> Any:  # noqa: ANN401 - as above
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise Misconfigured("an age identity must look like AGE-SECRET-KEY-1…") from error


def _digest_of(digests: Mapping[str, str]) -> str:
    return sha256(json.dumps(list(digests.items())).encode()).hexdigest()  # in the order of the members


def _digest_of_file(source: IO[bytes]) -> str:
    digest = sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _bounded(source: IO[bytes], size: int) -> bytes:
    if size > _LONGEST_LIST:
        raise Forged("backup_damaged")
    return source.read(size)


def _parsed(content: bytes) -> dict[str, Any]:
    with _as_damage():
        value = json.loads(content)
    if not isinstance(value, dict):
        raise Forged("backup_damaged")
    return value
