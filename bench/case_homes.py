"""Homes full of cases, with those who work on them: a clerk, a supervisor and an officer, each with an account."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from bench.case_rows import Cast, Holder, Rows, Store
from bench.case_threads import GRANTED
from bench.homes import OFFICE, OPERATOR, Clerk, Home
from core import access, registry
from core.access.tables import Account, PersonKey
from core.app import App
from core.registry.tables import Person
from core.sealing import Cost
from core.work import Work

_ROLES: Final = ("supervisor", "case_officer_org")
_BATCH: Final = 2_000
_CHEAP: Final = Cost(passes=1, memory=8 * 2**20)


@dataclass(frozen=True, slots=True)
class FullHome:
    """A home with so many cases, and by role what its people sign in with."""

    home: Home
    cases: int
    people: Mapping[str, Clerk]


async def filled(home: Home, cases: int) -> FullHome:
    """Fill a home with so many cases, by plain inserts."""
    app = App.for_process(home.settings, "desk")
    try:
        people = {"intake_clerk": home.clerk}
        async with app.work(OPERATOR, "cli") as work:
            for role in _ROLES:
                people[role] = await colleague(work, role)
        async with app.work(OPERATOR, "cli") as work:
            cast = await _cast(work, people, others=max(cases // GRANTED, 2))
            store = Store(cases, cast, work.now(), work.keys.signing_key)
        await fill(app, store)
    finally:
        await app.close()
    home.settle()
    return FullHome(home, cases, people)


async def fill(app: App, store: Store) -> None:
    """Insert the rows of a store into a database, a batch in one transaction."""
    await lay(app, store.batches(_BATCH))


async def lay(app: App, batches: Iterable[Rows]) -> None:
    """Insert rows into a database, a batch in one transaction."""
    for rows in batches:
        async with app.work(OPERATOR, "cli") as work:
            for table, lines in rows.items():
                await work.connection.execute(insert(table), lines)


async def strangers(work: Work, number: int) -> Sequence[Holder]:
    """Make people without an account, to whose keys nobody seals."""
    made = [Holder(uuid4(), uuid4(), b"") for _ in range(number)]
    names = [{"id": each.person_id, "name": "某经办人", "is_fictional": True} for each in made]
    await work.connection.execute(insert(Person), names)
    return made


async def holder_of(work: Work, person_id: UUID) -> Holder:
    """Return somebody with an account as cases are sealed to them."""
    key = (await work.session.scalars(select(PersonKey).where(PersonKey.person_id == person_id))).one()
    return Holder(person_id, key.id, key.public_key)


async def colleague(work: Work, role: str) -> Clerk:
    """Make somebody of the office with an account; their key costs little to unlock."""
    unit = await registry.unit_by_code(work, OFFICE)
    person = await registry.add_person(work, "甄测", is_fictional=True)
    await registry.appoint(work, person.id, registry.Role(role), unit.id, since=work.clock.today())
    known = Clerk(role.replace("_", "-"), secrets.token_urlsafe(16), secrets.token_urlsafe(16))
    made = await access.create_account(
        work,
        person_id=person.id,
        username=known.username,
        password=known.password,
        passphrase=known.passphrase,
        cost=_CHEAP,
    )
    return Clerk(known.username, known.password, known.passphrase, made.totp_secret)


async def _cast(work: Work, people: Mapping[str, Clerk], *, others: int) -> Cast:
    held = {}
    for role, known in people.items():
        account = (await work.session.scalars(select(Account).where(Account.username == known.username))).one()
        held[role] = await holder_of(work, account.person_id)
    unknown = await strangers(work, others)
    return Cast(held["intake_clerk"], held["supervisor"], held["case_officer_org"], unknown)
