"""Accounts and their secrets."""

from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access
from core.access.tables import Account, PersonKey
from core.app import App
from core.errors import Conflict, Denied, Invalid, JingshiError, NotFound, NotSignedIn, TooMany
from core.work import System
from tests.builders import CHEAP, DESK, OPERATOR, PASSPHRASE, PASSWORD, a_member, a_person, sign_in

NEW = "a fresh secret, never used"


async def _create(app: App, **changes: object) -> access.NewAccount:
    given = {"username": "dantai", "password": PASSWORD, "passphrase": PASSPHRASE, "cost": CHEAP, **changes}
    async with app.work(OPERATOR, "cli") as work:
        return await access.create_account(work, **given)  # type: ignore[arg-type]  # a table of changes


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"username": "a"}, Invalid, "username_malformed"),
        ({"username": "two words"}, Invalid, "username_malformed"),
        ({"username": "x" * 65}, Invalid, "username_malformed"),
        ({"password": "too short"}, Invalid, "secret_too_short"),
        ({"passphrase": "too short"}, Invalid, "secret_too_short"),
        ({"passphrase": PASSWORD}, Invalid, "passphrase_is_password"),
        ({"person_id": uuid4()}, NotFound, "person_unknown"),
    ],
)
async def test_an_account_that_does_not_fit_is_not_made(
    desk: App, changes: dict[str, object], kind: type[JingshiError], code: str
) -> None:
    person_id = await a_person(desk)
    with pytest.raises(kind) as refused:
        await _create(desk, **{"person_id": person_id, **changes})
    assert refused.value.code == code
    async with desk.work(OPERATOR, "cli", write=False) as work:
        assert await access.accounts(work) == []


async def test_a_user_name_is_taken_in_every_spelling(desk: App) -> None:
    await _create(desk, person_id=await a_person(desk), username="Dantai")
    with pytest.raises(Conflict, match="username_taken"):
        await _create(desk, person_id=await a_person(desk), username="ＤＡＮＴＡＩ")


async def test_a_person_has_one_account(desk: App) -> None:
    person_id = await a_person(desk)
    await _create(desk, person_id=person_id)
    with pytest.raises(Conflict, match="account_exists"):
        await _create(desk, person_id=person_id, username="another")


async def test_nothing_secret_stands_in_the_rows_of_an_account(desk: App) -> None:
    made = await _create(desk, person_id=await a_person(desk))
    async with desk.work(OPERATOR, "cli", write=False) as work:
        account = await work.session.get_one(Account, made.account_id)
        key = (await work.session.scalars(select(PersonKey))).one()
        kept = repr({**account.__dict__, **key.__dict__}).encode() + (account.totp_sealed or b"")
    for secret in (PASSWORD, PASSPHRASE, made.totp_secret):
        assert secret.encode() not in kept
    assert made.totp_secret not in repr(made)


@pytest.mark.parametrize("role", ["intake_clerk", "auditor", "supervisor", None])
async def test_only_an_administrator_manages_accounts(desk: App, role: str | None) -> None:
    member = await sign_in(desk, await a_member(desk, role))
    for verb in (access.disable_account, access.enable_account, access.reset_totp):
        async with desk.work(await member.staff(desk), "console") as work:
            with pytest.raises(Denied):
                await verb(work, member.account_id)
    async with desk.work(System("desk"), "api") as work:
        with pytest.raises(NotSignedIn):
            await access.accounts(work)


async def test_an_administrator_sees_accounts_and_who_has_a_key(desk: App) -> None:
    admin = await sign_in(desk, await a_member(desk, "system_admin", "organisation_department"))
    async with desk.work(await admin.staff(desk), "console", write=False) as work:
        (seen,) = await access.accounts(work)
    assert (seen.username, seen.person_id, seen.has_key, seen.disabled_at) == (
        admin.username,
        admin.person_id,
        True,
        None,
    )


async def test_a_closed_account_ends_its_sessions_and_signs_nobody_in_until_opened(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk))
    async with desk.work(OPERATOR, "cli") as work:
        await access.disable_account(work, member.account_id)
        await access.disable_account(work, member.account_id)
    with pytest.raises(NotSignedIn, match="session_unknown"):
        await member.staff(desk)
    with pytest.raises(NotSignedIn, match="credentials_wrong"):
        await sign_in(desk, member, step=1)
    async with desk.work(OPERATOR, "cli") as work:
        await access.enable_account(work, member.account_id)
    await sign_in(desk, member, step=1)


async def test_a_new_password_replaces_the_old_and_ends_every_other_session(desk: App) -> None:
    here = await sign_in(desk, await a_member(desk))
    begin = partial(desk.work, await here.staff(desk), "console")
    async with begin() as work:
        elsewhere = await access.create_token(work, name="elsewhere", days=1)
    await access.change_password(begin, old=PASSWORD, new=NEW, cost=CHEAP)
    await here.staff(desk)
    with pytest.raises(NotSignedIn):
        await replace(here, secret=elsewhere.secret).staff(desk)
    again = partial(access.sign_in, partial(desk.work, DESK, "console"), username=here.username)
    with pytest.raises(NotSignedIn):
        await again(password=PASSWORD, totp=here.code(steps=1))
    await again(password=NEW, totp=here.code(steps=1))


async def test_a_password_changes_only_with_the_old_one_and_guessing_it_slows_down(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk))
    begin = partial(desk.work, await member.staff(desk), "console")
    for _ in range(3):
        with pytest.raises(Invalid, match="password_wrong"):
            await access.change_password(begin, old="not the old one", new=NEW, cost=CHEAP)
    with pytest.raises(TooMany):
        await access.change_password(begin, old=PASSWORD, new=NEW, cost=CHEAP)


async def test_password_and_passphrase_never_become_the_same(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk))
    begin = partial(desk.work, await member.staff(desk), "console")
    with pytest.raises(Invalid, match="passphrase_is_password"):
        await access.change_password(begin, old=PASSWORD, new=PASSPHRASE, cost=CHEAP)
    with pytest.raises(Invalid, match="passphrase_is_password"):
        await access.change_passphrase(begin, old=PASSPHRASE, new=PASSWORD, cost=CHEAP)


async def test_a_new_passphrase_opens_the_same_key_and_the_old_one_none(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk))
    before = await member.staff(desk)
    begin = partial(desk.work, before, "console")
    with pytest.raises(Invalid, match="passphrase_wrong"):
        await access.change_passphrase(begin, old="not the old one", new=NEW, cost=CHEAP)
    await access.change_passphrase(begin, old=PASSPHRASE, new=NEW, cost=CHEAP)
    with pytest.raises(Invalid, match="passphrase_wrong"):
        await access.unlock(begin, member.secret, PASSPHRASE)
    await access.unlock(begin, member.secret, NEW)
    assert (await member.staff(desk)).key == before.key


async def test_a_reset_code_secret_replaces_the_old_and_ends_sessions(desk: App) -> None:
    member = await sign_in(desk, await a_member(desk))
    async with desk.work(OPERATOR, "cli") as work:
        fresh = await access.reset_totp(work, member.account_id)
    assert fresh != member.totp_secret
    with pytest.raises(NotSignedIn):
        await member.staff(desk)
    with pytest.raises(NotSignedIn):
        await sign_in(desk, member, step=1)


async def test_a_reset_password_signs_in_and_opens_no_key(desk: App) -> None:
    member = await a_member(desk)
    async with desk.work(OPERATOR, "cli") as work:
        await access.reset_password(work, member.account_id, NEW, cost=CHEAP)
    begin = partial(desk.work, DESK, "console")
    signed = await access.sign_in(begin, username=member.username, password=NEW, totp=member.code())
    async with desk.work(DESK, "console") as work:
        staff = await access.authenticate(work, signed.secret)
    assert staff.key is None
    with pytest.raises(Invalid, match="passphrase_wrong"):
        await access.unlock(partial(desk.work, staff, "console"), signed.secret, NEW)
