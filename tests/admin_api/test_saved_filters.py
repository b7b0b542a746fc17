"""Saved filters: one's own, with what they find; the name opens to nobody else."""

import pytest
from sqlalchemy import text

from core.app import App
from core.cases import proceedings
from core.sealing import Escrow
from core.work import Work
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.colleagues import the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, form_of
from tests.builders import sign_in
from tests.core.cases.builders import submitted
from tests.core.cases.offices import opened

NAME = "公冶望舒那几件"


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def test_a_filter_is_kept_by_its_owner_alone_with_a_count_and_a_name_that_is_sealed(
    desk: App, intake: App, callers: Callers
) -> None:
    clerk, supervisor = callers.offices.clerk, callers.offices.supervisor
    for _ in range(2):
        await submitted(intake)
    wanted = {"place": "inbox", "name": NAME, "query": {"state": "acknowledged", "waiting": "1", "channel": ""}}
    made = await callers.done(clerk, "/filters", wanted)
    assert code(await callers.post(clerk, "/filters", wanted)) == (409, "filter_known")
    found = (await callers.get(clerk, "/filters?place=inbox")).json()
    expected = {"id": made["id"], "place": "inbox", "name": NAME, "count": 2, "has_more": False}
    assert found == [{**expected, "query": {"state": "acknowledged", "waiting": "1"}}]
    assert (await callers.get(supervisor, "/filters?place=inbox")).json() == []
    for method, given in (("PATCH", {"name": "别的"}), ("DELETE", None)):
        path = f"/filters/{made['id']}"
        assert code(await callers.post(supervisor, path, given, method=method)) == (404, "filter_unknown")
    async with desk.database.transaction(write=False) as session:
        stored = (await session.execute(text("SELECT name, query FROM saved_filter"))).one()
    assert NAME.encode() not in bytes(stored.name)
    assert stored.query == "state=acknowledged&waiting=1"
    assert (await callers.post(clerk, f"/filters/{made['id']}", {"name": "待办"}, method="PATCH")).status_code == 204
    assert (await callers.get(clerk, "/filters?place=inbox")).json()[0]["name"] == "待办"
    assert (await callers.post(clerk, f"/filters/{made['id']}", method="DELETE")).status_code == 204
    assert (await callers.get(clerk, "/filters?place=inbox")).json() == []


async def test_a_filter_holds_words_of_closed_lists_only_and_there_are_not_too_many(callers: Callers) -> None:
    clerk = callers.offices.clerk

    async def said(place: str, query: dict[str, str], name: str = "x") -> tuple[int, str]:
        answer = await callers.post(clerk, "/filters", {"place": place, "name": name, "query": query})
        return (201, "") if answer.status_code == 201 else code(answer)

    for place, query in (("inbox", {"channel": "gongye"}), ("inbox", {"mine": "1"}), ("cases", {"state": "carded"})):
        assert await said(place, query) == (422, "unknown_choice")
    assert await said("cases", {"state": ""}) == (422, "filter_empty")
    assert await said("cases", {"mine": "1"}, " ") == (422, "text_missing")
    assert await said("cases", {"mine": "1"}, "长" * 41) == (422, "text_too_long")
    channels = ("web", "telegram", "letter", "visit", "telephone", "media")
    queries = [{"channel": each, **more} for each in channels for more in ({}, {"waiting": "1"})]
    assert [await said("inbox", each) for each in queries] == [(201, "")] * 12
    assert await said("inbox", {"state": "carded"}) == (409, "filters_too_many")


async def test_at_the_console_a_filter_is_a_link_with_its_count_and_goes_by_its_words_while_the_key_is_locked(
    desk: App, intake: App, escrow: Escrow, browse: Connect
) -> None:
    colleagues = await the_colleagues(desk, escrow, browse)
    await opened(colleagues.offices, intake)
    clerk = colleagues.at("clerk")
    page = await clerk.get("/console/cases", params={"state": "opened"})
    form = form_of(page, "/console/filters")
    saved = await clerk.post("/console/filters", data={**form, "name": NAME})
    assert saved.headers["location"] == "/console/cases?state=opened"
    page = await clerk.get(saved.headers["location"])
    assert f'{NAME} <span class="count">1</span>' in page.text
    again = await clerk.post("/console/filters", data={**form, "name": "又一个"})
    assert "has been saved already" in (await clerk.get(again.headers["location"])).text
    locked = browse(await sign_in(desk, colleagues.members["clerk"], step=1, unlocked=False))
    page = await locked.get("/console/cases")
    assert NAME not in page.text
    assert '<a href="/console/cases?state=opened">' in page.text
    path = page.text.split('action="/console/filters/')[1].split("/")[0]
    deleted = await fill(locked, page, f"/console/filters/{path}/delete")
    page = await locked.get(deleted.headers["location"])
    assert "The filter was deleted." in page.text
    assert "/console/filters/" not in page.text


async def test_a_count_says_no_more_than_that_there_are_many(
    desk: App, intake: App, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.saved_filters.COUNTED", 1)
    offices = callers.offices
    for _ in range(2):
        await opened(offices, intake)
    await callers.done(offices.supervisor, "/filters", {"place": "cases", "name": "x", "query": {"state": "opened"}})
    found = (await callers.get(offices.supervisor, "/filters?place=cases")).json()

    async def listed(work: Work) -> int:
        return len((await proceedings.queue(work, state="opened")).cases)

    assert (found[0]["count"], found[0]["has_more"]) == (1, await offices.do(offices.supervisor, listed) == 2)
