"""Cases at the console: the queue, what comes next, the forms that part and state allow, and nothing typed lost."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from admin_api.console.case_forms import FORMS
from admin_api.console.case_standing import NEXT_NAMES
from admin_api.console.case_words import shown
from admin_api.texts import known, speak
from core.app import App
from core.cases import proceedings
from core.cases.rules.lifecycle import CASE_STATES
from core.deadlines import KINDS
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, give_reason, open_case
from tests.builders import a_member, sign_in
from tests.conftest import FixedClock
from tests.core.cases.offices import FEEDBACK, accepted, analysed, opened, verified, verifying


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


def forms_on(page: httpx.Response, case_id: UUID) -> set[str]:
    """The forms that the page of a case offers, by name."""
    return set(re.findall(rf'action="/console/cases/{case_id}/(\w+)\?', page.text))


async def step(browser: httpx.AsyncClient, case_id: UUID, name: str, **fields: str) -> httpx.Response:
    """Open a case and fill in one of its forms; the page after it comes back."""
    page = await open_case(browser, case_id)
    sent = await fill(browser, page, f"/console/cases/{case_id}/{name}", **fields)
    assert sent.status_code == 303, sent.text
    return await browser.get(sent.headers["location"])


async def test_the_queue_shows_numbers_and_days_and_nothing_of_whom_it_is_about(
    intake: App, colleagues: Colleagues
) -> None:
    await opened(colleagues.offices, intake)
    page = await colleagues.at("clerk").get("/console/cases")
    assert "2026-1" in page.text
    assert "公冶望舒" not in page.text
    assert "There are no cases here" in (await colleagues.at("clerk").get("/console/cases?state=confirmed")).text
    assert "There are no cases here" in (await colleagues.at("org").get("/console/cases")).text


async def test_the_thread_shows_only_after_a_reason_and_to_those_with_a_part(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await opened(colleagues.offices, intake)
    browser = colleagues.at("supervisor")
    sealed = await browser.get(f"/console/cases/{case_id}")
    assert "<title>Case 2026-1 (unverified)" in sealed.text
    assert "上班时间在茶水间打扑克" not in sealed.text
    assert "上班时间在茶水间打扑克" in (await open_case(browser, case_id)).text
    assert (await colleagues.at("org").get(f"/console/cases/{case_id}")).status_code == 404


async def test_from_nomination_to_a_signed_finding_each_finds_the_forms_of_their_part(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await opened(colleagues.offices, intake)
    supervisor, org, disc = (colleagues.at(name) for name in ("supervisor", "org", "disc"))
    assert forms_on(await open_case(colleagues.at("clerk"), case_id), case_id) == set()
    people = {name: str(colleagues.members[name.removeprefix("officer_")].person_id) for name in OFFICERS}
    page = await step(supervisor, case_id, "nominate", **people)
    assert "the declaration of the commission&#39;s officer" in page.text
    for officer in (org, disc):
        assert forms_on(await open_case(officer, case_id), case_id) == {"declare"}
        await step(officer, case_id, "declare", relation="none")
    assert "Verification has begun" in (await step(supervisor, case_id, "assign")).text
    await step(org, case_id, "evidence", text="值班登记表复印件", source="document", speaks="against")
    await step(org, case_id, "inquiry", substance="三月二日上午离岗一小时，请说明")
    assert "sign_inquiry" not in forms_on(await open_case(org, case_id), case_id)
    page = await open_case(disc, case_id)
    path = f"/console/cases/{case_id}/sign_inquiry"
    assert (await fill(disc, page, path)).status_code == 422  # not ticked: nothing in it points to a reporter
    await step(disc, case_id, "sign_inquiry", no_trace="yes")
    await step(org, case_id, "reply", text="系午休延长", received_on="2026-03-20")
    finding = {
        "finding": "substantiated",
        "facts": "打扑克约一小时",
        "explanation": "承认",
        "exculpatory": "无人受影响",
    }
    await step(org, case_id, "finding", **finding)
    page = await step(disc, case_id, "sign_finding", read="yes")
    assert "Verified" in page.text
    assert "classify" in forms_on(page, case_id)


OFFICERS = ("officer_org", "officer_disc")


async def test_whoever_must_step_aside_cannot_open_the_case_any_more(intake: App, colleagues: Colleagues) -> None:
    case_id = await opened(colleagues.offices, intake)
    people = {name: str(colleagues.members[name.removeprefix("officer_")].person_id) for name in OFFICERS}
    await step(colleagues.at("supervisor"), case_id, "nominate", **people)
    page = await step(colleagues.at("org"), case_id, "declare", relation="spouse")
    assert "Declared." in page.text
    assert (await colleagues.at("org").get(f"/console/cases/{case_id}")).status_code == 404


async def test_what_a_colleague_did_meanwhile_is_told_and_nothing_typed_is_lost(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await verifying(colleagues.offices, intake)
    org, path = colleagues.at("org"), f"/console/cases/{case_id}/evidence"
    page = await open_case(org, case_id)
    await step(colleagues.at("disc"), case_id, "note", text="已调取监控")
    late = {"text": "两名群众的谈话笔录", "source": "first_hand", "speaks": "for"}
    told = await fill(org, page, path, **late)
    assert told.status_code == 412
    assert re.search(r"changed while you were writing.*<li><b>澹台听雨</b> Note", told.text, re.DOTALL)
    assert "\n两名群众的谈话笔录</textarea>" in told.text
    told.status_code = 200  # what comes back can be sent again
    assert (await fill(org, told, path, **late)).status_code == 303


async def test_a_step_that_cannot_be_taken_back_asks_for_the_number_of_the_case(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await verified(colleagues.offices, intake, "unfounded")
    browser, path = colleagues.at("org"), f"/console/cases/{case_id}/close_unproven"
    page = await open_case(browser, case_id)
    refused = await fill(browser, page, path, reason="查无此事", typed_number="2026-9")
    assert (refused.status_code, "\n查无此事</textarea>" in refused.text) == (422, True)
    assert (await fill(browser, page, path, reason="查无此事", typed_number="2026-1")).status_code == 303
    assert (await colleagues.offices.summary(case_id)).state == "closed_unfounded"


async def test_a_case_that_was_put_away_opens_to_nobody(intake: App, colleagues: Colleagues) -> None:
    case_id, clerk = await verified(colleagues.offices, intake, "unfounded"), colleagues.at("clerk")
    await step(colleagues.at("org"), case_id, "close_unproven", reason="查无此事", typed_number="2026-1")
    await step(clerk, case_id, "feedback", text=FEEDBACK)
    page = await step(clerk, case_id, "put_away", reason="期满归档", typed_number="2026-1")
    assert "nobody can open it" in page.text
    assert "查无此事" not in page.text
    assert forms_on(page, case_id) == set()
    assert f"/console/cases/{case_id}/propose_destruction" in page.text


async def test_supervisor_writes_the_analysis_and_what_is_due_stands_on_top(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await analysed(colleagues.offices, intake)
    page = await open_case(colleagues.at("supervisor"), case_id)
    assert "To be brought before the department meeting." in page.text
    assert "建议谈话提醒" in page.text
    assert "reminder talk" in page.text


async def test_the_item_of_a_case_leads_to_it(intake: App, colleagues: Colleagues) -> None:
    item_id = await accepted(colleagues.offices, intake)
    case = await colleagues.offices.do(colleagues.offices.clerk, lambda work: proceedings.open_case(work, item_id))
    page = await give_reason(colleagues.at("clerk"), item_id)
    assert f'href="/console/cases/{case.id}"' in page.text


def test_every_form_and_step_has_its_words() -> None:
    asked = {f"step.{kind}" for kind in proceedings.STEPS} | {f"state.{state}" for state in CASE_STATES}
    asked |= {f"case.field.{name}" for kind in proceedings.STEPS.values() for name in shown(kind)}
    asked |= {f"part.{part}" for part in proceedings.Part} | {f"deadline.{kind}" for kind in KINDS}
    asked |= {f"case.next.{name}" for name in NEXT_NAMES}
    for name, form in FORMS.items():
        asked |= {f"case.form.{name}", f"case.do.{name}", f"said.case.{name}"}
        for field in form.fields:
            asked.add(f"case.field.{field.name}")
            if field.group and field.group != "manifestation":
                asked |= {f"{field.group}.{option}" for option in field.options}
    assert sorted(one for one in asked if known(speak("zh_CN"), one) is None) == []


async def test_the_archivist_signs_the_destruction_of_what_nobody_can_read(
    intake: App, colleagues: Colleagues, clock: FixedClock
) -> None:
    offices = colleagues.offices
    case_id = await verified(offices, intake, "unfounded")
    await offices.do(
        offices.org, lambda work: proceedings.close_unproven(work, case_id, reason="查无此事", clarification=False)
    )
    await offices.do(offices.clerk, lambda work: proceedings.give_feedback(work, case_id, FEEDBACK))
    await offices.do(offices.clerk, lambda work: proceedings.put_away(work, case_id, reason="期满归档"))
    archivist = colleagues.browse(await sign_in(offices.desk, await a_member(offices.desk, "archivist")))
    path = f"/console/cases/{case_id}"
    assert f"{path}/sign_destruction" not in (await archivist.get(path)).text
    clock.move(timedelta(days=3 * 365))
    await offices.do(offices.clerk, lambda work: proceedings.propose_destruction(work, case_id, reason="保存期满"))
    member = await a_member(offices.desk, "archivist")
    archivist = colleagues.browse(await sign_in(offices.desk, member))
    sent = await fill(archivist, await archivist.get(path), f"{path}/sign_destruction", typed_number="2026-1")
    assert sent.status_code == 303, sent.text
    assert (await offices.summary(case_id)).state == "expunged"
