"""The half-year review and the meeting of the heads, worked by two readers in Chromium, mostly with the keyboard."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.member import Member
from tests.browser.watch import Watch

pytestmark = [pytest.mark.timeout(600), pytest.mark.walk]

_READERS: Final = ("supervisor-office-1", "supervisor-office-2")
_OFFICER: Final = "privacy-officer-"
_DESK: Final = {"viewport": {"width": 1440, "height": 900}}
_LANGUAGE: Final = "zh_CN"
_MOST: Final = 80  # books of a half-year of the demo's stations


class Desk:
    """Whoever is at work in the department, each at a browser of their own."""

    def __init__(self, house: House, visitor: Visitor, watch: Watch, session_of: SessionOf) -> None:
        self.house, self.visitor, self.watch, self.session_of = house, visitor, watch, session_of

    def member(self, username: str) -> Member:
        context = self.visitor(self.house.staff, _LANGUAGE, storage_state=self.session_of(username), **_DESK)
        return Member.at(context, _LANGUAGE, self.watch)


@pytest.fixture
def desk(house: House, visitor: Visitor, watch: Watch, session_of: SessionOf) -> Desk:
    return Desk(house, visitor, watch, session_of)


def read_all(member: Member, digit: str, *, looks: bool) -> int:
    """Read every book that waits for a reader, a digit for each entry and Enter for the book; return how many."""
    page = member.page
    page.goto("/console/stations/review?half=2026H1")
    if looks:
        member.watch.look(page)
    member.press("station.review.begin")
    for read in range(1, _MOST):
        for _ in range(page.locator("[data-digits]").count()):
            page.keyboard.press(digit)
        expect(member.named("station.book.judge")).to_be_focused()
        if looks and read == 1:
            member.watch.look(page)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(member.notice).to_be_visible()
        if looks and read == 1:
            member.watch.look(page)
        if not member.named("station.review.go_on").count():
            return read
        member.press("station.review.go_on")
    raise AssertionError("the review has no end")


def test_two_readers_go_through_the_books_of_a_half_year_with_the_keyboard(desk: Desk) -> None:
    first, second = (desk.member(each) for each in _READERS)
    books = read_all(first, "4", looks=True)
    assert books > 5
    first.page.goto("/console/stations/review?half=2026H1")
    expect(first.named("station.review.begin")).to_have_count(0)
    assert read_all(second, "4", looks=False) == books
    second.page.goto("/console/stations/review?half=2026H1")
    second.press("station.review.nothing")
    second.watch.look(second.page)
    expect(second.named("station.review.nothing")).to_have_count(0)
    expect(second.page.locator("table.books .lacking")).to_have_count(0)


def test_a_meeting_is_called_attended_by_every_station_and_closed_with_minutes(desk: Desk) -> None:
    member = desk.member(_READERS[0])
    page = member.page
    page.goto("/console/stations/meetings")
    member.watch.look(page)
    page.get_by_label(member.t("station.book.quarter"), exact=True).select_option(index=1)
    member.fill("heads.held_on", "2026-07-20")
    member.fill("heads.venue", "区委三楼会议室")
    member.fill("heads.agenda", "听取各站二季度情况汇报\n部署下半年工作")
    member.press("heads.call.do")
    member.watch.look(page)
    seats = page.locator("table.seats tbody tr")
    expect(seats.get_by_role("radio", checked=True)).to_have_count(0)
    seats.nth(2).get_by_label(member.t("heads.attended.absent"), exact=True).check()
    seats.nth(5).get_by_label(member.t("heads.attended.deputy"), exact=True).check()
    member.press("heads.rest")
    expect(seats.get_by_role("radio", checked=True)).to_have_count(seats.count())
    expect(seats.nth(2).get_by_label(member.t("heads.attended.absent"), exact=True)).to_be_checked()
    member.fill("heads.minutes.text", "各站汇报了二季度情况。\n会议要求按时报送。")
    member.choose("heads.true_record")
    member.press("heads.close.do")
    member.press("heads.open")
    member.watch.look(page)
    assert member.download("heads.docx").startswith(b"PK")


def test_the_privacy_officer_has_a_page_of_their_own(desk: Desk) -> None:
    officer = desk.member(next(name for name in desk.house.accounts if name.startswith(_OFFICER)))
    officer.page.goto("/console/stations/held")
    officer.watch.look(officer.page)
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(officer.t("nav.held"))
