"""Record books at the console: opened with a reason, judged by two readers, released by the privacy officer."""

import re
from html import unescape

import httpx
import pytest

from admin_api.console.station_books import REASONS
from admin_api.texts import known, speak
from core import documents, stations
from core.access.limits import SHORTEST_REASON
from core.app import App
from core.sealing import Escrow
from core.stations import Attended, Result
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill
from tests.builders import a_member, a_unit, hand_key, sign_in
from tests.conftest import FixedClock
from tests.core.stations.books.test_judging import WORKER, Desk, at_desk
from tests.core.stations.network import an_official
from tests.core.stations.records.test_filing import LOCKED, WORDS, Round, round_

__all__ = ["round_"]  # the fixture of a station that has begun

REVIEW = "/console/stations/review"


class Readers:
    """Browsers of the department, over the locked record of one station."""

    def __init__(self, desk: App, escrow: Escrow, browse: Connect) -> None:
        self.desk, self.escrow, self.browse = desk, escrow, browse

    async def one(self, role: str = "supervisor", *, unlocked: bool = True) -> httpx.AsyncClient:
        member = await a_member(self.desk, role, "leading_group_office")
        await hand_key(self.desk, "record", member.person_id, self.escrow)
        return self.browse(await sign_in(self.desk, member, unlocked=unlocked))


@pytest.fixture
def readers(desk: App, escrow: Escrow, browse: Connect) -> Readers:
    return Readers(desk, escrow, browse)


def address(books: Desk) -> str:
    return f"/console/stations/obligations/{books.obligation_id}/book"


async def opened(browser: httpx.AsyncClient, path: str, **why: str) -> httpx.Response:
    """Open a book as the form does: with a reason, or for the review."""
    sent = await fill(browser, await browser.get(path), f"{path}/{'open' if why else 'review'}", **why)
    assert sent.status_code == 303, sent.text
    return await browser.get(sent.headers["location"])


def entries(page: httpx.Response) -> list[str]:
    """The fields of the entries that wait for this reader."""
    return list(dict.fromkeys(re.findall(r'name="(result-[0-9a-f-]{36})"', page.text)))


async def test_a_book_is_read_with_a_reason_and_an_unlocked_key(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    books = await at_desk(round_, readers.escrow, worker, clock, "a")
    browser, shut = await readers.one(), await readers.one(unlocked=False)
    page = await browser.get(address(books))
    assert ("The record book is sealed" in page.text, WORDS in page.text, "站长" in page.text) == (True, False, True)
    refused = await fill(browser, page, f"{address(books)}/open", why="other", note="  ")
    assert refused.status_code == 422
    page = await opened(browser, address(books), why="look_up")
    assert (page.status_code, WORDS in page.text) == (200, True)
    expired = await shut.get(str(page.url))
    assert ("please unlock your key first" in expired.text, WORDS in expired.text) == (True, False)
    expired = await browser.get(f"{address(books)}?opening={books.obligation_id}")
    assert (expired.status_code, WORDS in expired.text) == (200, False)


async def test_two_readers_judge_a_book_entry_by_entry_and_go_on_to_the_next(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    official = str(await an_official(round_.network.desk))
    books = await at_desk(round_, readers.escrow, worker, clock, official, "b")
    first, second = await readers.one(), await readers.one()
    listed = await first.get(REVIEW)
    assert "to be read 2" in listed.text
    page = await fill(first, listed, f"{address(books)}/review")
    page = await first.get(page.headers["location"])
    card, other = entries(page)
    said = {card: "make_card", other: "no_action"}
    sent = await fill(first, page, f"{address(books)}/results", **said)
    page = await first.get(sent.headers["location"])
    assert "Saved: 2 proposed, 0 decided" in page.text
    assert "you said: no action; another reader is next" in page.text
    assert ("for another reader 2" in (await first.get(REVIEW)).text, entries(page)) == (True, [card, other])
    page = await opened(second, address(books))
    assert "said: pass on to intake" in page.text
    wrong = await fill(second, page, f"{address(books)}/results", **{card: "burn", other: "no_action"})
    assert (wrong.status_code, "Please choose one of the four results" in wrong.text) == (422, True)
    assert re.search(rf'name="{other}" value="no_action" checked', wrong.text), "what was chosen is still there"
    sent = await fill(second, page, f"{address(books)}/results", **said)
    page = await second.get(sent.headers["location"])
    assert "Saved: 0 proposed, 2 decided" in page.text
    assert ("It was passed on to intake" in page.text, entries(page)) == (True, [])
    listed = await second.get(f"{REVIEW}?half=2026H2")
    assert ("decided 2" in listed.text, ">Reviewed</a>" in listed.text) == (True, True)


async def test_records_without_an_entry_are_set_down_with_one_button(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    await round_.do(stations.file_nil)
    await round_.do(stations.sign, by=round_.head)
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
    browser = await readers.one()
    page = await browser.get(REVIEW)
    assert "or all is done: 1." in page.text
    sent = await fill(browser, page, f"{REVIEW}/nothing")
    page = await browser.get(sent.headers["location"])
    assert ("Set down as reviewed: 1." in page.text, f"{REVIEW}/nothing" in page.text) == (True, False)
    assert (await browser.get(f"{REVIEW}?half=2026")).status_code == 422
    assert "There is no book" in (await browser.get(f"{REVIEW}?half=2027H1")).text


async def test_the_privacy_officer_finds_what_is_held_and_releases_it(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    books = await at_desk(round_, readers.escrow, worker, clock, "a", "a", "a")
    reader, officer = await readers.one(), await readers.one("privacy_officer")
    page = await opened(reader, address(books))
    assert (page.text.count("held for privacy"), WORDS in page.text, entries(page)) == (3, False, [])
    assert "more than two about one official: 1." in (await officer.get("/console")).text
    listed = await officer.get("/console/stations/held")
    assert (unescape(listed.text).count(f'href="{address(books)}"'), "2027-04-14" in listed.text) == (1, True)
    page = await opened(officer, address(books), why="privacy")
    assert page.text.count(f"<dd>{WORDS}</dd>") == 3
    sent = await fill(officer, page, f"{address(books)}/releases")
    page = await officer.get(sent.headers["location"])
    assert page.text.count(f'action="{address(books)}/releases?') == 2
    page = await opened(reader, address(books))
    assert (page.text.count(f"<dd>{WORDS}</dd>"), len(entries(page))) == (1, 1)
    assert (await reader.get("/console/stations/held")).status_code == 403
    assert (await officer.get(REVIEW)).status_code == 403


async def test_a_book_is_taken_out_as_a_document(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    books = await at_desk(round_, readers.escrow, worker, clock, "a")
    browser = await readers.one()
    page = await opened(browser, address(books), why="check")
    (link,) = re.findall(r'href="([^"]+\.docx\?[^"]+)"', page.text)
    sent = await browser.get(link)
    assert (sent.status_code, sent.headers["content-type"]) == (200, documents.MEDIA_TYPE)
    refused = await browser.get(f"{address(books)}.docx?opening={books.obligation_id}")
    assert refused.status_code == 403


async def test_the_heads_meet_from_the_call_to_the_minutes(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    books = await at_desk(round_, readers.escrow, worker, clock, "a")
    browser = await readers.one()
    meetings = "/console/stations/meetings"
    page = await browser.get(meetings)
    assert 'value="2026-10-27"' in page.text, "the last day for it is offered"
    (of_round,) = re.findall(r'<option value="([0-9a-f-]{36})"', page.text)
    form = {"round": of_round, "held_on": "2026-10-20", "begins_at": "09:30", "venue": "区委三楼会议室"}
    refused = await fill(browser, page, meetings, **form, agenda=" \n ")
    assert (refused.status_code, "区委三楼会议室" in refused.text) == (422, True)
    refused = await fill(browser, page, meetings, **form | {"begins_at": "soon"}, agenda="听取汇报")
    assert (refused.status_code, "The hour cannot be read." in refused.text) == (422, True)
    sent = await fill(browser, page, meetings, **form, agenda="听取汇报\n部署调阅")
    assert sent.status_code == 303, sent.text
    address = sent.headers["location"]
    page = await browser.get(address)
    assert ("told by the bot" in page.text, "听取汇报" in page.text) == (True, False)
    moved = {"held_on": "2026-10-29", "begins_at": "14:00", "venue": "社区服务中心", "agenda": "听取汇报"}
    page = await browser.get((await fill(browser, page, f"{address}/move", **moved)).headers["location"])
    assert "It should have been held by 2026-10-27" in page.text
    clock.move(LOCKED.replace(day=29) - clock.now())
    browser = await readers.one()  # whoever signed in two weeks ago is out
    page = await browser.get(address)
    closing = {"minutes": "各站汇报了情况", "true_record": "yes"}
    refused = await fill(browser, page, f"{address}/close", **closing)
    assert (refused.status_code, "Stations of which nobody noted who came: 1." in refused.text) == (409, True)
    assert "\n各站汇报了情况</textarea>" in refused.text
    assert "not noted 1" in page.text, "nobody is present before somebody said so"
    page = await browser.get((await fill(browser, page, f"{address}/attendance", rest="head")).headers["location"])
    assert "1 stations: head 1" in page.text
    page = await browser.get((await fill(browser, page, f"{address}/close", **closing)).headers["location"])
    assert (await books.state(), f'action="{address}/close' in page.text) == ("heard", False)
    page = await browser.get((await fill(browser, page, f"{address}/open")).headers["location"])
    assert ("<li>听取汇报</li>" in page.text, ">各站汇报了情况</div>" in page.text) == (True, True)
    (link,) = re.findall(r'href="([^"]+\.docx\?[^"]+)"', page.text)
    assert (await browser.get(link)).headers["content-type"] == documents.MEDIA_TYPE


async def test_a_station_of_another_round_is_in_no_meeting(
    round_: Round, worker: App, clock: FixedClock, readers: Readers
) -> None:
    await at_desk(round_, readers.escrow, worker, clock, "a")
    elsewhere = await a_unit(readers.desk, "liaison_station")
    network = round_.network
    (of_round,) = await network.do(stations.rounds)
    call = stations.Call(clock.today(), LOCKED.time(), "会议室", ("听取汇报",))
    meeting_id = await network.do(lambda work: stations.call_heads_meeting(work, of_round.id, call))
    browser, address = await readers.one(), f"/console/stations/meetings/{meeting_id}"
    sent = await fill(browser, await browser.get(address), f"{address}/attendance", **{f"station-{elsewhere}": "head"})
    assert sent.status_code == 404


def test_every_word_of_a_closed_list_is_in_the_catalogue() -> None:
    asked = {f"station.result.{each}" for each in Result} | {f"heads.attended.{each}" for each in Attended}
    asked |= {f"station.half.{place}" for place in (1, 2)}
    assert [one for one in asked if known(speak("zh_CN"), one) is None] == []
    for language in ("zh_CN", "en"):
        said = speak(language)
        assert all(len(said(f"station.book.reason.{each}")) >= SHORTEST_REASON for each in REASONS[:-1])
