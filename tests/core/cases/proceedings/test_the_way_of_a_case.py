"""A case from its first item to a confirmed finding, and what each step asks for."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from core import access, cases, deadlines, registry, warnings
from core.app import App
from core.cases import proceedings
from core.errors import Conflict, Denied, Invalid, NotFound
from core.policy.calendar import reply_due
from core.sealing import Escrow
from core.work import Held, System, Work
from tests.builders import OPERATOR, SINCE, a_unit, hand_key
from tests.conftest import FixedClock
from tests.core.cases.offices import (
    Offices,
    a_classification,
    a_colleague,
    accepted,
    confirmed,
    opened,
    put_away,
    the_offices,
    verified,
    verifying,
)


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def _draft(offices: Offices, case_id: UUID, finding: str = "substantiated", exculpatory: str = "无") -> UUID:
    made = await offices.do(
        offices.org,
        lambda work: proceedings.draft_finding(
            work, case_id, finding=finding, facts="经过", explanation="逐条答复", exculpatory=exculpatory
        ),
    )
    return made.id


async def _evidence(offices: Offices, case_id: UUID, source: str) -> None:
    await offices.do(
        offices.disc,
        lambda work: proceedings.add_evidence(work, case_id, text="材料", source=source, exculpatory=False),
    )


async def _clocks(offices: Offices, case_id: UUID) -> dict[str, deadlines.Due]:
    opened_case = await offices.read(offices.supervisor, case_id)
    return {each.kind: each for each in opened_case.deadlines}


async def test_a_report_becomes_a_confirmed_finding_with_every_step_in_its_thread(
    intake: App, offices: Offices
) -> None:
    case_id = await confirmed(offices, intake)
    assert (await offices.summary(case_id)).state == "confirmed"
    opened_case = await offices.read(offices.group[1], case_id)
    kinds = [each.step.kind for each in opened_case.thread]
    assert kinds == [
        "opened", "nominated", "declared", "declared", "assigned", "evidence", "finding", "signed",
        "classified", "analysed", "heard", "heard", "confirmed",
    ]  # fmt: skip
    assert [each.place for each in opened_case.thread] == list(range(1, len(kinds) + 1))
    assert all(each.done_on is not None for each in opened_case.deadlines)


async def test_an_officer_who_must_step_aside_loses_the_key_and_may_do_nothing_more(
    intake: App, offices: Offices
) -> None:
    case_id = await opened(offices, intake)
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
    )
    assert (await offices.read(offices.org, case_id)).thread
    answer = await offices.do(offices.org, lambda work: proceedings.declare(work, case_id, relation="spouse"))
    assert answer == "recuse"
    with pytest.raises(NotFound):
        await offices.read(offices.org, case_id)
    with pytest.raises(NotFound):
        await offices.do(offices.org, lambda work: proceedings.note(work, case_id, "还想看看"))
    with pytest.raises(Conflict, match="officers_missing"):
        await offices.do(offices.supervisor, lambda work: proceedings.assign(work, case_id))
    with pytest.raises(Denied, match="recused"):
        await offices.do(
            offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
        )


async def test_who_stepped_aside_does_not_come_back_through_another_role(
    intake: App, desk: App, offices: Offices
) -> None:
    case_id = await verifying(offices, intake)
    await offices.do(
        offices.supervisor,
        lambda work: proceedings.recuse(work, case_id, offices.org.person_id, reason="异议成立，应予回避"),
    )
    office = await a_unit(desk, "leading_group_office")
    other_role = replace(offices.org, held=(*offices.org.held, Held("supervisor", office, "leading_group_office")))
    with pytest.raises(NotFound):
        await offices.read(other_role, case_id)
    with pytest.raises(Denied, match="recused"):
        await offices.do(other_role, lambda work: proceedings.hold(work, case_id, reason="换个身份再来"))


async def test_nobody_is_named_as_both_officers_or_beside_their_own_work(intake: App, offices: Offices) -> None:
    case_id = await opened(offices, intake)
    org, disc = offices.org.person_id, offices.disc.person_id
    for officers in ((org, org), (offices.supervisor.person_id, disc), (offices.clerk.person_id, disc)):
        with pytest.raises(Invalid, match="same_person"):
            await offices.do(
                offices.supervisor,
                lambda work, named=officers: proceedings.nominate(  # type: ignore[misc]
                    work, case_id, officer_org=named[0], officer_disc=named[1]
                ),
            )
    with pytest.raises(Invalid, match="not_an_officer"):
        await offices.do(
            offices.supervisor,
            lambda work: proceedings.nominate(work, case_id, officer_org=disc, officer_disc=org),
        )


async def test_hearsay_alone_finds_nothing_against_a_person(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    await _evidence(offices, case_id, "hearsay")
    with pytest.raises(Invalid, match="hearsay_alone"):
        await _draft(offices, case_id)
    await _evidence(offices, case_id, "first_hand")
    await _draft(offices, case_id)


async def test_what_speaks_for_the_person_may_not_be_blank(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    await _evidence(offices, case_id, "document")
    with pytest.raises(Invalid, match="text_missing"):
        await _draft(offices, case_id, exculpatory="  ")


async def test_a_finding_counts_once_the_other_officer_has_signed_it(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    await _evidence(offices, case_id, "document")
    entry_id = await _draft(offices, case_id)
    with pytest.raises(Denied, match="own_work"):
        await offices.do(offices.org, lambda work: proceedings.sign_finding(work, case_id, entry_id))
    with pytest.raises(Conflict, match="signature_pending"):
        await _draft(offices, case_id)
    await offices.do(offices.disc, lambda work: proceedings.decline(work, case_id, entry_id, reason="第二点不清"))
    with pytest.raises(Conflict, match="nothing_to_sign"):
        await offices.do(offices.disc, lambda work: proceedings.sign_finding(work, case_id, entry_id))
    assert (await offices.summary(case_id)).state == "verifying"


async def test_the_letter_of_inquiry_goes_out_once_the_other_officer_has_signed_it(
    intake: App, offices: Offices
) -> None:
    case_id = await verifying(offices, intake)
    draft = await offices.do(
        offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="工作时间打扑克的反映")
    )
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, draft.id))
    assert (await offices.summary(case_id)).state == "awaiting_explanation"
    due = (await _clocks(offices, case_id))["letter_reply"]
    assert due.due_on == reply_due(due.begun_on, 15)


async def test_a_case_is_asked_about_twice_at_most(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    today = offices.desk.clock.today()
    for _ in range(2):
        draft = await offices.do(
            offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="请说明当日情况")
        )
        await offices.do(
            offices.disc,
            lambda work, entry=draft: proceedings.sign_inquiry(work, case_id, entry.id),  # type: ignore[misc]
        )
        await offices.do(
            offices.org, lambda work: proceedings.take_reply(work, case_id, text="说明如下", received_on=today)
        )
    with pytest.raises(Conflict, match="inquiries_used_up"):
        await offices.do(offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="再问"))


@pytest.mark.parametrize(
    ("finding", "state"), [("not_established", "closed_not_established"), ("unfounded", "closed_unfounded")]
)
async def test_a_case_without_a_finding_is_closed_and_can_be_put_away(
    intake: App, offices: Offices, finding: str, state: str
) -> None:
    case_id = await verified(offices, intake, finding)
    with pytest.raises(Conflict, match="finding_needed"):
        await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, a_classification()))
    await offices.do(
        offices.org,
        lambda work: proceedings.close_unproven(work, case_id, reason="查无实据", clarification=True),
    )
    assert (await offices.summary(case_id)).state == state
    await put_away(offices, case_id)
    assert (await offices.summary(case_id)).state == "sealed"
    with pytest.raises(Denied, match="no_grant"):
        await offices.read(offices.supervisor, case_id)


async def test_a_malicious_report_takes_an_approval_document_and_two_officers(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake, "unfounded")
    with pytest.raises(Invalid, match="text_missing"):
        await offices.do(
            offices.org,
            lambda work: proceedings.propose_malicious(work, case_id, reason="捏造事实", approval_document=" "),
        )
    made = await offices.do(
        offices.org,
        lambda work: proceedings.propose_malicious(
            work, case_id, reason="捏造事实", approval_document="河清纪〔2026〕3号"
        ),
    )
    with pytest.raises(Denied, match="own_work"):
        await offices.do(offices.org, lambda work: proceedings.sign_malicious(work, case_id, made.id))
    await offices.do(offices.disc, lambda work: proceedings.sign_malicious(work, case_id, made.id))
    assert (await offices.summary(case_id)).state == "closed_malicious"


async def test_a_referral_takes_the_commission_and_stops_every_way_to_a_warning(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake)
    made = await offices.do(offices.supervisor, lambda work: proceedings.refer(work, case_id, reason="已达处分程度"))
    with pytest.raises(Denied):
        await offices.do(offices.supervisor, lambda work: proceedings.accept_referral(work, case_id, made.id))
    await offices.do(offices.receiver, lambda work: proceedings.accept_referral(work, case_id, made.id))
    assert (await offices.summary(case_id)).state == "referred_discipline"
    with pytest.raises(Conflict, match="transition_not_allowed"):
        await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, a_classification()))


async def test_the_catch_all_takes_reasons_and_a_second_officer(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake)
    catch_all = a_classification(manifestation="M8", reasons="其它需警示教育的情形")
    made = await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, catch_all))
    assert (await offices.summary(case_id)).state == "verified"
    with pytest.raises(Denied, match="own_work"):
        await offices.do(offices.org, lambda work: proceedings.sign_classification(work, case_id, made.id))
    await offices.do(offices.disc, lambda work: proceedings.sign_classification(work, case_id, made.id))
    summary = await offices.summary(case_id)
    assert (summary.state, summary.manifestation) == ("classified", "M8")


async def test_a_classification_that_took_effect_cannot_be_declined_any_more(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake)
    made = await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, a_classification()))
    with pytest.raises(Conflict, match="nothing_to_sign"):
        await offices.do(offices.disc, lambda work: proceedings.decline(work, case_id, made.id, reason="不同意"))


async def test_conduct_before_the_criteria_were_published_is_not_charged(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake)
    early = a_classification(conduct_on=offices.desk.clock.today().replace(year=2020))
    with pytest.raises(Conflict, match="conduct_before_publication"):
        await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, early))


async def test_verification_rests_and_its_clock_with_it(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    before = (await _clocks(offices, case_id))["verification"].due_on
    await offices.do(offices.supervisor, lambda work: proceedings.hold(work, case_id, reason="当事人长期住院"))
    held = await _clocks(offices, case_id)
    assert held["verification"].paused_on is not None
    assert held["hold_review"].due_on is not None
    await offices.do(offices.supervisor, lambda work: proceedings.resume(work, case_id, reason="可以继续"))
    after = (await _clocks(offices, case_id))["verification"]
    assert (after.due_on, after.paused_on) == (before, None)


async def test_verification_is_extended_once(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)

    async def extend() -> None:
        await offices.do(
            offices.supervisor,
            lambda work: proceedings.extend(work, case_id, clock="verification", reason="取证需要"),
        )

    await extend()
    assert (await _clocks(offices, case_id))["verification"].extended
    with pytest.raises(Conflict, match="extended_already"):
        await extend()


async def test_items_of_one_origin_count_once_and_keep_their_cards(intake: App, offices: Offices) -> None:
    first = await accepted(offices, intake)
    case_id = (await offices.do(offices.clerk, lambda work: proceedings.open_case(work, first))).id
    for _ in range(3):
        copy = await accepted(offices, intake)
        await offices.do(
            offices.clerk,
            lambda work, item=copy: proceedings.merge(  # type: ignore[misc]
                work, item, case_id, reason="同一来源的复印件", same_origin_as=first
            ),
        )
    assert (await offices.summary(case_id)).origins == 1
    other = await accepted(offices, intake)
    await offices.do(offices.clerk, lambda work: proceedings.merge(work, other, case_id, reason="另一人反映同一事"))
    assert (await offices.summary(case_id)).origins == 2
    assert len((await offices.read(offices.clerk, case_id)).items) == 5


async def test_the_key_of_the_body_opens_an_item_no_more_once_it_belongs_to_a_case(
    intake: App, desk: App, escrow: Escrow, offices: Offices
) -> None:
    item_id = await accepted(offices, intake)
    case = await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item_id))
    other = await a_colleague(desk, "intake_clerk", "leading_group_office")
    await hand_key(desk, "intake:leading_group_office", other.person_id, escrow)

    async def read(work: Work) -> str:
        opening = await access.begin_opening(work, item_id, "阅看原件内容")
        return (await cases.open_item(work, item_id, opening_id=opening.id)).content.language

    with pytest.raises(Denied, match="no_grant"):
        await offices.do(other, read)
    assert await offices.do(offices.clerk, read) == "zh_CN"
    found = await offices.do(offices.clerk, lambda work: proceedings.case_of_item(work, item_id))
    assert found is not None
    assert found.id == case.id


async def test_the_end_of_an_appointment_takes_the_keys_of_cases_away(
    intake: App, desk: App, worker: App, offices: Offices
) -> None:
    case_id = await verifying(offices, intake)
    async with desk.work(OPERATOR, "cli") as work:
        (held,) = await registry.appointments_of(work, offices.org.person_id, on=work.clock.today())
        await access.end_appointment(work, held.id, on=work.clock.today() - timedelta(days=1))
        assert offices.org.person_id not in await access.people_with_seal(work, "case", case_id)
        assert offices.disc.person_id in await access.people_with_seal(work, "case", case_id)
    async with worker.work(System("worker"), "worker") as work:
        assert await access.drop_ended(work) == 0


async def test_a_deadline_that_needs_a_missing_year_of_the_calendar_stays_open_and_stops_nothing(
    intake: App, worker: App, offices: Offices, clock: FixedClock
) -> None:
    clock.at = clock.at.replace(month=12, day=21)
    case_id = await opened(offices, intake)
    due = (await _clocks(offices, case_id))["assignment"]
    assert due.due_on is not None
    clock.at = clock.at.replace(day=30)
    case_id = await opened(offices, intake)
    assert (await _clocks(offices, case_id))["assignment"].due_on is None
    assert [each.subject_id for each in await offices.do(offices.supervisor, warnings.due)].count(case_id) == 0
    async with worker.work(System("worker"), "worker") as work:
        assert await deadlines.find_missing_days(work) == 0


async def test_the_leading_group_ends_a_case_without_a_form_or_takes_it_up_again_once_it_is_brought_before_it(
    intake: App, offices: Offices
) -> None:
    case_id = await verified(offices, intake)
    member = offices.group[0]
    with pytest.raises(NotFound):
        await offices.do(member, lambda work: proceedings.conclude(work, case_id, how="minor_advice", reasons="轻微"))
    await offices.do(offices.supervisor, lambda work: proceedings.submit(work, case_id, reason="情节轻微，建议办结"))
    await offices.do(member, lambda work: proceedings.conclude(work, case_id, how="minor_advice", reasons="轻微"))
    assert (await offices.summary(case_id)).state == "closed_without_form"
    await offices.do(member, lambda work: proceedings.reopen(work, case_id, new_evidence="新的证据"))
    assert (await offices.summary(case_id)).state == "verifying"


async def test_no_officer_serves_in_the_unit_concerned(intake: App, desk: App, offices: Offices) -> None:
    case_id = await opened(offices, intake)
    async with desk.work(OPERATOR, "cli") as work:
        unit_id = (await registry.official(work, offices.official_id)).unit_id
        await access.appoint(work, offices.org.person_id, "case_officer_org", unit_id, since=SINCE)
    org, disc = offices.org.person_id, offices.disc.person_id
    with pytest.raises(Invalid, match="of_the_body_concerned"):
        await offices.do(
            offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
        )
