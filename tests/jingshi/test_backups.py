"""Backup, loss and restore, rehearsed on both databases; and what a backup refuses."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core import cases
from core.access import begin_opening
from core.app import App
from core.errors import Conflict, Denied, Forged, Misconfigured
from core.sealing import Escrow, Receipt, create_key_files, load_process_keys, new_escrow
from core.settings import Settings
from core.work import Reporter
from jingshi import archive, destruction
from jingshi.backups import back_up, bring_back, prune
from jingshi.setting_up import is_set_up
from jingshi.worker import TICKS, turn
from tests.builders import Member, a_clerk, a_member, hand_key, sign_in
from tests.core.cases.builders import a_file, a_report, submitted
from tests.jingshi.conftest import files_no_larger_than


@pytest.fixture
def lost(settings: Settings, second_url: str, tmp_path: Path) -> Settings:
    """The settings of a home that is empty again; its keys are those of the first."""
    if settings.database_url.startswith("sqlite"):
        return replace(settings, home=tmp_path / "home2", database_url=f"sqlite:///{tmp_path}/home2/jingshi.sqlite3")
    return replace(settings, home=tmp_path / "home2", database_url=second_url)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "backup.age"


@asynccontextmanager
async def again(settings: Settings, before: App, process: str = "desk") -> AsyncIterator[App]:
    """The core on a home that was brought back, with the clock of the one before."""
    app = App(settings, load_process_keys(settings.keys, process), clock=before.clock)
    try:
        await app.open()
        yield app
    finally:
        await app.close()


async def opened_text(app: App, member: Member, item_id: UUID) -> str:
    staff = await member.staff(app)
    async with app.work(staff, "console") as work:
        opening = await begin_opening(work, item_id, "to read the report")
        return str((await cases.open_item(work, item_id, opening_id=opening.id)).content.answers["facts"])


async def withdrawn(intake: App, at_work: App, receipt: Receipt) -> None:
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, receipt)
    tick = next(tick for tick in TICKS if tick.name == "carry out withdrawals")
    assert await turn(at_work, tick)


async def test_a_lost_home_comes_back_without_what_was_destroyed(
    desk: App, intake: App, worker: App, escrow: Escrow, lost: Settings, out: Path
) -> None:
    clerk = await a_clerk(desk, escrow=escrow)
    with_file = a_report(files=(await a_file(intake),))
    async with intake.work(Reporter(), "web") as work:
        kept = await cases.submit(work, with_file)
    gone = await submitted(intake)
    await back_up(worker, out)
    await withdrawn(intake, worker, gone.receipt)

    done = await bring_back(lost, out, identity=escrow.identity)

    assert done.destroyed == 1
    async with again(lost, desk) as app:
        back = await sign_in(app, clerk, step=1)
        assert await opened_text(app, back, kept.item_id) == with_file.answers["facts"]
        with pytest.raises(Conflict, match="item_has_no_content"):
            await opened_text(app, back, gone.item_id)
        successor = await a_member(app, "intake_clerk")
        with pytest.raises(Denied, match="no_grant"):
            await opened_text(app, await sign_in(app, successor), kept.item_id)
        await hand_key(app, "intake:leading_group_office", successor.person_id, escrow)
        assert await opened_text(app, await sign_in(app, successor, step=1), kept.item_id)
    files = [path for path in lost.attachments.glob("??/*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [
        (desk.settings.attachments / path.relative_to(lost.attachments)).read_bytes() for path in files
    ]
    assert len(files) == 1


async def test_nobody_opens_what_was_destroyed_after_the_backup_not_even_escrow(
    desk: App, intake: App, worker: App, escrow: Escrow, lost: Settings, out: Path
) -> None:
    gone = await submitted(intake)
    await back_up(worker, out)
    await withdrawn(intake, worker, gone.receipt)
    await bring_back(lost, out, identity=escrow.identity)
    second = out.with_name("second.age")
    async with again(lost, worker, "worker") as restored:
        await back_up(restored, second)
    lines = archive.lines(second, identity=escrow.identity, attachment=lambda _name, _source: None)
    rows = [line for line in lines if str(gone.item_id).encode() in line]
    assert len(rows) == 3  # the item, withdrawn; that it was received; that it was destroyed again
    assert len([line for line in rows if b'"withdrawn"' in line]) == 1


async def test_without_the_list_a_backup_brings_everything_back(
    desk: App, intake: App, worker: App, escrow: Escrow, lost: Settings, out: Path, tmp_path: Path
) -> None:
    gone = await submitted(intake)
    await back_up(worker, out)
    await withdrawn(intake, worker, gone.receipt)
    done = await bring_back(lost, out, identity=escrow.identity, destroyed=tmp_path / "no-list")
    assert done.destroyed == 0


@pytest.mark.parametrize("backend", ["embedded", "server"])
async def test_a_backup_of_either_database_fits_the_other(
    desk: App,
    intake: App,
    worker: App,
    escrow: Escrow,
    lost: Settings,
    out: Path,
    backend: str,
    request: pytest.FixtureRequest,
) -> None:
    clerk = await a_clerk(desk, escrow=escrow)
    item = await submitted(intake)
    await back_up(worker, out)
    if backend == "embedded":
        other = replace(lost, database_url=f"sqlite:///{lost.home}/jingshi.sqlite3")
        await moved(desk, clerk, item.item_id, other, out, escrow)
    else:
        with request.getfixturevalue("cluster").database() as url:
            await moved(desk, clerk, item.item_id, replace(lost, database_url=url), out, escrow)


async def moved(desk: App, clerk: Member, item_id: UUID, other: Settings, out: Path, escrow: Escrow) -> None:
    await bring_back(other, out, identity=escrow.identity)
    async with again(other, desk) as app:
        assert await opened_text(app, await sign_in(app, clerk, step=1), item_id)


async def test_no_key_file_and_no_text_lies_in_a_backup(
    desk: App, intake: App, worker: App, escrow: Escrow, out: Path
) -> None:
    await submitted(intake)
    await back_up(worker, out)
    inside = b"".join(source.read() for _, source, _ in archive.members(out, identity=escrow.identity))
    for path in desk.settings.keys.rglob("*.key"):
        for line in path.read_bytes().split():
            assert line not in inside
    assert "茶水间".encode() not in inside


async def test_a_home_that_is_not_empty_is_left_alone(desk: App, worker: App, escrow: Escrow, out: Path) -> None:
    await back_up(worker, out)
    with pytest.raises(Misconfigured, match="not empty; nothing was restored"):
        await bring_back(worker.settings, out, identity=escrow.identity)
    assert await is_set_up(worker.database)


def cut_short(sealed: bytes) -> bytes:
    return sealed[:-1]


def cut_off(sealed: bytes) -> bytes:
    return sealed[: len(sealed) // 2]


def changed(sealed: bytes) -> bytes:
    middle = len(sealed) * 3 // 4
    return sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]


def emptied(_sealed: bytes) -> bytes:
    return b""


def replaced(_sealed: bytes) -> bytes:
    return b"PK\x03\x04 a holiday album"


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("damage", [cut_short, cut_off, changed, emptied, replaced])
async def test_a_damaged_backup_is_refused_and_leaves_an_empty_home(
    desk: App, worker: App, escrow: Escrow, lost: Settings, out: Path, damage: Callable[[bytes], bytes]
) -> None:
    await back_up(worker, out)
    rewrite(out, damage)
    with pytest.raises(Forged, match="backup_"):
        await bring_back(lost, out, identity=escrow.identity)
    assert not lost.home.exists()


async def test_a_backup_that_another_key_opens_is_refused(desk: App, worker: App, lost: Settings, out: Path) -> None:
    await back_up(worker, out)
    with pytest.raises(Forged, match="backup_does_not_open"):
        await bring_back(lost, out, identity=new_escrow().identity)


async def test_a_backup_of_another_installation_is_refused_though_it_opens(
    desk: App, worker: App, escrow: Escrow, lost: Settings, out: Path, tmp_path: Path
) -> None:
    await back_up(worker, out)
    create_key_files(tmp_path / "other-keys", escrow_recipient=escrow.recipient)
    with pytest.raises(Forged, match="signature_wrong"):
        await bring_back(replace(lost, keys=tmp_path / "other-keys"), out, identity=escrow.identity)
    assert not lost.home.exists()


async def test_without_the_key_files_nothing_is_restored(
    desk: App, worker: App, escrow: Escrow, lost: Settings, out: Path, tmp_path: Path
) -> None:
    await back_up(worker, out)
    with pytest.raises(Misconfigured, match="is missing"):
        await bring_back(replace(lost, keys=tmp_path / "nowhere"), out, identity=escrow.identity)


async def test_a_destruction_list_that_was_changed_stops_the_restore(
    desk: App, intake: App, worker: App, escrow: Escrow, lost: Settings, out: Path
) -> None:
    first, second = await submitted(intake), await submitted(intake)
    await back_up(worker, out)
    for each in (first, second):
        await withdrawn(intake, worker, each.receipt)
    take_out_the_first_line(lost.keys / destruction.NAME)
    with pytest.raises(Misconfigured, match="line 1 of the destruction list"):
        await bring_back(lost, out, identity=escrow.identity)
    assert not lost.home.exists()


def take_out_the_first_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[1])


async def test_a_further_recipient_opens_the_backup_too(desk: App, worker: App, lost: Settings, out: Path) -> None:
    keeper = new_escrow()
    await back_up(worker, out, to=[keeper.recipient])
    assert (await bring_back(lost, out, identity=keeper.identity)).rows > 0


def test_a_full_disk_leaves_no_half_backup(worker: App, out: Path) -> None:
    with files_no_larger_than(4096), pytest.raises(Misconfigured, match="the disk may be full"):
        write_a_mebibyte(out, worker.keys.escrow_recipient)
    assert not list(out.parent.glob("backup.age*"))


def write_a_mebibyte(out: Path, recipient: str) -> None:
    with archive.writing(out, [recipient]) as writer:
        writer.add(archive.FIRST, os.urandom(1 << 20))


def test_only_old_backups_are_pruned(tmp_path: Path) -> None:
    now = datetime(2026, 9, 30, tzinfo=UTC)
    for name, content, days in (
        ("old.age", b"age-encryption.org/v1\n", 91),
        ("new.age", b"age-encryption.org/v1\n", 89),
        ("old.txt", b"notes", 400),
    ):
        (tmp_path / name).write_bytes(content)
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert [path.name for path in prune(tmp_path, now=now, keep=timedelta(days=90))] == ["old.age"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.age", "old.txt"]


Members = list[tuple[str, bytes]]


def rebuilt(out: Path, escrow: Escrow, change: Callable[[Members], Members]) -> None:
    """Write the members of a backup anew as ``change`` wants them: whoever knows the recipient can."""
    found = [(name, source.read()) for name, source, _ in archive.members(out, identity=escrow.identity)]
    out.unlink()
    with archive.writing(out, [escrow.recipient]) as writer:
        for name, content in change(found):
            writer.add(name, content)


def forged_before_genuine(members: Members) -> Members:
    return [members[0], (members[1][0], b"forged\n"), *members[1:]]


def first_twice(members: Members) -> Members:
    return [members[0], *members]


def list_before_attachments(members: Members) -> Members:
    return [*members[:2], members[-1], *members[2:-1]]


def attachments_before_rows(members: Members) -> Members:
    return [members[0], members[2], members[1], *members[3:]]


def attachments_exchanged(members: Members) -> Members:
    return [*members[:2], members[3], members[2], *members[4:]]


def without_list(members: Members) -> Members:
    return members[:-1]


@pytest.mark.parametrize(
    "change",
    [
        forged_before_genuine,
        first_twice,
        list_before_attachments,
        attachments_before_rows,
        attachments_exchanged,
        without_list,
    ],
)
async def test_a_rebuilt_backup_is_refused(
    intake: App, worker: App, escrow: Escrow, lost: Settings, out: Path, change: Callable[[Members], Members]
) -> None:
    await submitted(intake, files=(await a_file(intake), await a_file(intake)))
    await back_up(worker, out)
    rebuilt(out, escrow, list)
    archive.check(out, identity=escrow.identity, signer=worker.keys.verify_keys["worker"])
    rebuilt(out, escrow, change)
    with pytest.raises(Forged, match="backup_damaged"):
        await bring_back(lost, out, identity=escrow.identity)
    assert not lost.home.exists()
