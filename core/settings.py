"""What an installation is told from outside: folders, database, ports, clock. Read once, at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from core.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the environment decides.

    ``home`` holds the embedded database and the attachments, ``keys`` the key files, one folder per process.
    ``now`` moves the clock of a demo or a test home; it is refused elsewhere when the home is opened.
    """

    home: Path
    keys: Path
    database_url: str
    public_port: int = 8000
    host: str = "127.0.0.1"
    secure_cookies: bool = False
    now: datetime | None = None

    @property
    def staff_port(self) -> int:
        """The staff port follows the public one."""
        return self.public_port + 1

    @property
    def attachments(self) -> Path:
        """The folder of sealed attachments."""
        return self.home / "attachments"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the ``JINGSHI_*`` variables and ``PORT``; raise `Misconfigured` where one cannot be understood."""
        home = Path(environment.get("JINGSHI_HOME") or "var").absolute()
        keys = Path(environment.get("JINGSHI_KEYS") or home.with_name(f"{home.name}-keys")).absolute()
        default_url = f"sqlite:///{home / 'jingshi.sqlite3'}"
        return cls(
            home=home,
            keys=keys,
            database_url=environment.get("JINGSHI_DATABASE_URL") or default_url,
            public_port=_port(environment.get("PORT", "8000")),
            host=environment.get("JINGSHI_HOST", "127.0.0.1"),
            secure_cookies=environment.get("JINGSHI_PUBLIC_URL", "").startswith("https://"),
            now=_instant(environment.get("JINGSHI_NOW")),
        )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16 - 1:
        raise Misconfigured(f"PORT must be a number from 1 to 65534, not {text!r}")
    return int(text)


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Misconfigured(f"JINGSHI_NOW must look like 2026-09-30T09:00:00+08:00, not {text!r}")
    return instant
