"""The forms of a measure: each is about the measure that its page showed, and is there as long as it may be needed."""

from uuid import uuid4

import pytest

from admin_api.console.case_fields import Given
from admin_api.console.measure_forms import FORMS, offered
from admin_api.console.measure_standing import standing
from core import warnings
from core.app import App
from core.errors import NotFound
from core.sealing import Escrow
from tests.core.warnings.offices import confirmed, the_deciders


async def test_a_wish_is_decided_on_its_own_page_and_a_name_is_cleared_after_second_thoughts(
    desk: App, intake: App, escrow: Escrow
) -> None:
    deciders = await the_deciders(desk, escrow)
    offices, today = deciders.offices, desk.clock.today()
    served = (await deciders.served(await confirmed(deciders, intake, "admonition"), "admonition")).measure
    review = await offices.do(
        offices.supervisor,
        lambda work: warnings.ask_remedy(work, served.id, kind="review", text="申请理由", received_on=today),
    )
    decide = FORMS["decide_remedy"].act
    ruling = Given({"remedy_id": str(review.id), "ruling": "upheld", "reasons": "主要事实不清"})
    with pytest.raises(NotFound, match="remedy_not_found"):
        await offices.do(deciders.reviewer, lambda work: decide(work, uuid4(), ruling))
    await offices.do(deciders.reviewer, lambda work: decide(work, served.id, ruling))
    clear = FORMS["clear_name"].act

    async def may_clear() -> bool:
        seen = standing(await deciders.read(served.id), offices.supervisor, today_reached=False)
        return "clear_name" in {form.name for form in offered(seen)}

    await offices.do(offices.supervisor, lambda work: clear(work, served.id, Given({"consent": "no"})))
    assert await may_clear()
    words = Given({"consent": "yes", "scope": "本单位全体干部", "text": "原决定已经撤销，现予以澄清"})
    await offices.do(offices.supervisor, lambda work: clear(work, served.id, words))
    assert not await may_clear()
