"""Stations by the interface: what the console shows, a machine reads."""

from core import stations
from core.app import App
from tests.admin_api.conftest import Connect
from tests.builders import a_member, sign_in
from tests.core.stations.network import a_network


async def test_a_machine_reads_stations_plan_calls_and_what_happened(desk: App, intake: App, connect: Connect) -> None:
    network = await a_network(desk, intake)
    await network.do(lambda work: stations.open_round(work, "2026Q3"))
    machine = connect(await sign_in(desk, await a_member(desk, "supervisor", "leading_group_office")))
    (station,) = (await machine.get("/api/v1/stations")).json()
    (call,) = (await machine.get("/api/v1/stations/calls")).json()
    assert (call["station"], call["why"], call["person_id"]) == (station, "unpaired", str(network.person_id))
    course = (await machine.get(f"/api/v1/stations/obligations/{call['obligation_id']}")).json()
    assert (course["state"], course["due_on"], course["steps"]) == ("scheduled", "2026-09-30", [])
    plan = (await machine.get("/api/v1/stations/plan", params={"quarter": "2026Q3"})).json()
    assert {(each["station_id"], each["standing"]) for each in plan} == {(station["id"], "unpaired")}
    assert (await machine.get("/api/v1/stations/plan", params={"quarter": "2026Q9"})).status_code == 422
