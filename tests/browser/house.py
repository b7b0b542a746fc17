"""`make demo` as somebody types it, on ports and in a folder of its own."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pyotp

ROOT: Final = Path(__file__).parents[2]
_PATIENCE: Final = 240  # seconds; on a busy machine the demo takes a minute to lay


@dataclass(frozen=True)
class Account:
    """A member of staff of the demo."""

    username: str
    password: str
    passphrase: str
    totp_secret: str

    def wait_for_a_new_code(self, since: datetime) -> None:
        """Wait, as a person does at the telephone, until the code is another one than at the moment ``since``."""
        totp = pyotp.TOTP(self.totp_secret)
        while totp.timecode(datetime.now(UTC)) == totp.timecode(since):  # noqa: TID251 - as telephones do
            sleep(1)

    def code(self) -> str:
        """Return a code that was not used while the demo was laid: the next one, which is taken already."""
        return pyotp.TOTP(self.totp_secret).at(datetime.now(UTC), counter_offset=1)  # noqa: TID251 - as telephones do


@dataclass(frozen=True)
class House:
    """The demo as it runs: where residents and staff find it, and who may sign in."""

    public: str
    staff: str
    accounts: Mapping[str, Account]


@contextmanager
def demo(folder: Path, *, more: Mapping[str, str] | None = None) -> Iterator[House]:
    """Run `make demo` until the block ends; then interrupt it, and require that it ends well and leaves nobody.

    ``more`` is added to its environment; ``{port}`` stands for the public port.
    """
    port = _free_pair()
    added = {name: value.format(port=port) for name, value in (more or {}).items()}
    log = folder / "demo.log"
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("JINGSHI_", "MAKE", "MFLAGS"))}
    with log.open("wb") as output:
        make = subprocess.Popen(  # noqa: S603 - words of our own
            ["make", "demo", f"PORT={port}"],  # noqa: S607 - the words that people type
            cwd=ROOT,
            env=ours | added | {"JINGSHI_HOME": str(folder / "demo")},
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    family: list[psutil.Process] = []
    try:
        _wait_until_ready(make, log, port)
        family = psutil.Process(make.pid).children(recursive=True)
        yield House(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", _accounts(folder / "demo"))
        family[0].send_signal(signal.SIGINT)  # `uv`, which hands it to the program once
        assert make.wait(20) == 0, log.read_text()
        assert [one for one in family if one.is_running()] == []
    finally:
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGKILL)
            make.wait()


def _free_pair() -> int:
    """Return a port that is free together with the next."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _wait_until_ready(make: "subprocess.Popen[bytes]", log: Path, port: int) -> None:
    until = monotonic() + _PATIENCE
    while not (_is_ready(port) and _is_ready(port + 1)):
        assert make.poll() is None, log.read_text()
        assert monotonic() < until, log.read_text()
        sleep(0.1)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _accounts(home: Path) -> Mapping[str, Account]:
    names = Account.__dataclass_fields__
    lines = json.loads((home / "accounts.json").read_text())
    return {line["username"]: Account(**{name: line[name] for name in names}) for line in lines}
