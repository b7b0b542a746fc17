"""Files of the evidence at the console: sealed as they arrive, listed with their digest, taken out under a reason."""

import re
from hashlib import sha256
from html import unescape
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from admin_api.console.evidence import MOST
from core.app import App
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import open_case
from tests.core.cases.offices import verifying

Sent = tuple[str, bytes, str]
AUTHOR = "somebody whom the camera knows"
PDF: Sent = ("值班表.pdf", b"%PDF-1.7 duty roster", "application/pdf")


def picture() -> bytes:
    """A picture larger than a form may be, which says more than it shows."""
    made, told = BytesIO(), PngInfo()
    told.add_text("Author", AUTHOR)
    Image.effect_noise((1200, 1200), 90).convert("RGB").save(made, "PNG", pnginfo=told)
    return made.getvalue()


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


async def _send(
    browser: httpx.AsyncClient, case_id: UUID, *files: Sent, speaks: str = "for", **fields: str
) -> httpx.Response:
    page = await open_case(browser, case_id)
    found = re.search(rf'action="(/console/cases/{case_id}/files\?[^"]+)"', page.text)
    assert found is not None
    hidden = re.search(rf'<form[^>]+action="{re.escape(found[1])}".*?name="csrf" value="(\w+)"', page.text, re.DOTALL)
    assert hidden is not None
    data = {"csrf": hidden[1], "speaks": speaks, **fields}
    return await browser.post(unescape(found[1]), data=data, files=[("files", one) for one in files])


async def test_files_of_any_size_are_sealed_listed_and_come_back_whole_or_as_a_clean_copy(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await verifying(colleagues.offices, intake)
    image = picture()
    assert len(image) > 2 * 2**20  # more than a form may have
    sent = await _send(colleagues.at("org"), case_id, PDF, ("现场.png", image, "image/png"))
    assert sent.status_code == 303, sent.text
    page = await open_case(colleagues.at("disc"), case_id)
    assert all(sha256(content).hexdigest() in page.text for content in (PDF[1], image))
    assert page.text.count("speaks for the person") >= 2
    links = {unescape(one) for one in re.findall(rf'href="(/console/cases/{case_id}/files/[^"]+)"', page.text)}
    whole = [await colleagues.at("disc").get(link) for link in links if "/clean" not in link]
    assert {one.content for one in whole} == {PDF[1], image}
    assert {one.headers["x-content-sha256"] for one in whole} == {sha256(one.content).hexdigest() for one in whole}
    for link in (one for one in links if "/clean" in one):
        copies = [await colleagues.at("disc").get(link) for _ in range(2)]
        if copies[0].status_code == 200:  # the roster is no document that can be drawn
            assert copies[0].headers["content-type"] == "image/png"
            assert copies[0].content == copies[1].content
            assert AUTHOR.encode() not in copies[0].content
    assert {
        (await colleagues.at("disc").get(f"{link.partition('?')[0]}?opening={uuid4()}")).status_code for link in links
    } == {403}
    folder = colleagues.offices.desk.settings.attachments
    stored = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(stored) == 3
    assert not [content for content in stored if PDF[1] in content or image[:64] in content]


async def test_what_cannot_be_taken_is_told_by_name_and_does_not_stop_the_rest(
    intake: App, colleagues: Colleagues
) -> None:
    case_id, browser = await verifying(colleagues.offices, intake), colleagues.at("org")
    told = await _send(browser, case_id, ("a.exe", b"MZ", ""), ("b.pdf", b"GIF89a", ""), ("c.txt", b"", ""), PDF)
    assert told.status_code == 422
    for said in ("a.exe – Files of this kind", "b.pdf – What is in the file", "c.txt – The file is empty"):
        assert said in told.text
    assert sha256(PDF[1]).hexdigest() in told.text
    assert "值班表.pdf – " in (await _send(browser, case_id, PDF)).text  # the same one again
    many = await _send(browser, case_id, *[(f"{n}.txt", f"{n}".encode(), "") for n in range(MOST + 1)])
    assert f"{MOST}.txt – At most {MOST} files" in many.text
    assert "Choose a file first." in (await _send(browser, case_id, ("", b"", ""))).text


async def test_files_are_taken_from_a_form_of_ours_and_from_officers_of_the_case_alone(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await verifying(colleagues.offices, intake)
    assert (await _send(colleagues.at("org"), case_id, PDF, csrf="0" * 32)).status_code == 403
    path = f"/console/cases/{case_id}/files"
    assert (await colleagues.at("supervisor").post(path, files=[("files", PDF)])).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert (await colleagues.at("org").post(path, files=[("files", PDF)], headers=elsewhere)).status_code == 403
    page = await open_case(colleagues.at("supervisor"), case_id)
    assert f'action="{path}' not in page.text
