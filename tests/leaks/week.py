"""A bad week in a house, lived through once on each database, and all that its disks hold afterwards."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import pyotp
import pyrage

from tests.leaks import chat, console, mishaps, story
from tests.leaks.clerk import Clerk
from tests.leaks.house import House, keep_open_files
from tests.leaks.planted import PLANTED, words
from tests.leaks.resident import Resident
from tests.leaks.search import Search
from tests.leaks.store import Store

ALIVE: Final = "while everything ran"
CLEAR: Final = "云岭控制镇（不必保密）"
"""The name of the unit. It is no secret: it must be found wherever a row gets to, except under a seal."""
_FOLDERS: Final = ("home", "keys", "tmp", "cwd", "logs", "kept")
_CONTROLS: Final = {name: f"control-word-of-{name}-8f2c61" for name in (*_FOLDERS, "unnamed", "deleted", "statement")}
_ROWS: Final = {
    "sqlite": {
        "clear": ("home/jingshi.sqlite3", f"kept/{ALIVE}/jingshi.sqlite3-wal"),
        "deleted": ("home/jingshi.sqlite3",),
    },
    "postgresql": {
        "clear": ("postgresql/data/base/", "postgresql/data/pg_wal/"),
        "deleted": ("postgresql/data/base/", "postgresql/data/pg_wal/"),
        "statement": ("postgresql/data/log",),
    },
}


@dataclass(frozen=True)
class Week:
    """What the search found on the disks after the week."""

    search: Search
    is_sqlite: bool
    temporary_files_made: bool

    def controls(self) -> Iterator[tuple[str, str]]:
        """Yield every control word with a place in which it must be found."""
        yield from ((name, f"{name}/control") for name in _FOLDERS)
        yield from (("unnamed", "kept/"), ("clear", "cells/unit.name"), ("clear", "opened backup"))
        for name, places in _ROWS["sqlite" if self.is_sqlite else "postgresql"].items():
            yield from ((name, place) for place in places)


def live_through(house: House, cluster: Path | None) -> Week:
    """Let the week go by, back the home up, and search everything; ``cluster`` is where PostgreSQL keeps its files."""
    secret = house.make(unit_name=CLEAR, password=words("password"), passphrase=words("passphrase"))
    PLANTED.update({"TOTP secret": secret, "TOTP secret, raw": pyotp.TOTP(secret).byte_secret()})
    store = Store(house.database_url)
    house.start("intake", "desk")
    receipt = story.reports(house)
    with Clerk(house, secret) as clerk, Resident(house.port) as resident:
        story.work_of(clerk, resident, receipt)
        console.sit_down(house, secret, clerk.newest())
        mishaps.misfits(house)
        mishaps.uploads(house)
        mishaps.outages(house, store, receipt)
        mishaps.forgery(clerk, store)
        with chat.platform(house) as platform:
            mishaps.power_cut(house)
            platform.week_of(store, clerk)
            sealed = story.withdrawal(house, store)
            platform.tells()
            house.command("backup", "--out", str(house.path("away", "backup")))
            house.look_for_temporary_files()
            _plant_controls(house, store)
            house.keep("home", ALIVE)
            house.stop()
    kept = store.run("SELECT envelope FROM item WHERE envelope IS NOT NULL")[0]["envelope"]
    told = {"clear": CLEAR, "withdrawn": sealed[100:164], "not withdrawn": kept[100:164]}
    search = Search({**PLANTED, **_CONTROLS, **told})
    _search(search, house, store, cluster)
    return Week(search, store.is_sqlite, house.temporary_files_made)


def _plant_controls(house: House, store: Store) -> None:
    """Put a control word into every place: into folders, log, an unnamed file, rows present and deleted."""
    for name in _FOLDERS:
        (house.path(name) / "control").write_text(_CONTROLS[name])
    with TemporaryFile() as file:
        file.write(_CONTROLS["unnamed"].encode())
        file.flush()
        keep_open_files(os.getpid(), house.path("kept"))
    store.leave_deleted(_CONTROLS["deleted"])
    store.fail(_CONTROLS["statement"])
    store.run("UPDATE unit SET position = position + 1")
    store.settle()


def _search(search: Search, house: House, store: Store, cluster: Path | None) -> None:
    for name in (*_FOLDERS, "away"):
        search.folder(house.path(name), name)
    for table, rows in store.tables():
        search.cells(rows, f"cells/{table}")
    opened = pyrage.decrypt(
        house.path("away", "backup").read_bytes(), [pyrage.x25519.Identity.from_str(house.escrow_identity)]
    )
    search.stream(BytesIO(opened), "opened backup")
    if cluster is not None:
        search.folder(cluster, "postgresql")
