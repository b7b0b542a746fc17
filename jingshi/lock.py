"""One process of a kind per home: a lock that the kernel lets go of when its holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Misconfigured


@contextmanager
def only_one(home: Path, kind: str) -> Iterator[None]:
    """Hold the lock of ``kind`` in ``home`` as long as the block lasts.

    Raises `Misconfigured` when another process holds it, or when the home is not there.
    """
    try:
        handle = os.open(home / f".{kind}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Misconfigured(f"the home {home} cannot be used; run: jingshi init") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise Misconfigured(f"jingshi {kind} runs already on {home}") from error
    try:
        yield
    finally:
        os.close(handle)
