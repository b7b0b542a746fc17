"""What an installation is told from outside: folders, database, ports, bots, clock. Read once, at the start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from core.errors import Misconfigured

TELEGRAM_API: Final = "https://api.telegram.org"
_BOT_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}", re.ASCII)
_PHONE: Final = re.compile(r"[+(]?[0-9][0-9 ()#*/-]{2,28}[0-9]( ?(转|ext\.?) ?[0-9]{1,6})?", re.ASCII)
_TOKEN: Final = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the environment decides.

    ``home`` holds the embedded database and the attachments, ``keys`` the key files, one folder per process.
    ``now`` moves the clock of a demo or a test home; it is refused elsewhere when the home is opened. A bot without a
    token is off; ``liaison_name`` is what links that lead into its chat are made of, and ``stations_phone`` is where
    people of the stations reach a person. With ``polls`` the bots ask the platform for their messages although there is
    a public URL. Neither URL ends in a slash.
    """

    home: Path
    keys: Path
    database_url: str
    public_port: int = 8000
    host: str = "127.0.0.1"
    secure_cookies: bool = False
    now: datetime | None = None
    informant_token: str | None = field(default=None, repr=False)
    liaison_token: str | None = field(default=None, repr=False)
    liaison_name: str | None = None
    stations_phone: str | None = None
    telegram_api: str = TELEGRAM_API
    public_url: str | None = None
    polls: bool = False

    @property
    def staff_port(self) -> int:
        """The staff port follows the public one."""
        return self.public_port + 1

    @property
    def attachments(self) -> Path:
        """The folder of sealed attachments."""
        return self.home / "attachments"

    def webhook(self, bot: str) -> str | None:
        """Return the URL at which the platform delivers to ``bot``; none where the bot polls."""
        return f"{self.public_url}/telegram/{bot}" if self.public_url and not self.polls else None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the ``JINGSHI_*`` variables and ``PORT``; raise `Misconfigured` where one cannot be understood."""
        home = Path(environment.get("JINGSHI_HOME") or "var").absolute()
        keys = Path(environment.get("JINGSHI_KEYS") or home.with_name(f"{home.name}-keys")).absolute()
        default_url = f"sqlite:///{home / 'jingshi.sqlite3'}"
        public_url = _url(environment, "JINGSHI_PUBLIC_URL")
        return cls(
            home=home,
            keys=keys,
            database_url=environment.get("JINGSHI_DATABASE_URL") or default_url,
            public_port=_port(environment.get("PORT", "8000")),
            host=environment.get("JINGSHI_HOST", "127.0.0.1"),
            secure_cookies=(public_url or "").lower().startswith("https://"),
            now=_instant(environment.get("JINGSHI_NOW")),
            informant_token=_token(environment, "JINGSHI_INFORMANT_TOKEN"),
            liaison_token=_token(environment, "JINGSHI_LIAISON_TOKEN"),
            liaison_name=_bot_name(environment, "JINGSHI_LIAISON_NAME"),
            stations_phone=_phone(environment, "JINGSHI_STATIONS_PHONE"),
            telegram_api=_url(environment, "JINGSHI_TELEGRAM_API") or TELEGRAM_API,
            public_url=public_url,
            polls=_flag(environment, "JINGSHI_POLLING"),
        )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16 - 1:
        raise Misconfigured(f"PORT must be a number from 1 to 65534, not {text!r}")
    return int(text)


def _flag(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "")
    if text not in {"", "0", "1"}:
        raise Misconfigured(f"{name} must be 1 or 0, not {text!r}")
    return text == "1"


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


def _token(environment: Mapping[str, str], name: str) -> str | None:
    token = environment.get(name)
    if not token:
        return None
    if not _TOKEN.fullmatch(token):
        raise Misconfigured(f"{name} is no bot token: digits, a colon, then letters, digits, - and _ (it is not shown)")
    return token


def _bot_name(environment: Mapping[str, str], name: str) -> str | None:
    text = environment.get(name, "").removeprefix("@")
    if not text:
        return None
    if not _BOT_NAME.fullmatch(text):
        raise Misconfigured(f"{name} must be a bot's user name, 5 to 32 letters, digits and _, not {text!r}")
    return text


def _phone(environment: Mapping[str, str], name: str) -> str | None:
    text = " ".join(environment.get(name, "").split())
    if not text:
        return None
    if not _PHONE.fullmatch(text):
        raise Misconfigured(f"{name} must be a telephone number, such as 025-8888 0000, not {text!r}")
    return text


def _url(environment: Mapping[str, str], name: str) -> str | None:
    """Return a base URL without a slash at its end; what is wrong with one is said without showing it."""
    text = environment.get(name)
    if not text:
        return None
    try:
        url = urlsplit(text)
        host, port = url.hostname, url.port
    except ValueError:  # a port that is none, a bracket left open
        url, host, port = SplitResult("", "", "", "", ""), None, None
    strange = "@" in url.netloc or any(sign in "?#" or sign.isspace() or not sign.isprintable() for sign in text)
    if url.scheme not in {"http", "https"} or not host or port == 0 or strange:
        raise Misconfigured(f"{name} must look like https://example.invalid, with no user, query or fragment")
    if url.scheme == "http" and not (_is_loopback(url) or host.endswith(".onion")):  # which is sealed by itself
        raise Misconfigured(f"{name} must begin with https://: by http:// only a server on this machine is spoken to")
    return text.rstrip("/")


def _is_loopback(url: SplitResult) -> bool:
    host = url.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
