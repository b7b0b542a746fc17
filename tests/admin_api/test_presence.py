"""Who else is here: told by name to whoever may see the same, for two minutes, and kept in no trail."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import presence
from core.app import App
from core.db import Base
from core.sealing import Escrow
from jingshi import worker as workers
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.colleagues import the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import give_reason
from tests.builders import OPERATOR
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.cases.offices import opened


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def rows(app: App, table: str) -> int:
    async with app.database.transaction(write=False) as session:
        return await session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0


async def test_colleagues_are_here_for_two_minutes_and_only_where_one_may_be_too(
    desk: App, intake: App, worker: App, callers: Callers, clock: FixedClock
) -> None:
    offices = callers.offices
    case_id, item_id = await opened(offices, intake), (await submitted(intake)).item_id
    entries = await rows(desk, "audit_entry")
    for path in (f"/items/{item_id}/presence", f"/cases/{case_id}/presence"):
        assert (await callers.done(offices.clerk, path))["people"] == []
        seen = (await callers.done(offices.supervisor, path))["people"]
        assert [each["person_id"] for each in seen] == [str(offices.clerk.person_id)]
        assert code(await callers.post(offices.disc, path))[0] == 404
    clock.move(presence.STAYS)
    assert (await callers.done(offices.clerk, f"/items/{item_id}/presence"))["people"] == []
    tick = next(each for each in workers.TICKS if each.name == "forget who was here")
    async with worker.work(OPERATOR, "worker") as work:
        await tick.verb(worker, work)
    assert await rows(desk, "presence") == 1
    clock.move(timedelta(minutes=3))
    async with worker.work(OPERATOR, "worker") as work:
        await tick.verb(worker, work)
    assert (await rows(desk, "presence"), await rows(desk, "audit_entry")) == (0, entries)


async def test_the_pages_of_an_item_a_card_and_a_case_name_who_else_is_here(
    desk: App, intake: App, escrow: Escrow, browse: Connect
) -> None:
    colleagues = await the_colleagues(desk, escrow, browse)
    item_id, case_id = (await submitted(intake)).item_id, await opened(colleagues.offices, intake)
    clerk, supervisor = colleagues.at("clerk"), colleagues.at("supervisor")
    said = "Also looking at this now: 澹台听雨"
    for path in (f"/console/items/{item_id}", f"/console/cases/{case_id}"):
        page = await supervisor.get(path)
        assert "Also looking" not in page.text
        assert f'data-here="{path}/here"' in page.text
        assert said in (await clerk.get(path)).text
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        beat = await supervisor.post(f"{path}/here", data={"csrf": csrf})
        assert (beat.status_code, beat.text) == (200, said)
    opening = (await give_reason(clerk, item_id)).text.split("opening=")[1][:36]
    assert said in (await clerk.get(f"/console/items/{item_id}/card", params={"opening": opening})).text
