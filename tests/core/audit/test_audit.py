"""What the audit trail promises."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core import audit
from core.access import create_shared_key
from core.app import App
from core.audit.tables import Link
from core.sealing import KeyPair
from core.work import Reporter, System
from tests.conftest import FixedClock, Open

CLERK = System("clerk")


async def _write(app: App, count: int) -> list[UUID]:
    subjects = [uuid4() for _ in range(count)]
    for subject in subjects:
        async with app.work(CLERK, "api") as work:
            audit.record(work, "item", "read", subject, change=b"content")
        assert isinstance(app.clock, FixedClock)
        app.clock.move(timedelta(seconds=1))
    return subjects


async def _seal(worker: App) -> int:
    async with worker.work(System("worker"), "worker") as work:
        return await audit.seal_entries(work)


async def _verdict(worker: App) -> audit.Verdict:
    async with worker.work(System("worker"), "cli", write=False) as work:
        return await audit.verify_chain(work)


async def _sql(app: App, statement: str, **values: object) -> None:
    async with app.database.transaction() as session:
        await session.execute(text(statement), values)


async def test_entries_are_chained_once_and_verify(desk: App, worker: App) -> None:
    await _write(desk, 5)
    first = await _seal(worker)
    assert first >= 5
    assert await _seal(worker) == 0
    await _write(desk, 3)
    verdict = await _verdict(worker)
    assert (verdict.chained, verdict.unchained, verdict.broken) == (first, 3, "")


Damage = Callable[[App], Awaitable[None]]


async def _change_an_actor(app: App) -> None:
    await _sql(
        app, "UPDATE audit_entry SET actor = 'somebody else' WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 4)"
    )


async def _drop_a_link(app: App) -> None:
    await _sql(app, "DELETE FROM audit_link WHERE seq = 4")


async def _swap_two_hashes(app: App) -> None:
    await _sql(app, "UPDATE audit_link SET hash = prev_hash WHERE seq = 4")


@pytest.mark.parametrize("damage", [_change_an_actor, _drop_a_link, _swap_two_hashes])
async def test_the_first_broken_entry_is_named(desk: App, worker: App, damage: Damage) -> None:
    await _write(desk, 6)
    await _seal(worker)
    await damage(desk)
    verdict = await _verdict(worker)
    assert verdict.chained == 3
    assert verdict.broken.split(" (")[0].endswith((" 4", " 5"))


async def test_a_cut_end_is_seen_by_the_signed_head(desk: App, worker: App) -> None:
    await _write(desk, 3)
    await _seal(worker)
    async with worker.work(System("worker"), "worker") as work:
        head = await audit.sign_head(work)
        assert head is not None
        assert await audit.sign_head(work) is None
    await _sql(desk, "DELETE FROM audit_link WHERE seq = :seq", seq=head.seq)
    assert "missing" in (await _verdict(worker)).broken


async def test_two_workers_sign_a_day_once(desk: App, worker: App, open_app: Open) -> None:
    async def sign(app: App) -> bool:
        async with app.work(System("worker"), "worker") as work:
            return await audit.sign_head(work) is not None

    await _write(desk, 1)
    await _seal(worker)
    signed = await asyncio.gather(*(sign(app) for app in (worker, open_app("worker"))))
    assert sorted(signed) == [False, True]


async def test_a_forged_head_is_seen(desk: App, worker: App) -> None:
    await _write(desk, 1)
    await _seal(worker)
    async with worker.work(System("worker"), "worker") as work:
        assert await audit.sign_head(work)
    await _sql(desk, "UPDATE audit_head SET signature = :signature", signature=bytes(64))
    assert "forged" in (await _verdict(worker)).broken


async def test_a_fork_of_the_chain_is_an_error(desk: App, worker: App) -> None:
    await _write(desk, 2)
    await _seal(worker)
    (orphan,) = await _write(desk, 1)
    with pytest.raises(IntegrityError):
        async with worker.work(System("worker"), "worker") as work:
            entry = (await audit.entries(work, subject_id=str(orphan)))[0]
            work.session.add(Link(seq=99, entry_id=entry.id, prev_hash=bytes(32), hash=bytes(32)))


async def test_nothing_is_recorded_when_the_work_is_undone(desk: App) -> None:
    subject = uuid4()
    with pytest.raises(LookupError):
        async with desk.work(CLERK, "api") as work:
            audit.record(work, "item", "read", subject)
            raise LookupError
    async with desk.work(CLERK, "api", write=False) as work:
        assert await audit.entries(work, subject_id=str(subject)) == []


async def test_a_reason_is_read_with_the_auditors_key_only(desk: App) -> None:
    subject = uuid4()
    async with desk.work(System("init"), "cli") as work:
        await work.session.execute(text("UPDATE shared_key SET retired_at = created_at WHERE purpose = 'audit'"))
        _, auditors = create_shared_key(work, "audit")
    desk.forget_shared_keys()
    async with desk.work(CLERK, "console") as work:
        audit.record(work, "item", "read", subject, reason="核对反映的时间")
    async with desk.work(CLERK, "console", write=False) as work:
        (entry,) = await audit.entries(work, subject_id=str(subject))
    assert entry.action == "console:item:read"
    assert audit.open_reason(entry, auditors) == "核对反映的时间"
    with pytest.raises(Exception, match="envelope"):
        audit.open_reason(entry, KeyPair.new())


async def test_times_on_a_reporters_path_are_cut_to_the_hour(intake: App, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=37, seconds=5))
    subject = uuid4()
    async with intake.work(Reporter(), "web") as work:
        audit.record(work, "item", "received", subject)
    async with intake.work(Reporter(), "web", write=False) as work:
        (entry,) = await audit.entries(work, subject_id=str(subject))
    assert (entry.at.minute, entry.at.second) == (0, 0)


async def test_entries_are_paged_from_the_newest(desk: App) -> None:
    await _write(desk, 5)
    async with desk.work(CLERK, "api", write=False) as work:
        everything = await audit.entries(work, limit=100)
        first = await audit.entries(work, limit=2)
        rest = await audit.entries(work, before=(first[-1].at, first[-1].id), limit=100)
    assert [entry.id for entry in (*first, *rest)] == [entry.id for entry in everything]


async def test_what_a_reporter_did_is_chained_when_its_hour_is_over(
    intake: App, worker: App, clock: FixedClock
) -> None:
    await _seal(worker)
    async with intake.work(Reporter(), "web") as work:
        audit.record(work, "item", "received", uuid4())
    assert await _seal(worker) == 0
    clock.move(timedelta(hours=1))
    assert await _seal(worker) == 1


async def test_entries_after_a_signed_head_are_chained_too(desk: App, worker: App, clock: FixedClock) -> None:
    await _seal(worker)
    async with worker.work(System("worker"), "worker") as work:
        await audit.sign_head(work)
    clock.move(timedelta(days=3))
    await _write(desk, 2)
    assert await _seal(worker) == 2
    assert (await _verdict(worker)).unchained == 0


async def test_a_backlog_is_chained_whole_before_a_head_is_signed(desk: App, worker: App, clock: FixedClock) -> None:
    await _write(desk, 5)
    clock.move(timedelta(days=30))
    async with worker.work(System("worker"), "worker") as work:
        await audit.seal_entries(work, limit=3)
        assert await audit.sign_head(work) is None
    while await _seal(worker):
        pass
    async with worker.work(System("worker"), "worker") as work:
        assert await audit.sign_head(work)
    assert (await _verdict(worker)).unchained == 0


async def test_a_head_made_up_for_the_future_neither_stops_the_chain_nor_passes(desk: App, worker: App) -> None:
    made_up = {"day": "9999-12-31", "hash": bytes(32), "signature": bytes(64)}
    statement = "INSERT INTO audit_head (day, seq, hash, signature) VALUES (CAST(:day AS DATE), 0, :hash, :signature)"
    if desk.database.is_sqlite:
        statement = statement.replace("CAST(:day AS DATE)", ":day")
    await _sql(desk, statement, **made_up)
    await _write(desk, 2)
    assert await _seal(worker) > 0
    assert "forged" in (await _verdict(worker)).broken


async def test_entries_that_nobody_chains_are_told(desk: App, worker: App, clock: FixedClock) -> None:
    await _seal(worker)
    await _write(desk, 1)
    assert (await _verdict(worker)).broken == ""
    clock.move(timedelta(hours=3))
    assert "not chained" in (await _verdict(worker)).broken
