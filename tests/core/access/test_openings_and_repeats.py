"""Reasons for reading, requests that arrive twice, and what is swept away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import blake2b, sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import access, audit
from core.access.tables import Opening, Repeat, Session, Tries
from core.app import App
from core.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn, TooLarge
from core.sealing import Escrow
from core.work import Staff
from tests.builders import DESK, OPERATOR, a_clerk, a_member, hand_key, sign_in
from tests.conftest import FixedClock

REASON = "登记当日来件"
ITEM = UUID(int=7)


async def _begin(app: App, staff: Staff, reason: str = REASON) -> access.Opening:
    async with app.work(staff, "console") as work:
        return await access.begin_opening(work, ITEM, reason)


async def _require(app: App, staff: Staff, opening_id: UUID, target_id: UUID = ITEM) -> access.Opening:
    async with app.work(staff, "console") as work:
        return await access.require_opening(work, opening_id, target_id)


async def test_an_opening_carries_the_reads_of_its_person_and_target_for_half_an_hour(
    desk: App, clock: FixedClock
) -> None:
    clerk, colleague = await (await a_clerk(desk)).staff(desk), await (await a_clerk(desk)).staff(desk)
    opening = await _begin(desk, clerk)
    clock.move(timedelta(minutes=29))
    assert await _require(desk, clerk, opening.id) == opening
    for staff, opening_id, target_id in (
        (colleague, opening.id, ITEM),
        (clerk, uuid4(), ITEM),
        (clerk, opening.id, uuid4()),
    ):
        with pytest.raises(Denied, match="reason_needed"):
            await _require(desk, staff, opening_id, target_id)
    clock.move(timedelta(minutes=1))
    with pytest.raises(Denied, match="reason_needed"):
        await _require(desk, clerk, opening.id)


@pytest.mark.parametrize(
    ("reason", "kind", "code"),
    [
        ("", Invalid, "reason_too_short"),
        ("  a b   ", Invalid, "reason_too_short"),
        ("看一下吧", Invalid, "reason_too_short"),
        ("长" * 501, TooLarge, "reason_too_long"),
    ],
)
async def test_a_reason_that_says_nothing_or_too_much_opens_nothing(
    desk: App, reason: str, kind: type[Invalid], code: str
) -> None:
    clerk = await (await a_clerk(desk)).staff(desk)
    with pytest.raises(kind, match=code):
        await _begin(desk, clerk, reason)
    async with desk.work(OPERATOR, "cli", write=False) as work:
        assert (await work.session.scalars(select(Opening))).all() == []


async def test_only_roles_that_open_items_give_reasons(desk: App) -> None:
    auditor = await (await sign_in(desk, await a_member(desk, "auditor"))).staff(desk)
    with pytest.raises(Denied, match="not_permitted"):
        await _begin(desk, auditor)


async def test_the_auditors_and_nobody_else_read_the_reason(desk: App, escrow: Escrow) -> None:
    clerk = await a_clerk(desk, escrow=escrow)
    await _begin(desk, await clerk.staff(desk))
    auditor = await a_member(desk, "auditor", "audit_bureau")
    await hand_key(desk, "audit", auditor.person_id, escrow)
    reader = await (await sign_in(desk, auditor)).staff(desk)
    async with desk.work(reader, "console") as work:
        (entry,) = [each for each in await audit.entries(work) if each.action == "console:item:opened"]
        key = await access.open_shared_key(work, work.shared["audit"].id)
        row = (await work.session.scalars(select(Opening))).one()
    assert audit.open_reason(entry, key) == REASON
    assert (entry.subject_id, entry.actor) == (str(ITEM), f"staff:{clerk.person_id}")
    assert REASON.encode() not in row.sealed_reason + (entry.sealed_reason or b"")
    async with desk.work(await clerk.staff(desk), "console") as work:
        with pytest.raises(Denied, match="no_grant"):
            await access.open_shared_key(work, work.shared["audit"].id)


class Deed:
    """Something that must be done once; it notes its doing as a row, so that two databases tell the truth."""

    def __init__(self, app: App, staff: Staff) -> None:
        self.app, self.staff = app, staff

    async def request(self, key: str = "k1", request: bytes = b"POST /x {}", *, fail: bool = False) -> access.Result:
        async with self.app.work(self.staff, "api") as work:

            async def act() -> access.Result:
                done = uuid4()
                audit.record(work, "deed", "done", done)
                await work.session.flush()
                await asyncio.sleep(0)
                if fail:
                    raise NotFound("item_not_found")
                return {"id": str(done), "state": "answered", "count": 1, "late": False, "next": None}

            return await access.once(work, key=key, request=request, act=act)

    async def count(self) -> int:
        async with self.app.work(OPERATOR, "cli", write=False) as work:
            return sum(entry.action == "api:deed:done" for entry in await audit.entries(work))


@pytest.fixture
async def deed(desk: App) -> Deed:
    return Deed(desk, await (await sign_in(desk, await a_member(desk))).staff(desk))


async def test_a_request_sent_again_gets_the_first_answer_and_does_nothing(deed: Deed) -> None:
    first = await deed.request()
    assert await deed.request() == first
    assert await deed.count() == 1


async def test_the_same_request_twice_at_the_same_moment_is_done_once(deed: Deed) -> None:
    came = await asyncio.gather(*(deed.request() for _ in range(4)))
    assert all(each == came[0] for each in came)
    assert await deed.count() == 1


async def test_a_key_used_for_another_request_is_refused(deed: Deed) -> None:
    await deed.request()
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        await deed.request(request=b"POST /y {}")
    assert await deed.count() == 1


async def test_another_key_or_another_account_is_another_request(desk: App, deed: Deed) -> None:
    other = Deed(desk, await (await sign_in(desk, await a_member(desk))).staff(desk))
    assert len({str(await each) for each in (deed.request(), deed.request("k2"), other.request())}) == 3
    assert await deed.count() == 3


async def test_a_request_that_failed_may_be_sent_again(deed: Deed) -> None:
    with pytest.raises(NotFound):
        await deed.request(fail=True)
    await deed.request()
    assert await deed.count() == 1


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_of_no_or_endless_length_is_refused(deed: Deed, key: str) -> None:
    with pytest.raises(Invalid, match="idempotency_key_malformed"):
        await deed.request(key)


async def test_nobody_signed_in_has_no_repeats(desk: App) -> None:
    with pytest.raises(NotSignedIn):
        await Deed(desk, DESK).request()  # type: ignore[arg-type]  # what an edge must not do


async def test_neither_key_nor_request_can_be_guessed_from_the_row(deed: Deed) -> None:
    await deed.request(request=b"secret words")
    async with deed.app.work(OPERATOR, "cli", write=False) as work:
        row = (await work.session.scalars(select(Repeat))).one()
    guesses: list[Callable[[bytes], bytes]] = [
        lambda text: sha256(text).digest(),
        lambda text: blake2b(text, digest_size=32).digest(),
    ]
    assert not {guess(b"secret words") for guess in guesses} & {row.request_hash, row.key_hash}


async def _left(app: App) -> dict[str, int]:
    async with app.work(OPERATOR, "cli", write=False) as work:
        tables = (Tries, Repeat, Opening, Session)
        return {table.__tablename__: len((await work.session.scalars(select(table))).all()) for table in tables}


async def _sweep(worker: App) -> None:
    async with worker.work(OPERATOR, "worker") as work:
        await access.sweep(work)


async def test_the_sweep_takes_what_is_over_and_leaves_what_is_needed(
    desk: App, worker: App, clock: FixedClock
) -> None:
    clerk = await a_clerk(desk)
    staff = await clerk.staff(desk)
    await _begin(desk, staff)
    await Deed(desk, staff).request()
    attempt: Awaitable[object] = access.sign_in(
        lambda: desk.work(DESK, "console"), username="nobody", password="wrong password", totp="000000"
    )
    with pytest.raises(NotSignedIn):
        await attempt
    await _sweep(worker)
    assert await _left(desk) == {"tries": 3, "repeat": 1, "opening": 1, "session": 1}
    clock.move(timedelta(days=1, seconds=1))
    await _sweep(worker)
    assert await _left(desk) == {"tries": 0, "repeat": 0, "opening": 0, "session": 1}
    clock.move(timedelta(days=31))
    await _sweep(worker)
    assert await _left(desk) == {"tries": 0, "repeat": 0, "opening": 0, "session": 0}
