"""Accounts of the demo's staff, with secrets that everybody may know, and the shared keys in their hands."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import pyotp

from core import access, registry
from core.access import PURPOSES, entitled_people
from core.app import App
from core.registry import STAFF
from core.sealing import Cost
from core.work import Staff, System
from jingshi.demo.district import District, Posting

OPERATOR = System("demo")
_CHEAP = Cost(passes=1, memory=8 * 1024 * 1024)  # the secrets are public; a slow lock would only slow the demo

_SHORT = {"leading_group_office": ("office",), "discipline_commission": ("commission",)}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of ``accounts.json``."""

    username: str
    password: str
    passphrase: str
    totp_secret: str
    roles: tuple[str, ...]
    body: str | None
    unit: str


async def make_accounts(app: App, district: District) -> Mapping[UUID, DemoAccount]:
    """Make an account for everybody with a role at the desk; return them by person."""
    made: dict[UUID, DemoAccount] = {}
    numbers: Counter[str] = Counter()
    for posting in district.postings:
        if posting.role in STAFF and posting.person_id not in made:
            name = "-".join([posting.role.replace("_", "-"), *_SHORT.get(posting.unit_code, ())])
            numbers[name] += 1
            made[posting.person_id] = await _make(app, district, posting, f"{name}-{numbers[name]}")
    return made


async def hand_out_shared_keys(app: App, escrow_identity: str) -> None:
    """Give every shared key to those who are entitled to it, with the escrow key."""
    for purpose in PURPOSES:
        async with app.work(OPERATOR, "cli") as work:
            for person_id in sorted(await entitled_people(work, purpose, on=work.clock.today())):
                await access.recover_shared_key(work, purpose, person_id, escrow_identity)


async def sign_in(app: App, account: DemoAccount) -> Staff:
    """Sign a demo account in as its owner would, with the key unlocked."""

    def begin() -> access.Begin:
        return lambda: app.work(System("demo"), "console")

    code = pyotp.TOTP(account.totp_secret).now()
    signed = await access.sign_in(begin(), username=account.username, password=account.password, totp=code)
    async with app.work(OPERATOR, "console") as work:
        staff = await access.authenticate(work, signed.secret)
    await access.unlock(lambda: app.work(staff, "console"), signed.secret, account.passphrase)
    async with app.work(OPERATOR, "console") as work:
        return await access.authenticate(work, signed.secret)


def write_accounts(path: Path, accounts: Mapping[UUID, DemoAccount]) -> None:
    """Write the accounts for people and scripts to sign in with."""
    lines = [asdict(account) for account in sorted(accounts.values(), key=lambda account: account.username)]
    path.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n")


async def _make(app: App, district: District, posting: Posting, username: str) -> DemoAccount:
    person_id = posting.person_id
    password, passphrase = f"yunting {username} password", f"yunting {username} passphrase"
    async with app.work(OPERATOR, "cli") as work:
        new = await access.create_account(
            work, person_id=person_id, username=username, password=password, passphrase=passphrase, cost=_CHEAP
        )
        held = await registry.held_by(work, person_id, on=work.clock.today())
    return DemoAccount(
        username=username,
        password=password,
        passphrase=passphrase,
        totp_secret=new.totp_secret,
        roles=tuple(sorted({one.role for one in held})),
        body=next((one.body for one in held if one.body), None),
        unit=district.units[posting.unit_code].name,
    )
