"""Keys that several people hold: entitlement, granting, leaving, rotation, recovery."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from core import access
from core.access.tables import PersonKey, Seal, SharedKeyRow
from core.app import App
from core.errors import Conflict, Denied, Forged, KeyLocked, NotSignedIn
from core.sealing import Escrow, KeyPair, SharedKey, fingerprint, new_escrow
from core.work import Work
from tests.builders import OPERATOR, Member, a_clerk, a_member, a_person, an_appointment, hand_key, sign_in
from tests.conftest import FixedClock

OFFICE, COMMISSION = "leading_group_office", "discipline_commission"
KEY = f"intake:{OFFICE}"


async def _as(app: App, member: Member, verb: Callable[[Work], Awaitable[object]]) -> object:
    async with app.work(await member.staff(app), "console") as work:
        return await verb(work)


async def _held(app: App, member: Member) -> Sequence[access.HeldKey]:
    async with app.work(await member.staff(app), "console") as work:
        return await access.held_keys(work)


async def _due(app: App, member: Member) -> list[str]:
    return [key.purpose for key in await _held(app, member) if key.is_due]


async def _grant(app: App, giver: Member, purpose: str, person_id: UUID) -> None:
    await _as(app, giver, lambda work: access.grant_shared_key(work, purpose, person_id))


async def _an_item(app: App, purpose: str = KEY) -> tuple[UUID, KeyPair]:
    """The key of an item, sealed as intake does."""
    item_id, pair = uuid4(), KeyPair.new()
    async with app.work(OPERATOR, "cli") as work:
        access.seal_to_shared(work, "item", item_id, pair, purpose)
    return item_id, pair


async def _open(app: App, member: Member, item: tuple[UUID, KeyPair]) -> object:
    item_id, pair = item
    return await _as(app, member, lambda work: access.open_key(work, "item", item_id, pair.public))


async def _auditor(app: App, role: str = "auditor") -> Member:
    return await sign_in(app, await a_member(app, role, "audit_bureau"))


async def test_a_role_alone_opens_nothing_until_a_holder_grants_the_key(desk: App, escrow: Escrow) -> None:
    first, second = await a_clerk(desk, escrow=escrow), await a_clerk(desk)
    item = await _an_item(desk)
    assert await _open(desk, first, item) == item[1]
    with pytest.raises(Denied, match="no_grant"):
        await _open(desk, second, item)
    await _grant(desk, first, KEY, second.person_id)
    await _grant(desk, first, KEY, second.person_id)
    assert await _open(desk, second, item) == item[1]


@pytest.mark.parametrize(
    ("role", "unit", "purpose", "entitled"),
    [
        ("intake_clerk", OFFICE, KEY, True),
        ("intake_clerk", OFFICE, f"intake:{COMMISSION}", False),
        ("intake_clerk", COMMISSION, f"intake:{COMMISSION}", True),
        ("intake_clerk", "township", KEY, False),
        ("supervisor", OFFICE, KEY, False),
        ("system_admin", OFFICE, KEY, False),
        ("auditor", OFFICE, KEY, False),
        ("auditor", "audit_bureau", "audit", True),
        ("privacy_officer", OFFICE, "audit", True),
        ("intake_clerk", OFFICE, "audit", False),
    ],
)
async def test_only_the_roles_of_a_purpose_are_entitled_to_its_key(
    desk: App, escrow: Escrow, role: str, unit: str, purpose: str, *, entitled: bool
) -> None:
    member = await a_member(desk, role, unit)
    if entitled:
        await hand_key(desk, purpose, member.person_id, escrow)
    else:
        with pytest.raises(Denied, match="not_entitled"):
            await hand_key(desk, purpose, member.person_id, escrow)


async def test_who_does_not_hold_a_key_cannot_grant_it(desk: App, escrow: Escrow) -> None:
    holder, colleague, waiting = await a_clerk(desk, escrow=escrow), await a_clerk(desk), await a_clerk(desk)
    auditor = await _auditor(desk)
    for giver in (colleague, auditor):
        with pytest.raises(Denied, match="no_grant"):
            await _grant(desk, giver, KEY, waiting.person_id)
    locked = await sign_in(desk, holder, step=1, unlocked=False)
    with pytest.raises(KeyLocked):
        await _grant(desk, locked, KEY, waiting.person_id)
    with pytest.raises(Denied, match="not_entitled"):
        await _grant(desk, holder, KEY, auditor.person_id)
    with pytest.raises(Conflict, match="no_shared_key"):
        await _grant(desk, holder, "intake:nowhere", waiting.person_id)


async def test_a_holder_sees_who_waits_and_with_which_key(desk: App, escrow: Escrow) -> None:
    holder, waiting = await a_clerk(desk, escrow=escrow), await a_clerk(desk)
    without_account = await a_person(desk)
    await an_appointment(desk, without_account, "intake_clerk", OFFICE)
    await a_clerk(desk, COMMISSION)
    key = (await waiting.staff(desk)).key
    assert key is not None
    (seen,) = await _held(desk, holder)
    assert set(seen.waiting) == {
        access.Waiting(KEY, waiting.person_id, fingerprint(key.public)),
        access.Waiting(KEY, without_account, None),
    }
    assert await _held(desk, waiting) == []
    with pytest.raises(Conflict, match="person_has_no_key"):
        await _grant(desk, holder, KEY, without_account)


async def test_nothing_is_sealed_to_a_public_key_that_the_desk_did_not_sign(desk: App, escrow: Escrow) -> None:
    holder, colleague = await a_clerk(desk, escrow=escrow), await a_clerk(desk)
    planted = update(PersonKey).where(PersonKey.person_id == colleague.person_id)
    async with desk.work(OPERATOR, "cli") as work:
        await work.session.execute(planted.values(public_key=KeyPair.new().public))
    with pytest.raises(Forged, match="signature_wrong"):
        await _grant(desk, holder, KEY, colleague.person_id)


async def test_the_end_of_an_appointment_takes_the_key_at_once_and_makes_a_rotation_due(
    desk: App, escrow: Escrow, clock: FixedClock
) -> None:
    staying, leaving = await a_clerk(desk, escrow=escrow), await a_member(desk)
    ended = await an_appointment(desk, leaving.person_id, "intake_clerk")
    await hand_key(desk, KEY, leaving.person_id, escrow)
    gone = await sign_in(desk, leaving)
    item = await _an_item(desk)
    assert await _open(desk, gone, item) == item[1]
    assert await _due(desk, staying) == []
    async with desk.work(OPERATOR, "cli") as work:
        await access.end_appointment(work, ended, on=clock.today())
    with pytest.raises(Denied, match="no_grant"):
        await _open(desk, gone, item)
    assert await _open(desk, staying, item) == item[1]
    assert await _due(desk, staying) == [KEY]


async def test_who_keeps_a_role_that_entitles_keeps_the_key(desk: App, escrow: Escrow, clock: FixedClock) -> None:
    person = await a_member(desk, "privacy_officer", "audit_bureau")
    ended = await an_appointment(desk, person.person_id, "auditor", "audit_bureau")
    await hand_key(desk, "audit", person.person_id, escrow)
    async with desk.work(OPERATOR, "cli") as work:
        await access.end_appointment(work, ended, on=clock.today() - timedelta(days=1))
        assert len(await access.holds_shared(work, person.person_id)) == 1


async def test_an_appointment_that_runs_out_takes_keys_and_grants_with_the_daily_run(
    desk: App, worker: App, escrow: Escrow, clock: FixedClock
) -> None:
    member = await a_member(desk)
    await an_appointment(desk, member.person_id, "intake_clerk", until=clock.today())
    await hand_key(desk, KEY, member.person_id, escrow)
    async with desk.work(OPERATOR, "cli") as work:
        await access.seal_to_person(work, "item", uuid4(), KeyPair.new(), member.person_id)
    for lost in (0, 1, 0):
        async with worker.work(OPERATOR, "worker") as work:
            assert await access.drop_ended(work) == lost
        clock.move(timedelta(days=1) if lost == 0 else timedelta(0))
    async with desk.work(OPERATOR, "cli") as work:
        left = (await work.session.scalars(select(Seal).where(Seal.holder_kind == "person"))).all()
    assert left == []


async def test_what_was_granted_stays_with_who_may_still_open_items(desk: App, clock: FixedClock) -> None:
    officer = await a_member(desk, "case_officer_disc", COMMISSION)
    ended = await an_appointment(desk, officer.person_id, "supervisor", COMMISSION)
    item_id = uuid4()
    async with desk.work(OPERATOR, "cli") as work:
        await access.seal_to_person(work, "item", item_id, KeyPair.new(), officer.person_id)
        await work.session.flush()
        await access.end_appointment(work, ended, on=clock.today())
        assert await access.people_with_seal(work, "item", item_id) == {officer.person_id}


async def _rotate(app: App, member: Member) -> SharedKey:
    async with app.work(await member.staff(app), "console") as work:
        fresh = await access.rotate_shared_key(work, KEY)
    app.forget_shared_keys()
    return fresh


async def test_after_a_rotation_holders_open_old_and_new_and_who_left_opens_neither(
    desk: App, escrow: Escrow, clock: FixedClock
) -> None:
    staying, leaving = await a_clerk(desk, escrow=escrow), await a_member(desk)
    ended = await an_appointment(desk, leaving.person_id, "intake_clerk")
    await hand_key(desk, KEY, leaving.person_id, escrow)
    gone = await sign_in(desk, leaving)
    old = await _an_item(desk)
    async with desk.work(OPERATOR, "cli") as work:
        await access.end_appointment(work, ended, on=clock.today())
    fresh = await _rotate(desk, staying)
    new = await _an_item(desk)
    async with desk.work(OPERATOR, "cli") as work:
        assert work.shared[KEY] == fresh
    assert [await _open(desk, staying, item) for item in (old, new)] == [old[1], new[1]]
    for item in (old, new):
        with pytest.raises(Denied, match="no_grant"):
            await _open(desk, gone, item)
    assert await _due(desk, staying) == []


async def test_a_colleague_who_comes_later_is_given_the_older_keys_too(desk: App, escrow: Escrow) -> None:
    holder = await a_clerk(desk, escrow=escrow)
    item = await _an_item(desk)
    await _rotate(desk, holder)
    later = await a_clerk(desk)
    await _grant(desk, holder, KEY, later.person_id)
    assert await _open(desk, later, item) == item[1]


async def test_only_a_holder_rotates(desk: App, escrow: Escrow) -> None:
    await a_clerk(desk, escrow=escrow)
    with pytest.raises(Denied, match="no_grant"):
        await _rotate(desk, await a_clerk(desk))
    with pytest.raises(Denied, match="not_permitted"):
        await _rotate(desk, await sign_in(desk, await a_member(desk, "supervisor")))


async def test_escrow_brings_back_every_key_of_a_purpose_when_no_holder_is_left(desk: App, escrow: Escrow) -> None:
    before = await _an_item(desk)
    await _rotate(desk, await a_clerk(desk, escrow=escrow))
    after = await _an_item(desk)
    newcomer = await a_clerk(desk, escrow=escrow)
    assert [await _open(desk, newcomer, item) for item in (before, after)] == [before[1], after[1]]


async def test_another_escrow_key_brings_nothing_back(desk: App) -> None:
    clerk = await a_clerk(desk)
    with pytest.raises(Forged, match="escrow_does_not_open"):
        await hand_key(desk, KEY, clerk.person_id, new_escrow())


async def test_recovery_is_for_the_operator_at_the_machine(desk: App, escrow: Escrow) -> None:
    clerk = await a_clerk(desk)
    recover = partial(access.recover_shared_key, escrow_identity=escrow.identity)
    with pytest.raises(Denied, match="not_permitted"):
        await _as(desk, clerk, lambda work: recover(work, KEY, clerk.person_id))
    async with desk.work(OPERATOR, "console") as work:
        with pytest.raises(NotSignedIn):
            await recover(work, KEY, clerk.person_id)


async def test_the_first_holder_gets_the_key_that_was_just_made_and_no_other(desk: App) -> None:
    member = await a_clerk(desk)
    async with desk.work(OPERATOR, "cli") as work:
        await work.session.execute(update(SharedKeyRow).values(retired_at=work.now()))
        _, pair = access.create_shared_key(work, KEY)
        with pytest.raises(Forged, match="shared_key_differs"):
            await access.first_holder(work, KEY, member.person_id, KeyPair.new())
        await access.first_holder(work, KEY, member.person_id, pair)
    desk.forget_shared_keys()
    item = await _an_item(desk)
    assert await _open(desk, member, item) == item[1]


async def test_colleagues_are_those_who_may_open_items_in_a_deciding_body(desk: App) -> None:
    supervisor = await sign_in(desk, await a_member(desk, "supervisor"))
    officer = await a_member(desk, "case_officer_disc", COMMISSION)
    await a_member(desk, "case_officer_org", "township")
    await a_member(desk, "auditor", COMMISSION)
    former = await a_member(desk)
    await an_appointment(desk, former.person_id, "intake_clerk", until=date(2026, 9, 29))
    async with desk.work(await supervisor.staff(desk), "console", write=False) as work:
        seen = await access.colleagues(work)
    assert {(each.person_id, each.held[0].role, each.held[0].body, each.has_key) for each in seen} == {
        (supervisor.person_id, "supervisor", OFFICE, True),
        (officer.person_id, "case_officer_disc", COMMISSION, True),
    }
