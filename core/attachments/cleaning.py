"""Clean copies for reading, made by a child process that is bounded in time, memory and rights.

The original goes to the child and the copy comes back through pipes: no plain byte touches the disk on either way.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from core.attachments.store import StoredFile, read
from core.attachments.vault import Vault
from core.errors import TooLarge
from core.sealing import CHUNK

Reason = Literal["unsupported", "damaged", "too_big", "timeout", "encrypted"]

CLEANABLE: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})
_CHILD: Final = Path(__file__).with_name("clean_child.py")
_EXTENSIONS: Final[Mapping[str, str]] = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_REASONS: Final = frozenset({"damaged", "too_big", "encrypted"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one copy may cost: seconds, bytes of address space, pixels of a picture, pages of a document."""

    seconds: float = 60
    memory: int = 1024**3
    pixels: int = 64_000_000
    pages: int = 200


class _DiedError(Exception):
    """The child ended before the copy was complete."""


async def make_clean_copy(vault: Vault, original: StoredFile, bounds: Bounds | None = None) -> StoredFile | Reason:
    """Make the copy of an original that staff may open without risk, and store it sealed; or say why there is none.

    Pictures keep their pixels and nothing else, documents become pictures of their pages. Takes seconds, so call it
    outside a transaction and hand the result to `add_clean_copy`. Raises `Forged` when the original is not the one
    taken in, `Unavailable` when the copy cannot be stored.
    """
    if original.media_type not in CLEANABLE:
        return "unsupported"
    bounds = bounds or Bounds()
    try:
        async with asyncio.timeout(bounds.seconds), _child(bounds) as child:
            return await _converse(child, vault, original)
    except TimeoutError:
        return "timeout"
    except TooLarge:
        return "too_big"
    except _DiedError:
        return "damaged"


async def _converse(child: asyncio.subprocess.Process, vault: Vault, original: StoredFile) -> StoredFile | Reason:
    """Give the child the whole original, hear its verdict (one line), and store what follows."""
    source, answer = cast("asyncio.StreamWriter", child.stdin), cast("asyncio.StreamReader", child.stdout)
    with suppress(ConnectionError):  # a child that died says so by its silence
        async for chunk in read(vault, original):
            source.write(chunk)
            await source.drain()
        source.close()
    verdict = (await answer.readline()).decode("ascii", "replace").strip()
    if verdict in _REASONS:
        return cast("Reason", verdict)
    if verdict not in _EXTENSIONS:
        raise _DiedError
    written = await vault.write(_rest(child, answer))
    name = f"{original.name.rpartition('.')[0]}.{_EXTENSIONS[verdict]}"
    return StoredFile(written.id, name, written.size, verdict, written.sha256, written.key)


async def _rest(child: asyncio.subprocess.Process, answer: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while chunk := await answer.read(CHUNK):
        yield chunk
    if await child.wait() != 0:
        raise _DiedError


@asynccontextmanager
async def _child(bounds: Bounds) -> AsyncIterator[asyncio.subprocess.Process]:
    limits = (bounds.memory, int(bounds.seconds) + 1, bounds.pixels, bounds.pages)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-B", str(_CHILD), *map(str, limits)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # what a parser says of a file may quote it
        env={},
    )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await _drained(child)


async def _drained(child: asyncio.subprocess.Process) -> None:
    """Wait for a killed child; asyncio hears of its end only when nothing is left in the pipes."""
    cast("asyncio.StreamWriter", child.stdin).close()
    answer = cast("asyncio.StreamReader", child.stdout)
    while await answer.read(CHUNK):
        pass
    await child.wait()
