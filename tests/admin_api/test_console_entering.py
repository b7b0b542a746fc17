"""At the console the department hands out personal links, and enters what a station tells by telephone."""

import re
from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from core import stations
from core.app import App
from core.cases.items.tables import Refusal
from core.stations.tables import Obligation, RecordEntry
from core.work import System
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill
from tests.builders import a_member, sign_in
from tests.conftest import FixedClock
from tests.core.stations.network import NAME, Network, a_network, an_official, somebody_of

BEGUN = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
HEAD = "端木站长"
ANSWERS = {"matter": "gifts_or_banquets", "what": "收下一箱水果", "source": "own_observation"}


@pytest.fixture
async def network(desk: App, intake: App, clock: FixedClock) -> Network:
    clock.move(BEGUN - clock.now())
    return await a_network(desk, intake)


@pytest.fixture
async def browser(desk: App, network: Network, browse: Connect) -> httpx.AsyncClient:
    del network
    return browse(await sign_in(desk, await a_member(desk, "supervisor", "leading_group_office")))


class Telephone:
    """The page on which a member of staff enters what they are told."""

    def __init__(self, network: Network, browser: httpx.AsyncClient, head_id: UUID, obligation_id: UUID) -> None:
        self.network, self.browser = network, browser
        self.head_id, self.obligation_id, self.official_id = head_id, obligation_id, ""

    @property
    def path(self) -> str:
        return f"/console/stations/obligations/{self.obligation_id}"

    async def send(self, do: str, *entries: dict[str, str], by: UUID | None = None) -> httpx.Response:
        page = await self.browser.get(f"{self.path}/enter")
        return await fill(self.browser, page, f"{self.path}/enter", **self.fields(do, *entries, by=by))

    def fields(self, do: str, *entries: dict[str, str], by: UUID | None = None) -> dict[str, str]:
        """Return what the page sends when it is filled in."""
        fields = {"do": do, "count": str(len(entries)), "told_by": str(self.network.person_id)}
        for place, entry in enumerate(entries):
            given = {"official": self.official_id, **ANSWERS, **entry}
            fields |= {f"e{place}-{name}": value for name, value in given.items()}
        return {**fields, "confirmed_by": str(by or self.head_id)}

    async def stored(self) -> Obligation:
        async with self.network.desk.work(System("desk"), "console", write=False) as work:
            row = await work.session.get(Obligation, self.obligation_id)
            assert row is not None
            return row

    async def count(self) -> int:
        async with self.network.desk.work(System("desk"), "console", write=False) as work:
            return len((await work.session.scalars(select(RecordEntry.id))).all())


@pytest.fixture
async def telephone(network: Network, desk: App, browser: httpx.AsyncClient) -> Telephone:
    head_id = await somebody_of(desk, network.station_id, "station_head", HEAD)
    official_id = await an_official(desk)
    since = date(2026, 9, 1)
    await network.do(lambda work: stations.add_residence(work, official_id, network.station_id, since=since))
    opened = await network.do(lambda work: stations.open_round(work, "2026Q3"))
    shown = await network.do(stations.matrix)
    obligation_id = shown.cells[network.station_id, opened.id].obligation_id
    telephone = Telephone(network, browser, head_id, obligation_id)
    telephone.official_id = str(official_id)
    return telephone


async def test_a_record_told_by_telephone_is_entered_and_its_course_says_by_whom(telephone: Telephone) -> None:
    entered = await telephone.send("enter", {}, {"what": "另一箱"})
    assert (entered.status_code, entered.headers["location"]) == (303, telephone.path)
    assert ((await telephone.stored()).state, await telephone.count()) == ("signed", 2)
    course = (await telephone.browser.get(telephone.path)).text
    assert ("Entered by the department" in course, NAME in course, HEAD in course) == (True, True, True)
    assert f"{telephone.path}/enter" not in course
    assert "收下一箱水果" not in course


async def test_nothing_to_report_is_entered_and_twice_is_once(telephone: Telephone) -> None:
    page = await telephone.browser.get(f"{telephone.path}/enter")
    for _ in range(2):
        sent = await fill(telephone.browser, page, f"{telephone.path}/enter", **telephone.fields("nil"))
        assert sent.status_code == 303, sent.text
    row = await telephone.stored()
    assert (row.state, row.is_nil, await telephone.count()) == ("signed", True, 0)
    assert "told_by" not in (await telephone.browser.get(f"{telephone.path}/enter")).text  # nothing is offered any more


async def test_entries_are_added_and_taken_out_and_what_was_typed_stays(telephone: Telephone) -> None:
    more = await telephone.send("more", {})
    assert (more.status_code, more.text.count("<fieldset")) == (200, 2)
    assert "收下一箱水果" in more.text
    less = await telephone.send("drop-0", {}, {"what": "另一箱"})
    assert (less.text.count("<fieldset"), "收下一箱水果" in less.text, "另一箱" in less.text) == (1, False, True)
    assert (await telephone.stored()).state == "scheduled"


async def test_what_is_missing_is_marked_and_nothing_is_entered(telephone: Telephone) -> None:
    sent = await telephone.send("enter", {}, {"what": ""})
    assert (sent.status_code, 'aria-invalid="true" aria-describedby="e1-what-problem"' in sent.text) == (422, True)
    assert "收下一箱水果" in sent.text
    assert ((await telephone.stored()).state, await telephone.count()) == ("scheduled", 0)


async def test_what_the_gate_refuses_is_counted_and_kept_nowhere(telephone: Telephone, desk: App) -> None:
    sent = await telephone.send("enter", {}, {"matter": "something_else", "other": "health", "what": "某人的病情"})
    assert (sent.status_code, "某人的病情" in sent.text, "收下一箱水果" in sent.text) == (422, False, True)
    assert ((await telephone.stored()).state, await telephone.count()) == ("scheduled", 0)
    async with desk.work(System("desk"), "console", write=False) as work:
        assert [each.category for each in await work.session.scalars(select(Refusal))] == ["health"]


async def test_nothing_to_report_is_not_entered_by_a_slip_of_the_hand(telephone: Telephone) -> None:
    sent = await telephone.send("nil", {})
    assert (sent.status_code, "Something is written below" in sent.text, "收下一箱水果" in sent.text) == (
        422,
        True,
        True,
    )
    assert (await telephone.stored()).state == "scheduled"


async def test_a_machine_enters_what_was_told_and_hands_out_links_as_staff_do(
    telephone: Telephone, desk: App, connect: Connect
) -> None:
    machine = connect(await sign_in(desk, await a_member(desk, "supervisor", "leading_group_office")))
    at, person_id = "/api/v1/stations", telephone.network.person_id
    link = f"{at}/{telephone.network.station_id}/people/{person_id}/link"
    first, again = [(await machine.post(link, headers={"idempotency-key": "a" * 32})).json() for _ in range(2)]
    assert (again["secret"], again["until"]) == (None, first["until"])
    found = await telephone.network.in_chat(lambda work: stations.recognise_link(work, first["secret"]))
    assert found.liaison.person_id == person_id
    ended = await machine.post(f"{link}/ending", headers={"idempotency-key": "b" * 32})
    assert (ended.status_code, ended.json()["person_id"]) == (200, str(person_id))

    entering = f"{at}/obligations/{telephone.obligation_id}/entering"
    people = {"told_by": str(person_id), "confirmed_by": str(telephone.head_id)}
    entry = {"official": telephone.official_id, **ANSWERS}
    answers = []
    for number, entries in enumerate(
        ([{**entry, "what": ""}], [{**entry, "matter": "something_else", "other": "health"}], [entry], [entry])
    ):
        key = {"idempotency-key": f"{min(number, 2)}" * 32}
        answers.append(await machine.post(entering, json={**people, "entries": entries}, headers=key))
    assert [each.status_code for each in answers] == [422, 201, 201, 201]
    assert (answers[0].json()["field"], answers[0].json()["place"]) == ("what", 1)
    refused, entered, repeated = [each.json() for each in answers[1:]]
    assert (refused["refused"], refused["state"]) == ("health", "scheduled")
    assert (entered["refused"], entered["state"], repeated) == (None, "signed", entered)
    nil = {**people, "entries": [entry], "is_nil": True}
    assert (await machine.post(entering, json=nil, headers={"idempotency-key": "c" * 32})).status_code == 422


async def test_a_liaison_confirms_nothing_and_an_empty_page_is_no_record(telephone: Telephone) -> None:
    sent = await telephone.send("enter", {}, by=telephone.network.person_id)
    assert (sent.status_code, "must be the head or deputy head" in sent.text) == (422, True)
    blank = dict.fromkeys(("official", *ANSWERS), "")
    empty = await telephone.send("enter", blank)
    assert (empty.status_code, "Nothing is written yet" in empty.text) == (409, True)


async def test_a_personal_link_is_shown_once_with_a_picture_and_ends_when_it_is_wished(
    network: Network, browser: httpx.AsyncClient
) -> None:
    address = f"/console/stations/{network.station_id}"
    path = f"{address}/people/{network.person_id}/link"
    card = await fill(browser, await browser.get(address), path)
    assert (card.status_code, card.headers["cache-control"]) == (200, "no-store")
    (secret,) = re.findall(r'<code id="word">http://127\.0\.0\.1:8000/station/([\w-]{43})</code>', card.text)
    assert ("<svg" in card.text, NAME in card.text) == (True, True)
    found = await network.in_chat(lambda work: stations.recognise_link(work, secret))
    assert found.liaison.person_id == network.person_id
    page = await browser.get(address)
    assert ("link good until" in page.text, secret in page.text) == (True, False)
    assert (await fill(browser, page, f"{path}/ending")).status_code == 303
    assert f'action="{path}/ending"' not in (await browser.get(address)).text
