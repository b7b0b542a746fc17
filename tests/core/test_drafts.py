"""Drafts: found by a code, opened by two secrets, saved one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from core import drafts
from core.app import App
from core.drafts import Draft, DraftRow
from core.errors import Forged, Stale
from core.sealing import load_process_keys, open_box
from core.sealing.keyfiles import rotate_secret
from core.settings import Settings
from core.work import Reporter, System
from tests.conftest import FixedClock

CHAT = "the-secret-of-the-cookie"
MARKER = "在二楼会议室收了红包"


async def keep(app: App, content: drafts.Content, chat: str = CHAT, ttl: timedelta | None = None) -> Draft:
    async with app.work(Reporter(), "web") as work:
        found = await drafts.load(work, "web", chat)
        return await drafts.save(work, found or Draft("web", chat), content, ttl=ttl)


async def look(app: App, chat: str = CHAT) -> Draft | None:
    async with app.work(Reporter(), "web", write=False) as work:
        return await drafts.load(work, "web", chat, lock=False)


async def row(app: App) -> DraftRow:
    async with app.database.transaction(write=False) as session:
        return (await session.scalars(select(DraftRow))).one()


async def test_a_saved_draft_is_read_again_and_counts_its_versions(intake: App) -> None:
    assert (await keep(intake, {"facts": MARKER})).version == 1
    assert (await keep(intake, {"facts": MARKER, "files": [{"size": 3}]})).version == 2
    found = await look(intake)
    assert found is not None
    assert (found.version, found.content) == (2, {"facts": MARKER, "files": [{"size": 3}]})


async def test_the_row_holds_neither_the_chat_nor_a_word_of_the_text(intake: App) -> None:
    await keep(intake, {"facts": MARKER})
    kept = await row(intake)
    whole = kept.sealed + kept.handle
    assert CHAT.encode() not in whole
    assert MARKER.encode() not in whole
    assert MARKER.encode("unicode_escape") not in whole
    assert MARKER not in repr(await look(intake))
    assert CHAT not in repr(await look(intake))


async def test_the_key_of_the_process_alone_opens_no_draft(intake: App) -> None:
    await keep(intake, {"facts": MARKER})
    kept = await row(intake)
    for secret in (*intake.keys.all("draft"), *intake.keys.all("drafts-hmac")):
        with pytest.raises(Forged):
            open_box(kept.sealed, key=secret, context=drafts._place(kept.id))  # noqa: SLF001 - the thief knows the place


async def test_another_chat_or_channel_finds_nothing(intake: App) -> None:
    await keep(intake, {"facts": MARKER})
    assert await look(intake, "another-cookie") is None
    async with intake.work(Reporter(), "telegram", write=False) as work:
        assert await drafts.load(work, "telegram", CHAT, lock=False) is None


async def test_a_draft_moved_to_another_row_does_not_open(intake: App) -> None:
    await keep(intake, {"facts": MARKER})
    await keep(intake, {"facts": "other"}, chat="another-cookie")
    async with intake.database.transaction() as session:
        mine = drafts.handle(intake.keys, "web", CHAT)[0]
        stolen = await session.scalar(select(DraftRow.sealed).where(DraftRow.handle != mine))
        await session.execute(update(DraftRow).where(DraftRow.handle == mine).values(sealed=stolen))
    with pytest.raises(Forged):
        await look(intake)


async def test_an_older_key_still_opens_and_saving_moves_on_to_the_present_one(
    intake: App, settings: Settings, open_app: Callable[[str], App]
) -> None:
    await keep(intake, {"facts": MARKER})
    for name in ("draft", "drafts-hmac"):
        rotate_secret(settings.keys, "intake", name)
    turned = open_app("intake")
    found = await look(turned)
    assert found is not None
    assert found.content == {"facts": MARKER}

    await keep(turned, found.content)
    present = load_process_keys(settings.keys, "intake")
    assert (await row(turned)).handle == drafts.handle(present, "web", CHAT)[0]
    for name in ("draft", "drafts-hmac"):
        rotate_secret(settings.keys, "intake", name, keep=2)
    assert await look(open_app("intake")) is not None


async def test_a_page_made_from_an_older_version_is_told(intake: App) -> None:
    first = await keep(intake, {"n": 1})
    await keep(intake, {"n": 2})
    found = await look(intake)
    assert found is not None
    assert found.at(2) is found
    with pytest.raises(Stale):
        found.at(first.version)


async def test_saving_over_a_version_not_seen_changes_nothing(intake: App) -> None:
    first = await keep(intake, {"n": 1})
    await keep(intake, {"n": 2})
    with pytest.raises(Stale):
        async with intake.work(Reporter(), "web") as work:
            await drafts.save(work, first, {"n": 3})
    found = await look(intake)
    assert found is not None
    assert found.content == {"n": 2}


async def test_two_beginnings_in_one_chat_do_not_overwrite_each_other(intake: App) -> None:
    await keep(intake, {"n": 1})
    with pytest.raises(Stale):
        async with intake.work(Reporter(), "web") as work:
            await drafts.save(work, Draft("web", CHAT), {"n": 2})
    found = await look(intake)
    assert found is not None
    assert found.content == {"n": 1}


async def test_tasks_on_one_draft_take_turns_and_none_is_lost(intake: App) -> None:
    await keep(intake, {"added": []})
    first_has_read, order = asyncio.Event(), []

    async def add(name: str, before_saving: Callable[[], Awaitable[object]]) -> None:
        async with intake.work(Reporter(), "web") as work:
            found = await drafts.load(work, "web", CHAT)
            assert found is not None
            order.append(f"{name} reads")
            await before_saving()
            await drafts.save(work, found, {"added": [*found.content["added"], name]})
            order.append(f"{name} saves")

    async def give_the_others_a_chance() -> None:
        first_has_read.set()
        async with intake.database.transaction(write=False) as session:  # a round trip, in which another task may run
            for _ in range(20):
                await session.execute(text("SELECT 1"))

    async def second(name: str) -> None:
        await first_has_read.wait()
        await add(name, lambda: asyncio.sleep(0))

    await asyncio.gather(add("a", give_the_others_a_chance), second("b"), second("c"))
    found = await look(intake)
    assert found is not None
    assert found.content["added"][0] == "a"
    assert sorted(found.content["added"]) == ["a", "b", "c"]
    assert order[:2] == ["a reads", "a saves"]


async def test_times_are_cut_to_the_hour(intake: App, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=47, seconds=12))
    await keep(intake, {})
    kept = await row(intake)
    for moment in (kept.changed_at, kept.expires_at):
        assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


async def test_a_draft_is_kept_as_long_as_the_policy_says(intake: App, worker: App, clock: FixedClock) -> None:
    await keep(intake, {})
    clock.move(timedelta(days=intake.policy.days("draft_kept")) - timedelta(seconds=1))
    assert await look(intake) is not None
    async with worker.work(System("tick"), "worker") as work:
        assert await drafts.expire(work) == 0
    clock.move(timedelta(seconds=1))
    assert await look(intake) is None
    async with worker.work(System("tick"), "worker") as work:
        assert await drafts.expire(work) == 1


async def test_a_receipt_is_kept_for_the_shorter_time_that_is_asked_for(intake: App, clock: FixedClock) -> None:
    await keep(intake, {"receipt": "…"}, ttl=timedelta(hours=24))
    clock.move(timedelta(hours=24))
    assert await look(intake) is None


async def test_a_new_draft_takes_the_place_of_an_expired_one(intake: App, clock: FixedClock) -> None:
    await keep(intake, {"n": 1})
    clock.move(timedelta(days=30))
    assert (await keep(intake, {"n": 2})).version == 1
    assert (await row(intake)).version == 1


async def test_a_discarded_draft_is_gone_and_cannot_be_saved(intake: App) -> None:
    draft = await keep(intake, {"n": 1})
    for _ in range(2):
        async with intake.work(Reporter(), "web") as work:
            await drafts.discard(work, draft)
    assert await look(intake) is None
    with pytest.raises(Stale):
        async with intake.work(Reporter(), "web") as work:
            await drafts.save(work, draft, {"n": 2})
