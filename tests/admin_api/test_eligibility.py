"""Eligibility through the interface: one answer about one person on one day, for a machine of the personnel system."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bench.case_homes import lay
from bench.measure_rows import running, served, signer
from core import registry, warnings
from core.app import App
from core.cases.proceedings.tables import CaseFile
from core.sealing import Escrow
from core.warnings.rules.effects import Action
from core.warnings.thread import person_hash
from tests.admin_api.callers import code
from tests.admin_api.conftest import Connect
from tests.builders import OPERATOR, a_member, a_unit, sign_in
from tests.core.cases.offices import an_official
from tests.core.warnings.offices import Deciders, confirmed, move_on, the_deciders

DAY = timedelta(days=1)


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


@pytest.fixture
async def personnel(desk: App, connect: Connect) -> httpx.AsyncClient:
    """The machine of the personnel department, with a token of its own."""
    officer = connect(await sign_in(desk, await a_member(desk, "personnel_officer", "personnel_department")))
    made = await officer.post("/api/v1/tokens", json={"name": "干部人事系统", "days": 366})
    officer.headers["authorization"] = f"Bearer {made.json()['token']}"
    return officer


async def ask(
    client: httpx.AsyncClient, official: object, action: str = "award", on: date | None = None
) -> httpx.Response:
    given = {"official": str(official), "action": action, **({"on": on.isoformat()} if on else {})}
    return await client.get("/api/v1/eligibility", params=given)


async def answer(client: httpx.AsyncClient, official: object, action: str = "award", on: date | None = None) -> str:
    found = await ask(client, official, action, on)
    assert found.status_code == 200, found.text
    said: str = found.json()["answer"]
    return said


async def another_post(desk: App, official_id: UUID) -> UUID:
    """The same person in another post, in another unit."""
    unit_id = await a_unit(desk)
    async with desk.work(OPERATOR, "cli") as work:
        known = await registry.official(work, official_id)
        moved = await registry.add_official(
            work, known.person.id, unit_id, post="主任", rank="deputy_section", since=work.clock.today()
        )
    return moved.id


async def revoke(deciders: Deciders, measure_id: UUID) -> None:
    """Let an internal review find that a measure was wrong from its beginning."""
    day = deciders.desk.clock.today()
    wish = await deciders.offices.do(
        deciders.offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure_id, kind="review", text="申请理由", received_on=day),
    )
    await deciders.offices.do(
        deciders.reviewer, lambda work: warnings.decide_remedy(work, wish.id, ruling="upheld", reasons="事实不清")
    )


async def test_what_runs_blocks_whatever_post_they_hold_and_what_was_revoked_never_did(
    deciders: Deciders, intake: App, worker: App, personnel: httpx.AsyncClient, connect: Connect
) -> None:
    desk, before = deciders.desk, deciders.offices.official_id
    first = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    served_on, last_day = first.served_on, first.last_day
    assert served_on is not None
    assert last_day is not None
    now = await another_post(desk, before)
    for official in (before, now):
        days = (served_on - DAY, served_on, last_day, last_day + DAY)
        said = [await answer(personnel, official, on=on) for on in days]
        assert said == ["allowed", "blocked", "blocked", "allowed"]
    assert (await answer(personnel, now), await answer(personnel, now, "training")) == ("blocked", "allowed")
    await move_on(worker, 100)
    second = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    supervisor = connect(await sign_in(desk, await a_member(desk, "supervisor")))
    both = await ask(supervisor, now, on=last_day)
    assert [each["measure_id"] for each in both.json()["reasons"]] == [str(first.id), str(second.id)]
    assert await answer(personnel, now, on=last_day + DAY) == "blocked"
    await revoke(deciders, second.id)
    await move_on(worker, 200)
    past = [await answer(personnel, now, on=on) for on in (last_day, last_day + DAY, last_day + 30 * DAY)]
    assert past == ["blocked", "allowed", "allowed"]


async def test_the_reason_is_told_to_those_entitled_alone_and_that_it_was_asked_is_recorded(
    desk: App, personnel: httpx.AsyncClient, connect: Connect
) -> None:
    official_id = await an_official(desk)
    await warned(desk, official_id)
    asked = await ask(personnel, official_id, "promotion")
    today = desk.clock.today().isoformat()
    assert asked.json() == {
        "official": str(official_id),
        "action": "promotion",
        "on": today,
        "answer": "blocked",
        "reasons": [],
    }
    issuer = connect(await sign_in(desk, await a_member(desk, "issuer")))
    (reason,) = (await ask(issuer, official_id, "promotion")).json()["reasons"]
    assert (reason["form"], reason["served_on"], reason["last_day"]) == ("admonition", today, "2027-03-30")
    auditor = connect(await sign_in(desk, await a_member(desk, "auditor")))
    trail = (await auditor.get("/api/v1/audit", params={"subject": str(official_id)})).json()["entries"]
    assert [each["action"] for each in trail].count("api:eligibility:asked") == 2


@pytest.mark.parametrize(("profile", "in_the_year"), [("seed", "allowed"), ("modern", "blocked")])
async def test_under_todays_rules_no_excellent_grade_is_given_in_the_year_of_an_admonition(
    desk: App, personnel: httpx.AsyncClient, profile: str, in_the_year: str
) -> None:
    official_id = await an_official(desk)
    await warned(desk, official_id, profile=profile)
    year_ends = date(desk.clock.today().year, 12, 31)
    assert await answer(personnel, official_id, "excellent_grade", year_ends) == in_the_year
    assert await answer(personnel, official_id, "excellent_grade", year_ends + DAY) == "allowed"
    assert await answer(personnel, official_id, "award", year_ends + DAY) == "blocked"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"action": "burn"}, (422, "unknown_action")),
        ({"official": str(UUID(int=1))}, (404, "official_unknown")),
        ({"official": "somebody"}, (422, "fields_do_not_fit")),
        ({"on": "2026-02-30"}, (422, "fields_do_not_fit")),
    ],
)
async def test_a_question_that_cannot_be_answered_is_a_problem(
    desk: App, personnel: httpx.AsyncClient, given: dict[str, str], problem: tuple[int, str]
) -> None:
    known = {"official": str(await an_official(desk)), "action": "award"}
    assert code(await personnel.get("/api/v1/eligibility", params=known | given)) == problem


async def test_the_description_lists_the_actions_that_can_be_asked_about(site: FastAPI) -> None:
    operation = site.openapi()["paths"]["/api/v1/eligibility"]["get"]
    (action,) = [each["schema"] for each in operation["parameters"] if each["name"] == "action"]
    assert set(action["enum"]) == set(Action)


async def test_whoever_asks_finds_the_official_in_the_register(desk: App, personnel: httpx.AsyncClient) -> None:
    official_id = await an_official(desk)
    found = (await personnel.get("/api/v1/officials", params={"name": "公冶"})).json()["officials"]
    assert [each["id"] for each in found] == [str(official_id)]


async def warned(desk: App, official_id: UUID, *, profile: str = "seed") -> None:
    """An admonition that was served on somebody today, under a profile of the policy."""
    async with desk.work(OPERATOR, "cli") as work:
        by = await signer(work)
        known = await registry.official(work, official_id)
        person = person_hash(work, f"person:{known.person.id}")
    await lay(desk, running(by, 1))
    async with desk.work(OPERATOR, "cli") as work:
        case_ids = (await work.session.scalars(select(CaseFile.id))).all()
    await lay(desk, served(by, case_ids, [person], profile=profile))
