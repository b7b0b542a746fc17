"""Measures at the console: drafted beside the finding, checked, approved and served by the people whose part it is."""

import re
from uuid import UUID

import httpx
import pytest

from admin_api.console.measure_forms import FORMS
from admin_api.console.measure_standing import NEXT_NAMES
from admin_api.texts import known, speak
from core import warnings
from core.app import App
from core.cases import proceedings
from core.sealing import Escrow, Receipt
from core.warnings.rules.lifecycle import STATES
from core.work import Reporter
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, form_of, open_case
from tests.builders import Member, a_member, sign_in
from tests.core.cases.offices import a_colleague, verified, verifying
from tests.core.warnings.offices import Deciders, confirm_with

OFFICE = "leading_group_office"
PAPER = {"facts": "三月二日上班时间打扑克", "reasons": "违反工作纪律", "requirements": "提交书面检查"}


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


@pytest.fixture
async def issuer(desk: App) -> Member:
    return await sign_in(desk, await a_member(desk, "issuer", OFFICE))


async def open_measure(browser: httpx.AsyncClient, address: str) -> httpx.Response:
    """Open a measure with a reason; the page with its document comes back."""
    form = form_of(await browser.get(address), f"{address}/open")
    sent = await browser.post(f"{address}/open", data={**form, "why": "case_next"})
    return await browser.get(sent.headers["location"])


def code_on(page: httpx.Response) -> str:
    """The code that a slip shows."""
    return re.sub("<[^>]+>", "", page.text[page.text.index('id="served-code">') + 17 :].partition("</output>")[0])


async def drafted(colleagues: Colleagues, case_id: UUID) -> str:
    """Draft a measure at the console as the supervisor; its address comes back."""
    browser = colleagues.at("supervisor")
    page = await open_case(browser, case_id)
    link = re.search(rf'href="(/console/cases/{case_id}/measure\?opening=[^"]+)"', page.text)
    assert link is not None
    sent = await fill(browser, await browser.get(link[1]), f"/console/cases/{case_id}/measure", **PAPER)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].partition("?")[0]


async def test_from_the_finding_to_a_served_admonition(
    intake: App, colleagues: Colleagues, issuer: Member, browse: Connect
) -> None:
    case_id = await verified(colleagues.offices, intake)
    await confirm_with(colleagues.offices, case_id, "admonition")
    address = await drafted(colleagues, case_id)
    officer, decider = colleagues.at("disc"), browse(issuer)
    unread = await fill(officer, await open_measure(officer, address), f"{address}/check")
    assert unread.status_code == 422
    done = await fill(officer, await open_measure(officer, address), f"{address}/check", no_trace="yes")
    assert done.status_code == 303, done.text
    page = await open_measure(decider, address)
    sent = await fill(decider, page, f"{address}/approve", capacity="management_authority", read="yes")
    assert sent.status_code == 303, sent.text
    page = await open_measure(decider, address)
    today = colleagues.offices.desk.clock.today().isoformat()
    wrong = await fill(decider, page, f"{address}/service", served_on="2020-01-01", proof="送达回证")
    assert (wrong.status_code, "送达回证" in wrong.text) == (422, True)
    served = await fill(decider, page, f"{address}/service", served_on=today, proof="送达回证")
    code = code_on(served)
    assert Receipt.parse(code).text == code
    again = await open_measure(decider, address)
    assert code.replace("-", "") not in re.sub("[^0-9A-Z]", "", again.text)
    assert "公冶望舒" in again.text
    why = {"reason": "本人来访，称编码遗失"}
    unchecked = await fill(decider, again, f"{address}/renew_code", **why)
    assert (unchecked.status_code, why["reason"] in unchecked.text) == (422, True)
    slip = await fill(decider, again, f"{address}/renew_code", **why, identity_checked="yes")
    assert (slip.status_code, slip.headers["cache-control"]) == (200, "no-store")
    anew = Receipt.parse(code_on(slip))
    assert anew.text != code
    async with intake.work(Reporter(), "web", write=False) as work:
        assert (await warnings.read_code(work, anew)).document.name == "公冶望舒"
    paper = re.search(rf'href="({address}/document.docx\?opening=[0-9a-f-]+)"', again.text)
    assert paper is not None
    assert (await decider.get(paper[1])).content.startswith(b"PK")
    terms = await decider.get("/console/measures/terms")
    assert address in terms.text
    assert "公冶望舒" not in terms.text
    assert "公冶望舒" not in (await decider.get("/console/measures")).text


@pytest.mark.usefixtures("issuer")
async def test_a_step_on_a_measure_that_changed_meanwhile_is_not_taken(intake: App, colleagues: Colleagues) -> None:
    case_id = await verified(colleagues.offices, intake)
    await confirm_with(colleagues.offices, case_id, "admonition")
    address = await drafted(colleagues, case_id)
    first, second = colleagues.at("disc"), colleagues.at("org")
    old = await open_measure(second, address)
    await fill(first, await open_measure(first, address), f"{address}/check", no_trace="yes")
    late = await fill(second, old, f"{address}/send_back", reason="表述不清")
    assert late.status_code == 412
    assert "表述不清" in late.text


@pytest.mark.usefixtures("issuer")
async def test_who_has_no_part_sees_neither_list_nor_measure(
    desk: App, intake: App, colleagues: Colleagues, browse: Connect
) -> None:
    case_id = await verified(colleagues.offices, intake)
    await confirm_with(colleagues.offices, case_id, "admonition")
    address = await drafted(colleagues, case_id)
    stranger = browse(await sign_in(desk, await a_member(desk, "review_officer", "discipline_commission")))
    assert (await stranger.get(address)).status_code == 404
    assert address not in (await stranger.get("/console/measures")).text


async def test_a_supervisor_lets_another_hear_a_review_whose_hearer_stepped_aside(
    desk: App, intake: App, colleagues: Colleagues, issuer: Member
) -> None:
    offices, first = colleagues.offices, await a_colleague(desk, "review_officer", OFFICE)
    case_id, served_by = await verified(offices, intake), await issuer.staff(desk)
    await confirm_with(offices, case_id, "admonition")
    measure = (await Deciders(offices, served_by, first, first, ()).served(case_id, "admonition")).measure
    today, browser, address = desk.clock.today(), colleagues.at("supervisor"), f"/console/measures/{measure.id}"
    await offices.do(
        offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure.id, kind="review", text="申请理由", received_on=today),
    )
    page = await open_measure(browser, address)
    assert f"{address}/replace_member" not in page.text
    await offices.do(
        offices.supervisor,
        lambda work: proceedings.recuse(work, case_id, first.person_id, reason="与本人有利害关系"),
    )
    second = await a_colleague(desk, "review_officer", OFFICE)
    page = await open_measure(browser, address)
    chosen = {"leaves": str(first.person_id), "joins": str(second.person_id), "reason": "复核人回避"}
    done = await fill(browser, page, f"{address}/replace_member", **chosen)
    assert done.status_code == 303, done.text
    after = await browser.get(done.headers["location"])
    assert ("复核人回避" in after.text, f"{address}/replace_member" in after.text) == (True, False)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_form_state_and_next_step_of_a_measure_has_its_words(language: str) -> None:
    say = speak(language)
    asked = {f"measure.next.{name}" for name in NEXT_NAMES} | {f"measure.state.{state}" for state in STATES}
    for form in FORMS.values():
        asked |= {f"case.form.{form.name}", f"case.do.{form.name}", f"said.measure.{form.name}"}
        asked |= {f"{field.group}.{option}" for field in form.fields for option in field.options if field.group}
        asked |= {f"case.field.{field.name}" for field in form.fields}
    assert sorted(each for each in asked if known(say, each) is None) == []


async def test_a_letter_of_inquiry_is_served_and_its_reply_taken_in_and_answered(
    intake: App, colleagues: Colleagues
) -> None:
    case_id, offices = await verifying(colleagues.offices, intake), colleagues.offices
    made = await offices.do(offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="请说明情况"))
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, made.id))
    browser, base = colleagues.at("org"), f"/console/cases/{case_id}"
    page = await open_case(browser, case_id)
    served = re.search(rf'action="({base}/inquiry-service/[0-9a-f-]+)\?', page.text)
    assert served is not None
    today = offices.desk.clock.today().isoformat()
    shown = await fill(browser, page, served[1], served_on=today, proof="本人签收")
    page = await open_case(browser, case_id)
    renewing = re.search(rf'action="({base}/inquiry-code/[0-9a-f-]+)\?', page.text)
    assert renewing is not None
    lost, shown = code_on(shown), await fill(browser, page, renewing[1], reason="编码遗失")
    code = code_on(shown)
    assert code != lost
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, Receipt.parse(code), "explanation", "当天在外开会")
    day = await browser.get("/console")
    assert f'href="{base}"' in day.text
    page = await open_case(browser, case_id)
    assert "当天在外开会" not in page.text
    taking = re.search(rf'action="({base}/messages/[0-9a-f-]+)\?', page.text)
    assert taking is not None
    other = f"/console/cases/{await verifying(offices, intake)}"
    elsewhere, csrf = taking[1].replace(base, other), re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf is not None
    for address in (elsewhere, f"{elsewhere}/answer"):
        assert (await browser.post(address, data={"csrf": csrf[1], "text": "收到"})).status_code == 404
    done = await browser.get((await fill(browser, page, taking[1])).headers["location"])
    assert "当天在外开会" in done.text
    assert (await offices.summary(case_id)).state == "verifying"
    sent = await fill(browser, done, f"{taking[1]}/answer", text="已经收到您的说明")
    assert sent.status_code == 303, sent.text
    async with intake.work(Reporter(), "web", write=False) as work:
        seen = await warnings.read_code(work, Receipt.parse(code))
    assert [word.text for word in seen.told] == ["已经收到您的说明"]
