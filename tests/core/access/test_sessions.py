"""Signing in, being recognised, tokens, and what a thief of the database gets."""

import asyncio
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Table, select

from core import access, audit
from core.access.tables import Account, Session, Tries
from core.app import App
from core.db import Base
from core.errors import Denied, Forged, Invalid, NotFound, NotSignedIn, TooMany
from core.sealing import Context, open_box
from core.work import Held
from tests.builders import (
    DESK,
    OPERATOR,
    PASSPHRASE,
    PASSWORD,
    Member,
    a_clerk,
    a_member,
    a_unit,
    an_appointment,
    sign_in,
)
from tests.conftest import FixedClock, Open


async def _try(app: App, member: Member, **changes: str) -> access.SignedIn:
    given = {"username": member.username, "password": PASSWORD, "totp": member.code(), **changes}
    return await access.sign_in(partial(app.work, DESK, "console"), **given)


async def test_who_signs_in_is_recognised_with_the_roles_of_today(desk: App) -> None:
    member = await a_member(desk, "intake_clerk", "discipline_commission")
    await an_appointment(desk, member.person_id, "auditor", "audit_bureau")
    await an_appointment(desk, member.person_id, "supervisor", until=date(2026, 9, 29))
    staff = await (await sign_in(desk, member)).staff(desk)
    assert (staff.person_id, staff.account_id) == (member.person_id, member.account_id)
    assert {(held.role, held.body) for held in staff.held} == {
        ("intake_clerk", "discipline_commission"),
        ("auditor", None),
    }


async def test_a_unit_under_a_deciding_body_belongs_to_it(desk: App) -> None:
    inner = await a_unit(desk, "district_department", parent_id=await a_unit(desk, "leading_group_office"))
    member = await a_member(desk)
    async with desk.work(OPERATOR, "cli") as work:
        await access.appoint(work, member.person_id, "supervisor", inner, since=date(2026, 9, 30))
    staff = await (await sign_in(desk, member)).staff(desk)
    assert staff.held == (Held("supervisor", inner, "leading_group_office"),)


@pytest.mark.parametrize("changes", [{"password": "wrong password"}, {"totp": "000000"}, {"username": "nobody"}])
async def test_whatever_is_wrong_is_answered_alike_and_recorded(desk: App, changes: dict[str, str]) -> None:
    member = await a_member(desk)
    with pytest.raises(NotSignedIn) as refused:
        await _try(desk, member, **changes)
    assert (refused.value.code, refused.value.params) == ("credentials_wrong", {})
    async with desk.work(OPERATOR, "cli", write=False) as work:
        actions = [entry.action for entry in await audit.entries(work)]
        assert list(await work.session.scalars(select(Session))) == []
    assert actions.count("console:session:refused") == 1


async def test_a_one_time_code_signs_in_once(desk: App) -> None:
    member = await a_member(desk)
    code = member.code()
    await _try(desk, member, totp=code)
    with pytest.raises(NotSignedIn):
        await _try(desk, member, totp=code)
    with pytest.raises(NotSignedIn):
        await _try(desk, member, totp=member.code(steps=-1))


async def test_one_code_shown_twice_at_the_same_moment_signs_in_once(desk: App) -> None:
    member = await a_member(desk)
    code = member.code()
    came = await asyncio.gather(*(_try(desk, member, totp=code) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in came) == ["NotSignedIn", "SignedIn"]


@pytest.mark.parametrize("known", [True, False])
async def test_guessing_slows_down_alike_for_a_name_that_exists_and_one_that_does_not(
    desk: App,
    clock: FixedClock,
    known: bool,  # noqa: FBT001 - a table's column
) -> None:
    member = await a_member(desk)
    username = member.username if known else "nobody"
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            await _try(desk, member, username=username, password="wrong password")
    with pytest.raises(TooMany) as slowed:
        await _try(desk, member, username=username)
    assert slowed.value.retry_after == 5
    clock.move(timedelta(seconds=5))
    with pytest.raises(NotSignedIn):
        await _try(desk, member, username=username, password="wrong password")
    with pytest.raises(TooMany) as slowed:
        await _try(desk, member, username=username)
    assert slowed.value.retry_after == 10


async def test_many_guesses_at_once_gain_nothing(desk: App) -> None:
    member = await a_member(desk)
    guesses = (_try(desk, member, password=f"wrong password {n}") for n in range(8))
    came = [type(each) for each in await asyncio.gather(*guesses, return_exceptions=True)]
    assert came.count(NotSignedIn) == 3
    assert came.count(TooMany) == 5


async def test_the_right_password_forgets_the_slips_before(desk: App) -> None:
    member = await a_member(desk)
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            await _try(desk, member, password="wrong password")
    await _try(desk, member)
    async with desk.work(OPERATOR, "cli", write=False) as work:
        assert [row.failures for row in await work.session.scalars(select(Tries))] == [0]


async def test_a_password_typed_as_the_name_is_not_kept(desk: App) -> None:
    with pytest.raises(NotSignedIn):
        await _try(desk, await a_member(desk), username=PASSWORD)
    assert PASSWORD.encode() not in b"".join([repr(row).encode() for row in await _whole_database(desk)])


@pytest.mark.parametrize(
    ("steps", "lasts"),
    [
        ([timedelta(minutes=29)] * 24, True),
        ([timedelta(minutes=30)], False),
        ([timedelta(minutes=29)] * 25, False),  # twelve hours and five minutes
    ],
)
async def test_a_session_ends_when_idle_and_after_twelve_hours_in_any_case(
    desk: App,
    clock: FixedClock,
    steps: list[timedelta],
    lasts: bool,  # noqa: FBT001 - a table's column
) -> None:
    member = await sign_in(desk, await a_member(desk))
    for step in steps[:-1]:
        clock.move(step)
        await member.staff(desk)
    clock.move(steps[-1])
    if lasts:
        await member.staff(desk)
    else:
        with pytest.raises(NotSignedIn, match="session_unknown"):
            await member.staff(desk)


@pytest.mark.parametrize("secret", ["", "js_", "js_" + "A" * 43, "jt_' OR 1=1 --", "会话"])
async def test_a_secret_that_was_never_given_is_nobody(desk: App, secret: str) -> None:
    await sign_in(desk, await a_member(desk))
    async with desk.work(DESK, "console") as work:
        with pytest.raises(NotSignedIn):
            await access.authenticate(work, secret)


async def test_a_session_starts_locked_and_is_unlocked_and_locked_by_its_person(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk), unlocked=False)
    staff = await member.staff(desk)
    assert staff.key is None
    begin = partial(desk.work, staff, "console")
    with pytest.raises(Invalid, match="passphrase_wrong"):
        await access.unlock(begin, member.secret, PASSWORD)
    await access.unlock(begin, member.secret, PASSPHRASE)
    unlocked = await member.staff(desk)
    assert unlocked.key is not None
    assert unlocked.key.private.hex() not in repr(unlocked)
    async with begin() as work:
        await access.lock(work)
    assert (await member.staff(desk)).key is None


async def test_an_unlocked_session_is_unlocked_in_every_desk_process(desk: App, open_app: Open) -> None:
    member = await sign_in(desk, await a_member(desk))
    assert (await member.staff(open_app("desk"))).key == (await member.staff(desk)).key


async def test_one_session_does_not_unlock_another(desk: App) -> None:
    one = await sign_in(desk, await a_member(desk), unlocked=False)
    other = await sign_in(desk, await a_member(desk), unlocked=False)
    with pytest.raises(Denied, match="not_your_session"):
        await access.unlock(partial(desk.work, await one.staff(desk), "console"), other.secret, PASSPHRASE)
    assert (await other.staff(desk)).key is None


async def test_guessing_the_passphrase_slows_down(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk), unlocked=False)
    begin = partial(desk.work, await member.staff(desk), "console")
    for _ in range(3):
        with pytest.raises(Invalid):
            await access.unlock(begin, member.secret, "a wrong passphrase")
    with pytest.raises(TooMany):
        await access.unlock(begin, member.secret, PASSPHRASE)


async def test_signing_out_ends_one_session_here_or_elsewhere(desk: App) -> None:
    here = await sign_in(desk, await a_member(desk))
    elsewhere = await sign_in(desk, here, step=1)
    staff = await here.staff(desk)
    async with desk.work(staff, "console") as work:
        seen = await access.sessions(work)
        assert {each.current for each in seen} == {True, False}
        await access.sign_out(work, next(each.id for each in seen if not each.current))
    with pytest.raises(NotSignedIn):
        await elsewhere.staff(desk)
    async with desk.work(staff, "console") as work:
        await access.sign_out(work)
        assert await access.sessions(work) == []
    with pytest.raises(NotSignedIn):
        await here.staff(desk)


async def test_nobody_ends_or_sees_the_sessions_of_others(desk: App) -> None:
    one, other = await sign_in(desk, await a_member(desk)), await sign_in(desk, await a_member(desk))
    their_session = (await other.staff(desk)).session_id
    async with desk.work(await one.staff(desk), "console") as work:
        assert their_session not in {each.id for each in await access.sessions(work)}
        with pytest.raises(NotFound):
            await access.sign_out(work, their_session)


async def _token(app: App, secret: str, *, days: int = 90, name: str = "nightly export") -> access.SignedIn:
    async with app.work(DESK, "api") as work:
        staff = await access.authenticate(work, secret)
    async with app.work(staff, "api") as work:
        return await access.create_token(work, name=name, days=days)


async def test_a_token_acts_for_its_account_idle_or_not_until_its_day(desk: App, clock: FixedClock) -> None:
    clerk = await a_clerk(desk)
    token = await _token(desk, clerk.secret)
    before = await clerk.staff(desk)
    clock.move(timedelta(days=89))
    async with desk.work(DESK, "api") as work:
        machine = await access.authenticate(work, token.secret)
    assert (machine.person_id, machine.held, machine.key) == (before.person_id, before.held, before.key)
    clock.move(timedelta(days=1))
    with pytest.raises(NotSignedIn):
        async with desk.work(DESK, "api") as work:
            await access.authenticate(work, token.secret)


async def test_a_token_made_while_the_key_is_locked_has_none(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk), unlocked=False)
    token = await _token(desk, member.secret)
    async with desk.work(DESK, "api") as work:
        assert (await access.authenticate(work, token.secret)).key is None


async def test_a_token_makes_no_further_token_and_unlocks_nothing(desk: App) -> None:
    clerk = await a_clerk(desk)
    token = await _token(desk, clerk.secret)
    with pytest.raises(Denied, match="not_for_machines"):
        await _token(desk, token.secret)
    async with desk.work(DESK, "api") as work:
        machine = await access.authenticate(work, token.secret)
    with pytest.raises(Denied, match="not_for_machines"):
        await access.unlock(partial(desk.work, machine, "api"), token.secret, PASSPHRASE)


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [
        ("", 1, "token_name"),
        ("x" * 101, 1, "token_name"),
        ("a\nb", 1, "token_name"),
        ("a", 0, "token_days"),
        ("a", 367, "token_days"),
    ],
)
async def test_a_token_needs_a_name_and_an_end(desk: App, name: str, days: int, code: str) -> None:
    member = await sign_in(desk, await a_member(desk))
    with pytest.raises(Invalid, match=code):
        await _token(desk, member.secret, days=days, name=name)


async def test_a_revoked_token_is_nobody_and_only_its_owner_revokes_it(desk: App) -> None:
    clerk, other = await a_clerk(desk), await a_clerk(desk)
    token = await _token(desk, clerk.secret)
    for wrong in (token.session_id, uuid4()):
        async with desk.work(await other.staff(desk), "console") as work:
            with pytest.raises(NotFound):
                await access.revoke_token(work, wrong)
    async with desk.work(await clerk.staff(desk), "console") as work:
        await access.revoke_token(work, token.session_id)
    with pytest.raises(NotSignedIn):
        async with desk.work(DESK, "api") as work:
            await access.authenticate(work, token.secret)


async def _whole_database(app: App) -> list[dict[str, object]]:
    async with app.work(OPERATOR, "cli", write=False) as work:
        tables: list[Table] = Base.metadata.sorted_tables
        return [dict(row) for table in tables for row in (await work.session.execute(select(table))).mappings()]


async def test_a_stolen_database_signs_nobody_in_and_opens_no_key(desk: App) -> None:
    clerk = await a_clerk(desk)
    await _token(desk, clerk.secret)
    values = [value for row in await _whole_database(desk) for value in row.values() if value is not None]
    texts = {value if isinstance(value, str) else value.hex() for value in values if isinstance(value, str | bytes)}
    assert clerk.secret not in texts
    for secret in texts | {f"js_{text}" for text in texts} | {f"jt_{text}" for text in texts}:
        async with desk.work(DESK, "console") as work:
            with pytest.raises(NotSignedIn):
                await access.authenticate(work, secret)
    key = (await clerk.staff(desk)).key
    assert key is not None
    blobs = [value for value in values if isinstance(value, bytes)]
    assert all(key.private not in blob for blob in blobs)
    for found in [blob for blob in blobs if len(blob) == SecretBox.KEY_SIZE]:
        _opens_nothing(found, await _wrapped(desk))


async def _wrapped(app: App) -> list[tuple[UUID, bytes]]:
    async with app.work(OPERATOR, "cli", write=False) as work:
        rows = (await work.session.scalars(select(Session))).all()
        return [(row.id, row.wrapped_key) for row in rows if row.wrapped_key is not None]


def _opens_nothing(key: bytes, wrapped: list[tuple[UUID, bytes]]) -> None:
    assert wrapped
    for row_id, blob in wrapped:
        with pytest.raises((Forged, CryptoError)):
            open_box(blob, key=key, context=Context("session", "wrapped_key", row_id))


async def test_a_wrapped_key_copied_into_another_session_does_not_open(desk: App) -> None:
    clerk, thief = await a_clerk(desk), await sign_in(desk, await a_member(desk), unlocked=False)
    theirs, mine = (await clerk.staff(desk)).session_id, (await thief.staff(desk)).session_id
    async with desk.work(OPERATOR, "cli") as work:
        stolen = (await work.session.get_one(Session, theirs)).wrapped_key
        (await work.session.get_one(Session, mine)).wrapped_key = stolen
    with pytest.raises(Forged):
        await thief.staff(desk)


async def test_codes_sealed_with_an_older_key_of_the_desk_still_fit(desk: App) -> None:
    member = await a_member(desk)
    async with desk.work(OPERATOR, "cli", write=False) as work:
        account = await work.session.get_one(Account, member.account_id)
        secrets = {**desk.keys.secrets, "totp": (b"\1" * 32, *desk.keys.all("totp"))}
        object.__setattr__(desk.keys, "secrets", secrets)  # as after a rotation of the key file
        assert account.totp_sealed is not None
    await sign_in(desk, member)
