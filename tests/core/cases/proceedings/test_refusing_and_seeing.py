"""What was proposed can be refused, and nobody sees more of cases than their part."""

from functools import partial

import pytest

from core import warnings
from core.app import App
from core.cases import proceedings
from core.errors import Conflict, Denied, NotFound
from core.sealing import Escrow
from tests.core.cases.offices import Offices, a_colleague, opened, put_away, the_offices, verified


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def test_the_commission_can_refuse_a_referral_and_another_can_be_made(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake)
    for _ in range(2):
        made = await offices.do(offices.supervisor, partial(proceedings.refer, case_id=case_id, reason="已达处分程度"))
        refuse = partial(proceedings.decline_referral, case_id=case_id, entry_id=made.id, reason="未达处分程度")
        with pytest.raises(Denied, match="not_permitted"):
            await offices.do(offices.org, refuse)
        await offices.do(offices.receiver, refuse)
        with pytest.raises(Conflict, match="nothing_to_sign"):
            await offices.do(offices.receiver, partial(proceedings.accept_referral, case_id=case_id, entry_id=made.id))
    assert (await offices.summary(case_id)).state == "verified"


async def test_one_proposal_that_a_report_is_malicious_waits_at_a_time(intake: App, offices: Offices) -> None:
    case_id = await verified(offices, intake, "unfounded")

    async def propose() -> None:
        await offices.do(
            offices.org,
            lambda work: proceedings.propose_malicious(
                work, case_id, reason="捏造事实", approval_document="清纪审〔2026〕3号"
            ),
        )

    await propose()
    with pytest.raises(Conflict, match="signature_pending"):
        await propose()


async def test_who_stepped_aside_hears_of_no_deadline_and_the_archivist_of_what_is_put_away_alone(
    desk: App, intake: App, offices: Offices
) -> None:
    case_id = await opened(offices, intake)
    archivist = await a_colleague(desk, "archivist", "leading_group_office")
    supervisor = offices.supervisor
    assert case_id in {each.subject_id for each in await offices.do(supervisor, warnings.due)}
    with pytest.raises(NotFound, match="case_not_found"):
        await offices.do(archivist, lambda work: proceedings.summary(work, case_id))
    await offices.do(
        offices.supervisor,
        lambda work: proceedings.recuse(work, case_id, supervisor.person_id, reason="与本人有利害关系"),
    )
    assert case_id not in {each.subject_id for each in await offices.do(supervisor, warnings.due)}
    with pytest.raises(Denied, match="recused"):
        await offices.do(supervisor, lambda work: proceedings.held_still(work, case_id))
    done = await verified(offices, intake, "unfounded")
    await offices.do(
        offices.org, lambda work: proceedings.close_unproven(work, done, reason="反映失实", clarification=True)
    )
    await put_away(offices, done)
    assert (await offices.do(archivist, lambda work: proceedings.summary(work, done))).state == "sealed"
