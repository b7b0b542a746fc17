"""The documents of measures, taken out at the desk and with a code: before service, after it, and once it is over."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import audit, documents, warnings
from core.app import App
from core.cases import proceedings
from core.documents import MeasurePaper
from core.errors import Denied, Invalid, NotFound
from core.sealing import Escrow
from core.warnings import Assessment
from core.warnings.codes import open_document
from core.warnings.tables import ServedCode
from core.work import Reporter, Staff, Work
from tests.core.documents.papers import text_of
from tests.core.warnings.offices import Deciders, confirmed, move_on, the_deciders

Do = Callable[[Work], Awaitable[object]]


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


async def taken(
    deciders: Deciders, measure_id: UUID, paper: str = "measure", staff: Staff | None = None
) -> MeasurePaper:
    async def take(work: Work) -> MeasurePaper:
        found = await warnings.measure(work, measure_id)
        opening = await proceedings.begin_reading(work, found.case_id, "参加会议前阅卷")
        return await documents.measure(work, measure_id, opening_id=opening.id, paper=paper)

    return await deciders.offices.do(staff or deciders.offices.supervisor, take)


async def test_an_admonition_has_its_number_once_approved_its_last_day_once_served_and_the_code_opens_the_same(
    deciders: Deciders, intake: App
) -> None:
    offices = deciders.offices
    measure_id = await deciders.draft(await confirmed(deciders, intake, "admonition"), "admonition")
    with pytest.raises(NotFound, match="document_not_issued"):
        await taken(deciders, measure_id)
    await deciders.approve(measure_id)
    before = await taken(deciders, measure_id)
    assert (before.number, before.title, before.addressee) == ("云组诫〔2026〕1号", "诫勉书", "公冶望舒同志：")
    assert "期限6个月。具体的最后一日在送达时当面告知" in before.text
    served = await deciders.serve(measure_id)
    after = await taken(deciders, measure_id, staff=deciders.issuer)
    assert "至2027年3月30日止（含当日）" in after.text
    assert (after.number, after.issued_on) == (before.number, before.issued_on)
    async with deciders.desk.work(deciders.issuer, "console") as work:
        row = await work.session.scalar(select(ServedCode).where(ServedCode.lookup_hash == served.code.lookup_hash))
    assert row is not None
    name, content = documents.served(open_document(row, served.code))
    assert name == "云组诫〔2026〕1号.docx"
    own = replace(after, taken_out="本人凭文书编码取出")
    assert content == own.as_docx()
    for word in ("三楼茶水间有人打扑克", "举报", "匿名", "web", "own_observation"):
        assert word not in "".join(text_of(content))
    with pytest.raises(Denied, match="reason_needed"):
        await offices.do(offices.org, lambda work: documents.measure(work, measure_id, opening_id=uuid4()))
    with pytest.raises(Denied, match="not_permitted"):
        await taken(deciders, measure_id, staff=offices.group[0])
    with pytest.raises(Invalid, match="unknown_choice"):
        await taken(deciders, measure_id, "revoked")
    async with offices.desk.work(offices.org, "console") as work:
        found = [each.action for each in await audit.entries(work, subject_id=str(measure_id))]
    assert found.count("console:measure:document_exported") == 2


async def test_a_decision_that_follows_names_the_measure_before_it_and_lifting_has_a_paper_of_its_own(
    deciders: Deciders, intake: App, worker: App
) -> None:
    handed_over = await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")
    first = handed_over.measure
    case_id = await confirmed(deciders, intake, "admonition")
    second = (await deciders.served(case_id, "admonition")).measure
    await move_on(worker, 200)
    await assess(deciders, first.id, "lifted", is_corrected=True)
    await assess(deciders, second.id, "demotion", is_corrected=False)
    lifted = await taken(deciders, first.id, "lifted")
    assert (lifted.number, lifted.kind) == ("云组解〔2027〕1号", "decision")
    assert "你于2026年9月30日被诫勉（云组诫〔2026〕1号），期限至2027年3月30日止。" in lifted.text
    assert "决定解除诫勉" in "".join(text_of(lifted.as_docx()))
    async with intake.work(Reporter(), "web", write=False) as work:
        opened = await warnings.read_code(work, handed_over.code)
    (told,) = opened.told
    name, content = documents.served(opened.document, told.paper)
    assert (told.kind, name) == ("lifted", "云组解〔2027〕1号.docx")
    assert (told.kind, name) == ("lifted", "云组解〔2027〕1号.docx")
    assert text_of(content) == text_of(lifted.as_docx())
    with pytest.raises(NotFound, match="document_not_issued"):
        await taken(deciders, second.id, "lifted")
    follow = await deciders.served(case_id, "demotion", follows=second.id)
    paper = await taken(deciders, follow.measure.id)
    assert paper.number == "云组降〔2027〕1号"
    assert "你于2026年9月30日被诫勉（云组诫〔2026〕2号）" in paper.text
    assert "职级和工资待遇：按新职级" in paper.text
    assert "30日内直接提出申诉" in paper.text
    assert "于2027年4月18日送达" in paper.text
    await uphold(deciders, second.id, is_late=True)
    revoked = await taken(deciders, follow.measure.id, "revocation")
    assert "云组诫〔2026〕2号经审查已经撤销，云组降〔2027〕1号以其为依据，一并撤销：" in revoked.text
    assert "证据不足" in revoked.text
    assert "决定撤销云组降〔2027〕1号" in revoked.text


async def test_what_was_upheld_is_revoked_on_paper_and_a_name_is_cleared_only_with_consent(
    deciders: Deciders, intake: App
) -> None:
    offices = deciders.offices
    measure_id = (await deciders.served(await confirmed(deciders, intake, "letter"), "letter")).measure.id
    with pytest.raises(NotFound, match="document_not_issued"):
        await taken(deciders, measure_id, "revocation")
    await uphold(deciders, measure_id)
    revoked = await taken(deciders, measure_id, "revocation")
    assert (revoked.number, revoked.kind) == ("云组撤〔2026〕1号", "decision")
    assert "你于2026年9月30日对云组提〔2026〕1号申请复核。" in revoked.text
    assert "证据不足" in revoked.text
    assert "决定撤销云组提〔2026〕1号，该文书自始没有效力。" in revoked.text

    def clear(*, consent: bool) -> Do:
        return lambda work: warnings.clear_name(work, measure_id, consent=consent, scope="望江街道", text="予以澄清")

    await offices.do(offices.supervisor, clear(consent=False))
    with pytest.raises(NotFound, match="document_not_issued"):
        await taken(deciders, measure_id, "clarification")
    await offices.do(offices.supervisor, clear(consent=True))
    cleared = await taken(deciders, measure_id, "clarification")
    assert (cleared.number, cleared.kind, cleared.addressee) == ("云组澄〔2026〕1号", "letter", "望江街道：")
    assert "予以澄清" in text_of(cleared.as_docx())
    for word in ("云组提", "茶水间", "提醒", "反映"):  # who hears it may not have known
        assert word not in cleared.text
    await offices.do(offices.supervisor, clear(consent=False))
    with pytest.raises(NotFound, match="document_not_issued"):
        await taken(deciders, measure_id, "clarification")


async def assess(deciders: Deciders, measure_id: UUID, outcome: str, *, is_corrected: bool) -> None:
    """Take a self-report, assess, and decide."""
    offices, day = deciders.offices, deciders.desk.clock.today()
    given = Assessment(record="考核记录", grounds=frozenset({"conduct"}), corrected=is_corrected)
    await offices.do(
        offices.org,
        lambda work: warnings.take_report(work, measure_id, what="self_report", text="自述", received_on=day),
    )
    await offices.do(offices.org, lambda work: warnings.assess(work, measure_id, given))
    await offices.do(
        deciders.issuer,
        lambda work: warnings.decide_outcome(work, measure_id, outcome=outcome, reasons="考核意见", pay="按新职级"),
    )


async def uphold(deciders: Deciders, measure_id: UUID, *, is_late: bool = False) -> None:
    """Let a review be asked for and upheld."""
    offices, day = deciders.offices, deciders.desk.clock.today()
    review = await offices.do(
        offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure_id, kind="review", text="申请理由", received_on=day),
    )
    if is_late:
        await offices.do(
            deciders.reviewer, lambda work: warnings.admit(work, review.id, admitted=True, reason="有正当理由")
        )
    await offices.do(
        deciders.reviewer, lambda work: warnings.decide_remedy(work, review.id, ruling="upheld", reasons="证据不足")
    )
