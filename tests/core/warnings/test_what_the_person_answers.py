"""The person concerned reads with a code, and answers: late or not, sealed to the case, and nobody in their name."""

import json
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core import warnings
from core.app import App
from core.cases import cards, proceedings
from core.cases.proceedings import CaseFile, steps
from core.errors import Conflict, Denied, Forged, Invalid, NotFound
from core.sealing import Context, Escrow, Receipt, seal_envelope, sign
from core.warnings import SubjectStanding, WaitingMessage
from core.warnings.rules.answers import AT_MOST
from core.warnings.steps import InquiryServed, ReportTaken, SubjectHeard
from core.warnings.tables import ServedCode, SubjectMessage
from core.work import Reporter
from tests.builders import OPERATOR
from tests.conftest import FixedClock
from tests.core.cases.builders import a_file, submitted
from tests.core.cases.offices import Offices, a_card, the_offices
from tests.core.warnings.offices import Deciders, confirmed, move_on, the_deciders

MARKER = "只有反映人知道的话"
SUBSTANCE = "据了解，三月二日上午在茶水间打扑克，请说明当日的工作安排。"
EXPLANATION = "当天上午按安排在楼下值守，午休时间才到茶水间。"
PROOF = "本人签收"


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


async def inquired(offices: Offices, intake: App) -> tuple[UUID, Receipt]:
    """A case whose letter of inquiry was signed and served today, and the code that went with it."""
    item = await submitted(intake, answers={"what": MARKER})
    given = a_card(offices.official_id)
    await offices.do(offices.clerk, lambda work: cards.card(work, item.item_id, given))
    await offices.do(offices.clerk, lambda work: cards.propose(work, item.item_id, "accepted", reason="属于受理范围"))
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item.item_id, approved=True))
    case_id = (await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item.item_id))).id
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
    )
    for officer in (offices.org, offices.disc):
        await offices.do(officer, lambda work: proceedings.declare(work, case_id, relation="none"))
    await offices.do(offices.supervisor, lambda work: proceedings.assign(work, case_id))
    draft = await offices.do(offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance=SUBSTANCE))
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, draft.id))
    return case_id, await serve(offices, case_id)


async def serve(offices: Offices, case_id: UUID) -> Receipt:
    opened = await offices.read(offices.org, case_id)
    entry_id = next(each.id for each in opened.thread if isinstance(each.step, steps.Issued))
    today = offices.desk.clock.today()
    return await offices.do(
        offices.org, lambda work: warnings.serve_inquiry(work, case_id, entry_id, served_on=today, proof=PROOF)
    )


async def read(intake: App, code: Receipt) -> SubjectStanding:
    async with intake.work(Reporter(), "web", write=False) as work:
        return await warnings.read_code(work, code)


async def send(intake: App, code: Receipt, kind: str, text: str = EXPLANATION, *, choice: str = "") -> None:
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, code, kind, text, choice=choice)


async def waiting(offices: Offices, case_id: UUID) -> list[WaitingMessage]:
    return list(await offices.do(offices.supervisor, lambda work: warnings.messages_waiting(work, case_id)))


async def take(offices: Offices, case_id: UUID) -> SubjectHeard:
    """Let the supervisor take the message that waits alone."""
    (message,) = await waiting(offices, case_id)
    return await offices.do(offices.supervisor, lambda work: warnings.take_message(work, message.id))


async def test_a_letter_of_inquiry_is_answered_with_its_code_and_the_case_goes_on(
    offices: Offices, intake: App
) -> None:
    case_id, code = await inquired(offices, intake)
    standing = await read(intake, code)
    assert (standing.document.form, standing.document.facts, standing.document.number) == ("inquiry", SUBSTANCE, 1)
    assert [(each.kind, str(each.last_day)) for each in standing.windows] == [("letter_reply", "2026-10-27")]
    assert standing.may_send == ("explanation", "objection")
    stored = await a_file(intake, b"%PDF-1.7 rota")
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, code, "explanation", EXPLANATION, [stored])
    assert [(each.kind, str(each.on)) for each in (await read(intake, code)).sent] == [("explanation", "2026-09-30")]
    heard = await take(offices, case_id)
    assert (heard.text, heard.is_late, heard.measure_id) == (EXPLANATION, False, "")
    assert (await offices.summary(case_id)).state == "verifying"
    opened = await offices.read(offices.disc, case_id)
    (evidence,) = [each.step for each in opened.thread if isinstance(each.step, steps.EvidenceFile)]
    assert (evidence.sha256, evidence.exculpatory) == (stored.sha256.hex(), True)
    assert [each.done_on is not None for each in opened.deadlines if each.kind == "letter_reply"] == [True, True]
    (served,) = [each.step for each in opened.thread if isinstance(each.step, InquiryServed)]
    assert (served.served_on, served.last_day) == ("2026-09-30", "2026-10-27")
    with pytest.raises(Conflict, match="inquiry_served"):
        await serve(offices, case_id)


async def test_nothing_of_the_report_is_in_what_a_code_opens(offices: Offices, intake: App) -> None:
    _, code = await inquired(offices, intake)
    assert MARKER not in json.dumps(asdict((await read(intake, code)).document), ensure_ascii=False)


async def test_a_code_is_found_by_no_guess_and_opens_nothing_once_it_has_ended(offices: Offices, intake: App) -> None:
    _, code = await inquired(offices, intake)
    for guess in (Receipt.new() for _ in range(10)):
        with pytest.raises(NotFound, match="code_unknown"):
            await read(intake, guess)
        with pytest.raises(NotFound, match="code_unknown"):
            await send(intake, guess, "explanation")
    assert (await read(intake, code)).left == AT_MOST
    async with offices.desk.work(OPERATOR, "cli") as work:
        await work.session.execute(update(ServedCode).values(ended_at=work.now()))
    with pytest.raises(NotFound, match="code_unknown"):
        await read(intake, code)


async def test_an_explanation_after_the_last_day_is_taken_and_marked_late(
    offices: Offices, intake: App, worker: App, clock: FixedClock
) -> None:
    case_id, code = await inquired(offices, intake)
    clock.move(timedelta(days=28))
    async with worker.work(OPERATOR, "worker") as work:
        await proceedings.mark_overdue(work)
    standing = await read(intake, code)
    assert [each.is_over(clock.today()) for each in standing.windows] == [True]
    await send(intake, code, "explanation")
    assert (await take(offices, case_id)).is_late
    assert (await offices.summary(case_id)).state == "verifying"


async def test_a_period_without_a_calendar_is_told_in_words(offices: Offices, intake: App, clock: FixedClock) -> None:
    clock.move(timedelta(days=90))
    _, code = await inquired(offices, intake)
    (window,) = (await read(intake, code)).windows
    assert (window.last_day, window.count, window.unit) == (None, 15, "working_days")


async def test_an_objection_waits_for_the_supervisor_alone(offices: Offices, intake: App) -> None:
    case_id, code = await inquired(offices, intake)
    await send(intake, code, "objection", "承办人员与我有过工作纠纷")
    (message,) = await waiting(offices, case_id)
    assert [each.id for each in await offices.do(offices.supervisor, warnings.waiting_words)] == [message.id]
    for officer in (offices.org, offices.disc):
        assert await offices.do(officer, warnings.waiting_words) == []
        assert await offices.do(officer, lambda work: warnings.messages_waiting(work, case_id)) == []
        with pytest.raises(Denied):
            await offices.do(officer, lambda work: warnings.take_message(work, message.id))
    heard = await take(offices, case_id)
    assert heard.what == "objection"
    await offices.do(offices.supervisor, lambda work: warnings.answer_person(work, message.id, text="已经更换承办人员"))
    assert [(each.kind, each.text) for each in (await read(intake, code)).told] == [("answer", "已经更换承办人员")]


async def test_a_forged_message_or_word_is_seen(offices: Offices, intake: App) -> None:
    case_id, code = await inquired(offices, intake)
    await send(intake, code, "explanation")
    async with offices.desk.work(OPERATOR, "cli") as work:
        row = await work.session.scalar(select(SubjectMessage))
        assert row is not None
        place = Context("subject_message", "envelope", row.id)
        public = (await work.session.scalars(select(ServedCode.case_public_key))).one()
        row.envelope = seal_envelope(b'{"text": "x", "choice": "", "files": {}}', to=[public], context=place)
    with pytest.raises(Forged):
        await take(offices, case_id)
    async with offices.desk.work(OPERATOR, "cli") as work:
        await work.session.execute(update(ServedCode).values(signature=sign(work.keys.signing_key, "served_code", {})))
    with pytest.raises(Forged):
        await read(intake, code)


async def test_what_cannot_be_sent_is_refused_and_a_code_takes_so_many_messages(offices: Offices, intake: App) -> None:
    _, code = await inquired(offices, intake)
    for kind, text, refusal in (
        ("explanation", " ", "text_missing"),
        ("explanation", "字" * 10_001, "text_too_long"),
        ("complaint", "理由", "unknown_choice"),
        ("review", "理由", "answer_not_open"),
        ("report", "检查", "answer_not_open"),
    ):
        with pytest.raises((Invalid, Conflict), match=refusal):
            await send(intake, code, kind, text)
    for _ in range(AT_MOST):
        await send(intake, code, "explanation")
    with pytest.raises(Conflict, match="messages_used_up"):
        await send(intake, code, "explanation")
    assert (await read(intake, code)).may_send == ()


async def test_an_appeal_a_day_late_goes_to_those_who_hear_it_and_what_is_upheld_asks_for_a_wish(
    deciders: Deciders, intake: App, worker: App
) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "admonition")
    served = await deciders.served(case_id, "admonition")
    standing = await read(intake, served.code)
    assert standing.may_send == ("explanation", "objection", "review", "report")
    assert {each.kind for each in standing.windows} == {
        "written_self_criticism",
        "correction_report",
        "internal_review_window",
    }
    await send(intake, served.code, "report", "书面检查", choice="self_criticism")
    assert (await take(offices, case_id)).text == ""
    await send(intake, served.code, "review", "请求复核")
    await take(offices, case_id)
    (review,) = (await deciders.read(served.measure.id)).remedies
    await offices.do(
        deciders.reviewer,
        lambda work: warnings.decide_remedy(work, review.id, ruling="dismissed", reasons="维持"),
    )
    (window,) = [each for each in (await read(intake, served.code)).windows if each.kind == "appeal_window"]
    assert window.last_day is not None
    await move_on(worker, (window.last_day - offices.desk.clock.today()).days + 1)
    await send(intake, served.code, "appeal", "提出申诉")
    assert (await take(offices, case_id)).is_late
    opened = await deciders.read(served.measure.id)
    appeal = opened.remedies[-1]
    assert (appeal.kind, appeal.is_late, appeal.admitted) == ("appeal", True, None)
    assert [each.step.what for each in opened.steps if isinstance(each.step, ReportTaken)] == ["self_criticism"]
    await offices.do(deciders.appeal, lambda work: warnings.admit(work, appeal.id, admitted=True, reason="有理由"))
    await offices.do(
        deciders.appeal, lambda work: warnings.decide_remedy(work, appeal.id, ruling="upheld", reasons="撤销")
    )
    standing = await read(intake, served.code)
    assert [each.kind for each in standing.told] == ["dismissed", "upheld"]
    assert (standing.may_send, standing.windows) == (("explanation", "consent"), [])
    await send(intake, served.code, "consent", "", choice="nothing")
    await take(offices, case_id)
    assert (await deciders.read(served.measure.id)).steps[-2].step.kind == "name_cleared"


async def test_what_a_code_brought_goes_with_its_case_and_no_other(offices: Offices, intake: App, worker: App) -> None:
    (over, gone), (_, kept) = await inquired(offices, intake), await inquired(offices, intake)
    for code in (gone, kept):
        await send(intake, code, "explanation")
    async with offices.desk.work(OPERATOR, "cli") as work:
        await work.session.execute(update(CaseFile).where(CaseFile.id == over).values(state="destroyed"))
    async with worker.work(OPERATOR, "worker") as work:
        await warnings.destroy_answers(work)
        assert len((await work.session.scalars(select(SubjectMessage))).all()) == 1
    with pytest.raises(NotFound, match="code_unknown"):
        await read(intake, gone)
    assert (await read(intake, kept)).sent
