"""People of the stations at their pages: two taps for nothing to report, one question a page, signed by their head."""

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bots.web.app import create
from core import drafts, stations
from core.app import App
from core.cases.items.tables import Item, Refusal
from core.stations.tables import PersonalLink, RecordEntry
from tests.bots.outage import out_of_reach
from tests.bots.web.person import Person
from tests.bots.web.stationer import IN_TIME, OFFICIAL, WORDS, Stationed, a_station, answer, question, t, walk, write
from tests.bots.web.walks import count, rows
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.stations.network import NAME, appointed, somebody_of
from tests.core.stations.records.test_filing import DUE, LOCKED, WORKER


@pytest.fixture
def pages(intake: App) -> Starlette:
    return create(intake)


@pytest.fixture
async def station(pages: Starlette, desk: App, intake: App, clock: FixedClock) -> Stationed:
    clock.move(IN_TIME - clock.now())
    return await a_station(pages, desk, intake)


async def lock(worker: App, clock: FixedClock) -> None:
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)


# -- coming in ---------------------------------------------------------------------------------------------------------


async def test_the_secret_of_a_link_leaves_the_address_at_once_and_no_page_passes_it_on(station: Stationed) -> None:
    link = await station.link()
    async with Person.at(station.site) as person:
        first = await person.client.get(link)
        assert (first.status_code, first.headers["location"]) == (303, "/station")
        assert (first.headers["referrer-policy"], first.headers["cache-control"]) == ("no-referrer", "no-store")
        cookie = first.headers["set-cookie"].lower()
        assert all(each in cookie for each in ("httponly", "samesite=lax", "path=/station"))
        await person.open("/station")
        assert person.path == station.path
        assert link.rpartition("/")[2] not in person.answer.text


@pytest.mark.parametrize("way", ["unknown", "replaced", "over", "malformed"])
async def test_a_link_that_is_no_longer_good_says_what_to_do(way: str, station: Stationed, clock: FixedClock) -> None:
    link = {"unknown": f"/station/{'x' * 43}", "malformed": "/station/x"}.get(way) or await station.link()
    if way == "replaced":
        await station.link()
    if way == "over":
        clock.move(timedelta(days=46))
    async with Person.at(station.site) as person:
        await person.open(link)
        assert (person.answer.status_code, t("station.old_link") in person.text) == (404, True)
        assert t("station.link.lost") in person.text
        assert t("station.call_somebody") in person.text


async def test_a_link_that_ends_while_its_page_is_open_ends_the_page(station: Stationed) -> None:
    async with station.somebody() as person:
        await station.network.do(lambda work: stations.end_personal_link(work, station.network.person_id))
        await person.send(f"{station.path}/nil")
        assert (person.answer.status_code, t("station.old_link") in person.text) == (404, True)
        await person.open("/station")
        assert t("station.no_link") in person.text  # the browser has forgotten it
    assert await station.state() == "scheduled"


async def test_wrong_links_are_slowed_and_a_right_one_always_passes(station: Stationed) -> None:
    async with Person.at(station.site) as person:
        statuses = [(await person.client.get(f"/station/{'x' * 41}{each:02}")).status_code for each in range(11)]
        assert statuses[0] == 404
        assert statuses[-1] == 429
        await person.open(await station.link())
        assert person.path == station.path


async def test_without_a_link_the_pages_say_where_to_get_one(station: Stationed) -> None:
    async with Person.at(station.site) as person:
        for path in ("/station", station.path, f"{station.path}/entry"):
            await person.open(path)
            assert (person.path, t("station.no_link") in person.text) == ("/station", True)
        await person.send(f"{station.path}/nil")
    assert await station.state() == "scheduled"


async def test_who_leaves_takes_the_link_out_of_the_browser(station: Stationed) -> None:
    async with station.somebody() as person:
        await person.press(to="/station/leave")
        assert t("station.no_link") in person.text
        assert not person.client.cookies


async def test_a_page_of_another_site_presses_nothing_here(station: Stationed) -> None:
    async with station.somebody() as person:
        there = await person.client.post(f"{station.path}/nil", headers={"sec-fetch-site": "cross-site"})
        assert there.status_code == 403
    assert await station.state() == "scheduled"


# -- nothing to report -------------------------------------------------------------------------------------------------


async def test_nothing_to_report_takes_two_taps_and_is_signed_too(station: Stationed) -> None:
    async with station.somebody() as person:
        assert f"{station.path}/nil" in person.reading.links
        await person.open(f"{station.path}/nil")
        await person.press(to="/nil")
        assert (person.path, t("station.said.nil") in person.text) == (station.path, True)
        assert t("station.standing.nil") in person.text
    async with station.somebody(station.head_id) as head:
        assert t("station.sign_nil") in head.text
        await head.press(to="/sign")
        assert t("station.said.signed") in head.text
    record = await station.record()
    assert (record.duty.state, record.duty.is_nil) == ("signed", True)


async def test_a_double_tap_does_it_once_and_is_told_the_same(station: Stationed, desk: App) -> None:
    async with station.somebody() as person, station.somebody(station.head_id) as head:
        await write(person, station)
        for path, said, by in (
            ("file", "filed", person),
            ("back", "taken_back", person),
            ("file", "filed", person),
            ("sign", "signed", head),
        ):
            seen = {"seen": str((await station.record()).duty.version)}
            answers = [await by.client.post(f"{station.path}/{path}", data=seen) for _ in range(2)]
            assert [each.headers["location"] for each in answers] == [f"{station.path}?said={said}"] * 2
    assert await count(desk, RecordEntry) == 1


# -- an entry ----------------------------------------------------------------------------------------------------------


async def test_an_entry_is_written_one_question_a_page_then_filed_and_signed(station: Stationed, desk: App) -> None:
    async with station.somebody() as person:
        await person.open(f"{station.path}/entry")
        assert (question(person), OFFICIAL in person.text) == ("official", True)
        assert t("station.progress", number=1, total=5) in person.text
        await walk(person, station)
        assert WORDS in person.text
        await person.press("edit", "what")
        await answer(person, "改过的话")
        await person.press("action", "submit")
        assert t("station.said.added") in person.text
        assert "改过的话" in person.text
        await write(person, station)
        await person.press(to="/file")
        assert (t("station.said.filed") in person.text, await station.state()) == (True, "submitted")
    async with station.somebody(station.head_id) as head:
        assert WORDS in head.text
        await head.press(to="/sign")
    assert (await station.state(), await count(desk, RecordEntry)) == ("signed", 2)


async def test_closing_the_browser_loses_nothing_of_an_entry_as_long_as_it_can_be_filed(
    station: Stationed, intake: App, clock: FixedClock
) -> None:
    async with station.somebody() as person:
        await walk(person, station, until="source")
    clock.move(timedelta(days=20))
    async with intake.work(WORKER, "worker") as work:
        assert await drafts.expire(work) == 0
    async with station.somebody() as person:
        assert t("station.go_on") in person.text
        await person.open(f"{station.path}/entry")
        assert question(person) == "source"
        await person.press("action", "back")
        await person.press("action", "back")
        assert (question(person), WORDS in person.answer.text) == ("what", True)


async def test_an_entry_sent_twice_is_in_the_record_once(station: Stationed) -> None:
    async with station.somebody() as person:
        await walk(person, station)
        await asyncio.gather(
            *(person.client.post(f"{station.path}/entry", data={"action": "submit"}) for _ in range(2))
        )
    assert [len(each.lines) for each in (await station.record()).entries] == [5]


async def test_an_answer_sent_twice_answers_one_question(station: Stationed) -> None:
    async with station.somebody() as person:
        given = {"question": "official", "answer": str(station.official_id)}
        both = [person.client.post(f"{station.path}/entry", data=given) for _ in range(2)]
        assert [each.status_code for each in await asyncio.gather(*both)] == [303, 303]
        await person.open(f"{station.path}/entry")
        assert question(person) == "matter"


async def test_what_the_gate_refuses_is_counted_and_nothing_of_it_is_kept(station: Stationed, desk: App) -> None:
    async with station.somebody() as person:
        await write(person, station)
        await walk(person, station, until="other", matter="something_else")
        await answer(person, "health")
        assert t("station.stopped") in person.text
        await person.open(station.path)
        assert t("station.go_on") not in person.text
    assert [(each.category, each.channel) for each in await rows(desk, Refusal)] == [("health", "liaison_station")]
    assert (len((await station.record()).entries), await count(desk, drafts.DraftRow)) == (1, 0)


async def test_what_is_too_long_or_missing_comes_back_to_be_mended(station: Stationed) -> None:
    async with station.somebody() as person:
        await walk(person, station, until="what")
        await person.press("action", "next", answer="长" * 301)
        assert person.answer.status_code == 422
        assert t("station.too_long", limit=300, length=301) in person.text
        await person.press("action", "next", answer="")
        assert t("problem.required") in person.text


async def test_an_entry_is_taken_out_after_it_was_shown_once_more(station: Stationed) -> None:
    async with station.somebody() as person:
        await write(person, station)
        (path,) = [each for each in person.reading.links if "/entries/" in each]
        await person.open(path)
        assert WORDS in person.text
        await person.press(to="/entries/")
        assert (person.path, t("station.said.dropped") in person.text) == (station.path, True)
        await person.open(path)
        assert person.path == station.path
    assert (await station.record()).entries == []


async def test_an_entry_may_be_thrown_away_halfway(station: Stationed, desk: App) -> None:
    async with station.somebody() as person:
        await walk(person, station, until="what")
        await person.press("action", "discard")
        assert t("station.said.left") in person.text
    assert await count(desk, drafts.DraftRow) == 0


# -- two people, and the head ------------------------------------------------------------------------------------------


async def test_a_record_goes_back_with_a_remark_and_comes_again(station: Stationed) -> None:
    async with station.somebody() as person, station.somebody(station.head_id) as head:
        await write(person, station)
        await person.press(to="/file")
        await head.open(f"{station.path}/remark")
        await head.press(to="/remark")
        assert (head.answer.status_code, t("station.remark_missing") in head.text) == (422, True)
        await head.press(to="/remark", remark="请补充日期")
        assert t("station.said.sent_back") in head.text
        await person.open("/station")
        assert t("station.standing.returned", remark="请补充日期") in person.text
        await person.press(to="/file")
        await person.press(to="/back")
        assert t("station.said.taken_back") in person.text
    assert await station.state() == "draft"


async def test_two_people_of_one_station_see_what_the_other_did(station: Stationed, desk: App) -> None:
    second_id = await somebody_of(desk, station.network.station_id, "building_contact", "楼长")
    async with station.somebody() as person, station.somebody(second_id) as second:
        await walk(second, station)
        await person.open(f"{station.path}/nil")
        await second.press("action", "submit")
        await person.press(to="/nil")  # from a page of before
        assert (person.answer.status_code, t("station.refused.record_has_entries") in person.text) == (409, True)
        assert WORDS in person.text
        await walk(second, station)
        await person.press(to="/file")
        await second.press("action", "submit")
        assert (second.answer.status_code, t("station.refused.record_closed") in second.text) == (409, True)
    assert len((await station.record()).entries) == 1


async def test_the_deputy_signs_while_the_head_is_absent_and_a_liaison_never_does(
    station: Stationed, desk: App
) -> None:
    deputy_id = await somebody_of(desk, station.network.station_id, "station_deputy_head", "副站长")
    async with station.somebody() as person:
        await person.send(f"{station.path}/nil")
        await person.send(f"{station.path}/sign")
        assert (person.answer.status_code, t("station.refused.not_a_signer") in person.text) == (409, True)
    async with station.somebody(deputy_id) as deputy:
        await deputy.press(to="/sign")
    assert (await station.state(), (await station.record()).duty.is_nil) == ("signed", True)


async def test_the_head_signs_what_they_read_and_nothing_that_was_changed_since(station: Stationed) -> None:
    async with station.somebody() as person, station.somebody(station.head_id) as head:
        await person.send(f"{station.path}/nil")
        await head.open(station.path)
        await person.press(to="/back")
        await person.send(f"{station.path}/nil")
        await head.press(to="/sign")
        assert (head.answer.status_code, t("station.refused.record_changed") in head.text) == (409, True)
        await head.press(to="/sign")
    assert await station.state() == "signed"


async def test_the_record_of_another_station_does_not_exist(station: Stationed, desk: App) -> None:
    elsewhere = await a_unit(desk, "liaison_station")
    stranger_id = await somebody_of(desk, elsewhere, "station_head", "外站")
    async with station.somebody(stranger_id) as stranger:
        assert (await stranger.open(station.path)).status_code == 404
        assert (await stranger.send(f"{station.path}/nil")).status_code == 404
        assert (await stranger.open(f"{station.path}/entry")).status_code == 404
    assert await station.state() == "scheduled"


async def test_several_stations_of_one_person_are_listed_what_waits_first(station: Stationed, desk: App) -> None:
    await appointed(desk, station.network.person_id, await a_unit(desk, "liaison_station"), "station_head")
    found = await station.network.do(lambda work: stations.open_round(work, "2026Q4"))
    shown = await station.network.do(stations.matrix)
    async with station.somebody() as person:
        assert person.path == "/station"
        assert {each.quarter for each in shown.rounds} == {"2026Q3", "2026Q4"}
        await person.send(f"{station.path}/nil")
        await person.open("/station")
        last = [each for each in person.reading.links if "/records/" in each][-1]
        assert last == station.path  # of which nothing can be done any more
    assert found.quarter == "2026Q4"


async def test_who_has_no_role_any_more_finds_nothing_to_do(station: Stationed, desk: App, clock: FixedClock) -> None:
    until = clock.today() + timedelta(days=3)
    person_id = await somebody_of(desk, station.network.station_id, "building_contact", "楼长", until=until)
    async with station.somebody(person_id) as person:
        clock.move(timedelta(days=5))
        await person.open("/station")
        assert t("station.no_role") in person.text


async def test_the_head_passes_an_urgent_entry_on_after_being_asked_and_signs_the_rest(
    station: Stationed, desk: App
) -> None:
    async with station.somebody() as person, station.somebody(station.head_id) as head:
        await write(person, station)
        await person.press(to="/file")
        await head.open("/station")
        (path,) = [each for each in head.reading.links if each.endswith("/urgent")]
        assert not [each for each in person.reading.links if each.endswith("/urgent")]
        await head.open(path)
        assert t("station.hurry_more") in head.text
        await head.press(to="/urgent")
        assert t("station.said.hurried") in head.text
        await head.press(to="/sign")
        assert t("station.said.signed") in head.text
    assert [each.channel for each in await rows(desk, Item)] == ["station_record"]


# -- after the days ----------------------------------------------------------------------------------------------------


async def test_after_the_due_day_the_page_says_until_when_it_can_still_come(
    station: Stationed, clock: FixedClock
) -> None:
    clock.move(DUE + timedelta(hours=1) - clock.now())
    async with station.somebody() as person:
        assert t("station.standing.grace", day="10月13日（星期二）") in person.text


async def test_after_the_lock_nothing_comes_in_and_what_waits_is_signed(
    station: Stationed, worker: App, clock: FixedClock
) -> None:
    async with station.somebody() as person:
        await write(person, station)
        await person.press(to="/file")
    await lock(worker, clock)
    async with station.somebody() as person, station.somebody(station.head_id) as head:
        await person.send(f"{station.path}/back")
        assert (person.answer.status_code, t("station.refused.record_closed") in person.text) == (409, True)
        await person.open(f"{station.path}/entry")
        assert person.path == station.path
        assert (head.path, t("station.send_back") in head.text) == (station.path, False)
        await head.press(to="/sign")
        assert t("station.said.signed") in head.text
    assert await station.state() == "locked"


async def test_what_was_not_filed_before_the_lock_is_missing_and_says_whom_to_call(
    station: Stationed, worker: App, clock: FixedClock
) -> None:
    async with station.somebody() as person:
        await walk(person, station, until="what")
        await lock(worker, clock)
        await person.press("action", "next", answer=WORDS)
        assert (person.answer.status_code, t("station.refused.record_closed") in person.text) == (409, True)
        assert t("station.standing.missing") in person.text


async def test_an_answer_that_cannot_be_saved_is_still_there_to_send_again(station: Stationed, intake: App) -> None:
    async with station.somebody() as person:
        await walk(person, station, until="what")
        with out_of_reach(intake):
            await person.press("action", "next", answer=WORDS)
        assert (person.answer.status_code, t("station.call_somebody") in person.text) == (503, True)
        await person.press()
        assert question(person) == "happened_when"


async def test_no_log_holds_a_link_a_name_or_a_word(station: Stationed, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = await station.link()
    async with Person.at(station.site) as person:
        await person.open(link)
        await write(person, station)
        await person.open(f"{station.path}/nowhere")
    written = "\n".join(each.getMessage() for each in caplog.records if not each.name.startswith("httpx"))
    assert [each for each in (link, link.rpartition("/")[2], WORDS, NAME, OFFICIAL) if each in written] == []


async def test_of_a_link_only_a_hash_is_stored(station: Stationed, desk: App) -> None:
    link = await station.link()
    stored = await rows(desk, PersonalLink)
    assert all(link.rpartition("/")[2].encode() not in each.secret_hash for each in stored)
    async with desk.database.transaction(write=False) as session:
        assert len((await session.scalars(select(PersonalLink).where(PersonalLink.ended_at.is_(None)))).all()) == 1
