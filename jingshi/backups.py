"""Backups: every row and every sealed attachment in one sealed file, and the way back. Key files are in none."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from alembic.util.exc import CommandError
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from core import audit, cases, outbox
from core.app import App
from core.db import SCHEMA_VERSION, Database
from core.errors import Forged, Misconfigured
from core.sealing import load_process_keys
from core.settings import Settings
from jingshi import archive, destruction
from jingshi.dump import dump, load
from jingshi.operating import OPERATOR, operating
from jingshi.schema import upgrade
from jingshi.setting_up import has_file, is_set_up

FORMAT: Final = 1
AUDITED: Final = "backup"
_HEADER: Final = b"age-encryption.org/"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what was destroyed again."""

    made_at: str
    rows: int
    destroyed: int


async def back_up(app: App, out: Path, *, to: Sequence[str] = ()) -> int:
    """Write a backup of the home, sealed to the escrow key and to ``to``; return how many members it has.

    ``app`` is the worker's, which signs it. Raises `Misconfigured` when it cannot be written, and then leaves nothing.
    """
    async with operating(app) as work:
        audit.record(work, "backup", "made", AUDITED)
    with archive.writing(out, [app.keys.escrow_recipient, *to]) as writer:
        head = {"format": FORMAT, "schema": SCHEMA_VERSION, "made_at": app.clock.now().isoformat(timespec="seconds")}
        writer.add(archive.FIRST, json.dumps(head).encode())
        await _add_rows(writer, app.database)
        for path in sorted(app.settings.attachments.glob("??/*")):  # after the rows, which then never point at nothing
            name = archive.ATTACHMENTS + path.relative_to(app.settings.attachments).as_posix()
            if archive.is_name(name):  # and not the beginning of a file that is just coming in
                writer.add_file(name, path)
        writer.finish(app.keys.signing_key)
        return len(writer.digests)


async def bring_back(settings: Settings, path: Path, *, identity: str, destroyed: Path | None = None) -> Restored:
    """Fill an empty home from a backup, destroy again what the list says, and return what was done.

    ``destroyed`` is the destruction list, by default the one beside the keys. The home is left as it was, empty, when
    this raises: `Misconfigured` for a home that is not empty or keys that are not there, `Forged` for a backup that is
    damaged, foreign or does not open.
    """
    keys = load_process_keys(settings.keys, "worker")
    listed = destruction.read(destroyed or settings.keys / destruction.NAME, signer=keys.verify_keys["worker"])
    head = archive.check(path, identity=identity, signer=keys.verify_keys["worker"])
    if head.get("format") != FORMAT:
        raise Misconfigured("the backup is of a format that this version does not read")
    database = Database(settings.database_url)
    try:
        await _require_empty(settings, database)
        rows = await _fill(settings, database, head, path, identity)
    finally:
        await database.dispose()
    count = await _destroy(settings, listed)
    return Restored(str(head["made_at"]), rows, count)


def prune(folder: Path, *, now: datetime, keep: timedelta) -> list[Path]:
    """Delete the backups in ``folder`` that are older than ``keep``, by the time of the file; return which."""
    old = [path for path in sorted(folder.iterdir()) if path.is_file() and _is_older(path, now - keep)]
    for path in old:
        path.unlink()
    return old


def _is_older(path: Path, moment: datetime) -> bool:
    if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= moment:
        return False
    with path.open("rb") as source:
        return source.read(len(_HEADER)) == _HEADER


async def _add_rows(writer: archive.Writer, database: Database) -> None:
    buffer, number = bytearray(), 0
    async for line in dump(database):
        buffer += line
        while len(buffer) >= archive.PIECE:
            writer.add(f"{archive.ROWS}{number:06}", bytes(buffer[: archive.PIECE]))
            del buffer[: archive.PIECE]
            number += 1
    writer.add(f"{archive.ROWS}{number:06}", bytes(buffer))


async def _require_empty(settings: Settings, database: Database) -> None:
    if settings.home.exists() and any(settings.home.iterdir()):
        raise Misconfigured(f"the home {settings.home} is not empty; nothing was restored")
    if await is_set_up(database) or (database.is_sqlite and has_file(database)):
        raise Misconfigured("the database is not empty; nothing was restored")


async def _fill(settings: Settings, database: Database, head: Mapping[str, Any], path: Path, identity: str) -> int:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        await _upgrade(database, str(head.get("schema")))
        async with database.transaction() as session:
            try:
                rows = await load(session, archive.lines(path, identity=identity, attachment=_keeper(settings)))
            except (IntegrityError, DataError, ProgrammingError, ValueError) as error:
                raise Forged("backup_damaged") from error
        await upgrade(database)
    except BaseException:
        await database.dispose()
        _clear(settings, database)
        raise
    return rows


def _clear(settings: Settings, database: Database) -> None:
    """Leave the home as empty as it was found."""
    shutil.rmtree(settings.home, ignore_errors=True)
    if database.is_sqlite:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{database.url.database}{suffix}").unlink(missing_ok=True)


async def _upgrade(database: Database, schema: str) -> None:
    try:
        await upgrade(database, schema)
    except CommandError as error:
        raise Misconfigured(f"the backup has schema {schema}, which this version does not know") from error


def _keeper(settings: Settings) -> Callable[[str, IO[bytes]], None]:
    def keep(name: str, source: IO[bytes]) -> None:
        target = settings.attachments / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("xb") as file:
            shutil.copyfileobj(source, file)

    return keep


async def _destroy(settings: Settings, listed: Sequence[UUID]) -> int:
    app = App.for_process(settings, "worker")
    try:
        await app.open()
        async with app.work(OPERATOR, "cli") as work:
            destroyed = await cases.destroy(work, listed)
            await outbox.doubt_all(work)
            audit.record(work, "backup", "restored", AUDITED)
    finally:
        await app.close()
    return destroyed
