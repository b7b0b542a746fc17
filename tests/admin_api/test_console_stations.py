"""Stations at the console: the rounds as a matrix, people let in and out, what was sent, and whom to call."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from admin_api.console.stations import TONES
from admin_api.texts import known, speak
from core import outbox, stations
from core.app import App
from core.outbox.tables import STATES as DELIVERY_STATES
from core.outbox.templates import ROUND
from core.stations.rules.rounds import STATES, STEPS
from core.stations.tables import Obligation
from core.work import System
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill, form_of
from tests.builders import a_member, a_unit, sign_in
from tests.conftest import FixedClock
from tests.core.stations.network import NAME, Network, a_network, an_official, somebody_of

BEGUN = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
GRACE = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
QUARTER = "2026Q3"
ROUNDS = "/console/stations/rounds"


@pytest.fixture
async def network(desk: App, intake: App, clock: FixedClock) -> Network:
    clock.move(BEGUN - clock.now())
    return await a_network(desk, intake)


@pytest.fixture
async def browser(desk: App, network: Network, browse: Connect) -> httpx.AsyncClient:
    """Somebody of the department at a browser."""
    del network
    return browse(await sign_in(desk, await a_member(desk, "supervisor", "leading_group_office")))


async def opened(browser: httpx.AsyncClient) -> str:
    """Open the round as the form does; return the address of the only station's obligation."""
    page = await browser.get("/console/stations")
    sent = await fill(browser, page, ROUNDS, quarter=QUARTER, confirmed="yes")
    assert sent.status_code == 303, sent.text
    (found,) = re.findall(r'href="(/console/stations/obligations/[0-9a-f-]{36})"', await shown(browser))
    return str(found)


async def shown(browser: httpx.AsyncClient, path: str = "/console/stations") -> str:
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return page.text


async def test_a_round_is_opened_once_and_only_when_it_was_confirmed(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/console/stations")
    assert "No round has been opened yet." in page.text
    refused = await fill(browser, page, ROUNDS, quarter=QUARTER)
    assert (refused.status_code, "obligations/" in refused.text) == (422, False)
    await opened(browser)
    again = await browser.post(ROUNDS, data={**form_of(page, ROUNDS), "quarter": QUARTER, "confirmed": "yes"})
    assert (again.status_code, "The round of this quarter (2026Q3) is open already." in again.text) == (409, True)
    assert 'value="2026Q3"' not in await shown(browser)


async def test_a_cell_says_in_a_word_where_a_station_stands_and_the_head_counts_by_state(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    await a_unit(desk, "liaison_station")
    await network.do(lambda work: stations.open_round(work, QUARTER))
    async with desk.work(System("desk"), "console") as work:
        here = Obligation.station_id == network.station_id
        await work.session.execute(update(Obligation).where(here).values(state="signed", is_nil=True, is_late=True))
    page = await shown(browser)
    cells = re.findall(r'<td class="cell (\w+)"><a [^>]*>(.*?)</a>', page, re.DOTALL)
    assert sorted(cells) == [
        ("settled", 'Nothing to report <span class="late">late</span>'),
        ("waiting", "Not asked yet"),
    ]
    assert re.findall(r'<li class="\w+">(.*?)</li>', page) == ["Not asked yet 1", "Signed 1"]


async def test_a_word_that_lets_somebody_in_is_shown_once_and_kept_nowhere(
    network: Network, browser: httpx.AsyncClient
) -> None:
    address = f"/console/stations/{network.station_id}"
    path = f"{address}/people/{network.person_id}"
    card = await fill(browser, await browser.get(address), f"{path}/invitation")
    assert (card.status_code, card.headers["cache-control"]) == (200, "no-store")
    assert "This card is shown this once" in card.text
    assert ("<svg" in card.text, NAME in card.text, "https://t.me/" in card.text) == (True, True, False)
    (word,) = re.findall(r'<code id="word">([\w-]{43})</code>', card.text)
    (code,) = re.findall(r'<output id="code"><span>(\d{3})</span> <span>(\d{3})</span></output>', card.text)
    page = await shown(browser, address)
    assert ("invited, not accepted yet" in page, word in page, "".join(code) in page) == (True, False, False)
    await network.redeemed(" ".join(code))
    page = await shown(browser, address)
    assert (">paired</span>" in page, f'action="{path}/invitation/withdrawal"' in page) == (True, False)


async def test_a_link_into_the_chat_is_shown_where_the_name_of_the_bot_is_known(
    network: Network, browser: httpx.AsyncClient, desk: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "settings", replace(desk.settings, liaison_name="jingshi_liaison_bot"))
    address = f"/console/stations/{network.station_id}"
    card = await fill(browser, await browser.get(address), f"{address}/people/{network.person_id}/invitation")
    (word,) = re.findall(r">https://t\.me/jingshi_liaison_bot\?start=([\w-]{43})</code>", card.text)
    assert (await network.redeemed(word)).person_id == network.person_id


async def test_an_invitation_is_withdrawn_and_a_pairing_ended(network: Network, browser: httpx.AsyncClient) -> None:
    address = f"/console/stations/{network.station_id}"
    path = f"{address}/people/{network.person_id}"
    await network.invited()
    page = await browser.get(address)
    assert (await fill(browser, page, f"{path}/invitation/withdrawal")).status_code == 303
    again = await browser.post(f"{path}/invitation/withdrawal", data=form_of(page, f"{path}/invitation/withdrawal"))
    assert (again.status_code, 'role="alert"' in again.text) == (404, True)
    await network.paired()
    assert (await fill(browser, await browser.get(address), f"{path}/unpairing")).status_code == 303
    assert await network.standing() == "unpaired"
    assert await network.recognised() is None


async def test_nobody_is_let_in_by_way_of_another_station(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    elsewhere, here = await a_unit(desk, "liaison_station"), f"/console/stations/{network.station_id}"
    form = form_of(await browser.get(here), f"{here}/people/{network.person_id}/invitation")
    sent = await browser.post(f"/console/stations/{elsewhere}/people/{network.person_id}/invitation", data=form)
    assert (sent.status_code, "<svg" in sent.text) == (404, False)
    assert await network.standing() == "unpaired"


async def test_the_page_of_a_station_names_the_officials_who_live_there(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    address = f"/console/stations/{network.station_id}"
    assert "No official is registered as living here." in await shown(browser, address)
    person_id = await an_official(desk)
    since = desk.clock.today()
    await network.do(lambda work: stations.add_residence(work, person_id, network.station_id, since=since))
    assert f">公冶望舒</th><td>区水利局 副局长</td><td>{since}" in await shown(browser, address)


async def test_an_obligation_tells_who_was_reminded_how_that_went_and_why_it_was_excused(
    network: Network, desk: App, worker: App, browser: httpx.AsyncClient, clock: FixedClock
) -> None:
    await network.paired()
    await somebody_of(desk, network.station_id, "building_contact", "没有手机")
    clock.move(timedelta(minutes=15))  # they are at work in the chat no more
    path = await opened(browser)
    async with worker.work(System("worker"), "worker") as work:
        assert await stations.remind_due(work) == 2
    page = await browser.get(path)
    told = re.findall(r"<td>([^<]+)</td><td>([^<]+)</td></tr>", page.text)
    assert sorted(told) == sorted([(NAME, "waits to be sent"), ("没有手机", "not paired; nothing was sent")])
    assert "<b>Asked</b>" in page.text
    refused = await fill(browser, page, f"{path}/excuse", reason="  ")
    assert (refused.status_code, "A reason needs at least" in refused.text) == (422, True)
    assert "<b>Excused</b>" not in await shown(browser, path)
    assert (await fill(browser, page, f"{path}/excuse", reason="社区合并，暂无工作站")).status_code == 303
    page = await browser.get(path)
    assert ("<b>Excused</b>" in page.text, f'action="{path}/excuse"' in page.text) == (True, False)


async def test_the_plan_shows_whom_a_stage_writes_to_and_sends_nothing(
    network: Network, desk: App, worker: App, browser: httpx.AsyncClient
) -> None:
    await network.paired()
    await somebody_of(desk, network.station_id, "station_head", "站长")
    page = await shown(browser, f"/console/stations/plan?quarter={QUARTER}")
    assert re.findall(r'stage=(\w+)"', page) == ["prompt", "first", "second", "due", "grace", "escalated"]
    assert ("<td>站长</td>" in page, f"<td>{NAME}</td><td>paired</td>" in page) == (False, True)
    assert "<td>站长</td><td>not invited</td>" in await shown(
        browser, f"/console/stations/plan?quarter={QUARTER}&stage=escalated"
    )
    async with worker.work(System("worker"), "worker", write=False) as work:
        assert sum((await outbox.figures(work)).by_state.values()) == 0
    assert (await browser.get("/console/stations/plan?quarter=2026Q9")).status_code == 422


async def test_whom_nothing_reaches_is_called_at_once_and_who_is_silent_after_the_last_stage(
    network: Network, desk: App, browser: httpx.AsyncClient, clock: FixedClock
) -> None:
    await network.paired()
    await somebody_of(desk, network.station_id, "building_contact", "没有手机")
    await a_unit(desk, "liaison_station")
    await network.do(lambda work: stations.open_round(work, QUARTER))
    calls = await network.do(stations.call_list)
    assert sorted((each.person_name, each.why) for each in calls) == [("", "nobody"), ("没有手机", "unpaired")]
    page = await shown(browser, "/console/stations/calls")
    assert ("the station has nobody to ask" in page, "not invited; no reminder reaches them" in page) == (True, True)
    clock.move(GRACE - clock.now())
    calls = await network.do(stations.call_list)
    assert {each.person_name: str(each.why) for each in calls} == {"": "nobody", "没有手机": "unpaired", NAME: "silent"}


async def test_only_the_department_comes_in(network: Network, desk: App, browse: Connect) -> None:
    member = await a_member(desk, "intake_clerk", "leading_group_office")
    clerk = browse(await sign_in(desk, member))
    for path in ("", "/plan", f"/{network.station_id}"):
        assert (await clerk.get(f"/console/stations{path}")).status_code == 403
    assert 'href="/console/stations"' not in await shown(clerk, "/console")


def test_every_word_of_a_closed_list_is_in_the_catalogue() -> None:
    assert set(TONES) == set(STATES)
    asked = {f"obligation.state.{each}" for each in STATES} | {f"obligation.step.{each}" for each in STEPS}
    asked |= {f"station.standing.{each}" for each in stations.Standing} | {
        f"station.why.{each}" for each in stations.Why
    }
    asked |= {f"station.told.{each}" for each in (*DELIVERY_STATES, "unpaired", "over")}
    asked.add("obligation.step.call")
    asked |= {f"station.stage.{each.removeprefix('round_')}" for each in ROUND if each.startswith("round_")}
    assert [one for one in asked if known(speak("zh_CN"), one) is None] == []
