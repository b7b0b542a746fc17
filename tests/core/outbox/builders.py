"""Addresses and deliveries for tests."""

from uuid import UUID

from core import outbox
from core.app import App
from core.work import Reporter, System
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
