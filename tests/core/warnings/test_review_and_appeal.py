"""Review and appeal: heard by people who have not touched the case, and never to the person's harm."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from core import warnings
from core.app import App
from core.errors import Conflict, Denied, Forged, NotFound
from core.sealing import Escrow
from core.warnings import RemedyLine, Talk
from core.warnings.tables import Measure, Remedy
from core.work import Staff
from tests.builders import OPERATOR, a_unit
from tests.core.cases.offices import a_colleague
from tests.core.warnings.offices import Deciders, confirmed, move_on, the_deciders


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


async def ask(deciders: Deciders, measure_id: UUID, kind: str, on: date | None = None) -> RemedyLine:
    day = on or deciders.desk.clock.today()
    return await deciders.offices.do(
        deciders.offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure_id, kind=kind, text="申请理由", received_on=day),
    )


async def asked(deciders: Deciders, on: date) -> str:
    official_id = deciders.offices.official_id
    found = await deciders.offices.do(
        deciders.issuer, lambda work: warnings.eligibility(work, official_id, action="award", on=on)
    )
    return found.answer


async def decide(deciders: Deciders, staff: Staff, remedy: RemedyLine, ruling: str) -> RemedyLine:
    return await deciders.offices.do(
        staff,
        lambda work: warnings.decide_remedy(
            work, remedy.id, ruling=ruling, reasons="审查意见", correction="更正" if ruling == "corrected" else ""
        ),
    )


async def test_an_upheld_appeal_undoes_every_effect_from_its_beginning(deciders: Deciders, intake: App) -> None:
    offices = deciders.offices
    case_id = await confirmed(deciders, intake, "admonition")
    served = (await deciders.served(case_id, "admonition")).measure
    with pytest.raises(Conflict, match="appeal_not_open"):
        await ask(deciders, served.id, "appeal")
    review = await ask(deciders, served.id, "review")
    with pytest.raises(Conflict, match="remedy_open"):
        await ask(deciders, served.id, "review")
    await decide(deciders, deciders.reviewer, review, "dismissed")
    appeal = await ask(deciders, served.id, "appeal")
    decided = await decide(deciders, deciders.appeal, appeal, "upheld")
    assert (decided.ruling, (await deciders.summary(served.id)).state) == ("upheld", "revoked")
    assert (await offices.summary(case_id)).state == "closed"
    today = deciders.desk.clock.today()
    for on in (today, today + timedelta(days=30)):
        assert await asked(deciders, on) == "allowed"
    await offices.do(
        offices.supervisor,
        lambda work: warnings.clear_name(work, served.id, consent=True, scope="本单位", text="予以澄清"),
    )


async def test_whoever_touched_the_case_hears_nothing(deciders: Deciders, intake: App) -> None:
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    review = await ask(deciders, served.id, "review")
    for somebody in (deciders.issuer, deciders.offices.supervisor, deciders.offices.org, deciders.appeal):
        with pytest.raises((Denied, NotFound)):
            await decide(deciders, somebody, review, "dismissed")


async def test_an_appeal_a_day_late_is_taken_and_a_person_decides(deciders: Deciders, intake: App, worker: App) -> None:
    offices = deciders.offices
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    window = next(each for each in (await deciders.read(served.id)).deadlines if each.kind == "internal_review_window")
    assert window.due_on is not None
    await move_on(worker, (window.due_on - deciders.desk.clock.today()).days + 1)
    late = await ask(deciders, served.id, "review")
    assert (late.is_late, late.admitted) == (True, None)
    with pytest.raises(Conflict, match="remedy_not_admitted"):
        await decide(deciders, deciders.reviewer, late, "dismissed")
    heard = await offices.do(
        deciders.reviewer, lambda work: warnings.admit(work, late.id, admitted=True, reason="有正当理由")
    )
    assert heard.admitted
    assert (await decide(deciders, deciders.reviewer, late, "corrected")).ruling == "corrected"
    assert (await deciders.summary(served.id)).state == "active"


async def test_a_review_stays_due_when_its_measure_ends_before_it_is_decided(deciders: Deciders, intake: App) -> None:
    offices, today = deciders.offices, deciders.desk.clock.today()
    measure_id = await deciders.draft(await confirmed(deciders, intake, "talk_reminder"), "talk_reminder")
    await deciders.approve(measure_id)
    talk = Talk(talked_by="部长", reasons="说明了原因", view="本人认识到错误", corrections="立即改正")
    await offices.do(deciders.issuer, lambda work: warnings.record_talk(work, measure_id, held_on=today, talk=talk))
    review = await ask(deciders, measure_id, "review")
    await offices.do(
        offices.org, lambda work: warnings.follow_up(work, measure_id, outcome="improved", reasons="明显转变")
    )

    async def running() -> set[str]:
        return {each.kind for each in (await deciders.read(measure_id)).deadlines if each.done_on is None}

    assert await running() == {"internal_review_window", "review_decision"}
    await decide(deciders, deciders.reviewer, review, "upheld")
    assert await running() == set()


async def test_to_strangers_a_remedy_and_a_notice_are_as_unknown_as_what_never_was(
    deciders: Deciders, intake: App
) -> None:
    offices, desk = deciders.offices, deciders.desk
    measure_id = await deciders.draft(await confirmed(deciders, intake, "admonition"), "admonition")
    await deciders.approve(measure_id)
    today, unit_id = desk.clock.today(), await a_unit(desk)
    await offices.do(
        deciders.issuer,
        lambda work: warnings.serve(work, measure_id, served_on=today, proof="本人签收", told=[unit_id]),
    )
    review = await ask(deciders, measure_id, "review")
    (told,) = (await deciders.read(measure_id)).told
    stranger = await a_colleague(desk, "supervisor", "organisation_department")
    hearer = await a_colleague(desk, "review_officer", "organisation_department")

    async def settle(told_id: UUID) -> object:
        return await offices.do(stranger, lambda work: warnings.settle_notice(work, told_id, delivery="unknown"))

    async def admit(remedy_id: UUID) -> object:
        return await offices.do(hearer, lambda work: warnings.admit(work, remedy_id, admitted=True, reason="有理由"))

    for told_id, remedy_id in ((told.id, review.id), (uuid4(), uuid4())):
        with pytest.raises(NotFound, match="told_not_found"):
            await settle(told_id)
        with pytest.raises(NotFound, match="remedy_not_found"):
            await admit(remedy_id)


async def test_a_measure_or_a_review_that_was_changed_in_the_database_goes_no_further(
    deciders: Deciders, intake: App
) -> None:
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    review = await ask(deciders, served.id, "review")
    changes = (
        (update(Measure).values(state="revoked"), update(Measure).values(state="active")),
        (update(Measure).values(state="term_ended"), update(Measure).values(state="active")),
        (update(Remedy).values(received_on=date(2026, 1, 1)), update(Remedy).values(received_on=review.received_on)),
        (update(Remedy).values(is_late=True), update(Remedy).values(is_late=False)),
    )
    for change, back in changes:
        async with deciders.desk.work(OPERATOR, "cli") as work:
            await work.session.execute(change)
        with pytest.raises(Forged):
            await decide(deciders, deciders.reviewer, review, "dismissed")
        async with deciders.desk.work(OPERATOR, "cli") as work:
            await work.session.execute(back)
    assert (await decide(deciders, deciders.reviewer, review, "dismissed")).ruling == "dismissed"
