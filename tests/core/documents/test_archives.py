"""One case for a competent body: sealed to it alone, vouched for by its manifest, and on record."""

import json
from hashlib import sha256
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from core import documents
from core.app import App
from core.audit.tables import Entry
from core.cases import cards, proceedings
from core.documents import Archive, archives
from core.errors import Denied, Forged, Invalid, Misconfigured, NotFound, TooLarge
from core.sealing import Escrow, escrow_open, escrow_seal, new_escrow
from core.work import Staff
from tests.core.cases.builders import a_file, submitted
from tests.core.cases.offices import Offices, a_card, confirmed, opened, the_offices

REASON = "按管理权限移交上一级纪检监察机关"
REPORTED = "三楼茶水间有人打扑克"


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def exported(offices: Offices, staff: Staff, case_id: UUID, body: Escrow, reason: str = REASON) -> Archive:
    return await offices.do(
        staff, lambda work: documents.export_case(work, case_id, recipient=body.recipient, reason=reason)
    )


async def a_case_with_a_file(offices: Offices, intake: App) -> UUID:
    item = await submitted(intake, files=(await a_file(intake, name="reporter-name.pdf"),))
    await offices.do(offices.clerk, lambda work: cards.card(work, item.item_id, a_card(offices.official_id)))
    await offices.do(offices.clerk, lambda work: cards.propose(work, item.item_id, "accepted", reason="有可查的事实"))
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item.item_id, approved=True))
    return (await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item.item_id))).id


async def test_a_case_goes_out_whole_and_opens_with_the_receiving_key_alone(
    intake: App, offices: Offices, upper_level: Escrow, escrow: Escrow
) -> None:
    case_id = await confirmed(offices, intake)
    made = await exported(offices, offices.supervisor, case_id, upper_level)
    assert made.name == "case-2026-1.zip.age"
    parts = documents.open_archive(made.sealed, upper_level.identity)
    thread, (card,) = json.loads(parts["thread.json"]), json.loads(parts["cards.json"])
    assert [thread[place]["kind"] for place in (0, 1, -1)] == ["opened", "nominated", "confirmed"]
    assert card["subject"] == {"kind": "official", "name": "公冶望舒", "post": "副主任"}
    readable = parts[documents.READABLE].decode()
    for said in (
        "移交有权机关：2026年第1号案件",
        "信息卡 2026年第1号",
        "值班登记表复印件",
        "会议意见  谈话",
        "澹台听雨",
    ):
        assert said in readable
    with pytest.raises(Forged):
        documents.open_archive(made.sealed, escrow.identity)


async def test_the_manifest_vouches_for_every_part_and_the_trail_for_the_manifest(
    intake: App, offices: Offices, upper_level: Escrow
) -> None:
    case_id = await opened(offices, intake)
    made = await exported(offices, offices.supervisor, case_id, upper_level)
    parts = dict(documents.open_archive(made.sealed, upper_level.identity))
    manifest = parts.pop(documents.MANIFEST)
    told = json.loads(manifest)
    assert told["parts"] == {name: sha256(content).hexdigest() for name, content in parts.items()}
    assert (told["case"], told["recipient"]) == (str(case_id), upper_level.recipient)
    async with offices.desk.work(offices.supervisor, "console") as work:
        query = select(Entry).where(Entry.action == "console:case:exported", Entry.subject_id == str(case_id))
        (entry,) = await work.session.scalars(query)
    assert entry.change_hash == sha256(manifest).digest() == bytes.fromhex(made.manifest_sha256)
    assert entry.sealed_reason is not None


async def test_of_the_reporter_there_is_nothing_and_of_files_only_their_digests(
    intake: App, offices: Offices, upper_level: Escrow
) -> None:
    case_id = await a_case_with_a_file(offices, intake)
    made = await exported(offices, offices.supervisor, case_id, upper_level)
    parts = documents.open_archive(made.sealed, upper_level.identity)
    ((file,),) = json.loads(parts["files.json"]).values()
    assert file["sha256"] == sha256(b"%PDF-1.7 notice").hexdigest()
    for content in parts.values():
        assert REPORTED.encode() not in content
        assert b"reporter-name" not in content


async def test_only_a_supervisor_of_the_case_hands_it_on(intake: App, offices: Offices, upper_level: Escrow) -> None:
    case_id = await opened(offices, intake)
    with pytest.raises(Denied, match="not_permitted"):
        await exported(offices, offices.clerk, case_id, upper_level)
    with pytest.raises(NotFound):
        await exported(offices, offices.receiver, case_id, upper_level)


async def test_an_archive_needs_a_key_and_a_reason_and_is_bounded(
    intake: App, offices: Offices, upper_level: Escrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await opened(offices, intake)
    for recipient, reason, code in (
        ("age1nobody", REASON, "recipient_malformed"),
        ("", REASON, "recipient_malformed"),
        (upper_level.recipient, "因", "reason_too_short"),
    ):
        with pytest.raises(Invalid, match=code):
            await exported(offices, offices.supervisor, case_id, Escrow(recipient, ""), reason)
    monkeypatch.setattr(archives, "LARGEST", 1000)
    with pytest.raises(TooLarge):
        await exported(offices, offices.supervisor, case_id, upper_level)


async def test_a_changed_missing_or_added_part_is_seen(intake: App, offices: Offices) -> None:
    body = new_escrow()
    made = await exported(offices, offices.supervisor, await opened(offices, intake), body)
    with ZipFile(BytesIO(escrow_open(made.sealed, identity=body.identity))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for changed in (
        {**parts, "case.txt": b"another"},
        {name: content for name, content in parts.items() if name != "cards.json"},
        {**parts, "more.txt": b""},
    ):
        with pytest.raises(Forged, match="archive_differs"):
            documents.open_archive(_sealed(changed, body), body.identity)
    for nonsense in ({}, {documents.MANIFEST: b"[]"}, {documents.MANIFEST: b"{}"}, {documents.MANIFEST: b"\xff"}):
        with pytest.raises(Invalid, match="not_a_case_archive"):
            documents.open_archive(_sealed(nonsense, body), body.identity)
    with pytest.raises(Invalid, match="not_a_case_archive"):
        documents.open_archive(escrow_seal(b"no zip", recipient=body.recipient), body.identity)
    with pytest.raises(Misconfigured):
        documents.open_archive(made.sealed, "no identity")


def _sealed(parts: dict[str, bytes], body: Escrow) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return escrow_seal(target.getvalue(), recipient=body.recipient)
