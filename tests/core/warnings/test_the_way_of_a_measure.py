"""A measure from its draft to its end: what each step needs, and that nobody decides on their own work."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from core import warnings
from core.app import App
from core.cases import proceedings
from core.errors import Conflict, Denied, Invalid
from core.sealing import Escrow
from core.warnings import Assessment, Talk
from core.work import Staff, Work
from tests.builders import OPERATOR
from tests.core.cases.offices import a_colleague
from tests.core.warnings.offices import Deciders, a_measure, confirmed, move_on, the_deciders

Do = Callable[[Work], Awaitable[object]]
TALK = Talk(talked_by="部长", reasons="说明了原因", view="本人认识到错误", corrections="立即改正")
GOOD = Assessment(record="考核期内表现良好", grounds=frozenset({"conduct", "correction"}), corrected=True)


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


async def test_an_admonition_runs_half_a_year_is_assessed_and_lifted(
    deciders: Deciders, intake: App, worker: App
) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "admonition")
    served = (await deciders.served(case_id, "admonition")).measure
    assert (served.state, served.series, served.number) == ("active", "doc:admonition:leading_group_office", 1)
    assert (await offices.summary(case_id)).state == "measure_in_force"
    assert served.last_day is not None
    days = (served.last_day - deciders.desk.clock.today()).days
    await move_on(worker, days - 7)
    assert (await deciders.summary(served.id)).state == "active"
    with pytest.raises(Conflict, match="assessment_not_open"):
        await offices.do(offices.org, lambda work: warnings.assess(work, served.id, GOOD))
    await move_on(worker, 7)
    day = deciders.desk.clock.today()
    with pytest.raises(Conflict, match="report_missing"):
        await offices.do(offices.org, lambda work: warnings.assess(work, served.id, GOOD))
    await offices.do(
        offices.org,
        lambda work: warnings.take_report(work, served.id, what="self_report", text="自述", received_on=day),
    )
    await offices.do(offices.org, lambda work: warnings.assess(work, served.id, GOOD))
    await offices.do(
        deciders.issuer,
        lambda work: warnings.decide_outcome(work, served.id, outcome="lifted", reasons="确已改正"),
    )
    assert (await deciders.summary(served.id)).state == "closed"
    assert (await offices.summary(case_id)).state == "closed"
    await move_on(worker, 1)
    kinds = [each.step.kind for each in (await deciders.read(served.id)).steps]
    assert kinds.count("term_reminded") == 1  # the clock jumped over the first
    assert kinds.count("assessment_opened") == kinds.count("term_ended") == 1


async def test_what_is_not_corrected_leads_to_a_new_decision_of_its_own(
    deciders: Deciders, intake: App, worker: App
) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "admonition")
    served = (await deciders.served(case_id, "admonition")).measure
    await move_on(worker, 200)
    day = deciders.desk.clock.today()
    await offices.do(
        offices.org, lambda work: warnings.take_report(work, served.id, what="nothing", text="未提交", received_on=day)
    )
    poor = Assessment(record="仍有迟到", grounds=frozenset({"conduct"}), corrected=False)
    await offices.do(offices.org, lambda work: warnings.assess(work, served.id, poor))
    with pytest.raises(Conflict, match="outcome_not_allowed"):
        await offices.do(
            deciders.issuer, lambda work: warnings.decide_outcome(work, served.id, outcome="lifted", reasons="无")
        )
    await offices.do(
        deciders.issuer,
        lambda work: warnings.decide_outcome(work, served.id, outcome="demotion", reasons="不能改正", pay="按新职级"),
    )
    with pytest.raises(Conflict, match="form_not_allowed"):
        await deciders.draft(case_id, "removal", follows=served.id)
    follow = (await deciders.served(case_id, "demotion", follows=served.id)).measure
    assert (follow.state, (await deciders.summary(served.id)).state) == ("served", "closed")
    assert (await offices.summary(case_id)).state == "closed"
    kinds = {each.kind for each in (await deciders.read(follow.id)).deadlines}
    assert kinds == {"review_window", "appeal_direct_window"}


async def test_a_suspension_is_assessed_by_three_bodies_that_were_not_involved(
    deciders: Deciders, intake: App, worker: App
) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "suspension")
    served = (await deciders.served(case_id, "suspension")).measure
    people = [one.person_id for one in deciders.panel]
    for wrong, code in (([], "panel_too_small"), ([offices.disc.person_id], "panel_involved")):
        chosen = people[:2] + wrong
        with pytest.raises(Conflict, match=code):
            await offices.do(offices.supervisor, lambda work: warnings.name_panel(work, served.id, chosen))  # noqa: B023
    await offices.do(offices.supervisor, lambda work: warnings.name_panel(work, served.id, people))
    await move_on(worker, 366)
    day = deciders.desk.clock.today()
    await offices.do(
        offices.org,
        lambda work: warnings.take_report(work, served.id, what="self_report", text="自述", received_on=day),
    )
    good = Assessment(
        record="表现优秀", grounds=frozenset({"conduct"}), corrected=True, excellent=True, results=True, recognised=True
    )
    first, *others = deciders.panel
    await offices.do(first, lambda work: warnings.assess(work, served.id, good))
    with pytest.raises(Denied, match="own_work"):
        await offices.do(first, lambda work: warnings.sign_assessment(work, served.id))
    for one in others:
        assert (await deciders.summary(served.id)).state == "term_ended"
        await offices.do(one, lambda work: warnings.sign_assessment(work, served.id))
    assert (await deciders.summary(served.id)).state == "assessed"


async def test_an_assessment_never_rests_on_an_appeal(deciders: Deciders, intake: App, worker: App) -> None:
    offices = deciders.offices
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    await move_on(worker, 190)
    day = deciders.desk.clock.today()
    await offices.do(
        offices.org,
        lambda work: warnings.take_report(work, served.id, what="self_report", text="自述", received_on=day),
    )
    bad = Assessment(record="不服", grounds=frozenset({"conduct", "appeal"}), corrected=False)
    with pytest.raises(Invalid, match="rejected_ground"):
        await offices.do(offices.org, lambda work: warnings.assess(work, served.id, bad))
    assert (await deciders.summary(served.id)).state == "term_ended"


async def test_a_letter_is_over_when_two_readers_agree(deciders: Deciders, intake: App) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "letter")
    served = (await deciders.served(case_id, "letter")).measure

    def read(outcome: str) -> Do:
        return lambda work: warnings.read_letter(work, served.id, outcome=outcome, reasons="说明清楚")

    await offices.do(offices.org, read("explained"))
    await offices.do(offices.org, read("explained"))
    assert (await deciders.summary(served.id)).state == "served"
    await offices.do(offices.disc, read("second_inquiry"))
    await offices.do(offices.org, read("second_inquiry"))
    assert (await deciders.summary(served.id)).state == "served"
    with pytest.raises(Conflict, match="inquiries_used_up"):
        await offices.do(offices.org, read("second_inquiry"))
    await offices.do(offices.org, read("corrected"))
    await offices.do(offices.disc, read("corrected"))
    found = await deciders.summary(served.id)
    assert (found.state, found.outcome) == ("closed", "corrected")
    assert (await offices.summary(case_id)).state == "closed"


async def test_a_reader_who_thought_again_or_left_the_case_agrees_to_nothing(deciders: Deciders, intake: App) -> None:
    offices = deciders.offices
    served = (await deciders.served(await confirmed(deciders, intake, "letter"), "letter")).measure

    def read(outcome: str) -> Do:
        return lambda work: warnings.read_letter(work, served.id, outcome=outcome, reasons="说明清楚")

    await offices.do(offices.org, read("explained"))
    await offices.do(offices.org, read("corrected"))
    await offices.do(offices.disc, read("explained"))
    assert (await deciders.summary(served.id)).state == "served"
    await offices.do(
        offices.supervisor,
        lambda work: proceedings.recuse(work, served.case_id, offices.disc.person_id, reason="回避申请成立"),
    )
    await offices.do(offices.org, read("explained"))
    assert (await deciders.summary(served.id)).state == "served"


async def test_a_talk_is_served_by_its_record_and_followed_up(deciders: Deciders, intake: App) -> None:
    offices, desk = deciders.offices, deciders.desk
    case_id = await confirmed(deciders, intake, "talk_reminder")
    measure_id = await deciders.draft(case_id, "talk_reminder")
    await deciders.approve(measure_id)
    with pytest.raises(Invalid, match="talk_needs_record"):
        await deciders.serve(measure_id)
    day = desk.clock.today()
    await offices.do(deciders.issuer, lambda work: warnings.record_talk(work, measure_id, held_on=day, talk=TALK))
    await offices.do(
        offices.org, lambda work: warnings.follow_up(work, measure_id, outcome="improved", reasons="作风转变")
    )
    assert (await deciders.summary(measure_id)).state == "closed"
    assert (await offices.summary(case_id)).state == "closed"


async def test_nothing_is_served_in_the_future_or_before_it_was_decided(deciders: Deciders, intake: App) -> None:
    measure_id = await deciders.draft(await confirmed(deciders, intake, "letter"), "letter")
    await deciders.approve(measure_id)
    with pytest.raises(Invalid, match="date_in_the_future"):
        await deciders.serve(measure_id, days_ago=-1)
    with pytest.raises(Invalid, match="service_before_decision"):
        await deciders.serve(measure_id, days_ago=1)
    await deciders.serve(measure_id)
    with pytest.raises(Conflict, match="transition_not_allowed"):
        await deciders.serve(measure_id)


async def test_only_what_the_meeting_recommended_can_be_drafted_and_once(deciders: Deciders, intake: App) -> None:
    case_id = await confirmed(deciders, intake, "talk_important")
    with pytest.raises(Conflict, match="form_not_allowed"):
        await deciders.draft(case_id, "suspension")
    measure_id = await deciders.draft(case_id, "talk_important")
    with pytest.raises(Conflict, match="measure_open"):
        await deciders.draft(case_id, "talk_important")
    await deciders.offices.do(deciders.issuer, lambda work: warnings.send_back(work, measure_id, reason="事实表述不清"))
    again = await deciders.draft(case_id, "talk_important")
    await deciders.approve(again)
    with pytest.raises(Conflict, match="transition_not_allowed"):
        await deciders.offices.do(
            deciders.issuer,
            lambda work: warnings.approve(work, again, capacity="organisation_department_leader"),
        )


async def test_drafter_verifiers_and_approver_are_different_people(deciders: Deciders, intake: App) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "admonition")
    given = a_measure("admonition")
    for somebody in (offices.org, offices.clerk, deciders.issuer, offices.group[0]):
        with pytest.raises(Denied):
            await offices.do(somebody, lambda work: warnings.draft(work, case_id, given))
    measure_id = await deciders.draft(case_id, "admonition")
    for somebody in (offices.supervisor, deciders.issuer, offices.clerk):
        with pytest.raises(Denied):
            await offices.do(somebody, lambda work: warnings.check(work, measure_id))
    await offices.do(offices.org, lambda work: warnings.check(work, measure_id))
    for somebody in (offices.supervisor, offices.org, offices.disc, offices.group[0]):
        with pytest.raises(Denied):
            await offices.do(somebody, lambda work: warnings.approve(work, measure_id, capacity="management_authority"))


async def test_an_assessment_that_was_missed_lapses_and_not_before(
    deciders: Deciders, intake: App, worker: App
) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "admonition")
    served = (await deciders.served(case_id, "admonition")).measure
    await move_on(worker, 190)

    def lapse(work: Work) -> Awaitable[object]:
        return warnings.lapse(work, served.id, reason="逾期未考核")

    with pytest.raises(Conflict, match="assessment_not_overdue"):
        await offices.do(offices.supervisor, lapse)
    await move_on(worker, 40)
    await offices.do(offices.supervisor, lapse)
    assert (await deciders.summary(served.id)).state == "lapsed"
    assert (await offices.summary(case_id)).state == "closed"


async def test_effects_end_with_the_last_day_even_when_nobody_assessed(deciders: Deciders, intake: App) -> None:
    offices, desk = deciders.offices, deciders.desk
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    assert served.last_day is not None

    async def asked(on: date) -> warnings.Eligibility:
        return await offices.do(
            deciders.issuer,
            lambda work: warnings.eligibility(work, offices.official_id, action="award", on=on),
        )

    day = timedelta(days=1)
    answers = [(await asked(on)).answer for on in (desk.clock.today() - day, served.last_day, served.last_day + day)]
    assert answers == ["allowed", "blocked", "allowed"]
    assert [each.measure_id for each in (await asked(served.last_day)).reasons] == [served.id]


async def test_a_letter_whose_reply_is_overdue_is_no_case_whose_reply_is(
    deciders: Deciders, intake: App, worker: App
) -> None:
    served = (await deciders.served(await confirmed(deciders, intake, "letter"), "letter")).measure
    await move_on(worker, 60)
    async with worker.work(OPERATOR, "worker") as work:
        assert await proceedings.mark_overdue(work) == 0
    assert (await deciders.summary(served.id)).state == "served"


async def test_the_clock_of_a_measure_is_on_the_day_of_whoever_has_a_part_and_of_nobody_else(
    deciders: Deciders, intake: App
) -> None:
    measure_id = (await deciders.served(await confirmed(deciders, intake, "letter"), "letter")).measure.id
    stranger = await a_colleague(deciders.desk, "case_officer_org", "leading_group_office")
    seen = {}
    for name, staff in (("officer", deciders.offices.org), ("issuer", deciders.issuer), ("stranger", stranger)):
        due = await deciders.offices.do(staff, warnings.due)
        seen[name] = [each.kind for each in due if each.subject_id == measure_id]
    assert seen["officer"] == seen["issuer"] != []
    assert "letter_reply" in seen["officer"]
    assert seen["stranger"] == []


async def test_a_measure_waits_for_whoever_makes_the_next_step(deciders: Deciders, intake: App, worker: App) -> None:
    offices = deciders.offices

    async def waits(staff: Staff) -> list[str]:
        return [one.what for one in await offices.do(staff, warnings.waiting)]

    case_id = await confirmed(deciders, intake, "admonition")
    measure_id = await deciders.draft(case_id, "admonition")
    assert await waits(offices.disc) == await waits(offices.org) == ["check"]
    assert await waits(offices.supervisor) == await waits(deciders.issuer) == []
    await deciders.approve(measure_id)
    assert await waits(deciders.issuer) == ["serve"]
    await deciders.serve(measure_id)
    assert await waits(deciders.issuer) == await waits(offices.org) == []
    await move_on(worker, 200)
    assert (await waits(offices.org), await waits(offices.disc)) == (["assess"], [])
    day = deciders.desk.clock.today()
    await offices.do(
        offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure_id, kind="review", text="申请理由", received_on=day),
    )
    assert await waits(deciders.reviewer) == ["decide_remedy"]
    assert await waits(deciders.appeal) == []
