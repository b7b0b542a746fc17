"""The signed list of what was destroyed. It lies beside the keys, outside the database and outside backups.

`restore` destroys again what an older backup still holds. Each line is signed by the worker over what was destroyed and
over the signature of the line before, so that a line changed, added or taken out of the middle is seen; that the last
lines were cut off is not, so the list belongs into the same copy as the key files.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

from nacl.signing import SigningKey, VerifyKey

from core.errors import Forged, Misconfigured
from core.sealing import sign, verify

NAME: Final = "destroyed.jsonl"


def append(path: Path, item_ids: Iterable[UUID], *, key: SigningKey) -> None:
    """Add items to the list, durably; an item may stand there twice. Raises `OSError` when it cannot be written."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "a+b") as target:
        target.seek(0)
        written = target.read()
        lines = written.splitlines()
        before = json.loads(lines[-1])["signature"] if lines else ""
        for item_id in item_ids:
            before = sign(key, "destroyed", {"item": item_id, "before": before}).hex()
            target.write(json.dumps({"item": str(item_id), "signature": before}).encode() + b"\n")
        target.flush()
        os.fsync(target.fileno())


def read(path: Path, *, signer: VerifyKey) -> tuple[UUID, ...]:
    """Return the items on the list, none when there is no list; raises `Misconfigured` for one that is not genuine."""
    if not path.exists():
        return ()
    number, before, found = 0, "", []
    try:
        for line in path.read_bytes().splitlines():
            number += 1
            entry = json.loads(line)
            item_id = UUID(entry["item"])
            verify(signer, bytes.fromhex(entry["signature"]), "destroyed", {"item": item_id, "before": before})
            before = entry["signature"]
            found.append(item_id)
    except (Forged, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"line {number} of the destruction list {path} is not genuine") from error
    return tuple(dict.fromkeys(found))
