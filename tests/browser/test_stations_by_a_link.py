"""Somebody of a station with a telephone: by the link that the department hands out, to a signed record; by telephone.

The round that these tests open would be the newest one for the other tests of this folder: the file comes last.
"""

from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import expect

from bots.web.site import texts
from tests.browser.colleague import Colleague
from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.person import Person
from tests.browser.watch import Watch

pytestmark = [pytest.mark.timeout(300), pytest.mark.unmeasured]  # what is reached is measured in other tests

SUPERVISOR: Final = "supervisor-office-1"
QUARTER: Final = "2026Q4"
AT: Final = "/console/stations"
PHONE: Final = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WORDS: Final = "周末用单位的车接亲戚，停在小区东门。"


@dataclass
class Stationed(Person):
    """Somebody of a station at their pages."""

    def t(self, message_id: str, **placeholders: object) -> str:
        return texts(self.language)(message_id, **placeholders)

    def look(self, picture: str = "", *, runs_axe: bool = True) -> None:
        """Require of the page what is required of every page, and that everything to press is as large as a thumb."""
        self.watch.look(self.page, picture, runs_axe=runs_axe)
        for button in self.page.locator("main button, main a.button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44, button.inner_text()

    def choose(self, name: str) -> None:
        """Press an answer by its name in the form; an empty one stands for the first."""
        options = self.page.locator(f"button[name=answer][value={name}]" if name else "button[name=answer]")
        self.turn(options.first)

    def answer(self, words: str) -> None:
        """Write an answer and go on."""
        self.page.locator("#answer").fill(words)
        self.press("question.next")


def begun(colleague: Colleague) -> list[str]:
    """Open the round unless it is open, and return the addresses of its obligations."""
    page = colleague.page
    page.goto(AT)
    if page.locator(f"select[name=quarter] option[value='{QUARTER}']").count():
        page.locator("select[name=quarter]").select_option(QUARTER)
        page.locator("input[name=confirmed]").check()
        colleague.press("station.round.open")
    page.goto(f"{AT}/list?quarter={QUARTER}")
    links = page.locator("[data-list] tbody th a")
    return [str(each.get_attribute("href")) for each in links.all()]


def link_for(colleague: Colleague, obligation: str, role: str) -> str:
    """Hand a link to whoever holds a role at the station of an obligation."""
    colleague.page.goto(obligation)
    colleague.press("station.people")
    row = colleague.page.locator("tr", has_text=colleague.t(f"registry.role.{role}")).first
    colleague.turn(row.locator("form[action$='/link'] button"))
    colleague.watch.look(colleague.page)
    return colleague.page.locator("#word").inner_text()


def test_an_entry_is_written_on_a_telephone_and_signed_by_the_head(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    colleague = Colleague.at(visitor(house.staff, "zh_CN", storage_state=session_of(SUPERVISOR)), "zh_CN", watch)
    obligation = begun(colleague)[0]
    liaison = Stationed.at(visitor(house.public, "zh_CN", **PHONE), "zh_CN", watch)
    page = liaison.page
    page.goto(link_for(colleague, obligation, "station_liaison"))
    expect(page).to_have_url(f"{house.public}/station")
    liaison.look("stations.page.zh_CN")
    liaison.press("station.something")
    liaison.look()
    liaison.choose("")
    liaison.look("stations.page.question.zh_CN")
    liaison.choose("office_vehicle_or_staff")
    liaison.press("question.next")
    expect(page.locator("#answer-problem")).to_be_visible()
    liaison.look()
    liaison.answer(WORDS)
    liaison.press("question.skip")
    liaison.choose("own_observation")
    liaison.look("stations.page.review.zh_CN")
    liaison.press("station.note_it")
    expect(page.get_by_role("status")).to_have_text(liaison.t("station.said.added"))
    liaison.look()
    liaison.turn(page.locator("a[href*='/entries/']"))
    liaison.look()
    liaison.press("station.drop_no")
    liaison.press("station.file")
    liaison.look()
    head = Stationed.at(visitor(house.public, "zh_CN", **PHONE), "zh_CN", watch)
    head.page.goto(link_for(colleague, obligation, "station_head"))
    head.press("station.read_and_sign")
    expect(head.page.locator("main")).to_contain_text(WORDS)
    head.look("stations.page.sign.zh_CN")
    head.press("station.send_back")
    head.look()
    head.press("station.remark_no")
    head.press("station.sign")
    expect(head.page.get_by_role("status")).to_have_text(head.t("station.said.signed"))
    head.look()


def test_nothing_to_report_takes_two_taps_without_a_script(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    colleague = Colleague.at(visitor(house.staff, "en", storage_state=session_of(SUPERVISOR)), "en", watch)
    obligation = begun(colleague)[1]
    context = visitor(house.public, "en", java_script_enabled=False, **PHONE)
    liaison = Stationed.at(context, "en", watch)
    liaison.page.goto(f"{link_for(colleague, obligation, 'station_liaison')}?lang=en")
    liaison.look(runs_axe=False)
    liaison.press("station.nil")
    liaison.look(runs_axe=False)
    liaison.press("station.nil_yes")
    expect(liaison.page.get_by_role("status")).to_have_text(liaison.t("station.said.nil"))
    liaison.look(runs_axe=False)
    liaison.press("station.leave")
    liaison.look(runs_axe=False)
    liaison.page.goto(f"/station/{'x' * 43}?lang=en")
    liaison.look(runs_axe=False)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_a_station_tells_by_telephone_is_entered_at_the_console(
    language: str, house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    colleague = Colleague.at(visitor(house.staff, language, storage_state=session_of(SUPERVISOR)), language, watch)
    page = colleague.page
    page.goto(begun(colleague)[2 if language == "zh_CN" else 3])
    colleague.press("obligation.enter")
    colleague.watch.look(page)
    for name in ("told_by", "confirmed_by"):
        page.locator(f"#{name}").select_option(index=1)
    page.locator("#e0-official").select_option(index=1)
    page.locator("#e0-matter").select_option("gifts_or_banquets")
    colleague.press("entering.do")
    expect(page.locator("#e0-what")).to_have_attribute("aria-invalid", "true")
    colleague.watch.look(page, f"stations.entering.{language}")
    page.locator("#e0-what").fill(WORDS)
    page.locator("#e0-source").select_option("own_observation")
    colleague.press("entering.do")
    expect(colleague.notice).to_have_text(colleague.t("said.record_entered"))
    colleague.watch.look(page)
