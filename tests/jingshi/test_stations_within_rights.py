"""On PostgreSQL people of a station are let in, recognised and sent away by three processes, each with its own role."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from core import stations
from core.app import App
from core.sealing import PROCESSES, load_process_keys
from core.settings import Settings
from core.work import System
from tests.conftest import FixedClock
from tests.core.stations.network import CHAT, Network, a_network, an_official
from tests.databases import Cluster
from tests.jingshi.granted import Granted, database_with_roles


@pytest.fixture
def granted(cluster: Cluster) -> Iterator[Granted]:
    with database_with_roles(cluster) as made:
        yield made


@pytest.fixture
def database_url(granted: Granted) -> str:
    return granted.url


@pytest.fixture
async def confined(
    desk: App, granted: Granted, settings: Settings, clock: FixedClock
) -> AsyncIterator[tuple[Network, Mapping[str, App]]]:
    """The core of each process, connected as its role, and a network that was set up by commands at the machine."""
    await granted.apply()
    apps = {}
    for process in PROCESSES:
        own = replace(settings, database_url=granted.url_of(process))
        apps[process] = App(own, load_process_keys(settings.keys, process), clock=clock)
        await apps[process].open()
    yield replace(await a_network(desk, apps["intake"]), desk=apps["desk"]), apps
    for app in apps.values():
        await app.close()


async def test_people_of_a_station_come_and_go(
    confined: tuple[Network, Mapping[str, App]], desk: App, clock: FixedClock
) -> None:
    network, apps = confined
    official = await an_official(desk)
    residence = await network.do(
        lambda work: stations.add_residence(work, official, network.station_id, since=date(2026, 2, 1))
    )
    await network.invited()
    await network.do(lambda work: stations.withdraw_invitation(work, network.person_id))
    await network.paired()
    liaison = await network.redeemed((await network.invited()).code)
    found = await network.recognised()
    assert found is not None
    assert found.liaison == liaison
    await network.in_chat(lambda work: stations.speak(work, found, "en"))
    link = await network.do(lambda work: stations.personal_link(work, network.person_id))
    assert (await network.in_chat(lambda work: stations.recognise_link(work, link))).liaison == liaison
    async with apps["intake"].work(liaison, "liaison") as work:
        await stations.personal_link(work)
        assert len(await stations.officials_of(work, network.station_id)) == 1
    assert await network.standing() == "paired"
    assert len(await network.do(lambda work: stations.residents_of(work, network.station_id))) == 1
    await network.do(lambda work: stations.end_residence(work, residence, on=clock.today()))
    await network.do(lambda work: stations.unpair(work, network.person_id))
    await network.paired()
    await network.in_chat(lambda work: stations.disown(work, CHAT))
    async with apps["worker"].work(System("worker"), "worker") as work:
        assert await stations.erase_left(work) == 4
    assert (await network.recognised(), await network.standing()) == (None, "unpaired")
