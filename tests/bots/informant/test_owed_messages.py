"""What is owed, brought to chats by the real carrier, against the peer with the platform's limits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bots.informant.carrier import Carrier
from bots.informant.texts import texts
from core import outbox
from core.app import App
from core.outbox.tables import Address
from core.work import Reporter
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.outbox.builders import owed, states
from tests.peer.client import TOKEN, Bot, Peer, Person, most_in_a_second

MANY = 60


@pytest.fixture
async def platform(peer: Peer) -> Bot:
    bot = await peer.bot(TOKEN)
    await bot.limit()
    return bot


@pytest.fixture
def stop() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def sender(worker: App, peer: Peer, stop: asyncio.Event) -> AsyncIterator[outbox.Sender]:
    worker.settings = replace(worker.settings, informant_token=TOKEN, telegram_api=peer.url)
    carrier = Carrier.of(worker)
    yield outbox.Sender("informant", carrier, stop)
    await carrier.close()


async def told(intake: App, desk: App, bot: Bot, count: int, language: str = "zh_CN") -> Sequence[Person]:
    """People who began a chat, reported and wish to be told; each is owed a message."""
    people = [await bot.person(f"Lin {number}") for number in range(count)]
    for person in people:
        await person.says("/start")
        item_id = (await submitted(intake)).item_id
        async with intake.work(Reporter(), "telegram") as work:
            await outbox.tell_here(work, item_id, outbox.ChatAddress("informant", str(person.id), language))
        await owed(desk, item_id)
    return people


async def addresses(app: App) -> int:
    async with app.database.transaction(write=False) as session:
        return await session.scalar(select(func.count()).select_from(Address)) or 0


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_a_chat_is_told_in_its_language_that_there_is_an_answer(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender, language: str
) -> None:
    (lin,) = await told(intake, desk, platform, 1, language)
    await sender.send_due(worker)
    text = texts(language)(f"owed.{outbox.REPLY_WAITING}")
    assert text in (await lin.sees()).texts


async def test_many_messages_reach_a_slow_platform_and_none_is_too_much_for_it(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender
) -> None:
    await told(intake, desk, platform, MANY)
    await platform.trouble("delay", "sendMessage", times=MANY, seconds=0.1)
    await sender.send_due(worker)
    assert await states(worker) == ["sent"] * MANY
    assert {line["code"] for line in await platform.requests("sendMessage")} == {200}
    moments = [line["at"] for line in await platform.sent()]
    assert len(moments) == MANY
    assert most_in_a_second(moments) <= 30


async def test_whoever_blocks_the_bot_is_not_written_to_again(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender
) -> None:
    lin, _ = await told(intake, desk, platform, 2)
    await lin.blocks()
    await sender.send_due(worker)
    assert await states(worker) == ["sent", "unreachable"]
    assert await addresses(worker) == 1


async def test_the_platform_is_left_in_peace_for_as_long_as_it_asks(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender, clock: FixedClock
) -> None:
    await told(intake, desk, platform, 5)
    await platform.too_many("sendMessage", retry_after=2)
    await sender.send_due(worker)
    clock.move(timedelta(seconds=2))
    await sender.send_due(worker)
    assert await states(worker) == ["sent"] * 5
    requests = await platform.requests("sendMessage")
    halted_at = next(line["at"] for line in requests if line["code"] == 429)
    later = [line["at"] - halted_at for line in requests if line["at"] > halted_at + 0.5]
    assert later
    assert min(later) >= 2


async def test_a_message_whose_answer_was_lost_is_sent_once_more(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender, clock: FixedClock
) -> None:
    (lin,) = await told(intake, desk, platform, 1)
    await platform.trouble("drop_after", "sendMessage", times=2)
    for _ in range(4):
        await sender.send_due(worker)
        clock.move(timedelta(seconds=30))
    text = texts("zh_CN")(f"owed.{outbox.REPLY_WAITING}")
    assert (await lin.sees()).texts.count(text) == 2
    assert await states(worker) == ["unknown"]


async def test_while_the_platform_is_down_messages_wait(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender, clock: FixedClock
) -> None:
    await told(intake, desk, platform, 3)
    await platform.trouble("answer", "sendMessage", times=3, code=502, description="Bad Gateway")
    await sender.send_due(worker)
    assert await states(worker) == ["queued"] * 3
    clock.move(timedelta(seconds=30))
    await sender.send_due(worker)
    assert await states(worker) == ["sent"] * 3


async def test_messages_wait_for_a_bot_whose_token_was_revoked(
    intake: App, desk: App, worker: App, platform: Bot, sender: outbox.Sender, stop: asyncio.Event
) -> None:
    await told(intake, desk, platform, 3)
    await platform.revoke()
    sending = asyncio.create_task(sender.send_due(worker))
    while not await platform.requests("sendMessage") and not sending.done():
        continue
    stop.set()
    await sending
    assert await states(worker) == ["queued"] * 3
    assert await addresses(worker) == 3
