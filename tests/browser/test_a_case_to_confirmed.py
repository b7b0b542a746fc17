"""One case, all the way: reported, carded, decided by a second person, verified by two, heard twice, confirmed."""

import re
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.colleague import Colleague
from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.resident import CHOSEN, WRITTEN, Resident
from tests.browser.watch import Watch

pytestmark = pytest.mark.timeout(300)

_DESK: Final = {"viewport": {"width": 1440, "height": 900}}
_LANGUAGE: Final = "zh_CN"
_PEOPLE: Final = {
    "clerk": "intake-clerk-office-1",
    "supervisor": "supervisor-office-1",
    "org": "case-officer-org-office-3",
    "disc": "case-officer-disc-commission-1",
    "department": "department-meeting-office-1",
    "group": "leading-group-1",
}
_SUBSTANCE: Final = "办证窗口一次性告知不到位，群众为一件事往返多次；反映分管负责人知情而没有改进。"


def test_a_report_becomes_a_case_and_its_finding_is_confirmed(house: House, visitor: Visitor, watch: Watch) -> None:
    _report(Resident.at(visitor(house.public, _LANGUAGE), _LANGUAGE, watch))
    people = {name: Colleague.at(visitor(house.staff, _LANGUAGE, **_DESK), _LANGUAGE, watch) for name in _PEOPLE}
    clerk, supervisor, org, disc = (people[name] for name in ("clerk", "supervisor", "org", "disc"))

    clerk.sign_in(house.accounts[_PEOPLE["clerk"]])
    _write_card(clerk)
    supervisor.sign_in(house.accounts[_PEOPLE["supervisor"]])
    _approve(supervisor)
    number = _open_case(clerk)
    for officer, name in ((org, "org"), (disc, "disc")):
        officer.sign_in(house.accounts[_PEOPLE[name]])
    _assign(supervisor, org, disc)
    _verify(org, disc)
    _classify(org)
    supervisor.page.reload()
    supervisor.step("analyse", {"text": "事实清楚，情节一般，建议谈话提醒。"})
    supervisor.page.goto("/console")
    supervisor.show("day")
    for name in ("department", "group"):
        people[name].sign_in(house.accounts[_PEOPLE[name]])
        _meet(supervisor, people[name], looks=name == "department")
    _confirm(people["group"], number)


def _report(resident: Resident) -> None:
    """Report on one page."""
    page = resident.page
    page.goto("/report/whole")
    for name, value in CHOSEN.items():
        if name == "unit":
            page.locator("#unit").select_option(value)
        else:
            page.locator(f"input[name={name}][value={value}]").check()
    for name, words in WRITTEN[_LANGUAGE].items():
        page.locator(f"#{name}").fill(words)
    resident.press("whole.confirm")
    expect(page.locator("#receipt")).to_be_visible()


def _write_card(clerk: Colleague) -> None:
    page = clerk.page
    clerk.press("nav.inbox")
    clerk.open_item(clerk.find_new(), "first_reading")
    clerk.press("card.write")
    expect(page.locator("#category")).to_have_value("on_duty:M5")
    clerk.show("card")
    page.locator(".found .choice").nth(1).get_by_role("radio").check()  # the first is the whole team
    clerk.fill("card.conduct_on", "2026-09-15")
    clerk.fill("card.substance", _SUBSTANCE)
    clerk.choose("detriment.possible")
    clerk.press("card.save")
    expect(page.get_by_role("status")).to_have_text(clerk.t("said.carded"))
    page.locator("[name=outcome][value=accepted]").check()
    clerk.fill("triage.reason", "属于受理范围，有可以查证的事实")
    clerk.press("triage.propose")
    expect(page.get_by_role("status")).to_have_text(clerk.t("said.proposed"))


def _approve(supervisor: Colleague) -> None:
    supervisor.go_to_task("day.task.decide")
    supervisor.give_reason("first_reading")
    supervisor.press("triage.approve")
    expect(supervisor.page.get_by_role("status")).to_have_text(supervisor.t("said.approved"))


def _open_case(clerk: Colleague) -> str:
    """Open a case on the item, and return the number of the case."""
    clerk.page.reload()
    clerk.turn(clerk.page.locator("#case").get_by_role("button", name=clerk.t("case.open"), exact=True))
    found = re.search(r"\d{4}-\d+", clerk.page.locator("article h1").inner_text())
    assert found is not None
    return found[0]


def _assign(supervisor: Colleague, org: Colleague, disc: Colleague) -> None:
    supervisor.open_case("day.task.assign")
    chosen = {"officer_org": org.name, "officer_disc": disc.name}
    fields = {field: supervisor.person_in("nominate", field, name) for field, name in chosen.items()}
    supervisor.step("nominate", fields)
    for officer in (org, disc):
        officer.open_case("day.task.declare")
        officer.step("declare", {"relation": "none"})
    supervisor.page.reload()
    supervisor.step("assign")


def _verify(org: Colleague, disc: Colleague) -> None:
    org.page.reload()
    org.step("plan", {"text": "调取窗口九月的收件登记；走访三名办事群众；向分管负责人函询。"})
    org.step(
        "evidence", {"text": "窗口收件登记复印件，九月十五日至十八日。", "source": "document", "speaks": "against"}
    )
    inquiry = "群众反映窗口没有一次性告知，请说明九月中旬窗口的收件和告知情况，以及您采取的措施。"
    org.step("inquiry", {"substance": inquiry})
    disc.page.reload()
    disc.step("sign_inquiry", {"no_trace": "yes"})
    reply = {"received_on": "2026-09-30", "text": "系统升级期间告知不全，已经安排整改。"}
    org.page.reload()
    org.step("reply", reply)
    org.show("case")
    finding = {
        "finding": "substantiated",
        "facts": "窗口没有一次性告知，登记显示同一事项四次到场。",
        "explanation": "系统升级属实，只影响其中一天，不能说明其余三次。",
        "exculpatory": "收到函询后当天整改，没有谋取私利。",
    }
    org.step("finding", finding)
    disc.page.reload()
    disc.step("sign_finding", {"read": "yes"})


def _classify(org: Colleague) -> None:
    classification = {
        "manifestation": "M5",
        "severity": "ordinary",
        "pattern": "incipient",
        "discipline": "no",
        "face_to_face": "yes",
        "reasons": "初次，影响有限，已经整改。",
    }
    org.page.reload()
    org.step("classify", classification)


def _meet(supervisor: Colleague, member: Colleague, *, looks: bool) -> None:
    """Call a meeting about the case, and record that everybody was there and for it."""
    supervisor.page.goto("/console/meetings")
    if looks:
        supervisor.watch.look(supervisor.page)
    supervisor.turn(supervisor.page.locator("form.box button.main").first)
    expect(supervisor.page.get_by_role("status")).to_have_text(supervisor.t("said.meeting_called"))
    page = member.page
    member.go_to_task("day.task.meeting")
    member.press("meeting.open.called")
    if looks:
        member.show("meeting")
    present = page.locator(".present input").count()
    page.locator("[name=for-0]").fill(str(present))
    page.locator("[name=outcome-0][value='talk:talk_reminder']").check()
    page.locator("[name=reasons-0]").fill("事实清楚，同意谈话提醒。")
    member.choose("meeting.true_record")
    member.press("meeting.record")
    expect(page.get_by_role("status")).to_have_text(member.t("said.meeting_recorded"))
    member.press("meeting.open.held")
    expect(page.locator(".minute")).to_contain_text("事实清楚，同意谈话提醒。")
    if looks:
        member.watch.look(page)


def _confirm(member: Colleague, number: str) -> None:
    member.open_case("day.task.confirm")
    member.step("confirm", {"text": "同意部长办公会和领导小组会的意见。", "typed_number": number})
    expect(member.page.locator("article h1")).to_have_text(member.t("case.title", number=number))
    expect(member.page.locator("article header .tag")).to_have_text(member.t("state.confirmed"))
