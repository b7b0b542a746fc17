"""A channel abroad is served outside a demo only while somebody answers for it by name."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import audit, registry
from core.app import App
from core.errors import Conflict, Invalid, Misconfigured, TooLarge
from core.registry import Acceptance, Installation
from core.work import System
from tests.conftest import FixedClock

CLI = System("operator")
BY, ASSESSMENT = "闾丘知微，区委办公室主任", "即时通信渠道个人信息保护影响评估（虚构〔2026〕3号）"


async def accept(desk: App, channel: str = "telegram", *, by: str = BY, assessment: str = ASSESSMENT) -> Acceptance:
    async with desk.work(CLI, "cli") as work:
        return await registry.accept_channel(work, channel, by=by, assessment=assessment)


async def end(desk: App) -> Acceptance:
    async with desk.work(CLI, "cli") as work:
        return await registry.end_acceptance(work, "telegram")


@pytest.fixture
async def real(desk: App) -> App:
    """An installation that is no demo."""
    async with desk.work(CLI, "cli") as work:
        await work.session.execute(update(Installation).values(is_demo=False))
    return desk


async def test_it_is_kept_who_accepted_a_channel_when_and_on_what_assessment(desk: App, clock: FixedClock) -> None:
    made = await accept(desk, by=f"  {BY} ")
    assert made == Acceptance("telegram", BY, clock.today(), ASSESSMENT, None)
    async with desk.work(CLI, "cli", write=False) as work:
        assert await registry.accepted_channels(work) == await registry.acceptances(work) == [made]


async def test_an_acceptance_is_ended_and_stays_to_be_seen(desk: App, clock: FixedClock) -> None:
    first = await accept(desk)
    clock.move(timedelta(days=40))
    ended = await end(desk)
    assert (ended.accepted_on, ended.ended_on) == (first.accepted_on, clock.today())
    async with desk.work(CLI, "cli", write=False) as work:
        assert await registry.accepted_channels(work) == []
    second = await accept(desk, by="另一人，副书记")
    async with desk.work(CLI, "cli", write=False) as work:
        assert await registry.accepted_channels(work) == [second]
        assert await registry.acceptances(work) == [ended, second]


async def test_what_holds_is_not_accepted_again_and_what_does_not_hold_is_not_ended(desk: App) -> None:
    with pytest.raises(Conflict, match="channel_not_accepted"):
        await end(desk)
    await accept(desk)
    with pytest.raises(Conflict, match="channel_already_accepted"):
        await accept(desk, by="另一人")


async def test_of_two_who_accept_at_the_same_moment_one_does(desk: App) -> None:
    answers = await asyncio.gather(accept(desk), accept(desk, by="另一人"), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Acceptance", "Conflict"]


@pytest.mark.parametrize("channel", ["", "Telegram", "web", "pigeon"])
async def test_only_a_channel_that_is_known_to_be_abroad_is_accepted(desk: App, channel: str) -> None:
    with pytest.raises(Invalid, match="unknown_channel"):
        await accept(desk, channel)


async def test_nobody_accepts_without_a_name_or_an_assessment(desk: App) -> None:
    for by, assessment in (("", ASSESSMENT), (BY, " "), ("two\nlines", ASSESSMENT)):
        with pytest.raises(Invalid):
            await accept(desk, by=by, assessment=assessment)
    with pytest.raises(TooLarge):
        await accept(desk, assessment="长" * 201)


async def test_accepting_and_ending_are_in_the_trail(desk: App) -> None:
    await accept(desk)
    await end(desk)
    async with desk.work(CLI, "cli", write=False) as work:
        found = [each.action for each in await audit.entries(work) if ":channel:" in each.action]
    assert sorted(found) == ["cli:channel:accepted", "cli:channel:ended"]


async def test_outside_a_demo_a_channel_abroad_needs_an_acceptance_that_holds(real: App) -> None:
    async with real.work(CLI, "cli", write=False) as work:
        with pytest.raises(Misconfigured, match="jingshi channels accept telegram"):
            await registry.require_accepted(work, "telegram")
    await accept(real)
    async with real.work(CLI, "cli", write=False) as work:
        await registry.require_accepted(work, "telegram")
    await end(real)
    async with real.work(CLI, "cli", write=False) as work:
        with pytest.raises(Misconfigured, match="stand abroad"):
            await registry.require_accepted(work, "telegram")


async def test_a_demo_needs_no_acceptance(desk: App) -> None:
    async with desk.work(CLI, "cli", write=False) as work:
        await registry.require_accepted(work, "telegram")
