"""Somebody who has lost their passphrase gets another key, and nothing that was sealed to the old one."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, audit
from core.access.tables import PersonKey, Seal
from core.app import App
from core.errors import Denied, Invalid, NotFound, NotSignedIn
from core.sealing import Escrow, KeyPair, fingerprint
from tests.builders import CHEAP, OPERATOR, PASSWORD, Member, a_clerk, a_member, hand_key, sign_in

OFFICE = "leading_group_office"
KEY = f"intake:{OFFICE}"
NEW = "a fresh secret, never used"


async def _replace(app: App, member: Member, passphrase: str = NEW) -> access.Lost:
    async with app.work(OPERATOR, "cli") as work:
        return await access.replace_person_key(work, member.account_id, passphrase, cost=CHEAP)


async def _back(app: App, member: Member) -> Member:
    """Signed in with the next code, and unlocked with the new passphrase."""
    known = Member(member.person_id, member.account_id, member.username, member.totp_secret, passphrase=NEW)
    return await sign_in(app, known, step=1)


async def test_the_new_passphrase_opens_a_new_key_and_every_session_has_ended(desk: App) -> None:
    clerk = await a_clerk(desk)
    old = await clerk.staff(desk)
    await _replace(desk, clerk)
    with pytest.raises(NotSignedIn):
        await clerk.staff(desk)
    new = await (await _back(desk, clerk)).staff(desk)
    assert old.key is not None
    assert new.key is not None
    assert new.key.public != old.key.public


async def test_the_old_passphrase_opens_nothing_any_more(desk: App) -> None:
    clerk = await a_clerk(desk)
    await _replace(desk, clerk)
    with pytest.raises(Invalid, match="passphrase_wrong"):
        await sign_in(desk, clerk, step=1)


async def test_what_was_lost_is_told_and_no_seal_to_the_person_is_left(desk: App, escrow: Escrow) -> None:
    clerk, other = await a_clerk(desk, escrow=escrow), await a_clerk(desk, escrow=escrow)
    async with desk.work(OPERATOR, "cli") as work:
        for _ in range(2):
            await access.seal_to_person(work, "item", uuid4(), KeyPair.new(), clerk.person_id)
    assert await _replace(desk, clerk) == access.Lost((KEY,), 2)
    async with desk.work(OPERATOR, "cli", write=False) as work:
        query = select(PersonKey.person_id).join(Seal, Seal.holder_id == PersonKey.id)
        assert (await work.session.scalars(query)).all() == [other.person_id]
    assert await _replace(desk, clerk, "a third one, also never used") == access.Lost((), 0)


async def test_a_colleague_grants_the_shared_key_anew(desk: App, escrow: Escrow) -> None:
    clerk, other = await a_clerk(desk, escrow=escrow), await a_clerk(desk, escrow=escrow)
    item_id, pair = uuid4(), KeyPair.new()
    async with desk.work(OPERATOR, "cli") as work:
        access.seal_to_shared(work, "item", item_id, pair, KEY)
    await _replace(desk, clerk)
    back = await _back(desk, clerk)
    staff = await back.staff(desk)
    async with desk.work(staff, "console", write=False) as work:
        with pytest.raises(Denied, match="no_grant"):
            await access.open_key(work, "item", item_id, pair.public)
    async with desk.work(await other.staff(desk), "console") as work:
        ((waiting,),) = [key.waiting for key in await access.held_keys(work)]
        assert staff.key is not None
        assert waiting == access.Waiting(KEY, clerk.person_id, fingerprint(staff.key.public))
        await access.grant_shared_key(work, KEY, clerk.person_id)
    async with desk.work(staff, "console", write=False) as work:
        assert await access.open_key(work, "item", item_id, pair.public) == pair


async def test_escrow_gives_the_shared_key_to_the_last_holder_anew(desk: App, escrow: Escrow) -> None:
    clerk = await a_clerk(desk, escrow=escrow)
    await _replace(desk, clerk)
    await hand_key(desk, KEY, clerk.person_id, escrow)
    async with desk.work(await (await _back(desk, clerk)).staff(desk), "console", write=False) as work:
        opened = await access.open_shared_key(work, work.shared[KEY].id)
        assert opened.public == work.shared[KEY].public


async def test_a_passphrase_that_does_not_fit_leaves_the_key_as_it_is(desk: App, escrow: Escrow) -> None:
    clerk = await a_clerk(desk, escrow=escrow)
    for passphrase, said in (("too short", "secret_too_short"), (PASSWORD, "passphrase_is_password")):
        with pytest.raises(Invalid, match=said):
            await _replace(desk, clerk, passphrase)
    async with desk.work(await clerk.staff(desk), "console", write=False) as work:
        opened = await access.open_shared_key(work, work.shared[KEY].id)
        assert opened.public == work.shared[KEY].public


@pytest.mark.parametrize(("role", "may"), [("system_admin", True), ("auditor", False), ("intake_clerk", False)])
async def test_only_the_operator_and_an_administrator_replace_a_key(desk: App, role: str, may: bool) -> None:  # noqa: FBT001 - a table's column
    clerk, member = await a_member(desk, "intake_clerk"), await sign_in(desk, await a_member(desk, role))
    async with desk.work(await member.staff(desk), "console") as work:
        if may:
            await access.replace_person_key(work, clerk.account_id, NEW, cost=CHEAP)
            return
        with pytest.raises(Denied, match="not_permitted"):
            await access.replace_person_key(work, clerk.account_id, NEW, cost=CHEAP)


async def test_an_unknown_account_has_no_key_to_replace(desk: App) -> None:
    async with desk.work(OPERATOR, "cli") as work:
        with pytest.raises(NotFound, match="account_unknown"):
            await access.replace_person_key(work, uuid4(), NEW, cost=CHEAP)


async def test_the_replacement_and_every_loss_stand_in_the_trail(desk: App, escrow: Escrow) -> None:
    clerk, item_id = await a_clerk(desk, escrow=escrow), uuid4()
    async with desk.work(OPERATOR, "cli") as work:
        await access.seal_to_person(work, "item", item_id, KeyPair.new(), clerk.person_id)
        key_id = work.shared[KEY].id
    await _replace(desk, clerk)
    async with desk.work(OPERATOR, "cli", write=False) as work:
        for subject, action in ((clerk.account_id, "account:key_replaced"), (item_id, "item:grant_ended")):
            assert f"cli:{action}" in [entry.action for entry in await audit.entries(work, subject_id=str(subject))]
        trail = [entry.action for entry in await audit.entries(work, subject_id=str(key_id))]
    assert "cli:shared_key:dropped" in trail
