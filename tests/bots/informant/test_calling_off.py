"""A bot that is told to stop in the middle of a step: what it had begun is whole, and is there when it begins again."""

import asyncio
from collections.abc import Sequence

import pytest

from bots.informant.batches import Batches
from core.app import updates
from core.settings import Settings
from core.work import Work
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import answers_of, at
from tests.bots.informant.talk import JPEG
from tests.bots.informant.test_files import on_disk
from tests.peer.client import Attachment as Sent


async def test_what_was_begun_is_over_before_who_was_called_off_goes() -> None:
    begun, gate, stored = asyncio.Event(), asyncio.Event(), list[int]()

    async def apply(jobs: Sequence[int]) -> Sequence[int]:
        begun.set()
        await gate.wait()
        stored.extend(jobs)
        return jobs

    batches = Batches(apply)
    first = asyncio.create_task(batches.do(1))
    await begun.wait()
    waiting = asyncio.create_task(batches.do(2))
    await asyncio.sleep(0)
    waiting.cancel()
    first.cancel()
    await asyncio.wait({waiting})
    assert not first.done()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert stored == [1]
    assert await batches.do(3) == 3


async def test_a_file_that_came_as_the_bot_was_told_to_stop_is_whole_afterwards(
    inform: Inform, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    applying, gate, first_times = asyncio.Event(), asyncio.Event(), updates.first_times

    async def slowly(work: Work, bot: str, ids: Sequence[int]) -> frozenset[int]:
        applying.set()
        await gate.wait()
        return await first_times(work, bot, ids)

    async with inform() as it:
        talk = await at(it, "attachments")
        monkeypatch.setattr(updates, "first_times", slowly)
        await talk.person.sends("document", Sent(JPEG, "窗口.jpg", "image/jpeg"))
        await applying.wait()
        asyncio.get_running_loop().call_later(0.3, gate.set)
    async with inform(bot=it.bot) as it:
        await talk.settled()
        assert [file.name for file in (await answers_of(it, talk))["attachments"]] == ["窗口.jpg"]
        assert len(on_disk(settings)) == 1
