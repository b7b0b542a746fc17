"""The card at the console: written beside the report, corrected, proposed, decided by another, made a case."""

import re
from uuid import UUID

import httpx
import pytest

from core.app import App
from core.cases import proceedings
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, give_reason
from tests.core.cases.builders import submitted
from tests.core.cases.offices import accepted, opened

SUBSTANCE = "上班时间在茶水间打扑克"


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


def a_card(subject: str, **changes: str) -> dict[str, str]:
    return {
        "find_name": "公冶",
        "subject": subject,
        "setting": "on_duty",
        "category": "on_duty:M3",
        "manifestation": "",
        "evidence": "own_observation",
        "detriment": "possible",
        "substance": SUBSTANCE,
        "conduct_on": "2026-03-02",
        **changes,
    }


async def opening_of(browser: httpx.AsyncClient, item_id: UUID) -> str:
    page = await give_reason(browser, item_id)
    return str(re.findall(r"opening=([0-9a-f-]{36})", page.text)[0])


async def test_a_card_is_written_beside_the_report_about_somebody_found_in_the_register(
    intake: App, colleagues: Colleagues
) -> None:
    item, browser = await submitted(intake), colleagues.at("clerk")
    opening = await opening_of(browser, item.item_id)
    path = f"/console/items/{item.item_id}/card"
    page = await browser.get(path, params={"opening": opening})
    assert "三楼茶水间有人打扑克" in page.text
    found = await fill(browser, page, path, **a_card("", find="1"))
    subject = re.findall(r'name="subject" value="(official:[^"]+)"', found.text)[0]
    assert subject == f"official:{colleagues.offices.official_id}"
    assert f">{SUBSTANCE}</textarea>" in found.text
    sent = await fill(browser, found, path, **a_card(subject))
    shown = await browser.get(sent.headers["location"])
    assert "The card was saved." in shown.text
    assert "公冶望舒" in shown.text
    assert SUBSTANCE in shown.text


async def test_a_card_that_does_not_fit_says_why_and_keeps_every_word(intake: App, colleagues: Colleagues) -> None:
    item, browser = await submitted(intake), colleagues.at("clerk")
    path = f"/console/items/{item.item_id}/card"
    page = await browser.get(path, params={"opening": await opening_of(browser, item.item_id)})
    subject = f"official:{colleagues.offices.official_id}"
    refused = await fill(browser, page, path, **a_card(subject, setting="off_duty"))
    assert (refused.status_code, "do not agree" in refused.text) == (422, True)
    assert f">{SUBSTANCE}</textarea>" in refused.text
    assert re.search(rf'value="{subject}" required checked', refused.text)


async def test_one_person_proposes_and_another_decides(intake: App, colleagues: Colleagues) -> None:
    item, clerk, supervisor = await submitted(intake), colleagues.at("clerk"), colleagues.at("supervisor")
    path = f"/console/items/{item.item_id}"
    page = await clerk.get(f"{path}/card", params={"opening": await opening_of(clerk, item.item_id)})
    sent = await fill(clerk, page, f"{path}/card", **a_card(f"official:{colleagues.offices.official_id}"))
    page = await clerk.get(sent.headers["location"])
    corrected = await fill(clerk, page, f"{path}/card/corrections", text="地点应为四楼")
    page = await clerk.get(corrected.headers["location"])
    assert "地点应为四楼" in page.text
    unfit = await fill(clerk, page, f"{path}/triage", outcome="transferred", reason="归别的机关管", receiver=" ")
    assert (unfit.status_code, ">归别的机关管</textarea>" in unfit.text) == (422, True)
    proposed = await fill(clerk, page, f"{path}/triage", outcome="accepted", reason="有可查的事实")
    page = await clerk.get(proposed.headers["location"])
    assert f"{path}/triage/decision" not in page.text
    page = await give_reason(supervisor, item.item_id)
    assert "有可查的事实" in page.text
    bare = await fill(supervisor, page, f"{path}/triage/decision", decision="return", reason=" ")
    assert (bare.status_code, "was not written" in bare.text) == (422, True)
    returned = await fill(supervisor, page, f"{path}/triage/decision", decision="return", reason="请写明时间、地点")
    assert "Returned" in (await supervisor.get(returned.headers["location"])).text
    page = await give_reason(clerk, item.item_id)
    assert "请写明时间、地点" in page.text
    await fill(clerk, page, f"{path}/triage", outcome="accepted", reason="补充了时间")
    page = await give_reason(supervisor, item.item_id)
    approved = await fill(supervisor, page, f"{path}/triage/decision", decision="approve")
    assert "Approved." in (await supervisor.get(approved.headers["location"])).text


async def test_a_proposal_can_be_taken_back_before_it_is_decided(intake: App, colleagues: Colleagues) -> None:
    item, clerk = await submitted(intake), colleagues.at("clerk")
    path = f"/console/items/{item.item_id}"
    page = await clerk.get(f"{path}/card", params={"opening": await opening_of(clerk, item.item_id)})
    await fill(clerk, page, f"{path}/card", **a_card(f"official:{colleagues.offices.official_id}"))
    page = await give_reason(clerk, item.item_id)
    await fill(clerk, page, f"{path}/triage", outcome="insufficient", reason="没有时间地点")
    page = await give_reason(clerk, item.item_id)
    back = await fill(clerk, page, f"{path}/triage/take-back")
    page = await clerk.get(back.headers["location"])
    assert "The proposal was taken back." in page.text
    assert 'action="' + path + "/triage?" in page.text


async def test_an_accepted_item_becomes_a_case_that_is_read_at_once(intake: App, colleagues: Colleagues) -> None:
    item_id, clerk = await accepted(colleagues.offices, intake), colleagues.at("clerk")
    page = await give_reason(clerk, item_id)
    sent = await fill(clerk, page, f"/console/items/{item_id}/case")
    assert re.fullmatch(r"/console/cases/[0-9a-f-]{36}\?opening=[0-9a-f-]{36}", sent.headers["location"])
    case = await colleagues.offices.do(colleagues.offices.clerk, lambda work: proceedings.case_of_item(work, item_id))
    assert case is not None
    assert case.state == "opened"


async def test_an_item_about_the_same_subject_is_compared_and_merged_as_one_origin(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await opened(colleagues.offices, intake)
    item_id, clerk = await accepted(colleagues.offices, intake, substance="三月二日又见一次"), colleagues.at("clerk")
    page = await give_reason(clerk, item_id)
    sent = await fill(clerk, page, f"/console/items/{item_id}/case/{case_id}/compare")
    page = await clerk.get(sent.headers["location"])
    assert "三月二日又见一次" in page.text
    assert SUBSTANCE in page.text
    origin = re.findall(r'name="origin" value="([0-9a-f-]{36})"', page.text)[0]
    path = f"/console/items/{item_id}/case/{case_id}"
    unfit = await fill(clerk, page, path, origin=origin, reason=" ")
    assert unfit.status_code == 422
    merged = await fill(clerk, page, path, origin=origin, reason="同一份材料送到两处")
    assert merged.status_code == 303
    assert (await colleagues.offices.summary(case_id)).origins == 1


async def test_the_form_offers_categories_and_manifestations_in_words(intake: App, colleagues: Colleagues) -> None:
    item, browser = await submitted(intake), colleagues.at("clerk")
    opening = await opening_of(browser, item.item_id)
    page = await browser.get(f"/console/items/{item.item_id}/card", params={"opening": opening})
    options = re.findall(r'<option value="[^"]+"[^>]*>([^<]+)</option>', page.text)
    assert len(options) > 20
    assert [text for text in options if "." in text] == []
