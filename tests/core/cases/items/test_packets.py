"""What belongs to the upper level leaves here sealed, is erased here, and opens there in full."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from core import attachments, audit, cases
from core.access.tables import Seal
from core.app import App
from core.attachments.tables import Attachment
from core.cases import Export, PacketSummary, Submitted
from core.cases.items.tables import Fact, Packet
from core.errors import Conflict, Denied, Forged, Invalid, JingshiError, NotFound
from core.sealing import Escrow, new_escrow
from core.work import SHANGHAI, Reporter, System, Work
from tests.builders import Member, a_clerk, a_member, sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import a_file, submitted

OF_WORKER = System("worker")
COMMISSION = "discipline_commission"
ABOVE = {"subject_kind": "office_director", "identity": {"reporter_name": "公冶望舒", "reporter_contact": "面谈"}}


@pytest.fixture
async def clerk(desk: App) -> Member:
    return await a_clerk(desk, COMMISSION)


async def _as(app: App, member: Member, verb: Callable[[Work], Awaitable[object]]) -> object:
    async with app.work(await member.staff(app), "console") as work:
        return await verb(work)


async def listed(desk: App, clerk: Member) -> list[PacketSummary]:
    async with desk.work(await clerk.staff(desk), "console", write=False) as work:
        return list(await cases.packets(work))


async def exported(desk: App, clerk: Member) -> Export:
    (packet,) = await listed(desk, clerk)
    async with desk.work(await clerk.staff(desk), "console") as work:
        return await cases.export_packet(work, packet.id)


async def confirm(desk: App, clerk: Member) -> None:
    (packet,) = await listed(desk, clerk)
    async with desk.work(await clerk.staff(desk), "console") as work:
        await cases.confirm_handed_over(work, packet.id)


async def erased(worker: App) -> int:
    async with worker.work(OF_WORKER, "worker") as work:
        return len(await cases.erase_packets(work))


async def add(intake: App, item: Submitted, text: str, *files: attachments.StoredFile) -> None:
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, text, files)


async def left(app: App) -> tuple[int, int, int]:
    """Rows of facts, of files, and packets that hold something."""
    async with app.work(Reporter(), "web", write=False) as work:
        sealed = select(func.count()).select_from(Packet).where(Packet.sealed.is_not(None))
        rows = [select(func.count()).select_from(table) for table in (Fact, Attachment)]
        facts, files, packets = [await work.session.scalar(query) or 0 for query in (*rows, sealed)]
        return facts, files, packets


def vault(app: App) -> attachments.Vault:
    return attachments.Vault(app.settings.attachments, app.policy.bytes("attachment_size"), app.clock)


async def bundle(app: App, export: Export) -> bytes:
    return b"".join([piece async for piece in cases.stream_bundle(export, vault(app))])


async def test_only_category_and_dates_are_known_of_a_packet(desk: App, intake: App, clerk: Member) -> None:
    await submitted(intake, **ABOVE)
    (packet,) = await listed(desk, clerk)
    assert (packet.category, packet.received_on, packet.due_on, packet.exported_at, packet.erased_at) == (
        "office_director",
        date(2026, 9, 30),
        date(2026, 10, 13),  # five working days on: National Day is off until the 7th, Saturday the 10th is worked
        None,
        None,
    )
    async with desk.work(Reporter(), "web", write=False) as work:
        assert await work.session.scalar(select(func.count()).select_from(Seal).where(Seal.target_kind == "item")) == 0


async def test_what_is_handed_on_opens_at_the_upper_level_with_later_facts_and_files(
    desk: App, intake: App, clerk: Member, upper_level: Escrow
) -> None:
    first, second = await a_file(intake), await a_file(intake, b"%PDF-1.7 " + b"x" * 200_000, "补充.pdf")
    item = await submitted(intake, files=(first,), **ABOVE)
    await add(intake, item, "还有一张收据。", second)
    archive = ZipFile(BytesIO(await bundle(desk, await exported(desk, clerk))))
    opened = cases.open_bundle(archive, upper_level.identity)
    assert (opened.item_id, opened.identity) == (item.item_id, ABOVE["identity"])
    assert [line.text for line in opened.content.summary] == ["三楼茶水间有人打扑克"]
    assert [fact.text for fact in opened.facts] == ["还有一张收据。"]
    read = {each.name: b"".join([piece async for piece in cases.read_file(archive, each)]) for each in opened.files}
    assert read == {"notice.pdf": b"%PDF-1.7 notice", "补充.pdf": b"%PDF-1.7 " + b"x" * 200_000}
    assert "jingshi packet open" in archive.read("README.txt").decode()


async def test_neither_escrow_nor_another_key_opens_a_packet(
    desk: App, intake: App, clerk: Member, escrow: Escrow
) -> None:
    await submitted(intake, **ABOVE)
    archive = ZipFile(BytesIO(await bundle(desk, await exported(desk, clerk))))
    for identity in (escrow.identity, new_escrow().identity):
        with pytest.raises(Forged, match="escrow_does_not_open"):
            cases.open_bundle(archive, identity)


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> ZipFile:
    """The archive with one part changed; a part that becomes empty is left out."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w") as copy:
        for part in source.namelist():
            written = change(source.read(part)) if part.startswith(name) else source.read(part)
            if written:
                copy.writestr(part, written)
    return ZipFile(target)


def _without_facts(manifest: bytes) -> bytes:
    return json.dumps({**json.loads(manifest), "facts": []}).encode()


def _without_files(manifest: bytes) -> bytes:
    return json.dumps({**json.loads(manifest), "attachments": []}).encode()


@pytest.mark.parametrize(
    ("name", "change", "kind"),
    [
        ("packet.age", lambda part: part[:-1] + bytes([part[-1] ^ 1]), Forged),
        ("packet.age", lambda _: b"", Invalid),
        ("facts/", lambda part: part[:-1] + bytes([part[-1] ^ 1]), Forged),
        ("facts/", lambda _: b"", Invalid),
        ("manifest.json", _without_facts, Forged),
        ("manifest.json", _without_files, Forged),
        ("manifest.json", lambda _: b"{}", Invalid),
        ("manifest.json", lambda _: b"[]", Invalid),
        ("manifest.json", lambda part: part.replace(b'"envelope": "A', b'"envelope": "B'), Forged),
    ],
)
async def test_a_part_that_was_changed_or_taken_out_is_seen(
    desk: App,
    intake: App,
    clerk: Member,
    upper_level: Escrow,
    name: str,
    change: Callable[[bytes], bytes],
    kind: type[JingshiError],
) -> None:
    item = await submitted(intake, files=(await a_file(intake),), **ABOVE)
    await add(intake, item, "", await a_file(intake, name="more.pdf"))
    content = await bundle(desk, await exported(desk, clerk))
    with pytest.raises(kind):
        cases.open_bundle(changed(content, name, change), upper_level.identity)


async def test_a_file_that_was_changed_is_seen_when_it_is_read(
    desk: App, intake: App, clerk: Member, upper_level: Escrow
) -> None:
    await submitted(intake, files=(await a_file(intake),), **ABOVE)
    content = await bundle(desk, await exported(desk, clerk))
    archive = changed(content, "attachments/", lambda part: part[:-1] + bytes([part[-1] ^ 1]))
    (stored,) = cases.open_bundle(archive, upper_level.identity).files
    with pytest.raises(Forged):
        [piece async for piece in cases.read_file(archive, stored)]


async def test_once_handed_on_the_receipt_says_so_and_nothing_is_added(
    desk: App, intake: App, clerk: Member, worker: App
) -> None:
    item = await submitted(intake, **ABOVE)
    for handed_on in (False, True):
        async with intake.work(Reporter(), "web", write=False) as work:
            standing = await cases.standing(work, item.receipt)
        assert (standing.state, standing.may_add) == (("handed_on", False) if handed_on else ("routed_up", True))
        if not handed_on:
            await exported(desk, clerk)
    with pytest.raises(Conflict, match="item_handed_on"):
        await add(intake, item, "再补一句。")
    await confirm(desk, clerk)
    assert await erased(worker) == 1
    async with intake.work(Reporter(), "web", write=False) as work:
        after = await cases.standing(work, item.receipt)
    assert (after.state, after.may_add, after.may_withdraw) == ("handed_on", False, False)
    with pytest.raises(Conflict, match="item_handed_on"):
        await add(intake, item, "再补一句。")


async def test_a_packet_is_given_out_again_until_it_is_confirmed_and_then_all_of_it_goes(
    desk: App, intake: App, clerk: Member, worker: App, clock: FixedClock
) -> None:
    item = await submitted(intake, files=(await a_file(intake),), **ABOVE)
    await add(intake, item, "还有一张收据。")
    first = await exported(desk, clerk)
    clock.move(timedelta(minutes=5))
    second = await exported(desk, clerk)
    assert (first.packet, first.facts) == (second.packet, second.facts)
    assert await erased(worker) == 0
    await confirm(desk, clerk)
    (packet,) = await listed(desk, clerk)
    assert (packet.is_confirmed, (await left(desk))[2]) == (True, 0)
    with pytest.raises(Conflict, match="packet_erased"):
        await exported(desk, clerk)
    assert await erased(worker) == 1
    assert await left(desk) == (0, 0, 0)
    await confirm(desk, clerk)
    assert await erased(worker) == 0
    (packet,) = await listed(desk, clerk)
    assert (packet.category, packet.received_on) == ("office_director", date(2026, 9, 30))
    assert (packet.erased_at, packet.is_overdue) == (clock.now(), False)


LAST_DAY = datetime(2026, 10, 13, 23, 59, tzinfo=SHANGHAI).astimezone(UTC)


async def test_what_was_handed_on_goes_with_the_end_of_the_last_day(
    desk: App, intake: App, clerk: Member, worker: App, clock: FixedClock
) -> None:
    await submitted(intake, **ABOVE)
    await exported(desk, clerk)
    clock.at = LAST_DAY
    assert await erased(worker) == 0
    clock.move(timedelta(minutes=1))
    assert await erased(worker) == 1
    assert await left(desk) == (0, 0, 0)


async def test_what_was_not_handed_on_is_never_erased_but_is_overdue(
    desk: App, intake: App, clerk: Member, worker: App, clock: FixedClock
) -> None:
    await submitted(intake, **ABOVE)
    clock.at = LAST_DAY
    assert await overdue(worker) == 0
    clock.move(timedelta(days=60))
    assert (await erased(worker), await left(desk), await overdue(worker)) == (0, (0, 0, 1), 1)
    again = await sign_in(desk, clerk, step=1, unlocked=False)
    (packet,) = await listed(desk, again)
    assert packet.is_overdue
    await exported(desk, again)
    assert await erased(worker) == 1


async def overdue(app: App) -> int:
    async with app.work(OF_WORKER, "worker", write=False) as work:
        return await cases.overdue_packets(work)


async def test_a_year_that_the_calendar_lacks_leaves_the_last_day_open(
    desk: App, intake: App, worker: App, clock: FixedClock
) -> None:
    clock.at = datetime(2026, 12, 30, 12, tzinfo=SHANGHAI).astimezone(UTC)
    clerk = await a_clerk(desk, COMMISSION)
    await submitted(intake, **ABOVE)
    (packet,) = await listed(desk, clerk)
    assert (packet.due_on, packet.is_overdue) == (None, False)
    await exported(desk, clerk)
    clock.move(timedelta(days=60))
    assert await erased(worker) == 0


@pytest.mark.parametrize(
    ("role", "body", "code"),
    [
        ("intake_clerk", "leading_group_office", "not_of_the_commission"),
        ("intake_clerk", "township", "not_of_the_commission"),
        ("supervisor", COMMISSION, "not_permitted"),
        ("auditor", COMMISSION, "not_permitted"),
        ("system_admin", COMMISSION, "not_permitted"),
    ],
)
async def test_packets_are_for_the_clerks_of_the_commission_alone(
    desk: App, intake: App, clerk: Member, role: str, body: str, code: str
) -> None:
    await submitted(intake, **ABOVE)
    (packet,) = await listed(desk, clerk)
    other = await sign_in(desk, await a_member(desk, role, body))
    verbs: tuple[Callable[[Work], Awaitable[object]], ...] = (
        cases.packets,
        lambda work: cases.export_packet(work, packet.id),
        lambda work: cases.confirm_handed_over(work, packet.id),
    )
    for verb in verbs:
        with pytest.raises(Denied, match=code):
            await _as(desk, other, verb)


async def test_a_packet_is_confirmed_only_after_it_was_given_out(desk: App, intake: App, clerk: Member) -> None:
    await submitted(intake, **ABOVE)
    with pytest.raises(Conflict, match="packet_not_exported"):
        await confirm(desk, clerk)
    assert (await left(desk))[2] == 1


async def test_an_unknown_packet_is_not_found(desk: App, intake: App, clerk: Member) -> None:
    item = await submitted(intake, **ABOVE)
    with pytest.raises(NotFound, match="packet_unknown"):
        await _as(desk, clerk, lambda work: cases.export_packet(work, item.item_id))


async def test_every_step_stands_in_the_trail(desk: App, intake: App, clerk: Member, worker: App) -> None:
    await submitted(intake, **ABOVE)
    await exported(desk, clerk)
    await confirm(desk, clerk)
    await erased(worker)
    (packet,) = await listed(desk, clerk)
    async with desk.work(OF_WORKER, "cli", write=False) as work:
        trail = {entry.action for entry in await audit.entries(work, subject_id=str(packet.id))}
    assert trail == {"console:packet:exported", "console:packet:confirmed", "worker:packet:erased"}


async def test_a_restored_backup_gives_back_no_packet_that_was_erased(
    desk: App, intake: App, clerk: Member, worker: App
) -> None:
    item = await submitted(intake, files=(await a_file(intake),), **ABOVE)
    async with worker.work(OF_WORKER, "cli") as work:
        assert await cases.destroy(work, [item.item_id]) == 1
        assert await cases.destroy(work, [item.item_id]) == 0
    assert await left(desk) == (0, 0, 0)
    async with intake.work(Reporter(), "web", write=False) as work:
        assert (await cases.standing(work, item.receipt)).state == "handed_on"


async def test_a_file_that_is_missing_is_told_before_anything_is_given_out(
    desk: App, intake: App, clerk: Member, tmp_path: Path
) -> None:
    stored = await a_file(intake)
    await submitted(intake, files=(stored,), **ABOVE)
    export = await exported(desk, clerk)
    vault(desk).require([each.id for each in export.files])
    with pytest.raises(NotFound, match="file_missing"):
        attachments.Vault(tmp_path / "elsewhere", 1, desk.clock).require([stored.id])
