"""Addresses: put in by intake, found by nobody, opened by the worker, and gone when they should be."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from core import audit, cases, outbox
from core.app import App
from core.outbox.tables import Address, Delivery, Forgetting
from core.sealing import Context, seal_envelope
from core.sealing.keyfiles import rotate_secret
from core.settings import Settings
from core.work import Reporter
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.outbox.builders import CHAT, WORKER, an_address, asked_to_forget, owed, told_here


async def addresses(app: App) -> list[Address]:
    async with app.database.transaction(write=False) as session:
        return list(await session.scalars(select(Address)))


async def forget_all(worker: App) -> int:
    async with worker.work(WORKER, "worker") as work:
        return await outbox.carry_out_forgettings(work)


async def test_an_address_shows_neither_chat_nor_language_and_its_time_is_cut_to_the_hour(
    intake: App, clock: FixedClock
) -> None:
    clock.move(timedelta(minutes=31, seconds=7))
    await told_here(intake)
    (row,) = await addresses(intake)
    assert CHAT.encode() not in row.sealed
    assert b"zh_CN" not in row.sealed
    assert (row.added_at.minute, row.added_at.second) == (0, 0)
    assert CHAT not in repr(an_address())


async def test_addresses_of_one_chat_cannot_be_told_to_be_so(intake: App) -> None:
    item_id = await told_here(intake)
    await told_here(intake, an_address(language="en"), item_id=item_id)
    await told_here(intake, an_address(chat="9" * 60), item_id=item_id)
    rows = await addresses(intake)
    assert len({row.sealed for row in rows}) == 3
    assert len({len(row.sealed) for row in rows}) == 1


async def test_telling_where_is_recorded_to_the_hour_and_without_the_chat(
    intake: App, desk: App, clock: FixedClock
) -> None:
    clock.move(timedelta(minutes=31))
    item_id = await told_here(intake)
    async with desk.work(WORKER, "worker", write=False) as work:
        found = await audit.entries(work, subject_id=str(item_id))
    entry = next(each for each in found if each.action == "telegram:item:told_here")
    assert (entry.actor, entry.at.minute) == ("reporter", 0)
    assert CHAT not in repr(found)


async def test_a_chat_that_wishes_to_be_forgotten_loses_its_addresses_and_no_other_does(
    intake: App, desk: App, worker: App
) -> None:
    mine = [await told_here(intake), await told_here(intake)]
    others = await told_here(intake, an_address(chat="another"))
    for item_id in (*mine, others):
        await owed(desk, item_id)
    await asked_to_forget(intake)
    assert await forget_all(worker) == 2
    assert [row.item_id for row in await addresses(intake)] == [others]
    async with worker.database.transaction(write=False) as session:
        assert list(await session.scalars(select(Forgetting))) == []
        assert list(await session.scalars(select(Delivery.item_id))) == [others]
    assert await forget_all(worker) == 0


async def test_forgetting_names_no_item_in_the_trail(intake: App, desk: App, worker: App) -> None:
    item_id = await told_here(intake)
    await asked_to_forget(intake)
    await forget_all(worker)
    async with desk.work(WORKER, "worker", write=False) as work:
        found = await audit.entries(work)
    wishes = [each for each in found if ":forgetting:" in each.action]
    assert sorted(each.action for each in wishes) == ["telegram:forgetting:asked", "worker:forgetting:carried_out"]
    assert str(item_id) not in {each.subject_id for each in wishes}
    assert not any("address" in each.action or "delivery" in each.action for each in found)


async def test_who_opts_in_again_in_a_later_hour_is_told(intake: App, worker: App, clock: FixedClock) -> None:
    await told_here(intake)
    await asked_to_forget(intake)
    clock.move(timedelta(hours=1))
    again = await told_here(intake)
    assert await forget_all(worker) == 1
    assert [row.item_id for row in await addresses(intake)] == [again]


async def test_more_addresses_than_are_opened_at_once_are_all_looked_at(intake: App, worker: App) -> None:
    item_id = await told_here(intake)
    async with intake.work(Reporter(), "telegram") as work:
        for _ in range(1_000):
            await outbox.tell_here(work, item_id, an_address())
    await asked_to_forget(intake)
    assert await forget_all(worker) == 1_001


async def test_the_key_before_this_one_still_opens(
    intake: App, settings: Settings, open_app: Callable[[str], App]
) -> None:
    await told_here(intake)
    await asked_to_forget(intake)
    rotate_secret(settings.keys, "worker", "notifier")
    assert await forget_all(open_app("worker")) == 1


async def test_what_somebody_else_sealed_to_the_worker_stops_nothing(intake: App, worker: App) -> None:
    item_id = (await submitted(intake)).item_id
    strange = [b"\xff\xfe", b"[]", json.dumps({"bot": "informant"}).encode()]
    async with intake.work(Reporter(), "telegram") as work:
        for text in strange:
            for table in (Address, Forgetting):
                _strange_row(work.session.add, table, text, item_id, work.keys.notifier_public, work.now())
        work.session.add(Address(id=uuid4(), item_id=item_id, sealed=b"\x01", added_at=work.now()))
    await told_here(intake)
    await asked_to_forget(intake)
    assert await forget_all(worker) == 1


def _strange_row(
    add: Callable[[object], None], table: type[Address | Forgetting], text: bytes, item_id: UUID, to: bytes, at: object
) -> None:
    row_id = uuid4()
    sealed = seal_envelope(text, to=[to], context=Context(table.__tablename__, "sealed", row_id))
    of_it = {"item_id": item_id, "added_at": at} if table is Address else {"asked_at": at}
    add(table(id=row_id, sealed=sealed, **of_it))


async def test_a_withdrawn_item_keeps_no_address_and_owes_nothing(intake: App, desk: App, worker: App) -> None:
    done = await submitted(intake)
    await told_here(intake, item_id=done.item_id)
    other = await told_here(intake)
    await owed(desk, done.item_id)
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, done.receipt)
    async with worker.work(WORKER, "worker") as work:
        await cases.carry_out_withdrawals(work)
    assert [row.item_id for row in await addresses(intake)] == [other]
    async with worker.database.transaction(write=False) as session:
        assert list(await session.scalars(select(Delivery))) == []


async def test_a_packet_that_is_erased_leaves_no_address(intake: App, worker: App) -> None:
    done = await submitted(intake, subject_kind="leading_group_member")
    await told_here(intake, item_id=done.item_id)
    async with worker.work(WORKER, "worker") as work:
        await cases.destroy(work, [done.item_id])
    assert await addresses(intake) == []
