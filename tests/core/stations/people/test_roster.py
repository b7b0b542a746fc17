"""Who is in a station, and which officials live where it is."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from core import stations
from core.app import App
from core.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn
from core.work import Reporter
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import NAME, Network, a_network, an_official, somebody_of

DAY = timedelta(days=1)
MOVED_IN = date(2026, 2, 1)


@pytest.fixture
async def network(desk: App, intake: App) -> Network:
    return await a_network(desk, intake)


async def test_the_people_of_a_station_are_those_of_today_by_name(
    network: Network, desk: App, clock: FixedClock
) -> None:
    head = await somebody_of(desk, network.station_id, "station_head", "东郭远帆", until=clock.today())
    await somebody_of(desk, network.station_id, "building_contact", "公西晚照", until=clock.today() - DAY)
    await somebody_of(desk, await a_unit(desk, "liaison_station"), "station_head", "段干新雨")
    (listed, another) = await network.do(stations.stations)
    assert network.station_id in {listed.id, another.id}
    people = await network.do(lambda work: stations.people_of(work, network.station_id))
    assert [(each.person_id, each.name, each.role, each.standing) for each in people] == [
        (head, "东郭远帆", "station_head", "unpaired"),
        (network.person_id, NAME, "station_liaison", "unpaired"),
    ]
    with pytest.raises(NotFound, match="station_unknown"):
        await network.do(lambda work: stations.people_of(work, uuid4()))
    with pytest.raises(Denied):
        await network.do(
            lambda work: stations.people_of(work, network.station_id), staff=await a_colleague(desk, "auditor", "court")
        )


async def test_a_record_can_be_about_officials_in_post_who_live_there_and_nobody_else(
    network: Network, desk: App, clock: FixedClock
) -> None:
    lives_here, lives_there = await an_official(desk), await an_official(desk, "段干新雨")
    leaves_post = await an_official(desk, "公西晚照", until=clock.today())
    for person_id in (lives_here, leaves_post):
        await network.do(
            lambda work, who=person_id: stations.add_residence(work, who, network.station_id, since=MOVED_IN)  # type: ignore[misc]
        )
    elsewhere = await a_unit(desk, "liaison_station")
    await network.do(lambda work: stations.add_residence(work, lives_there, elsewhere, since=MOVED_IN))
    clock.move(DAY)
    liaison = await network.paired()
    async with network.intake.work(liaison, "liaison", write=False) as work:
        choices = await stations.officials_of(work, network.station_id)
        with pytest.raises(NotFound, match="station_unknown"):
            await stations.officials_of(work, elsewhere)
    assert [(each.name, dict(each.label)) for each in choices.all] == [
        (str(lives_here), {"zh_CN": "公冶望舒 · 区水利局 副局长", "en": "公冶望舒 · Water Bureau 副局长"})
    ]
    residents = await network.do(lambda work: stations.residents_of(work, network.station_id))
    assert [(each.person_id, each.posts) for each in residents] == [
        (lives_here, "区水利局 副局长"),
        (leaves_post, ""),
    ]
    async with network.intake.work(Reporter(), "web", write=False) as work:
        with pytest.raises(NotSignedIn):
            await stations.officials_of(work, network.station_id)


async def test_a_residence_is_one_at_a_time_and_of_officials_only(
    network: Network, desk: App, clock: FixedClock
) -> None:
    official, station, today = await an_official(desk), network.station_id, clock.today()
    residence = await network.do(lambda work: stations.add_residence(work, official, station, since=MOVED_IN))
    with pytest.raises(Conflict, match="residence_overlaps"):
        await network.do(lambda work: stations.add_residence(work, official, station, since=today))
    with pytest.raises(Invalid, match="ends_before_it_begins"):
        await network.do(lambda work: stations.end_residence(work, residence, on=MOVED_IN - DAY))
    await network.do(lambda work: stations.end_residence(work, residence, on=today - DAY))
    with pytest.raises(Conflict, match="residence_ended"):
        await network.do(lambda work: stations.end_residence(work, residence, on=today))
    assert not await network.do(lambda work: stations.officials_of(work, station))
    await network.do(lambda work: stations.add_residence(work, official, station, since=today))
    assert len(await network.do(lambda work: stations.officials_of(work, station))) == 1
    with pytest.raises(NotFound, match="residence_unknown"):
        await network.do(lambda work: stations.end_residence(work, uuid4(), on=today))


async def test_a_residence_that_is_registered_twice_at_the_same_moment_is_registered_once(
    network: Network, desk: App
) -> None:
    official, elsewhere = await an_official(desk), await a_unit(desk, "liaison_station")

    async def add(station_id: UUID) -> object:
        return await network.do(lambda work: stations.add_residence(work, official, station_id, since=MOVED_IN))

    tried = await asyncio.gather(add(network.station_id), add(elsewhere), return_exceptions=True)
    assert sorted(type(each).__name__ for each in tried) == ["Conflict", "UUID"]


async def test_who_is_no_official_or_where_is_no_station_is_not_registered(
    network: Network, desk: App, clock: FixedClock
) -> None:
    official, former = await an_official(desk), await an_official(desk, until=clock.today() - DAY)
    for person_id in (network.person_id, former):
        with pytest.raises(NotFound, match="official_unknown"):
            await network.do(
                lambda work, who=person_id: stations.add_residence(work, who, network.station_id, since=MOVED_IN)  # type: ignore[misc]
            )
    township = await a_unit(desk)
    with pytest.raises(NotFound, match="station_unknown"):
        await network.do(lambda work: stations.add_residence(work, official, township, since=MOVED_IN))
    with pytest.raises(Invalid, match="date_in_the_future"):
        await network.do(
            lambda work: stations.add_residence(work, official, network.station_id, since=clock.today() + DAY)
        )
