"""A whole demo home. A mark is written last, so that a half-laid home is laid anew and never served."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from core.app import App
from core.dialogue import REPORT, load
from core.errors import Misconfigured
from core.registry import Role
from core.sealing import load_process_keys, new_escrow
from core.settings import Settings
from core.work import SHANGHAI, Clock
from jingshi.demo.accounts import hand_out_shared_keys, make_accounts, sign_in, write_accounts
from jingshi.demo.district import lay_district
from jingshi.demo.laying import BEGIN
from jingshi.demo.stations import Year, lay_residences
from jingshi.demo.story import Story, Told
from jingshi.setting_up import Plan, set_up

OPENED: Final = datetime.combine(BEGIN, time(8), SHANGHAI)
TODAY: Final = datetime(2026, 9, 30, 9, 0, tzinfo=SHANGHAI)
ACCOUNTS: Final = "accounts.json"
RECEIPTS: Final = "receipts.json"
DISTRICT: Final = "云汀区（虚构）"
_MARK, _ESCROW, _UPPER = "demo-home", "escrow-identity.txt", "upper-level-identity.txt"
_BODIES: Final = ("leading_group_office", "discipline_commission")
_PROCESSES: Final = ("intake", "desk", "worker")


async def make_demo_home(settings: Settings) -> bool:
    """Lay the demo district with its staff and its story; return False when it is there already.

    Only the embedded database is used. Raises `Misconfigured` when the folder is somebody's real home.
    """
    if (settings.home / _MARK).exists():
        return False
    _clear_half_made(settings)
    settings.home.mkdir(mode=0o700, parents=True)
    (settings.home / f"{_MARK}.unfinished").touch()
    await _lay(replace(settings, now=OPENED))
    (settings.home / f"{_MARK}.unfinished").rename(settings.home / _MARK)
    return True


def _clear_half_made(settings: Settings) -> None:
    """Remove what an interrupted run left, and nothing else."""
    if settings.home.exists() and any(settings.home.iterdir()):
        if not (settings.home / f"{_MARK}.unfinished").exists():
            raise Misconfigured(f"{settings.home} is not a demo home; choose another with JINGSHI_HOME")
        shutil.rmtree(settings.keys, ignore_errors=True)
    shutil.rmtree(settings.home, ignore_errors=True)


async def _lay(settings: Settings) -> None:
    escrow, upper_level = new_escrow(), new_escrow()
    await set_up(settings, Plan(DISTRICT, escrow.recipient, upper_level.recipient, is_demo=True))
    for name, identity in ((_ESCROW, escrow.identity), (_UPPER, upper_level.identity)):
        (settings.keys / name).write_text(identity + "\n")  # in a real home it is carried away
    clock = Clock(OPENED)
    intake, desk, worker = [App(settings, load_process_keys(settings.keys, name), clock=clock) for name in _PROCESSES]
    try:
        district = await lay_district(desk)
        await lay_residences(desk, district)
        accounts = await make_accounts(desk, district)
        await hand_out_shared_keys(desk, escrow.identity)
        desk.forget_shared_keys()
        clerks = {body: await sign_in(desk, accounts[district.people(Role.INTAKE_CLERK, body)[0]]) for body in _BODIES}
        story = Story(intake, desk, worker, clock, clerks, load(REPORT))
        await story.tell([event for event in Year(intake, worker, district).events() if event[0] <= TODAY])
        write_accounts(settings.home / ACCOUNTS, accounts)
        _write_receipts(settings, story.told)
    finally:
        for app in (intake, desk, worker):
            await app.close()


def _write_receipts(settings: Settings, told: list[Told]) -> None:
    """Write the receipts of the demo's reports, which in a real home nobody but the reporters has."""
    lines = [{"receipt": each.done.receipt.text, "what": each.plan["what"], "unit": each.unit} for each in told]
    (settings.home / RECEIPTS).write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n")
