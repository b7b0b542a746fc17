"""The pages of a round at the console: seen at both widths, without a barrier, and worked with the keyboard alone."""

from io import BytesIO
from typing import Final

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.colleague import Colleague
from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.watch import Watch

pytestmark = [pytest.mark.timeout(300), pytest.mark.unmeasured]  # what is reached is measured in other tests

SUPERVISOR: Final = "supervisor-office-1"
DESK: Final = {"viewport": {"width": 1440, "height": 900}}
PHONE: Final = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PAGES: Final = ("", "/tree", "/list", "/list?what=to_sign", "/figures", "/calls", "/plan")
AT: Final = "/console/stations"


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_a_round_have_no_barriers_at_either_width(
    options: dict[str, object], house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    context = visitor(house.staff, "zh_CN", storage_state=session_of(SUPERVISOR), **options)
    colleague = Colleague.at(context, "zh_CN", watch)
    for path in PAGES:
        colleague.page.goto(f"{AT}{path}")
        watch.look(colleague.page)
    _unfold(colleague.page)
    colleague.page.goto(f"{AT}/list?what=nil")
    colleague.page.locator("[data-list] tbody th a").first.click()
    watch.look(colleague.page)


def test_the_matrix_the_tree_and_the_figures_are_seen_in_either_language_without_a_barrier(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    colleague = Colleague.at(
        visitor(house.staff, "zh_CN", storage_state=session_of(SUPERVISOR), **DESK), "zh_CN", watch
    )
    for name, path in (("stations", ""), ("stations.tree", "/tree"), ("stations.figures", "/figures")):
        colleague.page.goto(f"{AT}{path}")
        colleague.show(name)


def test_from_the_tree_to_who_is_awaited_and_back_with_the_keyboard_and_without_a_script(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    context = visitor(house.staff, "zh_CN", storage_state=session_of(SUPERVISOR), java_script_enabled=False, **DESK)
    page = Colleague.at(context, "zh_CN", watch).page
    page.goto(f"{AT}/tree")
    folded = page.locator(".tree details:not([open]) > summary")
    number = folded.count()
    folded.first.focus()
    page.keyboard.press("Enter")
    expect(folded).to_have_count(number - 1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/list?**")
    page.locator("[data-list] tbody th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/obligations/**")


def test_a_round_is_taken_out_with_its_reason(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    colleague = Colleague.at(
        visitor(house.staff, "zh_CN", storage_state=session_of(SUPERVISOR), **DESK), "zh_CN", watch
    )
    colleague.page.goto(f"{AT}/list")
    colleague.fill("obligation.excuse.reason", "季度汇报用表")
    sheet = load_workbook(BytesIO(colleague.download("stations.out.do"))).active
    assert sheet is not None
    assert sheet.max_row == 32  # its heading, and 31 stations


def _unfold(page: Page) -> None:
    """Every branch of the tree can be opened, and nothing in it is wider than the page."""
    page.goto(f"{AT}/tree")
    folded = page.locator(".tree details:not([open]) > summary")
    while number := folded.count():
        folded.first.click()
        expect(folded).to_have_count(number - 1)
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
