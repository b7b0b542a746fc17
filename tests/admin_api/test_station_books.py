"""Record books, the review and the heads' meetings by the interface."""

from typing import Any, get_args
from uuid import uuid4

import httpx
import pytest

from admin_api.api.station_book_shapes import Attended, Result
from core import documents, stations
from core.app import App
from core.sealing import Escrow
from tests.admin_api.callers import code
from tests.admin_api.conftest import Connect
from tests.builders import a_member, hand_key, sign_in
from tests.conftest import FixedClock
from tests.core.stations.books.test_judging import Desk, at_desk
from tests.core.stations.records.test_filing import LOCKED, WORDS, Round, round_

__all__ = ["round_"]  # the fixture of a station that has begun

AT = "/api/v1/stations"
REASON = {"reason": "半年调阅记录簿"}


class Machines:
    """Machines of the department, each with the token of somebody."""

    def __init__(self, desk: App, escrow: Escrow, connect: Connect) -> None:
        self.desk, self.escrow, self.connect = desk, escrow, connect

    async def one(self, role: str = "supervisor") -> httpx.AsyncClient:
        member = await a_member(self.desk, role, "leading_group_office")
        await hand_key(self.desk, "record", member.person_id, self.escrow)
        return self.connect(await sign_in(self.desk, member))


@pytest.fixture
def machines(desk: App, escrow: Escrow, connect: Connect) -> Machines:
    return Machines(desk, escrow, connect)


@pytest.fixture
async def books(round_: Round, worker: App, clock: FixedClock, escrow: Escrow) -> Desk:
    return await at_desk(round_, escrow, worker, clock, "a", "a", "a", "b")


async def post(machine: httpx.AsyncClient, path: str, given: object = None, **headers: str) -> httpx.Response:
    return await machine.post(f"{AT}{path}", json=given, headers={"idempotency-key": uuid4().hex, **headers})


async def opened(machine: httpx.AsyncClient, path: str) -> dict[str, str]:
    return dict((await post(machine, f"{path}/openings", REASON)).json())


async def read(machine: httpx.AsyncClient, path: str) -> Any:  # noqa: ANN401 - what the interface answers
    """Give a reason, and read what it opens."""
    answer = await machine.get((await opened(machine, path))["content"])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_two_machines_judge_a_book_and_a_third_releases_what_was_held(books: Desk, machines: Machines) -> None:
    first, second, officer = await machines.one(), await machines.one(), await machines.one("privacy_officer")
    path = f"/obligations/{books.obligation_id}/book"
    book = await read(first, path)
    assert [(each["is_held"], len(each["lines"])) for each in book["entries"]] == [(True, 0)] * 3 + [(False, 1)]
    assert book["entries"][3]["lines"] == [{"label": "什么事", "value": WORDS}]
    (held,) = (await officer.get(f"{AT}/held")).json()
    assert (held["held"], held["until"]) == (3, "2027-04-14")
    ids = [each["id"] for each in book["entries"]]
    said = [f"{path}/results?opening={(await opened(each, path))['id']}" for each in (first, second)]
    assert code(await post(first, said[0], {"results": {ids[0]: "no_action"}})) == (403, "entry_held")
    assert code(await post(first, said[1], {"results": {ids[3]: "no_action"}})) == (403, "reason_needed")
    for each in ids[:3]:
        assert (await post(officer, f"/entries/{each}/release")).json() == {"id": each}
    results = {"results": dict.fromkeys(ids, "no_action")}
    assert (await post(first, said[0], results)).json() == {"proposed": 4, "confirmed": 0}
    review = (await second.get(f"{AT}/review", params={"half": "2026H2"})).json()
    assert [(each["theirs"], each["open"]) for each in review["books"]] == [(4, 0)]
    assert (await post(second, said[1], results)).json() == {"proposed": 0, "confirmed": 4}
    assert (await read(second, path))["state"] == "reviewed"
    assert (await post(first, "/review/nothing?half=2026H2")).json() == {"count": 0}
    unread = await first.get(f"{AT}{path}", params={"opening": str(uuid4())})
    assert code(unread) == (403, "reason_needed")


async def test_a_machine_holds_the_meeting_and_takes_both_papers_out(
    round_: Round, books: Desk, machines: Machines, clock: FixedClock
) -> None:
    machine = await machines.one()
    (of_round,) = (await machine.get(f"{AT}/meetings")).json()
    assert (of_round["meeting_by"], of_round["meeting_id"]) == ("2026-10-27", None)
    call = {"held_on": "2026-10-20", "begins_at": "09:30", "venue": "区委三楼会议室", "agenda": ["听取汇报"]}
    made = await post(machine, "/meetings", {**call, "round_id": of_round["round_id"]})
    assert made.status_code == 201, made.text
    path = f"/meetings/{made.json()['id']}"
    seen = await machine.get(f"{AT}{path}")
    assert (seen.json()["begins_at"], [each["attended"] for each in seen.json()["seats"]]) == ("09:30:00", [None])
    moved = await post(machine, f"{path}/move", {**call, "held_on": "2026-10-28"})
    assert moved.status_code == 200
    assert (await machine.get(f"{AT}{path}")).json()["is_late"] is True
    etag = {"if-match": seen.headers["etag"]}
    assert code(await post(machine, f"{path}/move", call, **etag)) == (412, "meeting_changed")
    early = await post(machine, f"{path}/attendance", {"attended": {}, "rest": "head"})
    assert code(early) == (409, "meeting_to_come")
    clock.move(LOCKED.replace(day=28) - clock.now())
    machine = await machines.one()  # whoever signed in two weeks ago is out
    minutes = {"minutes": "各站汇报了情况。"}
    assert code(await post(machine, f"{path}/close", minutes)) == (409, "attendance_incomplete")
    noted = {"attended": {str(round_.network.station_id): "deputy"}}
    assert (await post(machine, f"{path}/attendance", noted)).status_code == 200
    assert (await post(machine, f"{path}/close", minutes)).json() == {"heard": 1}
    opening = (await post(machine, f"{path}/openings", REASON)).json()
    texts = (await machine.get(opening["content"])).json()
    assert texts == {"agenda": ["听取汇报"], **minutes}
    book = (await post(machine, f"/obligations/{books.obligation_id}/book/openings", REASON)).json()
    for at, made_by in ((f"{AT}{path}", opening), (f"{AT}/obligations/{books.obligation_id}/book", book)):
        sent = await machine.get(f"{at}/document", params={"opening": made_by["id"]})
        assert (sent.status_code, sent.headers["content-type"]) == (200, documents.MEDIA_TYPE)


def test_the_closed_lists_are_those_of_the_core() -> None:
    assert set(get_args(Result)) == set(stations.Result)
    assert set(get_args(Attended)) == set(stations.Attended)
