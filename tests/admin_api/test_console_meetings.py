"""Meetings at the console: called with the cases that wait, read before, recorded once, printed as minutes."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from admin_api.texts import known, speak
from core.app import App
from core.cases import proceedings
from core.cases.rules.forms import Form, Recommendation
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, open_case
from tests.core.cases.offices import analysed, called

REASONS = "事实清楚，同意谈话提醒"


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


async def call(colleagues: Colleagues, case_id: UUID, kind: str) -> str:
    """Let the supervisor call a meeting about a case; return its address."""
    browser = colleagues.at("supervisor")
    page = await browser.get("/console/meetings")
    start = page.text.index(f'name="kind" value="{kind}"')
    assert f'name="case-{case_id}"' in page.text[start : page.text.index("</form>", start)]
    csrf = re.findall(r'name="csrf" value="(\w+)"', page.text)[0]
    today = colleagues.offices.desk.clock.today().isoformat()
    form = {"csrf": csrf, "kind": kind, f"case-{case_id}": "yes", "held_on": today}
    sent = await browser.post("/console/meetings", data=form)
    assert sent.status_code == 303, sent.text
    page = await browser.get("/console/meetings")
    called = [row for row in re.findall(r"<tr>.*?</tr>", page.text) if "<td>Called</td>" in row]
    assert len(called) == 1
    return str(re.findall(r'href="([^"]+)"', called[0])[0])


async def opened(browser: httpx.AsyncClient, address: str) -> httpx.Response:
    sent = await fill(browser, await browser.get(address), f"{address}/open")
    return await browser.get(sent.headers["location"])


def record(member: UUID, **changes: str) -> dict[str, str]:
    votes = {"for-0": "1", "against-0": "0", "abstained-0": "0"}
    decided = {"outcome-0": "talk:talk_reminder", "reasons-0": REASONS, "true_record": "yes"}
    return {f"present-{member}": "yes", **votes, **decided, **changes}


async def test_a_case_goes_through_both_meetings_to_its_confirmation(intake: App, colleagues: Colleagues) -> None:
    case_id = await analysed(colleagues.offices, intake)
    for kind, name in (("department_meeting", "department"), ("leading_group_meeting", "group")):
        address, browser = await call(colleagues, case_id, kind), colleagues.at(name)
        assert "公冶望舒" not in (await browser.get(address)).text
        page = await opened(browser, address)
        assert "公冶望舒" in page.text
        sent = await fill(browser, page, f"{address}/record", **record(colleagues.members[name].person_id))
        assert sent.status_code == 303, sent.text
        minutes = await opened(browser, address)
        assert "Present 1: for 1, against 0, abstained 0" in minutes.text
        assert REASONS in minutes.text
    page = await open_case(colleagues.at("group"), case_id)
    sent = await fill(
        colleagues.at("group"), page, f"/console/cases/{case_id}/confirm", text="同意", typed_number="2026-1"
    )
    assert sent.status_code == 303, sent.text
    page = await colleagues.at("group").get(sent.headers["location"])
    assert "<title>Case 2026-1 ·" in page.text
    assert (await colleagues.offices.summary(case_id)).state == "confirmed"


async def test_only_forms_that_the_rules_allow_are_offered_and_an_unfit_record_keeps_its_words(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await analysed(colleagues.offices, intake)
    address, browser = await call(colleagues, case_id, "department_meeting"), colleagues.at("department")
    page = await opened(browser, address)
    offered = re.findall(r'name="outcome-0" value="([^"]+)"', page.text)
    assert "talk:talk_reminder" in offered
    assert not {"admonition:admonition", "suspension:suspension"} & set(offered)
    person = colleagues.members["department"].person_id
    for changes, said in (
        ({"for-0": "2"}, "must add up to the 1"),
        ({"for-0": "0", "against-0": "1"}, "was not carried"),
        ({"outcome-0": "admonition:admonition"}, "not allowed in this case"),
        ({f"recused-0-{person}": "yes"}, "Only 0 were there"),
    ):
        refused = await fill(browser, page, f"{address}/record", **record(person, **changes))
        assert (refused.status_code, said in refused.text) == (refused.status_code, True), refused.text
        assert f"\n{REASONS}</textarea>" in refused.text
    assert (await colleagues.offices.summary(case_id)).state == "analysed"


async def test_who_calls_a_meeting_reads_it_and_does_not_record_it(intake: App, colleagues: Colleagues) -> None:
    case_id = await analysed(colleagues.offices, intake)
    page = await opened(colleagues.at("supervisor"), await call(colleagues, case_id, "department_meeting"))
    assert "公冶望舒" in page.text
    assert 'name="true_record"' not in page.text


async def test_who_calls_a_meeting_moves_it_and_calls_it_off(intake: App, colleagues: Colleagues) -> None:
    case_id = await analysed(colleagues.offices, intake)
    address, browser = await call(colleagues, case_id, "department_meeting"), colleagues.at("supervisor")
    assert (await browser.get("/console/meetings")).text.count("No case waits for it.") == 2
    page = await browser.get(address)
    refused = await fill(browser, page, f"{address}/move", held_on="2020-01-01")
    assert refused.status_code == 422
    assert 'value="2020-01-01"' in refused.text
    later = (colleagues.offices.desk.clock.today() + timedelta(days=5)).isoformat()
    assert (await fill(browser, page, f"{address}/move", held_on=later)).status_code == 303
    assert later in (await colleagues.at("department").get("/console")).text
    refused = await fill(browser, page, f"{address}/call-off", reason="因故")
    assert refused.status_code == 422
    assert 'value="因故"' in refused.text
    assert (await fill(browser, page, f"{address}/call-off", reason="参会人员出差，另行安排")).status_code == 303
    page = await browser.get(address)
    assert "This meeting was called off" in page.text
    assert f'action="{address}/move' not in page.text
    assert address not in (await colleagues.at("department").get("/console")).text
    assert f'name="case-{case_id}"' in (await browser.get("/console/meetings")).text


async def test_what_was_opened_stays_open_when_a_meeting_cannot_be_moved(intake: App, colleagues: Colleagues) -> None:
    first, second = await analysed(colleagues.offices, intake), await analysed(colleagues.offices, intake)
    meeting_id = await called(colleagues.offices, first, "department_meeting", second)
    address, browser = f"/console/meetings/{meeting_id}", colleagues.at("supervisor")
    refused = await fill(browser, await opened(browser, address), f"{address}/move", held_on="2020-01-01")
    assert (refused.status_code, refused.text.count('class="box matter"')) == (422, 2)


async def test_a_member_whose_page_is_open_is_told_that_the_meeting_was_called_off(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await analysed(colleagues.offices, intake)
    address, browser = await call(colleagues, case_id, "department_meeting"), colleagues.at("department")
    page, caller = await opened(browser, address), colleagues.at("supervisor")
    await fill(caller, await caller.get(address), f"{address}/call-off", reason="参会人员出差，另行安排")
    late = await fill(browser, page, f"{address}/record", **record(colleagues.members["department"].person_id))
    assert (late.status_code, "This meeting was called off" in late.text) == (409, True)
    assert (await browser.get(str(page.url))).status_code == 200


async def test_a_meeting_whose_last_case_was_referred_says_so_and_can_be_called_off(
    intake: App, colleagues: Colleagues
) -> None:
    offices = colleagues.offices
    case_id = await analysed(offices, intake)
    address = await call(colleagues, case_id, "department_meeting")
    made = await offices.do(offices.supervisor, lambda work: proceedings.refer(work, case_id, reason="新的事实"))
    await offices.do(offices.receiver, lambda work: proceedings.accept_referral(work, case_id, made.id))
    assert "nothing is left" in (await colleagues.at("department").get(address)).text
    browser = colleagues.at("supervisor")
    sent = await fill(browser, await browser.get(address), f"{address}/call-off", reason="议题已经移交，不再召开")
    assert sent.status_code == 303


async def test_only_who_calls_meetings_is_shown_how_to_move_one(intake: App, colleagues: Colleagues) -> None:
    address = await call(colleagues, await analysed(colleagues.offices, intake), "department_meeting")
    page = await colleagues.at("department").get(address)
    assert "/move" not in page.text
    assert "/call-off" not in page.text


async def test_a_case_that_is_put_off_stands_so_in_the_minutes_and_waits_again(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await analysed(colleagues.offices, intake)
    address, browser = await call(colleagues, case_id, "department_meeting"), colleagues.at("department")
    page, person = await opened(browser, address), colleagues.members["department"].person_id
    off = {"outcome-0": "deferred:", "reasons-0": "材料不全，补齐后再议"}
    refused = await fill(browser, page, f"{address}/record", **record(person, **off))
    assert "What is put off is not voted on" in refused.text
    sent = await fill(browser, page, f"{address}/record", **record(person, **off, **{"for-0": "0"}))
    assert sent.status_code == 303, sent.text
    minutes = await opened(browser, address)
    assert "Put off by a meeting" in minutes.text
    assert "材料不全，补齐后再议" in minutes.text
    assert (await colleagues.offices.summary(case_id)).state == "analysed"
    assert f'name="case-{case_id}"' in (await colleagues.at("supervisor").get("/console/meetings")).text


async def test_without_a_case_no_meeting_is_called(colleagues: Colleagues) -> None:
    browser = colleagues.at("supervisor")
    page = await browser.get("/console/meetings")
    assert page.text.count("No case waits for it.") == 2
    csrf = re.findall(r'name="csrf" value="(\w+)"', page.text)[0]
    refused = await browser.post(
        "/console/meetings", data={"csrf": csrf, "kind": "department_meeting", "held_on": "2026-07-01"}
    )
    assert refused.status_code == 422


def test_every_recommendation_and_form_has_its_words() -> None:
    asked = {f"recommendation.{each}" for each in Recommendation} | {f"form.{each}" for each in Form}
    assert [one for one in asked if known(speak("zh_CN"), one) is None] == []
