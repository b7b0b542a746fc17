"""Setting up a home: folders, key files, database, the installation's row, the deciding bodies, the shared keys."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from core import access, audit, registry
from core.app import App
from core.db import Database
from core.errors import Misconfigured
from core.policy.profile import PROFILES, load
from core.registry import Installation, UnitKind
from core.sealing import create_key_files, escrow_seal, load_process_keys
from core.settings import Settings
from core.texts import LANGUAGES, translator
from core.work import System
from jingshi.schema import upgrade

SHARED_PURPOSES: Final = (*access.PURPOSES, "identity")
_BODIES: Final = (UnitKind.LEADING_GROUP_OFFICE, UnitKind.DISCIPLINE_COMMISSION)
_NAMES: Final = (Path(registry.__file__).parent / "locale",)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new home is to be. A demo home gets its units from the demo district."""

    district: str
    escrow_recipient: str
    upper_level_recipient: str | None = None
    profile: str = PROFILES[0]
    is_demo: bool = False


async def set_up(settings: Settings, plan: Plan) -> None:
    """Make the home that ``plan`` describes; the caller's umask keeps it private.

    Raises `Misconfigured` for one that is set up already, and for recipients or a profile that are none; then the
    folders are left as they were.
    """
    if settings.now is not None and not plan.is_demo:
        raise Misconfigured("JINGSHI_NOW moves the clock of a demo home only; unset it")
    load(plan.profile)
    for recipient in (plan.escrow_recipient, plan.upper_level_recipient):
        if recipient:
            escrow_seal(b"", recipient=recipient)
    await require_new(settings)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.home.chmod(0o700)
    settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _fresh_keys(settings.keys):
        create_key_files(
            settings.keys,
            escrow_recipient=plan.escrow_recipient,
            upper_level_recipient=plan.upper_level_recipient,
        )
        await _fill(settings, plan)


async def require_new(settings: Settings) -> None:
    """Raise `Misconfigured` when the home, its database or its key files are there already."""
    if settings.keys.exists() and any(settings.keys.iterdir()):
        raise Misconfigured(f"{settings.keys} holds key files already; nothing was changed")
    database = Database(settings.database_url)
    try:
        if await is_set_up(database):
            raise Misconfigured(f"the home {settings.home} is set up already; nothing was changed")
    finally:
        await database.dispose()


async def is_set_up(database: Database) -> bool:
    """Return whether the database belongs to an installation; raises `Unavailable`."""
    if not has_file(database):
        return False
    async with database.transaction(write=False) as session:
        try:
            return await session.scalar(select(Installation.id)) is not None
        except DBAPIError:  # there is no such table
            return False


def has_file(database: Database) -> bool:
    """Return whether there is something to connect to: SQLite would make the file by looking."""
    return not database.is_sqlite or Path(database.url.database or "").exists()


async def _fill(settings: Settings, plan: Plan) -> None:
    app = App(settings, load_process_keys(settings.keys, "desk"))
    try:
        await upgrade(app.database)
        async with app.work(System("init"), "cli") as work:
            row = Installation(id=1, district=plan.district, profile=plan.profile, is_demo=plan.is_demo)
            work.session.add(row)
            for purpose in SHARED_PURPOSES:
                access.create_shared_key(work, purpose)
            if not plan.is_demo:
                for kind in _BODIES:
                    names = [translator(each, _NAMES)(f"registry.unit_kind.{kind}") for each in LANGUAGES]
                    await registry.add_unit(work, code=str(kind), kind=kind, name=names[0], name_en=names[1])
            audit.record(work, "installation", "made", "1")
    finally:
        await app.close()


@contextmanager
def _fresh_keys(folder: Path) -> Iterator[None]:
    """Take the key files back when what follows fails: they open nothing, and bar the way to a second try."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
