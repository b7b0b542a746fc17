"""Measures in Chromium, from a confirmed finding to their end, under a clock that is moved by a year."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.calling import Calling, analysed, meet
from tests.browser.colleague import Colleague
from tests.browser.conftest import LOCALES
from tests.browser.house import House, demo
from tests.browser.resident import Resident
from tests.browser.watch import Watch, follow

pytestmark = [pytest.mark.timeout(600), pytest.mark.walk]

_LANGUAGE: Final = "zh_CN"
_DESK: Final = {"width": 1440, "height": 900}
_PHONE: Final = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "java_script_enabled": False,
}
_PEOPLE: Final = {
    "clerk": "intake-clerk-office-1",
    "supervisor": "supervisor-office-1",
    "org": "case-officer-org-office-1",
    "disc": "case-officer-disc-commission-1",
    "department": "department-meeting-office-1",
    "group": "leading-group-1",
    "issuer": "issuer-office-1",
    "reviewer": "review-officer-office-1",
    "appeal": "appeal-body-1",
    "panel": "assessor-1",
    "panel_office": "assessor-office-1",
    "panel_commission": "assessor-commission-1",
}
_FORMS: Final = {
    "talk": "talk_reminder",
    "letter": "letter",
    "lifted": "admonition",
    "not_corrected": "admonition",
    "suspended": "suspension",
    "appealed": "admonition",
}
_CAPACITY: Final = {
    "talk_reminder": "unit_leader",
    "letter": "organisation_department",
    "admonition": "management_authority",
    "suspension": "leading_group",
    "demotion": "management_authority",
}
_PAPER: Final = {
    "facts": "九月中旬窗口没有一次性告知，群众为同一事项四次到场。",
    "reasons": "分管负责人知情而没有及时改进，事实清楚。",
    "requirements": "落实一次性告知，五个工作日内提交书面材料。",
}


class Floor:
    """The office for one sitting: everybody signed in at a browser of their own, and the measures by name."""

    signed_in: ClassVar[dict[str, datetime]] = {}

    def __init__(self, chromium: Browser, house: House, watch: Watch, faults: list[str], names: str) -> None:
        self.house = house
        self.concerned = chromium.new_context(base_url=house.public, locale=LOCALES[_LANGUAGE], **_PHONE)  # type: ignore[arg-type]
        follow(self.concerned, house.public, faults)
        self.contexts = {}
        self.people: dict[str, Colleague] = {}
        self.opened: dict[tuple[str, str], str] = {}
        for name in names.split():
            context = chromium.new_context(base_url=house.staff, locale=LOCALES[_LANGUAGE], viewport=_DESK)  # type: ignore[arg-type]
            context.set_default_timeout(20_000)
            follow(context, house.staff, faults)
            self.contexts[name] = context
            self.people[name] = Colleague.at(context, _LANGUAGE, watch)
            account = house.accounts[_PEOPLE[name]]
            if name in self.signed_in:
                account.wait_for_a_new_code(self.signed_in[name])
            self.signed_in[name] = datetime.now(UTC)  # noqa: TID251 - one-time codes go by the real time
            self.people[name].sign_in(account)

    def close(self) -> None:
        self.concerned.close()
        for context in self.contexts.values():
            context.close()

    def open(self, name: str, address: str) -> Colleague:
        """Let somebody open a measure, or a case, with a reason."""
        person, known = self.people[name], self.opened.get((name, address))
        person.page.goto(known or address)
        if known is None:  # a reason is good for half an hour
            person.give_reason("case_next")
            self.opened[name, address] = person.page.url
        return person

    def step(self, name: str, address: str, form: str, fields: Mapping[str, str] | None = None) -> Colleague:
        person = self.open(name, address)
        person.step(form, fields, said="measure")
        return person

    def draft(self, link: str) -> str:
        """Draft the measure that a page of the supervisor leads to; its address comes back."""
        person = self.people["supervisor"]
        person.press(link)
        for field, words in _PAPER.items():
            person.page.locator(f"[name={field}]").fill(words)
        person.press("measure.draft.do")
        return urlsplit(person.page.url).path

    def approve(self, address: str, form: str) -> None:
        self.step("disc", address, "check", {"no_trace": "yes"})
        self.step("issuer", address, "approve", {"capacity": _CAPACITY[form], "read": "yes"})

    def serve(self, address: str) -> str:
        """Serve it today; the code comes back, as it is handed over."""
        issuer = self.open("issuer", address)
        issuer.page.locator("[name=proof]").fill("本人签收，送达回证第3号")
        issuer.press("measure.service.do")
        return re.sub(r"\s", "", issuer.page.locator("#served-code").inner_text())

    def state(self, address: str) -> str:
        page = self.people["supervisor"].page
        page.goto(address)
        return page.locator("article header .tag").first.inner_text()


def test_every_form_is_walked_from_its_draft_to_its_end(chromium: Browser, watch: Watch, tmp_path: Path) -> None:
    faults: list[str] = []
    with demo(tmp_path, more={"JINGSHI_NOW": "2026-09-30T09:00:00+08:00"}) as house:
        everybody = "clerk supervisor org disc department group issuer reviewer appeal"
        floor = Floor(chromium, house, watch, faults, everybody)
        measures = _issued(floor)
        _talk_and_letter(floor, measures)
        _appeal(floor, measures["appealed"])
        floor.close()
    with demo(tmp_path, more={"JINGSHI_NOW": "2027-03-31T09:00:00+08:00"}) as house:
        floor = Floor(chromium, house, watch, faults, "supervisor org disc issuer")
        _assess_admonitions(floor, measures)
        floor.close()
    with demo(tmp_path, more={"JINGSHI_NOW": "2027-09-30T09:00:00+08:00"}) as house:
        floor = Floor(chromium, house, watch, faults, "supervisor org issuer panel panel_office panel_commission")
        _assess_suspension(floor, measures["suspended"])
        floor.close()
    assert faults == []


def _issued(floor: Floor) -> dict[str, str]:
    """Bring six cases to a confirmed finding, and draft, check and approve the measure of each; serve four of them."""
    calling = {name: Calling.of(context, floor.house.staff) for name, context in floor.contexts.items()}
    unit = next(one for one in calling["supervisor"].get("/units") if one["code"] == "township.luting")
    officials = calling["supervisor"].get(f"/officials?unit={unit['id']}")["officials"]
    cases = {name: analysed(calling, form, officials[place]["id"]) for place, (name, form) in enumerate(_FORMS.items())}
    meet(calling, {cases[name]: form for name, form in _FORMS.items()})
    for one in calling.values():
        one.client.close()
    measures = {}
    for name, form in _FORMS.items():
        floor.open("supervisor", f"/console/cases/{cases[name]}")
        if name == "lifted":
            floor.people["supervisor"].press("measure.draft.go")
            floor.people["supervisor"].show("measure.draft")
            floor.people["supervisor"].page.go_back()
        measures[name] = floor.draft("measure.draft.go")
        floor.approve(measures[name], form)
        if form != "talk_reminder":
            code = floor.serve(measures[name])
            if form == "letter":
                _explain(floor, code)
    return measures


def _explain(floor: Floor, code: str) -> None:
    """Let the person concerned read the letter on a telephone without a script, and explain."""
    resident = Resident.at(floor.concerned, _LANGUAGE, floor.people["clerk"].watch)
    page = resident.page
    page.goto("/reply")
    page.locator("#code").fill(code)
    resident.press("reply.go")
    expect(page.get_by_text(_PAPER["facts"])).to_be_visible()
    resident.watch.look(page, "served.phone", runs_axe=False)
    resident.press("answer.explanation.go")
    resident.watch.look(page, runs_axe=False)
    page.locator("#text").fill("窗口已经按要求张贴了告知单，当天轮岗的同志没有说清楚。")
    resident.press("reply.send")
    expect(page.get_by_role("status")).to_be_visible()
    resident.watch.look(page, runs_axe=False)


def _talk_and_letter(floor: Floor, measures: Mapping[str, str]) -> None:
    issuer = floor.open("issuer", measures["talk"])
    for field in ("talked_by", "reasons", "view", "corrections"):
        issuer.page.locator(f"[name={field}]").fill("谈话时说明了情况，本人表示认识到不足。")
    issuer.choose("case.field.person_signed")
    issuer.press("measure.talk.do")
    expect(issuer.page.locator("#served-code")).to_be_visible()
    floor.step("org", measures["talk"], "follow_up", {"outcome": "improved", "reasons": "窗口已经一次性告知。"})
    for reader in ("org", "disc"):
        floor.step(
            reader, measures["letter"], "read_letter", {"outcome": "corrected", "reasons": "说明清楚，已经整改。"}
        )
    closed = floor.people["org"].t("measure.state.closed")
    assert [floor.state(measures[name]) for name in ("talk", "letter")] == [closed, closed]


def _appeal(floor: Floor, address: str) -> None:
    asked = {"text": "事实认定有误，请复核。", "received_on": "2026-09-30"}
    floor.step("supervisor", address, "ask_remedy", {"kind": "review", **asked})
    number = _number(floor, address)
    ruled = {"reasons": "经复核，维持原决定。", "typed_number": number}
    floor.step("reviewer", address, "decide_remedy", {"ruling": "dismissed", **ruled})
    floor.step("supervisor", address, "ask_remedy", {"kind": "appeal", **asked})
    page = floor.step(
        "appeal", address, "decide_remedy", {"ruling": "upheld", "reasons": "申诉成立。", "typed_number": number}
    )
    page.show("measure.revoked")
    assert floor.state(address) == floor.people["org"].t("measure.state.revoked")
    cleared = {"consent": "yes", "scope": "本单位干部会议", "text": "经查，相关反映不实，予以澄清。"}
    floor.step("supervisor", address, "clear_name", cleared)


def _assess_admonitions(floor: Floor, measures: Mapping[str, str]) -> None:
    report = {"what": "self_report", "text": "半年来已经落实一次性告知。", "received_on": "2027-03-31"}
    assessed = {"record": "窗口登记和走访情况良好。", "grounds-conduct": "yes"}
    for name, corrected, outcome in (("lifted", "yes", "lifted"), ("not_corrected", "no", "demotion")):
        address = measures[name]
        floor.step("org", address, "take_report", report)
        floor.step("org", address, "assess", {**assessed, "corrected": corrected})
        decided = {"outcome": outcome, "reasons": "根据考核情况。", "typed_number": _number(floor, address)}
        floor.step("issuer", address, "decide_outcome", decided)
    closed = floor.people["org"].t("measure.state.closed")
    assert floor.state(measures["lifted"]) == closed
    floor.open("supervisor", measures["not_corrected"])
    following = floor.draft("measure.draft_following.go")
    floor.approve(following, "demotion")
    floor.serve(following)
    assert floor.state(measures["not_corrected"]) == closed
    floor.people["supervisor"].page.goto("/console/measures/terms")
    floor.people["supervisor"].show("terms")


def _assess_suspension(floor: Floor, address: str) -> None:
    supervisor = floor.open("supervisor", address)
    chosen = {}
    for place, name in enumerate(("panel", "panel_office", "panel_commission"), 1):
        option = supervisor.form("name_panel").locator(f"select[name=panel_{place}] option")
        chosen[f"panel_{place}"] = option.filter(has_text=floor.people[name].name).get_attribute("value") or ""
    supervisor.step("name_panel", chosen, said="measure")
    report = {"what": "self_report", "text": "一年来认识深刻。", "received_on": "2027-09-30"}
    floor.step("org", address, "take_report", report)
    conditions = dict.fromkeys(("excellent", "results", "recognised", "corrected"), "yes")
    assessed = {"record": "表现优秀，群众公认。", "grounds-conduct": "yes", **conditions}
    floor.step("panel", address, "assess_panel", assessed)
    for member in ("panel_office", "panel_commission"):
        floor.step(member, address, "sign_assessment", {"read": "yes"})
    decided = {"outcome": "restore_post", "reasons": "四项条件均具备。", "typed_number": _number(floor, address)}
    floor.step("issuer", address, "decide_outcome", decided).show("measure")


def _number(floor: Floor, address: str) -> str:
    """Return the number of the case that a measure belongs to."""
    page = floor.people["supervisor"].page
    page.goto(address)
    found = re.search(r"\d{4}-\d+", page.locator("article header a").inner_text())
    assert found is not None
    return found[0]
