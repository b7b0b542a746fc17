"""Key files: one folder per process, outside the database and outside backups, readable by their owner alone.

A secret file holds one base64 line per key, the present one first; older ones still open what they sealed.
"""

import base64
import os
import stat
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from core.errors import Misconfigured
from core.sealing.keypairs import KEY_BYTES, KeyPair

_SECRETS: Mapping[str, tuple[str, ...]] = {
    "intake": ("signing", "draft", "drafts-hmac", "pairing"),
    "desk": ("signing", "lookup-hmac", "totp"),
    "worker": ("signing", "notifier"),
}
PROCESSES = tuple(_SECRETS)


@dataclass(frozen=True, slots=True, repr=False)
class ProcessKeys:
    """The keys of one process. What it does not hold, it cannot be asked for: `Misconfigured`."""

    process: str
    secrets: Mapping[str, tuple[bytes, ...]]
    verify_keys: Mapping[str, VerifyKey]
    notifier_public: bytes
    escrow_recipient: str
    upper_level_recipient: str | None

    def all(self, name: str) -> tuple[bytes, ...]:
        """Return the present secret of this name and the older ones, newest first."""
        if name not in self.secrets:
            raise Misconfigured(f"the {self.process} process holds no {name} key")
        return self.secrets[name]

    def current(self, name: str) -> bytes:
        """Return the present secret of this name."""
        return self.all(name)[0]

    @property
    def signing_key(self) -> SigningKey:
        """The key with which this process signs its rows."""
        return SigningKey(self.current("signing"))


def create_key_files(folder: Path, *, escrow_recipient: str, upper_level_recipient: str | None = None) -> None:
    """Make the key files of every process; raise `Misconfigured` rather than overwrite one."""
    verify_keys, notifier_public = {}, b""
    for process, names in _SECRETS.items():
        place = folder / process
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            secret = random(KEY_BYTES)
            _write(place / f"{name}.key", base64.b64encode(secret).decode())
            if name == "signing":
                verify_keys[process] = bytes(SigningKey(secret).verify_key)
            if name == "notifier":
                notifier_public = KeyPair.from_private(secret).public
    for process in PROCESSES:
        for signer, public in verify_keys.items():
            _write(folder / process / f"{signer}.pub", base64.b64encode(public).decode())
        _write(folder / process / "notifier.pub", base64.b64encode(notifier_public).decode())
        _write(folder / process / "escrow.pub", escrow_recipient)
        if upper_level_recipient:
            _write(folder / process / "upper-level.pub", upper_level_recipient)


def set_upper_level(folder: Path, recipient: str) -> None:
    """Give every process the public key (age) of the body above, in the place of the one before."""
    for process in PROCESSES:
        path = folder / process / "upper-level.pub"
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        _write(fresh, recipient)
        fresh.replace(path)


def rotate_secret(folder: Path, process: str, name: str, *, keep: int = 2) -> None:
    """Put a fresh secret before the present one and keep ``keep`` in all."""
    path = folder / process / f"{name}.key"
    lines = [base64.b64encode(random(KEY_BYTES)).decode(), *_read(path).split()][:keep]
    fresh = path.with_suffix(".new")
    _write(fresh, "\n".join(lines))
    fresh.replace(path)


def load_process_keys(folder: Path, process: str) -> ProcessKeys:
    """Read the key files of one process; raise `Misconfigured` for one that is missing, damaged or open to others."""
    place = folder / process
    _require_private(place)
    upper = place / "upper-level.pub"
    return ProcessKeys(
        process=process,
        secrets={name: _read_keys(place / f"{name}.key") for name in _SECRETS[process]},
        verify_keys={signer: VerifyKey(_read_keys(place / f"{signer}.pub")[0]) for signer in PROCESSES},
        notifier_public=_read_keys(place / "notifier.pub")[0],
        escrow_recipient=_read(place / "escrow.pub").strip(),
        upper_level_recipient=_read(upper).strip() if upper.exists() else None,
    )


def _write(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Misconfigured(f"{path} exists and is not overwritten") from error
    with os.fdopen(handle, "w") as target:
        target.write(text + "\n")
        target.flush()
        os.fsync(target.fileno())


def _read_keys(path: Path) -> tuple[bytes, ...]:
    try:
        keys = tuple(base64.b64decode(line, validate=True) for line in _read(path).split())
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise Misconfigured(f"key file {path} does not hold a key of {KEY_BYTES} bytes")
    except (Base64Error, CryptoError, UnicodeDecodeError) as error:
        raise Misconfigured(f"key file {path} is damaged") from error
    return keys


def _read(path: Path) -> str:
    try:
        _require_private(path)
        return path.read_text()
    except FileNotFoundError as error:
        raise Misconfigured(f"key file {path} is missing; bring it back from the copy of the key folder") from error


def _require_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise Misconfigured(
            f"{path} is missing; bring the key files back from their copy, or run: jingshi init"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Misconfigured(f"{path} can be read by others; run: chmod go-rwx {path}")
