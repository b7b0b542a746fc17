"""Documents taken out by the interface and at the console, up to the folder of the receiving body."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from core import documents
from core.app import App
from core.cases import proceedings
from core.documents import MEDIA_TYPE
from core.sealing import Escrow
from jingshi.identities import write_identity
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, open_case
from tests.core.cases.offices import a_colleague, analysed, heard, opened, verifying
from tests.core.documents.papers import text_of
from tests.core.warnings.offices import OFFICE, Deciders, confirmed

REASON = {"reason": "按管理权限移交上一级机关"}


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def test_a_letter_is_taken_out_under_the_reason_that_was_given(
    intake: App, callers: Callers, browse: Connect
) -> None:
    offices = callers.offices
    case_id = await verifying(offices, intake)
    path = f"/cases/{case_id}/documents/inquiry"
    opening = (await callers.done(offices.org, f"/cases/{case_id}/openings", REASON))["id"]
    assert code(await callers.get(offices.org, f"{path}?opening={opening}")) == (404, "inquiry_not_issued")
    draft = await callers.done(offices.org, f"/cases/{case_id}/inquiries", {"substance": "三月二日上午的经过"})
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, UUID(draft["id"])))
    assert code(await callers.get(offices.org, f"{path}?opening={uuid4()}")) == (403, "reason_needed")
    answer = await callers.get(offices.org, f"{path}?opening={opening}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert "filename*=UTF-8''%E4%BA%91%E7%BB%84%E5%87%BD" in answer.headers["content-disposition"]
    assert text_of(answer.content)[4] == "三月二日上午的经过"
    browser = browse(callers.members[offices.org.person_id])
    shown = await browser.get(f"/console/cases/{case_id}?opening={opening}")
    (link,) = map(unescape, re.findall(r'href="(/console/cases/[^"]+/inquiry.docx[^"]+)"', shown.text))
    assert (await browser.get(link)).content == answer.content
    taken = (await callers.get(offices.supervisor, f"/cases/{case_id}/documents")).json()
    assert [(one["kind"], one["person_id"], one["sha256"]) for one in taken] == [
        ("inquiry", str(offices.org.person_id), "")
    ] * 2


async def test_the_document_of_a_measure_is_taken_out_once_it_has_its_number(
    desk: App, intake: App, callers: Callers
) -> None:
    offices = callers.offices
    issuer = await a_colleague(desk, "issuer", OFFICE)
    deciders = Deciders(offices, issuer=issuer, reviewer=issuer, appeal=issuer, panel=())
    case_id = await confirmed(deciders, intake, "admonition")
    measure_id = await deciders.draft(case_id, "admonition")
    opening = (await callers.done(offices.org, f"/cases/{case_id}/openings", REASON))["id"]
    path = f"/measures/{measure_id}/document?opening={opening}"
    assert code(await callers.get(offices.org, path)) == (404, "document_not_issued")
    await deciders.approve(measure_id)
    answer = await callers.get(offices.org, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    name = quote("云组诫〔2026〕1号")
    assert f"filename*=UTF-8''{name}.docx" in answer.headers["content-disposition"]
    assert "诫勉书" in text_of(answer.content)
    assert code(await callers.get(offices.org, f"{path}&paper=lifted")) == (404, "document_not_issued")
    assert code(await callers.get(offices.org, f"{path}&paper=other")) == (422, "unknown_choice")
    assert code(await callers.get(offices.disc, path)) == (403, "reason_needed")


async def test_minutes_are_taken_out_under_a_reason_for_the_meeting(
    intake: App, callers: Callers, browse: Connect
) -> None:
    offices = callers.offices
    case_id = await analysed(offices, intake)
    await heard(offices, case_id, "department_meeting")
    member = offices.department[0]
    (meeting,) = (await callers.get(member, "/meetings")).json()["meetings"]
    made = await callers.done(member, f"/meetings/{meeting['id']}/openings", REASON)
    answer = await callers.get(member, made["minutes"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert text_of(answer.content)[1] == "云组纪〔2026〕1号"
    browser = browse(callers.members[member.person_id])
    shown = await browser.get(f"/console/meetings/{meeting['id']}?opening={made['id']}")
    link = f"/console/meetings/{meeting['id']}/minutes.docx?opening={made['id']}"
    assert f'href="{link}"' in shown.text
    assert (await browser.get(link)).content == answer.content


async def test_a_case_goes_from_the_interface_into_a_folder_of_the_receiving_body(
    intake: App, callers: Callers, upper_level: Escrow, tmp_path: Path
) -> None:
    offices = callers.offices
    case_id = await opened(offices, intake)
    given, key = {**REASON, "recipient": upper_level.recipient}, uuid4().hex
    answers = [await callers.post(offices.supervisor, f"/cases/{case_id}/archive", given, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    (tmp_path / "case.zip.age").write_bytes(answers[1].content)
    write_identity(tmp_path / "key.txt", upper_level)
    done = opened_by_command(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026年第1号案件" in (tmp_path / "out" / documents.READABLE).read_text()
    again = opened_by_command(tmp_path)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    other = {**given, "reason": "另一个理由，移交另一个机关"}
    reused = await callers.post(offices.supervisor, f"/cases/{case_id}/archive", other, key=key)
    assert code(reused) == (409, "idempotency_key_reused")
    wrong = await callers.post(offices.supervisor, f"/cases/{case_id}/archive", {**given, "recipient": "age1"})
    assert code(wrong) == (422, "recipient_malformed")
    assert code(await callers.post(offices.org, f"/cases/{case_id}/archive", given)) == (403, "not_permitted")


async def test_a_case_is_handed_on_at_the_console_and_what_left_it_stands_there(
    intake: App, callers: Callers, browse: Connect, upper_level: Escrow
) -> None:
    offices = callers.offices
    case_id = await opened(offices, intake)
    browser = browse(callers.members[offices.supervisor.person_id])
    page = await open_case(browser, case_id)
    path = f"/console/cases/{case_id}/archive"
    (link,) = re.findall(rf'href="({path}\?opening=[^"]+)"', page.text)
    page = await browser.get(link)
    assert "Nothing was taken out of this case yet." in page.text
    given = {"body": "other", "recipient": "age1wrong", "typed_number": "2026-1", **REASON}
    refused = await fill(browser, page, path, **given)
    assert (refused.status_code, f"\n{REASON['reason']}</textarea>" in refused.text) == (422, True)
    assert (await fill(browser, page, path, **{**given, "typed_number": "1"})).status_code == 422
    digests = []
    for body in ({"recipient": f" {upper_level.recipient} "}, {"body": "upper_level", "recipient": ""}):
        sent = await fill(browser, page, path, **{**given, **body})
        assert (sent.status_code, sent.headers["content-disposition"]) == (
            200,
            'attachment; filename="case-2026-1.zip.age"',
        )
        assert documents.open_archive(sent.content, upper_level.identity)
        digests.append(sent.headers["x-manifest-sha256"])
        assert digests[-1] in (await browser.get(link)).text
    taken = (await callers.get(offices.supervisor, f"/cases/{case_id}/documents")).json()
    assert [(one["kind"], one["person_id"]) for one in taken] == [("archive", str(offices.supervisor.person_id))] * 2
    assert {one["sha256"] for one in taken} == set(digests)
    assert code(await callers.get(offices.receiver, f"/cases/{case_id}/documents")) == (404, "case_not_found")


def opened_by_command(folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["case", "open", "case.zip.age", "--identity", "key.txt", "--out", "out"]
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "jingshi", *words], cwd=folder, capture_output=True, text=True, check=False
    )
