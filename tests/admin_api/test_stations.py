"""Stations by the interface: what the console shows and does, a machine reads and does as well."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from admin_api.api.station_shapes import Answer as AnswerWord
from core import stations
from core.app import App
from tests.admin_api.callers import code
from tests.admin_api.conftest import Connect
from tests.builders import a_member, sign_in
from tests.conftest import FixedClock
from tests.core.stations.network import NAME, Network, a_network, an_official

QUARTER = "2026Q3"
AT = "/api/v1/stations"
REASON = {"reason": "社区合并，本季度不报"}


@pytest.fixture
async def network(desk: App, intake: App, clock: FixedClock) -> Network:
    clock.move(datetime(2026, 9, 29, 2, 0, tzinfo=UTC) - clock.now())
    return await a_network(desk, intake)


@pytest.fixture
async def machine(desk: App, network: Network, connect: Connect) -> httpx.AsyncClient:
    del network
    return connect(await sign_in(desk, await a_member(desk, "supervisor", "leading_group_office")))


async def get(machine: httpx.AsyncClient, path: str, **query: str) -> Any:  # noqa: ANN401 - what the interface answers
    answer = await machine.get(f"{AT}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(
    machine: httpx.AsyncClient, path: str, given: Mapping[str, object] | None = None, *, key: str = "", **headers: str
) -> httpx.Response:
    headers["idempotency-key"] = key or uuid4().hex
    return await machine.post(f"{AT}{path}", json=given, headers=headers)


async def test_a_machine_reads_stations_plan_calls_and_what_happened(
    network: Network, machine: httpx.AsyncClient
) -> None:
    await network.do(lambda work: stations.open_round(work, QUARTER))
    (station,) = await get(machine, "")
    (call,) = await get(machine, "/calls")
    assert (call["station"], call["why"], call["person_id"]) == (station, "unpaired", str(network.person_id))
    course = await get(machine, f"/obligations/{call['obligation_id']}")
    assert (course["state"], course["due_on"], course["steps"]) == ("scheduled", "2026-09-30", [])
    plan = await get(machine, "/plan", quarter=QUARTER)
    assert {(each["station_id"], each["standing"]) for each in plan} == {(station["id"], "unpaired")}
    assert (await machine.get(f"{AT}/plan", params={"quarter": "2026Q9"})).status_code == 422
    key = uuid4().hex
    noted, again = [await post(machine, f"/obligations/{call['obligation_id']}/calls", key=key) for _ in range(2)]
    assert (noted.status_code, noted.json(), noted.json()["state"]) == (201, again.json(), "scheduled")
    assert (await get(machine, "/calls"))[0]["called"]["at"] == "2026-09-29T02:00:00Z"


async def test_a_round_is_opened_once_however_often_it_is_sent(machine: httpx.AsyncClient) -> None:
    given, key = {"quarter": QUARTER}, uuid4().hex
    first, again = [await post(machine, "/rounds", given, key=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["due_on"] == "2026-09-30"
    assert code(await post(machine, "/rounds", given)) == (409, "round_open_already")
    assert code(await post(machine, "/rounds", {"quarter": "2031Q1"})) == (422, "quarter_too_far")
    assert [each["quarter"] for each in await get(machine, "/rounds")] == [QUARTER]
    assert code(await machine.post(f"{AT}/rounds", json=given)) == (400, "idempotency_key_missing")


async def test_a_station_is_excused_by_whoever_saw_where_it_stands(
    network: Network, machine: httpx.AsyncClient
) -> None:
    await network.do(lambda work: stations.open_round(work, QUARTER))
    (branch,) = (await get(machine, f"/rounds/{QUARTER}/tree"))["branches"]
    path = f"/obligations/{branch['obligation_id']}"
    seen = (await machine.get(f"{AT}{path}")).headers["etag"]
    assert code(await post(machine, f"{path}/excuse", REASON, **{"if-match": '"9"'})) == (412, "obligation_changed")
    key = uuid4().hex
    first, again = [await post(machine, f"{path}/excuse", REASON, key=key, **{"if-match": seen}) for _ in range(2)]
    assert (first.status_code, first.json(), first.headers["etag"]) == (200, again.json(), '"1"')
    assert first.json()["state"] == "excused"
    assert code(await post(machine, f"{path}/excuse", REASON)) == (409, "step_not_possible")


async def test_a_machine_reads_how_a_round_stands_and_takes_it_out(
    network: Network, machine: httpx.AsyncClient
) -> None:
    await network.do(lambda work: stations.open_round(work, QUARTER))
    tree = await get(machine, f"/rounds/{QUARTER}/tree")
    assert tree["counts"] == {"obliged": 1, "owed": 1, "unreachable": 1}
    (branch,) = tree["branches"]
    assert (branch["answer"], branch["is_unreachable"], branch["children"]) == ("owed", True, [])
    page = await get(machine, f"/rounds/{QUARTER}/list", what="unreachable")
    (listed,) = page["stations"]
    assert [each["name"] for each in listed["waits_for"]] == [NAME]
    assert (page["counts"], page["next"]) == ({"owed": 1}, None)
    assert (await get(machine, f"/rounds/{QUARTER}/list", what="returned"))["stations"] == []
    found = await get(machine, f"/rounds/{QUARTER}/figures")
    assert (found["obliged"], found["days"], found["unreachable"]) == (1, [], {"unpaired": 1})
    assert found["by_quarter"] == [{"quarter": QUARTER, "counts": {"owed": 1}}]
    out = await machine.post(f"{AT}/rounds/{QUARTER}/export", json={"reason": "季度汇报用表"})
    (row,) = out.json()["rows"]
    assert (row["answer"], row["submitted_at"], row["by_telephone"], row["reminders"]) == ("owed", None, False, 0)
    assert NAME not in out.text
    assert (await machine.post(f"{AT}/rounds/{QUARTER}/export", json={"reason": ""})).status_code == 422
    assert code(await machine.get(f"{AT}/rounds/2026Q2/tree")) == (404, "round_unknown")


async def test_somebody_is_let_in_by_a_word_that_only_the_first_answer_has_and_out_again(
    network: Network, machine: httpx.AsyncClient
) -> None:
    path, key = f"/{network.station_id}/people/{network.person_id}", uuid4().hex
    first, again = [(await post(machine, f"{path}/invitation", key=key)).json() for _ in range(2)]
    assert {**first, "secret": None, "code": None} == again
    assert (await network.redeemed(first["code"])).person_id == network.person_id
    (member,) = await get(machine, f"/{network.station_id}/people")
    assert (member["name"], member["standing"]) == (NAME, "paired")
    assert (await post(machine, f"{path}/unpairing")).status_code == 200
    assert code(await post(machine, f"{path}/unpairing")) == (404, "pairing_unknown")
    await post(machine, f"{path}/invitation")
    assert (await post(machine, f"{path}/invitation/withdrawal")).status_code == 200
    assert await network.standing() == "unpaired"
    stranger = f"/{network.station_id}/people/{uuid4()}/invitation"
    assert code(await post(machine, stranger)) == (404, "person_unknown")


async def test_a_residence_is_registered_once_and_ended_at_its_own_station(
    network: Network, desk: App, machine: httpx.AsyncClient
) -> None:
    path, key = f"/{network.station_id}/residents", uuid4().hex
    given = {"person_id": str(await an_official(desk)), "since": "2026-02-01"}
    first, again = [await post(machine, path, given, key=key) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    assert code(await post(machine, path, given)) == (409, "residence_overlaps")
    (resident,) = await get(machine, path)
    ending = f"{path}/{first.json()['residence_id']}/end"
    assert resident["residence_id"] == first.json()["residence_id"]
    assert code(await post(machine, ending, {"on": "2026-01-01"})) == (422, "ends_before_it_begins")
    elsewhere = ending.replace(str(network.station_id), str(uuid4()))
    assert code(await post(machine, elsewhere, {"on": "2026-09-01"})) == (404, "station_unknown")
    assert (await post(machine, ending, {"on": "2026-09-01"})).status_code == 200
    assert await get(machine, path) == []


async def test_the_discipline_commission_lets_nobody_in(network: Network, desk: App, connect: Connect) -> None:
    supervisor = connect(await sign_in(desk, await a_member(desk, "supervisor", "discipline_commission")))
    path = f"/{network.station_id}/people/{network.person_id}/invitation"
    assert code(await post(supervisor, path)) == (403, "not_permitted")
    assert await network.standing() == "unpaired"


def test_the_description_names_the_answers_of_the_core_and_asks_every_step_for_a_key(site: FastAPI) -> None:
    described = site.openapi()
    found = described["components"]["schemas"]["StationBranch"]["properties"]["answer"]["anyOf"][0]["enum"]
    assert set(found) == set(AnswerWord.__args__) == {str(each) for each in stations.Answer}  # type: ignore[attr-defined]
    steps = [
        (path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if path.startswith(AT) and method == "post" and not path.endswith(("/export", "/openings"))  # twice is twice
    ]
    assert len(steps) >= 7
    for path, operation in steps:
        assert operation["description"].endswith("."), path
        assert "Idempotency-Key" in {each["name"] for each in operation["parameters"] if each["in"] == "header"}, path
