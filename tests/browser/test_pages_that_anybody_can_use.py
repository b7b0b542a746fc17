"""The residents' pages without a script, without a stylesheet, without a mouse, and when something is to be mended."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visitor
from tests.browser.house import House
from tests.browser.resident import CHOSEN, WRITTEN, Resident
from tests.browser.watch import Watch

pytestmark = [pytest.mark.timeout(300), pytest.mark.unmeasured]  # all that they reach is measured in other tests

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LANGUAGES = pytest.mark.parametrize("language", ["zh_CN", "en"])


@LANGUAGES
def test_a_report_is_made_on_one_page_of_a_telephone_without_a_script_and_withdrawn(
    language: str, house: House, visitor: Visitor, watch: Watch
) -> None:
    context = visitor(house.public, language, java_script_enabled=False, **PHONE)
    resident = Resident.at(context, language, watch)
    page = resident.page
    page.goto("/report")
    watch.look(page, runs_axe=False)
    resident.press("start.whole")
    watch.look(page, f"whole.phone.{language}", runs_axe=False)
    resident.press("whole.confirm")
    expect(page.get_by_role("alert")).to_be_visible()
    for name, value in CHOSEN.items():
        if name == "unit":
            page.locator("#unit").select_option(value)
        else:
            page.locator(f"input[name={name}][value={value}]").check()
    for name, words in WRITTEN[language].items():
        page.locator(f"#{name}").fill(words)
    resident.press("whole.confirm")
    receipt = page.locator("#receipt").get_attribute("data-receipt") or ""
    watch.look(page, runs_axe=False)
    resident.press("receipt.done")
    resident.return_with(receipt.lower().replace("-", " "))
    watch.look(page, runs_axe=False)
    resident.press("withdraw.ask")
    watch.look(page, runs_axe=False)
    resident.press("withdraw.confirm")
    expect(page.locator(".standing h2")).to_have_text(re.compile("|".join(_withdrawn(resident))))
    watch.look(page, runs_axe=False)


@LANGUAGES
def test_one_question_a_page_fits_a_telephone(language: str, house: House, visitor: Visitor, watch: Watch) -> None:
    resident = Resident.at(visitor(house.public, language, **PHONE), language, watch)
    resident.page.goto("/")
    watch.look(resident.page, f"home.phone.{language}")
    resident.begin()
    watch.look(resident.page, f"report.phone.{language}")


@LANGUAGES
def test_pages_that_ask_for_something_to_be_mended_have_no_barriers(
    language: str, house: House, visitor: Visitor, watch: Watch
) -> None:
    resident = Resident.at(visitor(house.public, language), language, watch)
    page = resident.page
    resident.begin()
    resident.press("question.next")
    expect(page.get_by_role("alert")).to_be_visible()
    watch.look(page)
    page.locator("input[value=no]").check()
    resident.press("question.next")
    expect(page.get_by_role("heading", level=1)).to_have_text(resident.t("stopped.title"))
    watch.look(page)
    page.goto("/report/whole")
    watch.look(page)
    resident.press("whole.check")
    expect(page.get_by_role("alert")).to_be_visible()
    watch.look(page)
    resident.return_with("0" * 21)
    expect(page.get_by_role("alert")).to_be_visible()
    watch.look(page)
    page.goto("/nowhere")
    watch.look(page)


def test_the_first_question_is_answered_with_tab_space_and_enter_alone(
    house: House, visitor: Visitor, watch: Watch
) -> None:
    resident = Resident.at(visitor(house.public, "zh_CN"), "zh_CN", watch)
    page = resident.page
    page.goto("/")
    _tab_to(page, resident.t("home.report_go"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/report")
    _tab_to(page, resident.t("start.steps"))
    page.keyboard.press("Space")
    page.wait_for_url("**/report/question")
    page.keyboard.press("Tab")
    assert _focused(page) == resident.t("site.skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("input[value=yes]").is_checked()
    _tab_to(page, resident.t("question.next"))
    page.keyboard.press("Enter")
    expect(page.locator("input[name=question]")).to_have_value("subject_kind")


def test_without_its_stylesheet_a_page_keeps_its_order_and_its_labels(
    house: House, visitor: Visitor, watch: Watch
) -> None:
    context = visitor(house.public, "en")
    context.route("**/*.css*", _empty)
    resident = Resident.at(context, "en", watch)
    resident.begin()
    t = resident.t
    expect(resident.page.locator("body")).to_match_aria_snapshot(f"""
      - link "{t("site.skip")}"
      - banner:
        - link
        - link "{t("site.other_language")}"
        - paragraph
      - main:
        - paragraph
        - group /official/:
          - heading /official/ [level=1]
          - paragraph
          - radio "Yes"
          - radio /Perhaps/
          - radio "No"
        - button "{t("question.next")}"
        - link "{t("question.to_start")}"
        - button "{t("question.later")}"
      - contentinfo
    """)
    watch.look(resident.page, "plain.en", runs_axe=False)


def _empty(route: Route) -> None:
    route.fulfill(status=200, content_type="text/css", body="")


def _tab_to(page: Page, words: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if _focused(page) == words:
            return
    pytest.fail(f"Tab does not reach {words}")


def _focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.textContent.trim()"))


def _withdrawn(resident: Resident) -> list[str]:
    """Return what may be said: the worker takes a report back a little later than it was asked to."""
    return [resident.t("state.withdrawn"), resident.t("state.withdrawal_asked")]
