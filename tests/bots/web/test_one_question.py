"""One question a page: from the first line to the receipt."""

import pytest

from core.app import App, cases
from core.cases.items.tables import Item, Refusal
from core.drafts import DraftRow
from core.sealing import Receipt
from core.work import Reporter
from tests.bots.web import walks
from tests.bots.web.person import Person
from tests.conftest import FixedClock


@pytest.mark.parametrize(("lang", "thanks"), [("", "已经收到，谢谢您"), ("en", "It has arrived. Thank you")])
async def test_a_resident_walks_from_the_first_page_to_a_receipt_that_opens_the_report(
    somebody: Person, intake: App, lang: str, thanks: str
) -> None:
    receipt = await walks.report(somebody, lang)
    assert somebody.path == "/report/receipt"
    assert thanks in somebody.text
    async with intake.work(Reporter(), "web", write=False) as work:
        standing = await cases.standing(work, Receipt.parse(receipt))
    assert (standing.state, standing.body) == ("acknowledged", "leading_group_office")


async def test_what_is_kept_and_what_cannot_be_hidden_is_said_before_anything_is_asked(somebody: Person) -> None:
    await somebody.open("/report")
    for heading in ("我们保存什么", "我们不保存什么", "有些事我们藏不住", "怎样更稳妥"):
        assert heading in somebody.text


async def test_a_wrong_answer_is_told_at_its_field_and_what_was_typed_stays(somebody: Person) -> None:
    await walks.walk_to(somebody, "what")
    long = "长" * 201
    await walks.answer(somebody, long)
    assert somebody.answer.status_code == 422
    assert "最多 200 个字，现在有 201 个" in somebody.text
    field = next(given for tag, given in somebody.reading.tags if given.get("id") == "answer")
    assert field["value"] == long
    assert "answer-problem" in (field["aria-describedby"] or "").split()
    assert any(given.get("id") == "answer-problem" for _, given in somebody.reading.tags)


async def test_back_keeps_what_was_typed_and_forward_finds_it_again(somebody: Person) -> None:
    await walks.walk_to(somebody, "what")
    await somebody.press("action", "back", answer="半句话")
    assert walks.asked(somebody) == "context"
    await somebody.press("action", "next")
    assert walks.asked(somebody) == "what"
    assert ("answer", "半句话") in somebody.reading.forms[0].fields


async def test_an_optional_question_can_be_skipped_and_a_required_one_offers_no_skip(somebody: Person) -> None:
    await walks.walk_to(somebody, "happened_when")
    await somebody.press("action", "skip")
    assert walks.asked(somebody) == "happened_where"
    await walks.answer(somebody, "政务大厅")
    assert walks.asked(somebody) == "evidence"
    assert ("action", "skip") not in somebody.reading.forms[0].buttons


async def test_a_line_of_the_summary_is_changed_and_the_summary_comes_back(somebody: Person) -> None:
    await walks.walk_to(somebody, "")
    await somebody.press("edit", "what")
    assert walks.asked(somebody) == "what"
    await walks.answer(somebody, "改过的一句话")
    assert somebody.path == "/report/review"
    assert "改过的一句话" in somebody.text


async def test_a_change_that_opens_a_question_asks_it_before_the_summary_returns(somebody: Person) -> None:
    await walks.walk_to(somebody, "")
    await somebody.press("edit", "context")
    await walks.answer(somebody, "off_duty")
    assert walks.asked(somebody) == "nexus"
    await walks.answer(somebody, "office_vehicle_or_staff")
    assert somebody.path == "/report/review"


async def test_back_from_the_summary_opens_the_last_question(somebody: Person) -> None:
    await walks.walk_to(somebody, "")
    await somebody.press("action", "back")
    assert walks.asked(somebody) == "may_ask"


async def test_a_draft_is_found_again_by_the_same_browser_and_by_no_other(
    somebody: Person, somebody_else: Person
) -> None:
    await walks.walk_to(somebody, "facts")
    await somebody.press("action", "later", answer="先写到这里")
    assert somebody.path == "/report/later"
    await somebody.open("/report")
    assert "您有一份没写完的反映" in somebody.text
    await somebody.open("/report/question")
    assert ("answer", "先写到这里") in somebody.reading.forms[0].fields
    await somebody_else.open("/report/question")
    assert somebody_else.path == "/report"
    assert "没有找到您写到一半的内容" in somebody_else.text


async def test_a_draft_ends_after_the_days_that_were_told(somebody: Person, intake: App, clock: FixedClock) -> None:
    await walks.walk_to(somebody, "facts")
    await somebody.press("action", "later")
    days = intake.policy.days("draft_kept")
    assert f"最多保存 {days} 天" in somebody.text
    clock.move(days * walks.DAY)
    await somebody.open("/report/question")
    assert somebody.path == "/report"


async def test_the_second_of_two_tabs_changes_nothing_and_is_told_where_the_first_one_is(somebody: Person) -> None:
    await walks.walk_to(somebody, "what")
    old = somebody.reading
    await walks.answer(somebody, "第一个窗口")
    assert walks.asked(somebody) == "happened_when"
    somebody.reading = old
    await somebody.press("action", "next", answer="第二个窗口")
    assert somebody.answer.status_code == 200
    assert walks.asked(somebody) == "happened_when"
    assert "您在另一个窗口里已经走到这一题了" in somebody.text
    await somebody.press("action", "back")
    assert ("answer", "第一个窗口") in somebody.reading.forms[0].fields


async def test_a_confirmation_sent_twice_makes_one_report_and_shows_one_receipt(somebody: Person, intake: App) -> None:
    receipt = await walks.report(somebody)
    await somebody.send("/report/submit")
    assert walks.receipt_on(somebody) == receipt
    assert await walks.count(intake, Item) == 1


async def test_nothing_is_submitted_before_everything_is_answered(somebody: Person, intake: App) -> None:
    await walks.walk_to(somebody, "facts")
    await somebody.send("/report/submit")
    assert somebody.path == "/report/question"
    assert walks.asked(somebody) == "facts"
    assert await walks.count(intake, Item) == 0


async def test_the_receipt_is_shown_again_until_it_is_written_down_and_then_gone(somebody: Person, intake: App) -> None:
    receipt = await walks.report(somebody)
    await somebody.open("/report/question")
    assert walks.receipt_on(somebody) == receipt
    await somebody.open("/report/receipt.txt")
    assert receipt in somebody.answer.text
    assert somebody.answer.headers["content-disposition"] == 'attachment; filename="receipt.txt"'
    await somebody.open("/report/receipt")
    await somebody.press(to="/report/erase")
    assert somebody.path == "/report/erased"
    assert not somebody.client.cookies
    assert await walks.count(intake, DraftRow) == 0
    await somebody.open("/report/receipt")
    assert receipt not in somebody.answer.text


async def test_the_receipt_is_in_no_address(somebody: Person) -> None:
    receipt = await walks.report(somebody)
    assert receipt not in str(somebody.answer.url)
    assert not any(receipt in link or receipt.replace("-", "") in link for link in somebody.reading.links)


@pytest.mark.parametrize(
    ("question", "given", "category", "said"),
    [
        ("about_official", "no", "not_an_official", "12345"),
        ("topic", "family", "family", "个人生活"),
        ("evidence", "covert_recording", "covert_evidence", "偷拍"),
    ],
)
async def test_what_cannot_be_taken_is_counted_by_category_and_nothing_else_is_kept(
    somebody: Person, intake: App, question: str, given: str, category: str, said: str
) -> None:
    await walks.walk_to(somebody, question)
    await walks.answer(somebody, given)
    assert "这件事不能在这里受理" in somebody.text
    assert said in somebody.text
    assert "别的事可以找这里" in somebody.text
    assert [(row.category, row.channel) for row in await walks.rows(intake, Refusal)] == [(category, "web")]
    assert await walks.count(intake, DraftRow) == 0
    assert await walks.count(intake, Item) == 0
    assert not somebody.client.cookies


async def test_erasing_forgets_the_draft_at_once(somebody: Person, intake: App) -> None:
    await walks.walk_to(somebody, "facts")
    await somebody.open("/report")
    await somebody.press(to="/report/erase")
    assert await walks.count(intake, DraftRow) == 0
    assert not somebody.client.cookies


async def test_beginning_anew_forgets_what_was_begun_before(somebody: Person, intake: App) -> None:
    await walks.walk_to(somebody, "facts")
    await walks.begin(somebody)
    assert walks.asked(somebody) == "about_official"
    assert await walks.count(intake, DraftRow) == 1


async def test_the_language_can_be_changed_on_the_way_without_losing_an_answer(somebody: Person) -> None:
    await walks.walk_to(somebody, "what")
    await somebody.open("/report/question?lang=en")
    assert "In short, what is it about?" in somebody.text
    await walks.answer(somebody, "slow counter service")
    assert somebody.answer.url.params["lang"] == "en"
    assert "About when was it?" in somebody.text
    await somebody.open("/report/question")
    assert "About when was it?" in somebody.text


@pytest.mark.parametrize(
    ("kind", "reader"),
    [
        ("section_official", "区领导小组办公室"),
        ("not_sure", "区纪委监委"),
        ("office_director", "上一级机关"),
    ],
)
async def test_the_summary_says_who_will_read_it(somebody: Person, kind: str, reader: str) -> None:
    await walks.walk_to(somebody, "", {**walks.STEPS, "subject_kind": kind})
    assert f"这份反映由{reader}受理" in somebody.text
