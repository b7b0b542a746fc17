"""Addresses and deliveries for tests."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from core import outbox
from core.app import App
from core.outbox.sender import Time
from core.outbox.tables import Delivery
from core.work import Reporter, System
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted

CHAT = "7013370042"
WORKER = System("worker")


def an_address(chat: str = CHAT, language: str = "zh_CN") -> outbox.ChatAddress:
    return outbox.ChatAddress("informant", chat, language)


async def told_here(intake: App, address: outbox.ChatAddress | None = None, *, item_id: UUID | None = None) -> UUID:
    """Ask to be told about an item, a new one unless it is named; return its id."""
    found = item_id or (await submitted(intake)).item_id
    async with intake.work(Reporter(), "telegram") as work:
        await outbox.tell_here(work, found, address or an_address())
    return found


async def asked_to_forget(intake: App, chat: str = CHAT) -> None:
    async with intake.work(Reporter(), "telegram") as work:
        await outbox.forget(work, "informant", chat)


async def owed(desk: App, item_id: UUID, template: str = outbox.REPLY_WAITING) -> int:
    """Owe a message as the desk does when it replies."""
    async with desk.work(System("desk"), "console") as work:
        return await outbox.queue(work, template, item_id)


async def deliveries(app: App) -> list[Delivery]:
    """The ledger, what was queued first at the front."""
    async with app.database.transaction(write=False) as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.changed_at, Delivery.id)))


async def states(app: App) -> list[str]:
    return sorted(row.state for row in await deliveries(app))


class VirtualTime(Time):
    """Seconds that pass when somebody rests, for the pacing and for the ledger's clock alike."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self._start = clock.now()

    def now(self) -> float:
        return (self._clock.now() - self._start).total_seconds()

    async def rest(self, seconds: float, stop: asyncio.Event) -> None:  # noqa: ARG002 - the base class names it
        await asyncio.sleep(0)  # what was let go before leaves before
        self._clock.move(timedelta(seconds=seconds + 1e-6))  # a clock has whole microseconds


@dataclass(frozen=True, slots=True)
class Carried:
    """One message that left."""

    at: float
    address: outbox.ChatAddress
    template: str


@dataclass
class MemoryCarrier:
    """The twin of a bot: keeps what it was given. ``ends`` are answered first, each once; then everything is sent."""

    time: Time = field(default_factory=Time)
    ends: list[outbox.Outcome] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)

    async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
        self.carried.append(Carried(self.time.now(), address, template))
        await asyncio.sleep(0)
        return self.ends.pop(0) if self.ends else outbox.Sent()

    @property
    def chats(self) -> list[str]:
        return [each.address.chat for each in self.carried]
