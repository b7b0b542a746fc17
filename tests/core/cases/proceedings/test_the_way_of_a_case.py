"""A case from its first item to a confirmed finding, and what each step asks for."""

import pytest

from core.app import App
from core.sealing import Escrow
from tests.core.cases.offices import Offices, confirmed, the_offices


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def test_a_report_becomes_a_confirmed_finding_with_every_step_in_its_thread(
    intake: App, offices: Offices
) -> None:
    case_id = await confirmed(offices, intake)
    assert (await offices.summary(case_id)).state == "confirmed"
    opened = await offices.read(offices.group[1], case_id)
    kinds = [each.step.kind for each in opened.thread]
    assert kinds == [
        "opened", "nominated", "declared", "declared", "assigned", "evidence", "finding", "signed",
        "classified", "analysed", "heard", "heard", "confirmed",
    ]  # fmt: skip
    assert [each.place for each in opened.thread] == list(range(1, len(kinds) + 1))
