"""People for tests: units, appointments, accounts that cost nothing to open."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID, uuid4

import pyotp

from core import access, registry
from core.access.totp import real_now
from core.app import App
from core.sealing import Cost, Escrow
from core.work import Staff, System

CHEAP = Cost(passes=1, memory=8 * 1024)
PASSWORD = "long enough to pass"
PASSPHRASE = "another one, for the key"
SINCE = date(2026, 1, 1)
OPERATOR = System("operator")
DESK = System("desk")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account; ``secret`` is their session's, once they are signed in."""

    person_id: UUID
    account_id: UUID
    username: str
    totp_secret: str
    password: str = PASSWORD
    passphrase: str = PASSPHRASE
    secret: str = ""

    def code(self, *, steps: int = 0) -> str:
        """The one-time code of now or, with ``steps=1``, of 30 seconds on; each is good once, that one last."""
        return pyotp.TOTP(self.totp_secret).at(real_now(), counter_offset=steps)

    async def staff(self, app: App) -> Staff:
        """Who they are to the core, as an edge finds out at each request."""
        async with app.work(DESK, "console") as work:
            return await access.authenticate(work, self.secret)


async def a_unit(app: App, kind: str = "township", *, parent_id: UUID | None = None) -> UUID:
    """A unit of a kind; a deciding body is made once and found again."""
    async with app.work(OPERATOR, "cli") as work:
        if kind in registry.BODIES and (known := await registry.units(work, kinds=[kind])):
            return known[0].id
        unit = await registry.add_unit(work, code=f"u{uuid4().hex}", kind=kind, name="某单位", parent_id=parent_id)
        return unit.id


async def a_person(app: App, name: str = "澹台听雨") -> UUID:
    async with app.work(OPERATOR, "cli") as work:
        return (await registry.add_person(work, name, is_fictional=True)).id


async def an_appointment(
    app: App, person_id: UUID, role: str, unit_kind: str = "leading_group_office", *, until: date | None = None
) -> UUID:
    unit_id = await a_unit(app, unit_kind)
    async with app.work(OPERATOR, "cli") as work:
        return (await access.appoint(work, person_id, role, unit_id, since=SINCE, until=until)).id


async def a_member(app: App, role: str | None = None, body: str = "leading_group_office") -> Member:
    """Somebody with an account and, if one is named, a role in the unit of a kind."""
    person_id, username = await a_person(app), f"m{uuid4().hex[:12]}"
    if role is not None:
        await an_appointment(app, person_id, role, body)
    async with app.work(OPERATOR, "cli") as work:
        made = await access.create_account(
            work, person_id=person_id, username=username, password=PASSWORD, passphrase=PASSPHRASE, cost=CHEAP
        )
    return Member(person_id, made.account_id, username, made.totp_secret)


async def sign_in(app: App, member: Member, *, step: int = 0, unlocked: bool = True) -> Member:
    """Sign somebody in with the present code; a second time at once takes ``step=1``."""
    begin = partial(app.work, DESK, "console")
    given = await access.sign_in(
        begin, username=member.username, password=member.password, totp=member.code(steps=step)
    )
    signed = replace(member, secret=given.secret)
    if unlocked:
        as_member = partial(app.work, await signed.staff(app), "console")
        await access.unlock(as_member, given.secret, member.passphrase)
    return signed


async def a_clerk(app: App, body: str = "leading_group_office", *, escrow: Escrow | None = None) -> Member:
    """An intake clerk of a deciding body, signed in and unlocked; with ``escrow``, holding the body's intake key."""
    member = await a_member(app, "intake_clerk", body)
    if escrow is not None:
        await hand_key(app, f"intake:{body}", member.person_id, escrow)
    return await sign_in(app, member)


async def hand_key(app: App, purpose: str, person_id: UUID, escrow: Escrow) -> None:
    """Give a shared key to somebody entitled, as the operator does with the escrow key."""
    async with app.work(OPERATOR, "cli") as work:
        await access.recover_shared_key(work, purpose, person_id, escrow.identity)
