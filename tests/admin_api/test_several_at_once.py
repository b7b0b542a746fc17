"""Triage of many items at once: looked at first, done item by item, taken back; and by four eyes still."""

import re
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest

from admin_api import bulk
from core.app import App
from core.cases import cards
from core.sealing import Escrow
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import form_of
from tests.core.cases.builders import submitted
from tests.core.cases.offices import Offices, a_card

REASON = "没有可以查证的具体事实"
PROPOSAL = {"outcome": "insufficient", "reason": REASON}


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


async def carded(offices: Offices, intake: App, count: int) -> list[UUID]:
    """Items with a card, the latest first, as the inbox has them."""
    items = [(await submitted(intake)).item_id for _ in range(count)]
    for item_id in items:
        await offices.do(offices.clerk, partial(cards.card, item_id=item_id, given=a_card(offices.official_id)))
    return items


def told(answer: httpx.Response) -> list[tuple[bool, str]]:
    """Of each item, whether it was done, and the problem if not."""
    assert answer.status_code == 200, answer.text
    return [
        (each["done"], (each["problem"] or {"type": ""})["type"].removeprefix("urn:jingshi:problem:"))
        for each in answer.json()["items"]
    ]


async def test_each_item_is_done_or_told_why_not_and_sent_again_the_rest_is_done(intake: App, callers: Callers) -> None:
    offices, clerk = callers.offices, callers.offices.clerk
    one, two = await carded(offices, intake, 2)
    uncarded, unknown = (await submitted(intake)).item_id, uuid4()
    several = {**PROPOSAL, "items": [str(each) for each in (one, uncarded, unknown, two)]}
    expected = [(True, ""), (False, "transition_not_allowed"), (False, "item_not_found"), (True, "")]
    assert told(await callers.post(clerk, "/triage/proposals/preview", several)) == expected
    assert told(await callers.post(clerk, "/triage/proposals/preview", several)) == expected  # nothing was changed
    assert told(await callers.post(clerk, "/triage/proposals", several, key="k")) == expected
    await callers.done(clerk, f"/items/{uncarded}/card", callers.card())
    again = await callers.post(clerk, "/triage/proposals", several, key="k")
    assert told(again) == [(True, ""), (True, ""), (False, "item_not_found"), (True, "")]
    other = await callers.post(clerk, "/triage/proposals", several)
    assert told(other) == [(False, "triage_pending")] * 2 + [(False, "item_not_found"), (False, "triage_pending")]


async def test_several_are_decided_about_by_another_only_and_what_is_decided_is_not_taken_back(
    intake: App, callers: Callers
) -> None:
    offices, clerk, supervisor = callers.offices, callers.offices.clerk, callers.offices.supervisor
    items = [str(each) for each in await carded(offices, intake, 3)]
    several = {"items": items}
    await callers.post(clerk, "/triage/proposals", {**PROPOSAL, **several})
    assert code(await callers.post(clerk, "/triage/decisions", {**several, "approved": True})) == (403, "not_permitted")
    assert told(await callers.post(supervisor, "/triage/decisions/preview", several)) == [(True, "")] * 3
    bare = await callers.post(supervisor, "/triage/decisions", {"items": items[:1], "approved": False})
    assert told(bare) == [(False, "text_missing")]
    returned = {"items": items[:1], "approved": False, "reason": "请补充时间、地点"}
    assert told(await callers.post(supervisor, "/triage/decisions", returned)) == [(True, "")]
    approved = await callers.post(supervisor, "/triage/decisions", {"items": items[:2], "approved": True})
    assert told(approved) == [(False, "nothing_proposed"), (True, "")]
    assert [each["state"] for each in approved.json()["items"]] == ["carded", "insufficient"]
    back = await callers.post(clerk, "/triage/take-backs", several)
    assert told(back) == [(False, "nothing_proposed"), (False, "nothing_proposed"), (True, "")]


async def test_no_more_are_taken_at_once_than_can_be_looked_through(callers: Callers) -> None:
    items = [str(uuid4()) for _ in range(bulk.MOST + 1)]
    for many in ([], items):
        answer = await callers.post(callers.offices.clerk, "/triage/take-backs/preview", {"items": many})
        assert code(answer) == (422, "fields_do_not_fit")


async def send(browser: httpx.AsyncClient, page: httpx.Response, step: str, **fields: object) -> httpx.Response:
    """Press a button that leads to a step, with what is ticked or hidden in its form."""
    action = re.search(rf'(?:form)?action="(/console/triage/{step}(?:\?[^"]*)?)"', page.text)
    assert action is not None, f"nothing leads to {step}"
    csrf = re.findall(r'name="csrf" value="(\w+)"', page.text)[0]
    answer = await browser.post(action[1].replace("&amp;", "&"), data={"csrf": csrf, **fields})
    assert answer.status_code == 200, answer.text
    return answer


def hidden(page: httpx.Response, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)"', page.text)


async def test_at_the_console_all_that_match_are_proposed_undone_and_decided_after_reading(
    intake: App, colleagues: Colleagues
) -> None:
    clerk, supervisor = colleagues.at("clerk"), colleagues.at("supervisor")
    items = await carded(colleagues.offices, intake, bulk.MOST // 50)
    await submitted(intake)
    page = await clerk.get("/console/items", params={"state": "carded"})
    assert page.text.count('form="bulk"') == len(items)
    chosen = await send(clerk, page, "propose", all="1")
    assert set(hidden(chosen, "item")) == {str(each) for each in items}
    wanted = {"item": hidden(chosen, "item"), "receiver": "", **PROPOSAL}
    preview = await send(clerk, chosen, "propose/preview", **wanted)
    assert f"{len(items)} can be done, 0 cannot" in preview.text
    confirmed = {**wanted, "once": hidden(preview, "once")[0]}
    done = await send(clerk, preview, "propose/confirm", **confirmed)
    assert f"{len(items)} done, 0 not" in done.text
    assert f"{len(items)} done, 0 not" in (await send(clerk, preview, "propose/confirm", **confirmed)).text
    undone = await send(clerk, done, "take-back/confirm", item=hidden(done, "item"), once=hidden(done, "once")[0])
    assert f"{len(items)} done, 0 not" in undone.text
    await send(clerk, preview, "propose/confirm", **{**confirmed, "once": "anew"})
    page = await supervisor.get("/console/items", params={"state": "carded"})
    preview = await send(supervisor, page, "decide", item=[str(each) for each in items[:2]])
    assert REASON not in preview.text
    assert 'name="decision"' not in preview.text
    form = {"item": hidden(preview, "item"), "note": "审批处理意见，逐件核对"}
    read = await send(supervisor, preview, "decide/read", **form)
    assert read.text.count(REASON) == len(form["item"])
    ticked = {"item": form["item"][:1], "once": hidden(read, "once")[0], "reason": ""}
    decided = await send(supervisor, read, "decide/confirm", decision="approve", **ticked)
    assert "1 done, 0 not" in decided.text
    assert (await supervisor.get("/console/triage/decide/confirm")).headers["location"] == "/console/items"


async def test_at_the_console_nothing_is_done_without_a_choice_or_a_reason(intake: App, colleagues: Colleagues) -> None:
    clerk = colleagues.at("clerk")
    items = await carded(colleagues.offices, intake, 1)
    form = form_of(await clerk.get("/console/items"), "/console/triage/propose")
    assert (await clerk.post("/console/triage/propose", data=form)).status_code == 422
    given = {**form, "item": str(items[0]), "outcome": "insufficient", "reason": " ", "receiver": ""}
    answer = await clerk.post("/console/triage/propose/confirm", data={**given, "once": "x"})
    assert (answer.status_code, "0 done, 1 not" in answer.text) == (200, True)
    assert "A text that is needed was not written." in answer.text
