"""Files that hold an age identity, such as the offline escrow key; as age-keygen writes them."""

import os
from pathlib import Path

from core.errors import Misconfigured
from core.sealing import Escrow

_LONGEST = 64 * 1024


def write_identity(path: Path, key: Escrow) -> None:
    """Write a key, readable by its owner alone; raises `Misconfigured` rather than overwrite a file."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Misconfigured(f"{path} exists and is not overwritten") from error
    with os.fdopen(handle, "w") as target:
        target.write(f"# public key: {key.recipient}\n{key.identity}\n")
        target.flush()
        os.fsync(target.fileno())


def read_identity(path: Path) -> str:
    """Return the identity in a file, comments left out; raises `Misconfigured` when there is not exactly one."""
    with path.open(errors="replace") as source:
        lines = [line.strip() for line in source.read(_LONGEST).splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if len(found) != 1 or not found[0].startswith("AGE-SECRET-KEY-1"):
        raise Misconfigured(f"{path} does not hold an age identity (AGE-SECRET-KEY-1…)")
    return found[0]
