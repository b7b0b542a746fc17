"""The whole form on one page: no cookie, no script, one POST."""

import asyncio
import re
import secrets
from uuid import UUID

import pytest
from starlette.applications import Starlette

from bots.web.app import PAGES
from core import cases
from core.app import App
from core.attachments.tables import Attachment
from core.cases.items.tables import Identity, Item, Refusal
from core.drafts import DraftRow
from core.sealing import Escrow, Receipt
from core.work import Reporter
from tests.bots.web import walks
from tests.bots.web.person import Person
from tests.builders import a_clerk


@pytest.mark.parametrize(("lang", "thanks"), [("zh_CN", "已经收到"), ("en", "It has arrived")])
async def test_one_post_without_cookie_or_token_seals_the_report_and_answers_with_the_receipt(
    somebody: Person, intake: App, lang: str, thanks: str
) -> None:
    await somebody.send(f"/report/whole?lang={lang}", {**walks.WHOLE, "confirm": "1"})
    assert somebody.answer.status_code == 200
    assert thanks in somebody.text
    async with intake.work(Reporter(), "web", write=False) as work:
        standing = await cases.standing(work, Receipt.parse(walks.receipt_on(somebody)))
    assert standing.state == "acknowledged"


async def test_the_page_asks_every_question_and_says_in_words_when_one_applies(somebody: Person) -> None:
    await somebody.open("/report/whole")
    fields = somebody.reading.forms[0].names
    assert fields >= {*walks.STEPS, "nexus", "reporter_name", "reporter_contact", "form_token"}
    assert "如果发生在工作时间以外，请选一项" in somebody.text
    assert not somebody.client.cookies


async def test_the_page_as_it_is_filled_in_goes_on_to_the_summary_and_from_there_to_the_receipt(
    somebody: Person, intake: App
) -> None:
    await somebody.open("/report/whole")
    await somebody.press(to="/report/whole", fields=walks.WHOLE)
    assert somebody.path == "/report/review"
    assert await walks.count(intake, Item) == 0
    await somebody.press("edit", "what")
    await walks.answer(somebody, "改过的一句话")
    await somebody.press(to="/report/submit")
    assert walks.receipt_on(somebody)
    assert await walks.count(intake, Item) == 1


async def test_the_same_page_sent_twice_makes_one_report_and_shows_one_receipt(somebody: Person, intake: App) -> None:
    await somebody.open("/report/whole")
    page = somebody.reading
    await somebody.press("confirm", "1", fields=walks.WHOLE)
    receipt = walks.receipt_on(somebody)
    somebody.reading = page
    await somebody.press("confirm", "1", fields=walks.WHOLE)
    assert walks.receipt_on(somebody) == receipt
    assert await walks.count(intake, Item) == 1


async def test_the_same_page_sent_many_times_at_one_moment_makes_one_report(site: Starlette, intake: App) -> None:
    token = secrets.token_urlsafe(32)

    async def send() -> str:
        async with Person.at(site) as person:
            await person.send("/report/whole", {**walks.WHOLE, "confirm": "1", "form_token": token})
            return walks.receipt_on(person)

    assert len(set(await asyncio.gather(*(send() for _ in range(4))))) == 1
    assert await walks.count(intake, Item) == 1


async def test_a_token_that_is_no_secret_is_not_used(somebody: Person, somebody_else: Person, intake: App) -> None:
    for person in (somebody, somebody_else):
        await person.send("/report/whole", {**walks.WHOLE, "confirm": "1", "form_token": "1"})
    assert walks.receipt_on(somebody) != walks.receipt_on(somebody_else)
    assert await walks.count(intake, Item) == 2


async def test_everything_that_is_wrong_is_told_at_once_and_everything_typed_stays(somebody: Person) -> None:
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1", "what": "长" * 201, "evidence": "no such"})
    assert somebody.answer.status_code == 422
    assert "还有 2 处要改，其他的都在" in somebody.text
    assert {"#what", "#evidence"} <= set(somebody.reading.links)
    fields = dict(somebody.reading.forms[0].fields)
    assert fields["what"] == "长" * 201
    assert fields["facts"] == walks.WHOLE["facts"]
    assert fields["topic"] == "M5"


async def test_what_was_wrong_can_be_mended_on_the_same_page(somebody: Person, intake: App) -> None:
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1", "what": ""})
    await somebody.press("confirm", "1", what="改好了")
    assert walks.receipt_on(somebody)
    assert await walks.count(intake, Item) == 1


async def test_a_link_of_the_list_of_problems_leads_to_its_field(somebody: Person) -> None:
    await somebody.send("/report/whole", {"confirm": "1"})
    targets = {given.get("id") for _, given in somebody.reading.tags}
    named = [link.removeprefix("#") for link in somebody.reading.links if link.startswith("#")]
    assert len(named) > 5
    assert set(named) <= targets


async def test_private_life_is_counted_by_category_and_nothing_else_is_kept(somebody: Person, intake: App) -> None:
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1", "topic": "health"})
    assert "个人生活" in somebody.text
    assert [row.category for row in await walks.rows(intake, Refusal)] == ["health"]
    assert await walks.count(intake, Item) == 0
    assert await walks.count(intake, DraftRow) == 0


async def test_a_name_and_contact_go_into_an_envelope_of_their_own(somebody: Person, intake: App) -> None:
    named = {"identity_mode": "named", "reporter_name": "澹台听雨", "reporter_contact": "000-1234"}
    await somebody.send("/report/whole", {**walks.WHOLE, **named, "confirm": "1"})
    assert walks.receipt_on(somebody)
    assert await walks.count(intake, Identity) == 1


async def test_hostile_text_arrives_clean_and_is_shown_as_text(somebody: Person) -> None:
    nasty = "<script>alert(1)</script>\u202e\u0007{{ 7*7 }} &amp;"
    await somebody.send("/report/whole", {**walks.WHOLE, "facts": nasty, "what": "<b>粗</b>"})
    assert somebody.path == "/report/review"
    assert "<script>alert" not in somebody.answer.text
    assert "<b>" not in somebody.answer.text
    assert "\u202e" not in somebody.answer.text
    assert "<script>alert(1)</script>{{ 7*7 }} &amp;" in somebody.text


async def test_ten_thousand_pasted_lines_are_too_many_and_are_still_there(somebody: Person) -> None:
    pasted = "\r\n".join(f"第{number}行" for number in range(10_000))
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1", "facts": pasted})
    assert somebody.answer.status_code == 422
    assert "最多 10000 个字" in somebody.text
    fields = dict(somebody.reading.forms[0].fields)
    assert re.split(r"\r?\n", fields["facts"]) == re.split(r"\r?\n", pasted)


async def test_what_the_clerk_opens_is_what_was_confirmed(
    somebody: Person, desk: App, escrow: Escrow, intake: App
) -> None:
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1"})
    clerk = await (await a_clerk(desk, escrow=escrow)).staff(desk)
    item = (await walks.rows(intake, Item))[0]
    async with desk.work(clerk, "console") as work:
        opening = await walks.open_with_reason(work, item.id)
        opened = await cases.open_item(work, item.id, opening_id=opening)
    assert opened.content.answers["facts"] == walks.WHOLE["facts"]
    assert "云汀区建设局" in {line.text for line in opened.content.summary}


ATTACKERS = "a" * 43


@pytest.mark.parametrize("confirm", ["", "1"])
async def test_a_secret_that_came_in_a_form_is_never_put_into_a_cookie(
    somebody: Person, somebody_else: Person, intake: App, confirm: str
) -> None:
    await somebody_else.send("/report/whole", {**walks.WHOLE, "what": "", "form_token": ATTACKERS})
    await somebody.send("/report/whole", {**walks.WHOLE, "form_token": ATTACKERS, "confirm": confirm})
    assert somebody.client.cookies["draft"] != ATTACKERS
    somebody_else.client.cookies.set("draft", ATTACKERS, domain="localhost.local", path="/report")
    await somebody_else.open("/report/review")
    assert somebody_else.path != "/report/review"
    assert walks.WHOLE["facts"] not in somebody_else.text


async def test_a_receipt_is_held_after_one_post_and_erased_for_the_form_too(somebody: Person, intake: App) -> None:
    sent = {**walks.WHOLE, "confirm": "1", "form_token": ATTACKERS}
    await somebody.send("/report/whole", sent)
    receipt = walks.receipt_on(somebody)
    assert receipt in (await somebody.client.get("/report/receipt.txt")).text
    await somebody.send("/report/whole", sent)
    assert walks.receipt_on(somebody) == receipt
    await somebody.send("/report/erase")
    assert await walks.count(intake, Item) == 1
    await somebody.send("/report/whole", sent)
    assert walks.receipt_on(somebody) != receipt


async def test_files_stay_when_the_browser_takes_no_cookie(somebody: Person, intake: App) -> None:
    pdf = ("attachments", ("notice.pdf", b"%PDF-1.7 notice", "application/pdf"))
    await somebody.send("/report/whole", {**walks.WHOLE, "what": "", "confirm": "1"}, files=[pdf])
    somebody.client.cookies.clear()
    await somebody.press("confirm", "1", what="改好了", files=[])
    assert walks.receipt_on(somebody)
    assert [row.item_id is not None for row in await walks.rows(intake, Attachment)] == [True]


FOREIGN = [
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"sec-fetch-site": "same-site"}, 403),
    ({"origin": "http://elsewhere.example"}, 403),
    ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
    ({"sec-fetch-site": "none"}, 303),
    ({"origin": "http://localhost"}, 303),
    ({"origin": "null"}, 303),
    ({}, 303),
]


@pytest.mark.parametrize(("headers", "status"), FOREIGN)
async def test_what_a_page_of_another_site_sends_is_refused(
    somebody: Person, intake: App, headers: dict[str, str], status: int
) -> None:
    answer = await somebody.client.post("/report/whole", data=walks.WHOLE, headers=headers)
    assert answer.status_code == status
    assert ("来自别的网站" in answer.text) == (status == 403)
    assert await walks.count(intake, DraftRow) == (status == 303)


@pytest.mark.parametrize("path", [path for path, (_, post) in PAGES.items() if post])
async def test_no_page_takes_a_foreign_post(somebody: Person, path: str) -> None:
    anywhere = re.sub(r"{\w+:uuid}", str(UUID(int=0)), path)
    answer = await somebody.client.post(anywhere, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
