"""Packets at the interface and at the console, up to the file that the upper level opens."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from core.app import App, cases
from core.sealing import Escrow
from core.work import Reporter
from jingshi.identities import write_identity
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import form_of
from tests.builders import Member, a_clerk, a_member, sign_in
from tests.core.cases.builders import a_file, submitted

COMMISSION = "discipline_commission"
ABOVE = {"subject_kind": "office_director", "identity": {"reporter_name": "公冶望舒", "reporter_contact": "面谈"}}


@pytest.fixture
async def commissioner(desk: App) -> Member:
    """An intake clerk of the discipline commission."""
    return await a_clerk(desk, COMMISSION)


async def only(client: httpx.AsyncClient) -> dict[str, object]:
    (packet,) = (await client.get("/api/v1/packets")).json()
    return dict(packet)


def once() -> dict[str, str]:
    return {"idempotency-key": uuid4().hex}


async def test_a_packet_goes_from_the_interface_into_a_folder_of_the_upper_level(
    intake: App, commissioner: Member, connect: Connect, upper_level: Escrow, tmp_path: Path
) -> None:
    item = await submitted(intake, files=(await a_file(intake),), **ABOVE)
    more = await a_file(intake, b"%PDF-1.7 more", "../more.pdf")
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "还有一张收据。", (more,))
    client = connect(commissioner)
    answer = await client.post(f"/api/v1/packets/{(await only(client))['id']}/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    (tmp_path / "packet.zip").write_bytes(answer.content)
    write_identity(tmp_path / "key.txt", upper_level)
    done = opened_by_command(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = (tmp_path / "out" / "report.txt").read_text()
    for said in ("送交上一级机关的反映", str(item.item_id), "三楼茶水间有人打扑克", "姓名  公冶望舒", "还有一张收据。"):
        assert said in report
    files = {path.name: path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()}
    assert {name.partition("-")[2]: content for name, content in files.items()} == {
        "notice.pdf": b"%PDF-1.7 notice",
        "more.pdf": b"%PDF-1.7 more",
    }
    again = opened_by_command(tmp_path)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert "holds something already" in again.stderr


def opened_by_command(folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["packet", "open", "packet.zip", "--identity", "key.txt", "--out", "out"]
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "jingshi", *words], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + bytes(18)])
async def test_what_is_no_packet_is_one_clear_line(tmp_path: Path, upper_level: Escrow, content: bytes) -> None:
    (tmp_path / "packet.zip").write_bytes(content)
    write_identity(tmp_path / "key.txt", upper_level)
    done = opened_by_command(tmp_path)
    assert (done.returncode, done.stderr) == (1, "jingshi: not a packet\n")
    assert not (tmp_path / "out").exists()


async def test_a_confirmed_packet_is_empty_and_a_repeat_does_nothing_more(
    intake: App, commissioner: Member, connect: Connect
) -> None:
    await submitted(intake, **ABOVE)
    client = connect(commissioner)
    path = f"/api/v1/packets/{(await only(client))['id']}"
    early = await client.post(f"{path}/confirmation", headers=once())
    assert (early.status_code, early.json()["type"]) == (409, "urn:jingshi:problem:packet_not_exported")
    assert (await client.post(f"{path}/confirmation")).status_code == 400
    await client.post(f"{path}/export")
    headers = once()
    for _ in range(2):
        assert (await client.post(f"{path}/confirmation", headers=headers)).status_code == 204
    assert (await only(client))["is_confirmed"] is True
    gone = await client.post(f"{path}/export")
    assert (gone.status_code, gone.json()["type"]) == (409, "urn:jingshi:problem:packet_erased")


async def test_a_packet_whose_file_is_missing_is_not_noted_as_handed_on(
    intake: App, commissioner: Member, connect: Connect
) -> None:
    stored = await a_file(intake)
    await submitted(intake, files=(stored,), **ABOVE)
    (path,) = intake.settings.attachments.glob(f"??/{stored.id}")
    path.unlink()
    client = connect(commissioner)
    packet = await only(client)
    answer = await client.post(f"/api/v1/packets/{packet['id']}/export")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:jingshi:problem:file_missing")
    assert await only(client) == packet


async def test_a_clerk_of_the_office_is_told_that_packets_are_not_theirs(clerk: Member, connect: Connect) -> None:
    for method, path in (("GET", "packets"), ("POST", f"packets/{uuid4()}/export")):
        answer = await connect(clerk).request(method, f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:jingshi:problem:not_of_the_commission")


async def test_only_the_commissions_clerks_have_the_page(
    desk: App, clerk: Member, commissioner: Member, browse: Connect
) -> None:
    supervisor = await sign_in(desk, await a_member(desk, "supervisor", COMMISSION))
    for member, shown in ((clerk, False), (supervisor, False), (commissioner, True)):
        page = await browse(member).get("/console")
        assert ('href="/console/packets"' in page.text) == shown
    assert "no packet to hand on" in (await browse(commissioner).get("/console/packets")).text
    assert (await browse(clerk).get("/console/packets")).status_code == 403


async def test_at_the_console_a_packet_is_taken_out_confirmed_and_gone(
    intake: App, commissioner: Member, browse: Connect
) -> None:
    await submitted(intake, **ABOVE)
    browser = browse(commissioner)
    page = await browser.get("/console/packets")
    assert "The director of the leading-group office" in page.text
    assert "2026-10-13" in page.text
    address = f"/console/packets/{_packet_of(page)}"
    taken = await browser.post(f"{address}/export", data=form_of(page, f"{address}/export"))
    assert (taken.headers["content-type"], taken.content[:2]) == ("application/zip", b"PK")
    form = form_of(await browser.get("/console/packets"), f"{address}/confirm")
    assert (await browser.post(f"{address}/confirm", data=form)).status_code == 422
    done = await browser.post(f"{address}/confirm", data={**form, "received": "yes"})
    assert done.status_code == 303
    after = (await browser.get("/console/packets")).text
    assert "Being erased" in after
    assert "/export" not in after


def _packet_of(page: httpx.Response) -> UUID:
    return UUID(page.text.partition("/console/packets/")[2].partition("/")[0])
