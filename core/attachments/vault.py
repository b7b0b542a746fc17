"""The folder of sealed files: written as they arrive, read back, swept. No plain byte of a file touches the disk."""

import asyncio
import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final
from uuid import UUID, uuid4

from core.errors import Invalid, NotFound, TooLarge, Unavailable
from core.sealing import CHUNK, decrypt_stream, new_stream_key, stream_sealer
from core.work import Clock

GRACE: Final = timedelta(hours=1)  # between the file and the commit of its row
# Files leave this much free: the database, its log and the backups of the same disk must go on when files do not.
LEAST_FREE: Final = 2**30  # bytes, and
_LEAST_SHARE: Final = 20  # one part in so many of the file system, whichever is more
_PART: Final = ".part"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ: Final = 16 * CHUNK


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is sealed and safe on the disk: size in bytes, SHA-256 of the plain bytes, key of the stream."""

    id: UUID
    size: int
    sha256: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vault:
    """Sealed files under ``folder``, none larger than ``limit`` bytes. Their times are ``clock``'s, cut to the hour.

    No file is begun that would find less than ``least_free`` bytes of the file system free, or less than a twentieth.
    """

    folder: Path
    limit: int
    clock: Clock
    least_free: int = LEAST_FREE

    async def write(self, chunks: AsyncIterable[bytes], *, check: Callable[[bytes], None] | None = None) -> Written:
        """Seal a stream of plain bytes into a new file; on any failure nothing remains of it.

        ``check`` sees the first bytes, at most `CHUNK` of them, and may raise. Raises `Invalid` (``file_empty``),
        `TooLarge` with the limit in bytes, `Unavailable` (``storage_full``, ``storage_unavailable``).
        """
        size = 0
        with _faults():
            part = await asyncio.to_thread(self._begin)
        try:
            async for chunk, last in _rechunk(chunks):
                if size == 0:
                    _check_first(chunk, check)
                size += len(chunk)
                if size > self.limit:
                    raise TooLarge("file_too_large", limit=self.limit)
                with _faults():
                    await asyncio.to_thread(part.push, chunk, last)
            with _faults():
                await asyncio.to_thread(part.finish, self._hour())
        finally:
            part.abandon()
        return Written(UUID(part.path.name), size, part.digest.digest(), part.key)

    async def read(self, file_id: UUID, key: bytes) -> AsyncIterator[bytes]:
        """Yield the plain bytes of a file; raise `NotFound` (``file_missing``), or `Forged` when a byte is wrong."""
        async for chunk in decrypt_stream(self.sealed(file_id), key):
            yield chunk

    async def sealed(self, file_id: UUID) -> AsyncIterator[bytes]:
        """Yield the bytes of a file as they lie on the disk; raise `NotFound` (``file_missing``)."""
        try:
            source = await asyncio.to_thread(self._path(file_id).open, "rb", buffering=0)
        except FileNotFoundError as error:
            raise NotFound("file_missing") from error
        with source:
            while piece := await asyncio.to_thread(source.read, _READ):
                yield piece

    def require(self, ids: Collection[UUID]) -> None:
        """Raise `NotFound` (``file_missing``) unless all these files are there."""
        if not all(self._path(file_id).is_file() for file_id in ids):
            raise NotFound("file_missing")

    def left_over(self) -> Iterator[tuple[UUID, ...]]:
        """Yield, folder by folder, the ids of files older than `GRACE`, whether or not anything refers to them."""
        before = (self._hour() - GRACE).timestamp()
        for folder in sorted(self.folder.glob("??")):
            ids = tuple(UUID(path.name) for path in folder.iterdir() if not path.suffix and _older(path, before))
            if ids:
                yield ids

    def remove(self, ids: Collection[UUID]) -> int:
        """Delete files and return how many there were."""
        return sum(_remove(self._path(file_id)) for file_id in ids)

    def remove_parts(self) -> int:
        """Delete the beginnings of files whose writers have died and return how many there were."""
        return sum(_remove(path) for path in self.folder.glob(f"??/*{_PART}") if not _is_locked(path))

    def _begin(self) -> "_Part":
        path = self._path(uuid4())
        _make_folder(path.parent)
        disk = shutil.disk_usage(path.parent)
        if disk.free < max(self.least_free, disk.total // _LEAST_SHARE):
            raise Unavailable("storage_full")
        return _Part(path)

    def _path(self, file_id: UUID) -> Path:
        return self.folder / file_id.hex[:2] / str(file_id)

    def _hour(self) -> datetime:
        return self.clock.now().replace(minute=0, second=0, microsecond=0)


class _Part:
    """A file in the making, locked by its writer, so that a sweep can tell it from one left behind by a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = new_stream_key()
        self.digest = hashlib.sha256()
        header, self._seal = stream_sealer(self.key)
        self._turn = Lock()  # a cancelled writer's last push may still run when the part is given up
        self._part = path.with_suffix(_PART)
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._write(header)

    def push(self, chunk: bytes, last: bool) -> None:  # noqa: FBT001 - the two arguments of a protocol step
        with self._turn:
            self.digest.update(chunk)
            self._write(self._seal(chunk, last))

    def finish(self, at: datetime) -> None:
        """Make the file and its name durable; its times say no more than the hour."""
        with self._turn:
            os.utime(self._file.fileno(), (at.timestamp(), at.timestamp()))
            os.fsync(self._file.fileno())
            self._part.rename(self.path)
            _sync_folder(self.path.parent)

    def abandon(self) -> None:
        """Let go of the file; unless it was finished, delete it."""
        with self._turn:
            self._part.unlink(missing_ok=True)
            self._file.close()

    def _write(self, sealed: bytes) -> None:
        rest = memoryview(sealed)
        while rest:  # a nearly full disk takes a piece and refuses the next one
            rest = rest[self._file.write(rest) :]


async def _rechunk(chunks: AsyncIterable[bytes]) -> AsyncIterator[tuple[bytes, bool]]:
    """Yield pieces of exactly `CHUNK` bytes, and at last a shorter one, possibly empty, marked as the last."""
    buffer = bytearray()
    async for piece in chunks:
        buffer += piece
        while len(buffer) >= CHUNK:
            yield bytes(buffer[:CHUNK]), False
            del buffer[:CHUNK]
    yield bytes(buffer), True


def _check_first(chunk: bytes, check: Callable[[bytes], None] | None) -> None:
    if not chunk:
        raise Invalid("file_empty")
    if check is not None:
        check(chunk)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("storage_full" if error.errno in _FULL else "storage_unavailable") from error


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _older(path: Path, than: float) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < than
    return False


def _is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as part:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _remove(path: Path) -> bool:
    with suppress(FileNotFoundError):
        path.unlink()
        return True
    return False
