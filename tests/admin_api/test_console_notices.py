"""Notices at the console: written beside a case by its supervisor, read on record by those who were told."""

import re

import pytest

from admin_api.console.notices import ANSWERED, PROPOSED
from admin_api.texts import known, speak
from core import registry
from core.app import App
from core.cases.rules.escalation import Criterion
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, open_case
from tests.builders import OPERATOR, Member, a_member, an_appointment, sign_in
from tests.core.cases.offices import opened

FACTS = "某镇副主任被反映上班时间打扑克，尚未核实"


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


@pytest.fixture
async def reader(desk: App) -> Member:
    return await sign_in(desk, await a_member(desk, "district_committee_reader", "district_committee"))


async def test_a_notice_goes_from_the_case_to_its_reader_and_who_read_it_when_is_shown(
    intake: App, colleagues: Colleagues, reader: Member, browse: Connect
) -> None:
    case_id, supervisor = await opened(colleagues.offices, intake), colleagues.at("supervisor")
    page = await open_case(supervisor, case_id)
    (link,) = re.findall(rf'href="(/console/cases/{case_id}/notice\?opening=[^"]+)"', page.text)
    page, path = await supervisor.get(link), f"/console/cases/{case_id}/notice"
    assert "<title>Tell the district committee (unverified)" in page.text
    typed = {"facts": FACTS, "typed_number": "2026-1"}
    for changes, status in (({}, 409), ({"harm": "yes", "typed_number": "2026-9"}, 422)):
        refused = await fill(supervisor, page, path, **{**typed, **changes})
        assert (refused.status_code, f"\n{FACTS}</textarea>" in refused.text) == (status, True)
    named = {**typed, "harm": "yes", f"named-{reader.person_id}": "yes"}  # the only one on the list
    assert (await fill(supervisor, page, path, **named)).status_code == 303
    page = await supervisor.get(link)
    assert (await fill(supervisor, page, path, **typed, harm="yes")).status_code == 303
    listed = (await supervisor.get("/console/notices")).text
    assert ("report it to the level above" in listed, listed.count("not read yet")) == (True, 1)
    at = browse(reader)
    assert "Notices for you to read: 1." in (await at.get("/console")).text
    shown = await at.get("/console/notices")
    assert f'href="/console/cases/{case_id}"' not in shown.text
    assert FACTS not in shown.text
    (notice,) = re.findall(r'href="(/console/notices/[0-9a-f-]{36})"', shown.text)
    read = (await at.get(notice)).text
    assert "<title>Notice 2026-2 (unverified)" in read
    assert FACTS in read
    assert speak("en")("criterion.harm") in read
    assert "not read yet" not in (await supervisor.get("/console/notices")).text
    assert (await supervisor.get(notice)).status_code == 403


async def test_whom_a_case_is_about_is_shown_as_left_out_before_anything_is_sent(
    intake: App, colleagues: Colleagues, reader: Member
) -> None:
    offices = colleagues.offices
    case_id, supervisor = await opened(offices, intake), colleagues.at("supervisor")
    del reader
    page = await open_case(supervisor, case_id)
    (link,) = re.findall(rf'href="(/console/cases/{case_id}/notice\?opening=[^"]+)"', page.text)
    assert "Concerned, and not told" not in (await supervisor.get(link)).text
    async with offices.desk.work(OPERATOR, "cli") as work:
        person = (await registry.official(work, offices.official_id)).person
    await an_appointment(offices.desk, person.id, "district_committee_reader", "district_committee")
    assert re.search("Concerned, and not told:</p><ul><li>公冶望舒</li>", (await supervisor.get(link)).text)
    assert f"/console/cases/{case_id}/notice" not in (await open_case(colleagues.at("clerk"), case_id)).text


def test_every_criterion_and_proposal_has_its_words() -> None:
    asked = {f"criterion.{each}" for each in (*Criterion, *ANSWERED)} | {f"proposed.{each}" for each in PROPOSED}
    assert [one for one in asked if known(speak("zh_CN"), one) is None] == []
