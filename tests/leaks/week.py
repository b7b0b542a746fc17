"""A bad week in a house, lived through once on each database, and all that its disks hold afterwards."""

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import pyotp
import pyrage

from tests.leaks import mishaps, story
from tests.leaks.clerk import Clerk
from tests.leaks.house import House, keep_open_files
from tests.leaks.planted import PLANTED, words
from tests.leaks.resident import Resident
from tests.leaks.search import Search
from tests.leaks.store import Store

CLEAR: Final = "云岭控制镇（不必保密）"
"""The name of the unit. It is no secret: it must be found wherever a row gets to, except under a seal."""
FOLDERS: Final = ("home", "keys", "tmp", "cwd", "logs", "kept")
CONTROLS: Final = {name: f"control-word-of-{name}-8f2c61" for name in (*FOLDERS, "deleted", "statement")}
WITHDRAWN: Final = "sealed text of what was withdrawn"


@dataclass(frozen=True)
class Week:
    """What the search found on the disks, and what was seen of the processes while they ran."""

    search: Search
    core_limits: frozenset[str]
    made_temporary_files: bool


def live_through(house: House, cluster: Path | None) -> Week:
    """Let the week go by, back the home up, and search everything; ``cluster`` is where PostgreSQL keeps its files."""
    before = house.path("tmp").stat().st_mtime_ns
    secret = house.make(unit_name=CLEAR, password=words("password"), passphrase=words("passphrase"))
    PLANTED.update({"TOTP secret": secret, "TOTP secret, raw": pyotp.TOTP(secret).byte_secret()})
    store = Store(house.database_url)
    house.start("intake", "desk")
    clerk = Clerk(house, secret)
    receipt = story.reports(house)
    with Resident(house.port) as resident:
        story.work_of(clerk, resident, receipt)
    mishaps.misfits(house)
    mishaps.uploads(house)
    mishaps.outages(house, store, receipt)
    mishaps.forgery(clerk, store)
    mishaps.power_cut(house)
    sealed = story.withdrawal(house, store)
    house.command("backup", "--out", str(house.path("away", "backup")))
    limits = frozenset(map(house.core_limit, house.running))
    made = house.path("tmp").stat().st_mtime_ns != before
    _plant_controls(house, store)
    house.keep("home", "while everything ran")
    house.stop()
    search = Search({**PLANTED, **CONTROLS, "clear": CLEAR, WITHDRAWN: sealed[100:164]})
    _search(search, house, store, cluster)
    return Week(search, limits, made)


def _plant_controls(house: House, store: Store) -> None:
    """Put a control word into every place: into folders, log, an unnamed file, rows present and deleted."""
    for name in FOLDERS:
        (house.path(name) / "control").write_text(CONTROLS[name])
    with TemporaryFile() as file:
        file.write(CONTROLS["kept"].encode())
        file.flush()
        keep_open_files(os.getpid(), house.path("kept"))
    store.leave_deleted(CONTROLS["deleted"])
    store.fail(CONTROLS["statement"])
    store.run("UPDATE unit SET name = name")
    store.settle()


def _search(search: Search, house: House, store: Store, cluster: Path | None) -> None:
    for name in (*FOLDERS, "away"):
        search.folder(house.path(name), name)
    for table, rows in store.tables():
        search.cells(rows, f"cells/{table}")
    opened = pyrage.decrypt(
        house.path("away", "backup").read_bytes(), [pyrage.x25519.Identity.from_str(house.escrow_identity)]
    )
    search.stream(BytesIO(opened), "opened backup")
    if cluster is not None:
        search.folder(cluster, "postgresql")
