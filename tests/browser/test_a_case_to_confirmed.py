"""One case, all the way: reported, carded, decided by a second person, verified by two, heard twice, confirmed."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.casework import LANGUAGE, Matter, Team, go_all_the_way
from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.resident import CHOSEN, WRITTEN, Resident
from tests.browser.watch import Watch

pytestmark = [pytest.mark.timeout(300), pytest.mark.walk]

_CARD: Final = {
    "conduct_on": "2026-09-15",
    "substance": "办证窗口一次性告知不到位，群众为一件事往返多次；反映分管负责人知情而没有改进。",
    "detriment": "possible",
}
_STEPS: Final = {
    "plan": {"text": "调取窗口九月的收件登记；走访三名办事群众；向分管负责人函询。"},
    "evidence": {"text": "窗口收件登记复印件，九月十五日至十八日。", "source": "document", "speaks": "against"},
    "inquiry": {"substance": "群众反映窗口没有一次性告知，请说明九月中旬窗口的收件和告知情况，以及您采取的措施。"},
    "reply": {"received_on": "2026-09-30", "text": "系统升级期间告知不全，已经安排整改。"},
    "finding": {
        "finding": "substantiated",
        "facts": "窗口没有一次性告知，登记显示同一事项四次到场。",
        "explanation": "系统升级属实，只影响其中一天，不能说明其余三次。",
        "exculpatory": "收到函询后当天整改，没有谋取私利。",
    },
    "classify": {
        "manifestation": "M5",
        "severity": "ordinary",
        "pattern": "incipient",
        "discipline": "no",
        "face_to_face": "yes",
        "reasons": "初次，影响有限，已经整改。",
    },
    "analyse": {"text": "事实清楚，情节一般，建议谈话提醒。"},
}


def test_a_report_becomes_a_case_and_its_finding_is_confirmed(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    _report(Resident.at(visitor(house.public, LANGUAGE), LANGUAGE, watch))
    team = Team.at_work(house, visitor, watch, session_of, takes_pictures=True)
    go_all_the_way(team, [Matter("web", f"on_duty:{CHOSEN['topic']}", _CARD, _STEPS)])


def _report(resident: Resident) -> None:
    """Report on one page."""
    page = resident.page
    page.goto("/report/whole")
    for name, value in CHOSEN.items():
        if name == "unit":
            page.locator("#unit").select_option(value)
        else:
            page.locator(f"input[name={name}][value={value}]").check()
    for name, words in WRITTEN[LANGUAGE].items():
        page.locator(f"#{name}").fill(words)
    resident.press("whole.confirm")
    expect(page.locator("#receipt")).to_be_visible()
