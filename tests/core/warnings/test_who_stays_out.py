"""Whom a measure is about, and who stepped aside, decide, hear and assess nothing in it, and keep nobody waiting."""

from dataclasses import replace
from uuid import UUID

import pytest

from core import access, registry, warnings
from core.access.keys import add_person_key
from core.app import App
from core.cases import proceedings
from core.cases.proceedings import Part
from core.errors import Conflict
from core.sealing import Escrow, KeyPair
from core.warnings import Assessment
from core.work import Staff
from tests.builders import OPERATOR, SINCE
from tests.core.cases.offices import a_colleague
from tests.core.warnings.offices import OFFICE, Deciders, confirmed, move_on, the_deciders

GOOD = Assessment(record="考核期内表现良好", grounds=frozenset({"conduct"}), corrected=True)


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


async def appoint_subject(deciders: Deciders, role: str, unit_kind: str) -> UUID:
    """Give the person concerned a key and a role, and return who they are."""
    async with deciders.desk.work(OPERATOR, "cli") as work:
        person_id = (await registry.official(work, deciders.offices.official_id)).person.id
        unit = (await registry.units(work, kinds=[unit_kind]))[0]
        await access.appoint(work, person_id, role, unit.id, since=SINCE)
        if await access.present_person_key(work, person_id) is None:
            add_person_key(work, person_id, KeyPair.new(), b"locked")
    return person_id


async def with_part(deciders: Deciders, case_id: UUID, part: Part) -> set[UUID]:
    async with deciders.desk.work(OPERATOR, "cli") as work:
        return {one.person_id for one in await proceedings.members.present(work, case_id, part)}


async def take_off(deciders: Deciders, case_id: UUID, staff: Staff) -> None:
    await deciders.offices.do(
        deciders.offices.supervisor,
        lambda work: proceedings.recuse(work, case_id, staff.person_id, reason="回避申请成立"),
    )


async def ask(deciders: Deciders, measure_id: UUID) -> None:
    on = deciders.desk.clock.today()
    await deciders.offices.do(
        deciders.offices.supervisor,
        lambda work: warnings.ask_remedy(work, measure_id, kind="review", text="申请理由", received_on=on),
    )


async def test_nobody_decides_hears_or_assesses_a_measure_about_themselves(deciders: Deciders, intake: App) -> None:
    subject = await appoint_subject(deciders, "issuer", OFFICE)
    await appoint_subject(deciders, "review_officer", OFFICE)
    await appoint_subject(deciders, "assessor", "discipline_commission")
    case_id = await confirmed(deciders, intake, "suspension")
    served = (await deciders.served(case_id, "suspension")).measure
    assert await with_part(deciders, case_id, Part.ISSUER) == {deciders.issuer.person_id}
    await ask(deciders, served.id)
    assert await with_part(deciders, case_id, Part.REVIEWER) == {deciders.reviewer.person_id}
    panel = [subject, *(one.person_id for one in deciders.panel)]
    with pytest.raises(Conflict, match="panel_involved"):
        await deciders.offices.do(deciders.offices.supervisor, lambda work: warnings.name_panel(work, served.id, panel))


async def test_whoever_was_taken_off_a_case_keeps_no_draft_and_no_review_waiting(
    deciders: Deciders, intake: App
) -> None:
    offices, other = deciders.offices, await a_colleague(deciders.desk, "issuer", OFFICE)
    case_id = await confirmed(deciders, intake, "admonition")
    first = await deciders.draft(case_id, "admonition")
    await offices.do(offices.supervisor, lambda work: warnings.send_back(work, first, reason="重写"))
    await take_off(deciders, case_id, deciders.issuer)
    served = (await replace(deciders, issuer=other).served(case_id, "admonition")).measure
    await ask(deciders, served.id)
    (review,) = (await deciders.read(served.id)).remedies
    await offices.do(
        deciders.reviewer, lambda work: warnings.decide_remedy(work, review.id, ruling="dismissed", reasons="维持")
    )
    await take_off(deciders, case_id, deciders.reviewer)
    with pytest.raises(Conflict, match="nobody_hears"):
        await ask(deciders, served.id)
    again = await a_colleague(deciders.desk, "review_officer", OFFICE)
    await ask(deciders, served.id)
    assert await with_part(deciders, case_id, Part.REVIEWER) == {again.person_id}


async def test_who_was_appointed_during_a_term_decides_what_comes_of_it(
    deciders: Deciders, intake: App, worker: App
) -> None:
    offices, desk = deciders.offices, deciders.desk
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    await take_off(deciders, served.case_id, deciders.issuer)
    await move_on(worker, 200)
    day = desk.clock.today()
    await offices.do(
        offices.org,
        lambda work: warnings.take_report(work, served.id, what="self_report", text="自述", received_on=day),
    )
    with pytest.raises(Conflict, match="nobody_decides"):
        await offices.do(offices.org, lambda work: warnings.assess(work, served.id, GOOD))
    successor = await a_colleague(desk, "issuer", OFFICE)
    await offices.do(offices.org, lambda work: warnings.assess(work, served.id, GOOD))
    await offices.do(
        successor, lambda work: warnings.decide_outcome(work, served.id, outcome="lifted", reasons="确已改正")
    )
    assert (await deciders.summary(served.id)).state == "closed"
