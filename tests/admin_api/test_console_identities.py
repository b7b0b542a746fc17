"""Who reported, at the console: asked for with a reason, opened by two of three custodians, shown to who asked."""

import re

import httpx
import pytest

from core import access
from core.app import App
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, open_case
from tests.builders import OPERATOR, a_member, sign_in
from tests.core.cases.offices import opened

NAMED = {"reporter_name": "太叔知白", "reporter_contact": "000-1234"}
REASON = "需当面核对证据原件"


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


@pytest.fixture
async def custodians(desk: App, escrow: Escrow, browse: Connect) -> list[httpx.AsyncClient]:
    people = [await sign_in(desk, await a_member(desk, "identity_custodian")) for _ in range(3)]
    async with desk.work(OPERATOR, "cli") as work:
        await access.share_out(work, "identity", [one.person_id for one in people], escrow.identity)
    return [browse(one) for one in people]


async def test_a_name_is_shown_once_two_custodians_agreed_and_to_who_asked_alone(
    intake: App, colleagues: Colleagues, custodians: list[httpx.AsyncClient]
) -> None:
    case_id = await opened(colleagues.offices, intake, identity=NAMED)
    (item_id,) = (await colleagues.offices.read(colleagues.offices.supervisor, case_id)).items
    supervisor, path = colleagues.at("supervisor"), f"/console/cases/{case_id}/identities"
    (link,) = re.findall(rf'href="({path}\?opening=[^"]+)"', (await open_case(supervisor, case_id)).text)
    page = await supervisor.get(link)
    assert (await fill(supervisor, page, path, item_id=str(item_id), reason="想")).status_code == 422
    assert (await fill(supervisor, page, path, item_id=str(item_id), reason=REASON)).status_code == 303
    first, second, third = custodians
    wishes = "/console/identities"
    assert "reported that wait for you: 1." in (await first.get("/console")).text
    page = await first.get(wishes)
    assert (REASON in page.text, NAMED["reporter_name"] in page.text) == (True, False)
    (release,) = re.findall(rf'action="({wishes}/[^"]+/release)"', page.text)
    assert (await fill(first, page, release)).status_code == 422  # not ticked
    assert (await fill(first, page, release, outside="yes")).status_code == 303
    assert "Nothing waits for you now." in (await first.get(wishes)).text
    assert "waits for a second custodian" in (await supervisor.get(path)).text
    page, number = await second.get(wishes), item_id.hex[:8]
    opening = release.replace("/release", "/open")
    refused = await fill(second, page, opening, outside="yes", typed_number="0")
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    assert (await fill(second, page, opening, outside="yes", typed_number=number)).status_code == 303
    assert opening not in (await third.get(wishes)).text
    page = await supervisor.get(path)
    assert NAMED["reporter_name"] not in page.text
    (read,) = re.findall(rf'action="({path}/[^"]+)"', page.text)
    shown = await fill(supervisor, page, read)
    assert all(each in shown.text for each in NAMED.values())
    assert (await supervisor.get(path)).text.count(NAMED["reporter_name"]) == 0


async def test_without_a_part_or_a_name_there_is_nothing_to_ask_for(
    intake: App, colleagues: Colleagues, custodians: list[httpx.AsyncClient]
) -> None:
    case_id = await opened(colleagues.offices, intake)
    path = f"/console/cases/{case_id}/identities"
    assert "there is nothing to ask for" in (await colleagues.at("supervisor").get(path)).text
    assert (await colleagues.at("receiver").get(path)).status_code == 404
    assert (await custodians[0].get(path)).status_code == 403
    assert (await colleagues.at("supervisor").get("/console/identities")).status_code == 403
