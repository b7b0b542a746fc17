"""Where a report goes, and what is not taken: refused in words, counted, and nothing of it kept."""

import pytest
from sqlalchemy import update

from core.access.tables import SharedKeyRow
from core.app import App
from core.cases.items.tables import Item, Packet, Refusal
from core.drafts import DraftRow
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import FORM, REVIEW, at, at_question
from tests.bots.web.walks import rows

TOPICS = FORM.by_name["topic"].choices
PRIVATE = [choice for choice in TOPICS.all if choice.columns["group"] == "private"] if TOPICS else []


async def test_private_life_is_refused_counted_by_its_kind_and_nothing_kept(inform: Inform) -> None:
    async with inform() as it:
        assert len(PRIVATE) == 9
        for choice in PRIVATE:
            talk = await at(it, "topic")
            await talk.says(choice.label["zh_CN"])
            text = (await talk.last()).text
            assert FORM.by_name["private_life"].label["zh_CN"] in text
            assert talk.t("stopped.nothing") in text
        refused = await rows(it.app, Refusal)
        assert sorted(row.category for row in refused) == sorted(choice.name for choice in PRIVATE)
        assert {row.channel for row in refused} == {"telegram"}
        assert await rows(it.app, Item) == []


async def test_a_refusal_that_is_delivered_twice_is_counted_once(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "topic")
        await it.bot.lose_answers(2)
        await talk.says("health")
        assert len(await rows(it.app, Refusal)) == 1
        await talk.says("/cancel")
        assert await rows(it.app, DraftRow) == []


@pytest.mark.parametrize(
    ("kind", "answers", "body"),
    [
        ("leading_team", {}, "leading_group_office"),
        ("section_official", {"topic": "M7"}, "leading_group_office"),
        ("organisation_department_staff", {}, "discipline_commission"),
        ("not_sure", {}, "discipline_commission"),
    ],
)
async def test_it_says_who_decides_before_and_after_and_seals_it_to_them(
    inform: Inform, kind: str, answers: dict[str, str], body: str
) -> None:
    async with inform() as it:
        talk = await at(it, "may_ask", subject_kind=kind, **answers)
        await talk.says("可以")
        name = talk.t(f"body.{body}")
        assert talk.t("review.then", body=name) in (await talk.last()).text
        await talk.presses("review.submit")
        assert name in (await talk.last()).text
        await talk.receipt()
        assert [item.body for item in await rows(it.app, Item)] == [body]


@pytest.mark.parametrize("kind", ["above_section_level", "office_director"])
async def test_what_is_about_a_higher_level_goes_into_a_packet_that_nobody_here_opens(
    inform: Inform, kind: str
) -> None:
    async with inform() as it:
        talk = await at(it, REVIEW, subject_kind=kind)
        await talk.says("/start")
        assert talk.t("body.upper_level") in (await talk.last()).text
        await talk.presses("review.submit")
        receipt = await talk.receipt()
        assert len(await rows(it.app, Packet)) == 1
        await talk.presses("receipt.noted", "purge.leave")
        await talk.says(f"/receipt {receipt.text}")
        assert talk.t("state.routed_up") in (await talk.last()).text


async def test_a_body_without_a_key_loses_nothing_of_a_report(inform: Inform, desk: App) -> None:
    async with inform() as it:
        talk = await at(it, REVIEW)
        await talk.says("/start")
        async with it.app.database.transaction() as session:
            await session.execute(update(SharedKeyRow).values(retired_at=it.app.clock.now()))
        it.app.forget_shared_keys()
        await talk.presses("review.submit")
        assert talk.t("refused.no_shared_key") in (await talk.last()).text
        assert await at_question(talk) == REVIEW
        assert talk.t("review.submit") in (await talk.last()).buttons[0]
        assert await rows(it.app, Item) == []
