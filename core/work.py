"""A piece of work: one transaction, who does it, and the clock it goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from core.db import Transaction
from core.policy.profile import Profile
from core.sealing import KeyPair, ProcessKeys, SharedKey

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The only source of time; it may start elsewhere than now and then runs on."""

    def __init__(self, start: datetime | None = None) -> None:
        self._shift = timedelta(0) if start is None else start - _real_now()

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return _real_now() + self._shift

    def today(self) -> date:
        """Return the civil date in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()

    def move(self, by: timedelta) -> None:
        """Move the clock; demos and tests do so."""
        self._shift += by


def _real_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place


@dataclass(frozen=True, slots=True)
class Held:
    """A role held at present: in which unit, and for which deciding body if the unit belongs to one."""

    role: str
    unit_id: UUID
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody outside; nothing is known about them, and nothing is asked."""

    def __str__(self) -> str:
        return "reporter"


@dataclass(frozen=True, slots=True)
class System:
    """A process acting by the clock or at an operator's command."""

    name: str

    def __str__(self) -> str:
        return f"system:{self.name}"


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in member of staff. ``key`` is their private key, present for one request when it is unlocked."""

    person_id: UUID
    account_id: UUID
    held: tuple[Held, ...]
    session_id: UUID | None = None
    key: KeyPair | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"staff:{self.person_id}"


@dataclass(frozen=True, slots=True)
class Liaison:
    """Somebody of a station, known by their paired chat or their personal link, with what they hold there today."""

    person_id: UUID
    held: tuple[Held, ...]

    def __str__(self) -> str:
        return f"liaison:{self.person_id}"


Actor = Reporter | System | Staff | Liaison


@dataclass(frozen=True, slots=True)
class Work:
    """What a verb needs. It adds rows to the session and never commits: the edge does, once.

    ``source`` is the edge (``web``, ``console``, ``api``, ``cli``, ``worker``); ``keys`` are the process's own;
    ``shared`` maps a purpose such as ``intake:leading_group_office`` or ``audit`` to its present public key.
    """

    transaction: Transaction
    clock: Clock
    actor: Actor
    source: str
    keys: ProcessKeys
    shared: Mapping[str, SharedKey]
    policy: Profile

    @property
    def session(self) -> AsyncSession:
        """The session in which rows are objects."""
        return self.transaction.session

    @property
    def connection(self) -> AsyncConnection:
        """The connection, for statements that are run often; see `core.db.Transaction`."""
        return self.transaction.connection

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return self.clock.now()

    def hour(self) -> datetime:
        """Return the present moment cut to the hour: the finest time kept on a reporter's path."""
        return self.now().replace(minute=0, second=0, microsecond=0)
