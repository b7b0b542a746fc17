"""Who reported, and search, through the interface."""

from typing import Any

import httpx
import pytest

from core import access
from core.app import App
from core.sealing import Escrow
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.conftest import Connect
from tests.builders import OPERATOR, Member, a_member, sign_in
from tests.core.cases.builders import submitted
from tests.core.cases.offices import verified

NAMED = {"reporter_name": "太叔知白", "reporter_contact": "000-1234"}


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def _post(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.post(f"/api/v1{path}", headers={"idempotency-key": path})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_two_custodians_open_who_reported_for_who_asked(
    intake: App, desk: App, escrow: Escrow, callers: Callers, connect: Connect
) -> None:
    offices = callers.offices
    people: list[Member] = [
        await sign_in(desk, await a_member(desk, "identity_custodian", "leading_group_office")) for _ in range(3)
    ]
    async with desk.work(OPERATOR, "cli") as work:
        await access.share_out(work, "identity", [one.person_id for one in people], escrow.identity)
    first, second, _ = [connect(one) for one in people]
    item_id = (await submitted(intake, identity=NAMED)).item_id
    await callers.done(offices.clerk, f"/items/{item_id}/card", callers.card())
    await callers.done(offices.clerk, f"/items/{item_id}/triage", {"outcome": "accepted", "reason": "属于受理范围"})
    await callers.done(offices.supervisor, f"/items/{item_id}/triage/decision", {"approved": True})
    case_id = (await callers.done(offices.clerk, f"/items/{item_id}/case"))["case_id"]
    asked = {"item_id": str(item_id), "reason": "需当面核对证据原件"}
    wish = await callers.done(offices.supervisor, f"/cases/{case_id}/identities", asked)
    (waiting,) = (await first.get("/api/v1/identities")).json()
    assert (waiting["id"], waiting["reason"]) == (wish["id"], asked["reason"])
    place = f"/identities/{wish['id']}"
    assert code(await callers.get(offices.supervisor, place)) == (409, "not_opened_yet")
    await _post(first, f"{place}/release")
    await _post(second, f"{place}/opening")
    assert (await callers.get(offices.supervisor, place)).json() == NAMED
    assert code(await first.get(f"/api/v1{place}")) == (403, "not_permitted")
    assert code(await callers.get(offices.org, place)) == (404, "identity_not_asked")


async def test_a_search_finds_words_in_granted_cases_alone(intake: App, callers: Callers) -> None:
    offices = callers.offices
    case_id = await verified(offices, intake)
    given = {"words": "扑克", "reason": "查找同类情况作参考"}
    (hit,) = (await callers.post(offices.org, "/cases/search", given)).json()["hits"]
    assert (hit["case"]["id"], hit["kind"]) == (str(case_id), "opened")
    assert (await callers.post(offices.receiver, "/cases/search", given)).json()["hits"] == []
    short = await callers.post(offices.org, "/cases/search", {**given, "words": "扑"})
    assert code(short) == (422, "words_too_short")
