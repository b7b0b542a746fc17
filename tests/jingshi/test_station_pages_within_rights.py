"""On PostgreSQL a record comes in by the pages and by telephone, by processes with their own rights and no others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bots.web.app import create
from core import stations
from core.app import App
from tests.bots.web.person import Person
from tests.bots.web.stationer import Stationed, a_station, answer, t, walk, write
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.stations.network import Network, appointed
from tests.core.stations.records.test_filing import an_answer
from tests.core.stations.rounds.test_running import PROMPTED
from tests.jingshi.test_stations_within_rights import confined, database_url, granted

__all__ = ["confined", "database_url", "granted"]  # the fixtures of a database with roles


async def test_a_record_comes_in_by_the_pages_and_another_by_telephone(
    confined: tuple[Network, Mapping[str, App]], desk: App, clock: FixedClock
) -> None:
    _, apps = confined
    clock.move(PROMPTED + timedelta(days=1) - clock.now())
    laid = await a_station(create(apps["intake"]), desk, apps["intake"])
    station = replace(laid, network=replace(laid.network, desk=apps["desk"]))
    async with station.somebody() as person, station.somebody(station.head_id) as head:
        await _filled_in(person, station)
        await head.open(station.path)
        await head.press(to="/sign")
        assert t("station.said.signed") in head.text
        await person.press(to="/station/leave")
    await station.network.do(lambda work: stations.end_personal_link(work, station.head_id))
    assert await station.network.do(lambda work: stations.links_until(work, [station.head_id])) == {}

    elsewhere = await a_unit(desk, "liaison_station")
    await appointed(desk, station.head_id, elsewhere, "station_head")
    await station.network.do(lambda work: stations.open_round(work, "2026Q4"))
    shown = await station.network.do(stations.matrix)
    (opened,) = [each for each in shown.rounds if each.quarter == "2026Q4"]
    told = shown.cells[elsewhere, opened.id].obligation_id
    people = {"told_by": station.head_id, "confirmed_by": station.head_id}
    await station.network.do(lambda work: stations.enter_record(work, told, entries=[an_answer()], **people))
    course = await station.network.do(lambda work: stations.course(work, told))
    assert (course.state, [each.name for each in course.steps], course.may_enter) == ("signed", ["enter"], False)


async def _filled_in(person: Person, station: Stationed) -> None:
    """Do all that can be done with a record before it is signed."""
    await write(person, station)
    (path,) = [each for each in person.reading.links if "/entries/" in each]
    await person.open(path)
    await person.press(to="/entries/")
    await walk(person, station, until="other", matter="something_else")
    await answer(person, "family")
    assert t("station.stopped") in person.text
    await write(person, station)
    for way, said in (("/file", "filed"), ("/back", "taken_back"), ("/file", "filed")):
        await person.press(to=way)
        assert t(f"station.said.{said}") in person.text
