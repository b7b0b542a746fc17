"""When something cannot be done: a page that says what to do, nothing lost, nothing in the log."""

import logging
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update
from starlette.applications import Starlette

from bots.web.app import create
from core.access.tables import SharedKeyRow
from core.app import App
from core.cases.items.tables import Item
from core.drafts import DraftRow
from tests.bots.outage import out_of_reach
from tests.bots.web import walks
from tests.bots.web.person import Person

MARKER = "二楼会议室的红包"


async def test_a_report_that_cannot_be_saved_is_answered_503_and_sent_again_loses_nothing(
    somebody: Person, intake: App
) -> None:
    await somebody.open("/report/whole")
    with out_of_reach(intake):
        await somebody.press("confirm", "1", fields={**walks.WHOLE, "facts": MARKER + "\n" + "长" * 100})
    assert somebody.answer.status_code == 503
    assert int(somebody.answer.headers["retry-after"]) > 0
    assert "什么都没有改动，也没有丢" in somebody.text
    assert MARKER in somebody.text
    await somebody.press()
    assert walks.receipt_on(somebody)
    assert await walks.count(intake, Item) == 1


async def test_an_answer_that_cannot_be_saved_is_still_there_to_send_again(somebody: Person, intake: App) -> None:
    await walks.walk_to(somebody, "what")
    with out_of_reach(intake):
        await walks.answer(somebody, MARKER)
    assert somebody.answer.status_code == 503
    await somebody.press()
    assert walks.asked(somebody) == "happened_when"
    await somebody.press("action", "back")
    assert ("answer", MARKER) in somebody.reading.forms[0].fields


async def test_the_first_pages_are_served_while_the_database_is_down(intake: App) -> None:
    app = create(intake)
    there, intake.database = intake.database, type(intake.database)("postgresql://nobody@127.0.0.1:1/nothing")
    async with Person.at(app) as person:
        for path in ("/", "/receipt"):
            assert (await person.open(path)).status_code == 200
        assert (await person.open("/readyz")).status_code == 503
        assert (await person.open("/healthz")).text == "ok\n"
    await intake.database.dispose()
    intake.database = there


async def test_it_is_ready_when_the_database_answers_and_both_bodies_have_their_keys(
    somebody: Person, intake: App
) -> None:
    assert (await somebody.open("/readyz")).status_code == 200
    async with intake.database.transaction() as session:
        gone = update(SharedKeyRow).where(SharedKeyRow.purpose == "intake:discipline_commission")
        await session.execute(gone.values(retired_at=intake.clock.now()))
    intake.forget_shared_keys()
    answer = await somebody.open("/readyz")
    assert answer.status_code == 503
    assert answer.text == "no key: intake:discipline_commission\n"


async def test_a_report_for_a_body_without_a_key_is_not_sent_and_not_lost(somebody: Person, intake: App) -> None:
    async with intake.database.transaction() as session:
        await session.execute(update(SharedKeyRow).values(retired_at=intake.clock.now()))
    intake.forget_shared_keys()
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1", "facts": MARKER * 10})
    assert somebody.answer.status_code == 503
    assert "这里暂时还不能接收" in somebody.text
    assert MARKER in somebody.text


async def test_a_fault_that_nobody_foresaw_shows_no_trace_and_logs_no_word_of_the_text(
    somebody: Person, intake: App, caplog: pytest.LogCaptureFixture
) -> None:
    await walks.walk_to(somebody, "facts")
    await walks.answer(somebody, MARKER)
    async with intake.database.transaction() as session:
        await session.execute(update(DraftRow).values(sealed=b"not what it was"))
    with caplog.at_level(logging.DEBUG, logger="jingshi"):
        await somebody.open("/report/question")
    assert somebody.answer.status_code == 500
    assert "我们这里出了点问题" in somebody.text
    assert "Traceback" not in somebody.answer.text
    assert [record.getMessage().rsplit(":", 1)[0] for record in caplog.records if record.name == "jingshi.web"] == [
        "Forged draft_does_not_open drafts"
    ]


@pytest.fixture
async def breaking(site: Starlette) -> AsyncIterator[Person]:
    """A site of which a part is gone, so that every page breaks in a way that no page expects."""
    site.state.site.throttle = None
    async with Person.at(site) as person:
        yield person


async def test_an_error_of_ours_is_a_page_in_the_language_of_the_person(
    breaking: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await breaking.send("/receipt?lang=en", {"receipt": MARKER})
    assert breaking.answer.status_code == 500
    assert "Something went wrong on our side" in breaking.text
    assert breaking.answer.headers["cache-control"] == "no-store"
    logged = [record.getMessage() for record in caplog.records if record.name == "jingshi.web"]
    assert len(logged) == 1
    assert logged[0].startswith("AttributeError - guesses:")
    assert MARKER not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/nothing/here", 404, "没有这一页"),
        ("GET", "/report/submit", 405, "这一页不能这样打开"),
        ("DELETE", "/report", 405, "这一页不能这样打开"),
    ],
)
async def test_what_is_not_served_has_a_page_of_its_own(
    somebody: Person, method: str, path: str, status: int, said: str
) -> None:
    answer = await somebody.client.request(method, path)
    assert answer.status_code == status
    assert said in answer.text


async def test_a_file_that_expired_before_confirmation_is_told(somebody: Person, intake: App) -> None:
    notice = ("attachments", ("notice.pdf", b"%PDF-1.7", "application/pdf"))
    await somebody.send("/report/whole", walks.WHOLE, files=[notice])
    async with intake.database.transaction() as session:
        await session.execute(walks.forget_all_files())
    await somebody.press(to="/report/submit")
    assert somebody.answer.status_code == 409
    assert "附件已经过期" in somebody.text
    assert await walks.count(intake, Item) == 0
