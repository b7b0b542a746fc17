"""A round at the console: the tree, the lists, the figures, whom to call, and the workbook."""

import re
from datetime import UTC, datetime
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from admin_api.console.charts import bars, in_parts, steps
from admin_api.console.station_rounds import TONES
from admin_api.texts import known, speak
from core import stations
from core.app import App
from core.registry.tables import Unit
from core.stations.tables import Obligation, Round
from core.work import System
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill
from tests.builders import a_member, a_unit, sign_in
from tests.conftest import FixedClock
from tests.core.stations.network import NAME, Network, a_network, somebody_of

QUARTER = "2026Q3"
PAGES = ("", "/tree", "/list", "/figures", "/calls", "/plan")
AT = "/console/stations"


@pytest.fixture
async def network(desk: App, intake: App, clock: FixedClock) -> Network:
    clock.move(datetime(2026, 9, 29, 2, 0, tzinfo=UTC) - clock.now())
    return await a_network(desk, intake)


@pytest.fixture
async def browser(desk: App, network: Network, browse: Connect) -> httpx.AsyncClient:
    del network
    return browse(await sign_in(desk, await a_member(desk, "supervisor", "leading_group_office")))


async def shown(browser: httpx.AsyncClient, path: str) -> str:
    page = await browser.get(f"{AT}{path}")
    assert page.status_code == 200, page.text
    return page.text


async def test_every_page_says_what_would_be_there_before_the_first_round(browser: httpx.AsyncClient) -> None:
    for path in PAGES:
        assert ("No round has been opened yet." in await shown(browser, path)) == (path not in {"/calls", "/plan"})


async def test_branches_fold_and_lead_to_the_stations_that_are_counted(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    township = await a_unit(desk)
    other = await a_unit(desk, "liaison_station", parent_id=township)
    async with desk.work(System("desk"), "console") as work:
        await work.session.execute(update(Unit).where(Unit.id == network.station_id).values(parent_id=township))
    await network.do(lambda work: stations.open_round(work, QUARTER))
    async with desk.work(System("desk"), "console") as work:
        row = update(Obligation).where(Obligation.station_id == other)
        await work.session.execute(row.values(state="signed", is_nil=True, signed_at=work.now()))
    page = await shown(browser, "/tree")
    assert page.count("<details open>") == 1
    assert re.findall(r"<summary>(.*?)</summary>", page, re.DOTALL)[0].count('class="') >= 4
    (path,) = re.findall(r'href="(/console/stations/list\?[^"]+what=owed[^"]*)"', page)
    listed = await browser.get(path.replace("&amp;", "&"))
    assert (listed.status_code, NAME in listed.text, f"{other}" in listed.text) == (200, True, False)
    assert "1 · " not in listed.text
    assert (await browser.get(f"{AT}/tree?under=x")).status_code == 422
    assert (await browser.get(f"{AT}/tree?quarter=1999Q1")).status_code == 404


async def test_what_was_sent_back_and_what_waits_for_a_signature_is_listed_with_whom_it_waits_for(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    await somebody_of(desk, network.station_id, "station_head", "站长")
    await network.do(lambda work: stations.open_round(work, QUARTER))
    for state, what, whom in (("returned", "returned", NAME), ("submitted", "to_sign", "站长")):
        async with desk.work(System("desk"), "console") as work:
            await work.session.execute(update(Obligation).values(state=state))
        page = await shown(browser, f"/list?what={what}")
        assert re.findall(r"<td>(\S+) <span class=\"soft\">", page) == [whom]
    async with desk.work(System("desk"), "console") as work:
        values = {"state": "locked", "is_nil": True, "is_late": True, "signed_at": work.now()}
        await work.session.execute(update(Obligation).values(**values))
    assert 'Nothing to report <span class="late">late</span>' in await shown(browser, "/list?what=late")
    assert "No station is “Sent back”." in await shown(browser, "/list?what=returned")
    assert (await browser.get(f"{AT}/list?what=most_entries")).status_code == 422


async def test_each_figure_says_its_answer_in_its_title_and_has_its_table(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    await network.do(lambda work: stations.open_round(work, QUARTER))
    page = await shown(browser, "/figures")
    titles = re.findall(r"<figcaption><h2 id=\"([\w-]+)\">(.*?)</h2>", page)
    assert titles[0][1].endswith("0 of 1 stations have filed, 0 of them by the due day")
    assert titles[1][1] == "No round has been locked yet"
    assert titles[2][1] == "Nothing reaches 1 people or stations now"
    for name, described in re.findall(r'<svg role="img" aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"', page):
        assert name in dict(titles)
        assert f'id="{described}"' in page
    assert "style=" not in page  # the policy of the site forbids it
    async with desk.work(System("desk"), "console") as work:
        await work.session.execute(update(Round).values(locked_at=work.now()))
        await work.session.execute(update(Obligation).values(state="missing"))
    page = await shown(browser, "/figures?quarter=2026Q3")
    assert "2026 quarter 3: 0 of 1 stations filed in time, 1 are missing" in page


async def test_a_round_is_taken_out_as_a_workbook_for_a_reason_and_a_name_is_no_formula(
    network: Network, desk: App, browser: httpx.AsyncClient
) -> None:
    async with desk.work(System("desk"), "console") as work:
        await work.session.execute(update(Unit).where(Unit.id == network.station_id).values(name='=HYPERLINK("x")'))
    await network.do(lambda work: stations.open_round(work, QUARTER))
    page = await browser.get(f"{AT}/list")
    refused = await fill(browser, page, f"{AT}/export", reason="x")
    assert (refused.status_code, "A reason needs at least" in refused.text) == (422, True)
    sent = await fill(browser, page, f"{AT}/export", reason="季度汇报用表")
    assert sent.headers["content-disposition"] == 'attachment; filename="stations-2026Q3.xlsx"'
    sheet = load_workbook(BytesIO(sent.content)).active
    assert sheet is not None
    head, row = list(sheet.iter_rows())
    assert [each.value for each in head][:3] == ["Quarter", "Code", "Station"]
    assert (row[2].value, row[2].data_type, row[2].quotePrefix) == ('=HYPERLINK("x")', "s", True)
    assert row[4].value == "Not filed yet"
    assert NAME not in [each.value for each in row]


async def test_whom_to_call_stands_on_a_page_of_its_own(network: Network, browser: httpx.AsyncClient) -> None:
    await network.do(lambda work: stations.open_round(work, QUARTER))
    page = await shown(browser, "/calls")
    assert (NAME in page, "not invited; no reminder reaches them" in page) == (True, True)
    assert page.count('class="print-only"') == 2
    (path,) = re.findall(r'action="(/console/stations/obligations/[^"]+/call)"', page)
    assert (await fill(browser, await browser.get(f"{AT}/calls"), path)).status_code == 303
    page = await shown(browser, "/calls")
    assert ("2026-09-29 10:00" in page, path in page) == (True, False)
    course = await browser.get(path.removesuffix("/call"))
    assert "<b>Called by telephone</b>" in course.text


async def test_many_stations_come_page_by_page(network: Network, desk: App, browser: httpx.AsyncClient) -> None:
    async with desk.work(System("desk"), "console") as work:
        for number in range(45):
            work.session.add(
                Unit(code=f"s{number:02}", kind="liaison_station", name=f"站{number}", position=number + 9)
            )
    await network.do(lambda work: stations.open_round(work, QUARTER))
    first = await shown(browser, "")
    assert first.count('class="cell waiting"') == 40
    assert "Not asked yet 46" in first
    (more,) = re.findall(r'<a class="button" href="([^"]+)" rel="next">', first)
    rest = (await browser.get(more.replace("&amp;", "&"))).text
    assert rest.count('class="cell waiting"') == 6
    for word in ("x", "MSB4", "OTk5OTk5OTk5OTkgYQ"):
        assert (await browser.get(f"{AT}?after={word}")).status_code == (200 if word == "MSB4" else 422)


async def test_only_the_department_comes_in(network: Network, desk: App, browse: Connect) -> None:
    del network
    for role, body in (("intake_clerk", "leading_group_office"), ("supervisor", "discipline_commission")):
        somebody = browse(await sign_in(desk, await a_member(desk, role, body)))
        for path in PAGES:
            assert (await somebody.get(f"{AT}{path}")).status_code == 403
    department = await a_member(desk, "organisation_staff", "organisation_department")
    assert (await browse(await sign_in(desk, department)).get(AT)).status_code == 200


def test_every_answer_has_its_words_and_its_colour() -> None:
    assert set(TONES) == {*stations.LISTS, "obliged"}
    asked = [f"station.answer.{each}{end}" for each in stations.LISTS for end in ("", ".text")]
    assert [each for each in asked if known(speak("zh_CN"), each) is None] == []


def test_a_bar_in_parts_is_whole_and_in_order() -> None:
    parts = in_parts({"late": 1, "filed": 2, "none": 0}, ["filed", "none", "late"])
    assert [(each.name, each.number) for each in parts] == [("filed", 2), ("late", 1)]
    assert round(sum(each.length for each in parts), 6) == 100
    assert in_parts({}, ["filed"]) == []
    assert [(each.name, each.length) for each in bars({"a": 1, "b": 4, "c": 0})] == [("b", 100.0), ("a", 25.0)]
    assert bars({}) == []


def test_a_line_over_time_stands_still_between_the_days_on_which_something_came() -> None:
    first, second, until = (datetime(2026, 9, day, tzinfo=UTC).date() for day in (11, 16, 21))
    drawn = steps([(first, 1), (second, 4)], 4, [("due", until)], until)
    assert (drawn.first, drawn.last, [(each.name, each.left) for each in drawn.marks]) == (first, until, [("due", 100)])
    corners = [(each.left, each.top, each.right, each.bottom) for each in drawn.lines]
    assert corners == [(0, 100, 0, 100), (0, 100, 0, 75), (0, 75, 50, 75), (50, 75, 50, 0), (50, 0, 100, 0)]
    assert [len(each.lines) for each in [steps([], 0, [], until)]] == [1]
