"""The signed list of what was destroyed. It lies beside the keys, outside the database and outside backups.

`restore` destroys again what an older backup still holds. Each line is signed by the worker over what was destroyed and
over the signature of the line before, so that a line changed, added or taken out of the middle is seen; that the last
lines were cut off is not, so the list belongs into the same copy as the key files.
"""

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from nacl.signing import SigningKey, VerifyKey

from core.errors import Forged, Misconfigured
from core.sealing import sign, verify

NAME: Final = "destroyed.jsonl"


def append(path: Path, item_ids: Iterable[UUID], *, key: SigningKey) -> None:
    """Add items to the list, durably; an item may stand there twice.

    Call it before the commit that destroys them. Raises `OSError` when it cannot be written; then nothing was added.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as target:
        lines = _whole_lines(target.read())
        end = sum(map(len, lines))
        before = json.loads(lines[-1])["signature"] if lines else ""
        fresh = b""
        for item_id in item_ids:
            before = sign(key, "destroyed", {"item": item_id, "before": before}).hex()
            fresh += json.dumps({"item": str(item_id), "signature": before}).encode() + b"\n"
        try:
            target.seek(end)
            target.truncate()
            _write_whole(target, fresh)
        except OSError:
            target.truncate(end)
            raise


def _write_whole(target: IO[bytes], text: bytes) -> None:
    if target.write(text) != len(text):  # a nearly full disk takes a piece
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(target.fileno())


def _whole_lines(written: bytes) -> list[bytes]:
    """Return the lines that were written to their ends; what a crash cut short was never followed by its commit."""
    return written[: written.rfind(b"\n") + 1].splitlines(keepends=True)


def read(path: Path, *, signer: VerifyKey) -> tuple[UUID, ...]:
    """Return the items on the list, none when there is no list; raises `Misconfigured` for one that is not genuine."""
    if not path.exists():
        return ()
    number, before, found = 0, "", []
    try:
        for line in _whole_lines(path.read_bytes()):
            number += 1
            entry = json.loads(line)
            item_id = UUID(entry["item"])
            verify(signer, bytes.fromhex(entry["signature"]), "destroyed", {"item": item_id, "before": before})
            before = entry["signature"]
            found.append(item_id)
    except (Forged, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"line {number} of the destruction list {path} is not genuine") from error
    return tuple(dict.fromkeys(found))
