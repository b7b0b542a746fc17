"""My day: each step of a case waits for exactly the people whose step it is, and what is due stands in its order."""

import re
from datetime import timedelta

import pytest

from core.app import App
from core.cases import cards, proceedings
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.builders import sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.cases.offices import a_card, a_classification, a_decision, opened, verifying


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


async def waits_for(colleagues: Colleagues) -> dict[str, str]:
    """What each of them is asked to do, by person; whoever is asked nothing is left out."""
    found = {}
    for name in colleagues.members:
        page = (await colleagues.at(name).get("/console")).text
        mine = page[page.index('id="mine-title"') : page.index('id="due-title"')]
        tasks = re.findall(r"<tr><td>([^<]+)</td>", mine)
        if tasks:
            found[name] = ", ".join(tasks)
    return found


async def test_each_step_waits_for_those_whose_step_it_is_and_for_nobody_else(
    intake: App, colleagues: Colleagues
) -> None:
    offices = colleagues.offices
    item = (await submitted(intake)).item_id
    seen = [await waits_for(colleagues)]
    await offices.do(offices.clerk, lambda work: cards.card(work, item, a_card(offices.official_id)))
    seen.append(await waits_for(colleagues))
    await offices.do(offices.clerk, lambda work: cards.propose(work, item, "accepted", reason="有可查的事实"))
    seen.append(await waits_for(colleagues))
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item, approved=True))
    seen.append(await waits_for(colleagues))
    case = await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item))
    seen.append(await waits_for(colleagues))
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.nominate(work, case.id, officer_org=org, officer_disc=disc)
    )
    seen.append(await waits_for(colleagues))
    assert seen == [
        {},
        {"clerk": "Propose what becomes of it"},
        {"supervisor": "Decide about a proposal"},
        {"clerk": "Open a case or merge"},
        {"supervisor": "Assign officers"},
        {"supervisor": "Assign officers", "org": "Declare your relation", "disc": "Declare your relation"},
    ]


async def test_drafts_wait_for_the_second_officer_and_meetings_for_their_members(
    intake: App, colleagues: Colleagues
) -> None:
    offices, seen = colleagues.offices, list[dict[str, str]]()
    case_id = await verifying(offices, intake)
    await offices.do(
        offices.org,
        lambda work: proceedings.add_evidence(work, case_id, text="登记表", source="document", exculpatory=False),
    )
    draft = await offices.do(
        offices.org,
        lambda work: proceedings.draft_finding(
            work, case_id, finding="substantiated", facts="属实", explanation="承认", exculpatory="无人受影响"
        ),
    )
    seen.append(await waits_for(colleagues))
    await offices.do(offices.disc, lambda work: proceedings.sign_finding(work, case_id, draft.id))
    seen.append(await waits_for(colleagues))
    await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, a_classification()))
    seen.append(await waits_for(colleagues))
    await offices.do(offices.supervisor, lambda work: proceedings.analyse(work, case_id, "建议谈话提醒"))
    seen.append(await waits_for(colleagues))
    for kind, members in (("department_meeting", offices.department), ("leading_group_meeting", offices.group)):
        meeting = await offices.do(
            offices.supervisor,
            lambda work, kind=kind: proceedings.call(  # type: ignore[misc]
                work, kind=kind, body="leading_group_office", held_on=work.clock.today(), case_ids=[case_id]
            ),
        )
        seen.append(await waits_for(colleagues))
        present, decision = frozenset(one.person_id for one in members), a_decision(case_id, votes_for=1)
        await offices.do(
            members[0],
            lambda work, meeting=meeting, present=present, decision=decision: proceedings.hold_meeting(  # type: ignore[misc]
                work, meeting.id, present=present, decisions=[decision]
            ),
        )
    seen.append(await waits_for(colleagues))
    both = "Classify or close"
    assert seen == [
        {"disc": "Read and sign"},
        {"org": both, "disc": both},
        {"supervisor": "Write the analysis"},
        {"supervisor": "Bring before a meeting"},
        {"department": "Meeting to hold"},
        {"group": "Meeting to hold"},
        {"group": "Confirm"},
    ]


async def test_what_is_due_stands_in_its_order_and_only_what_is_late_is_called_overdue(
    intake: App, colleagues: Colleagues, clock: FixedClock
) -> None:
    await verifying(colleagues.offices, intake)
    page = (await colleagues.at("org").get("/console")).text
    due = page[page.index('id="due-title"') :]
    assert re.findall(r"</td><td>([^<]+)</td>", due) == ["Verification"]
    assert "overdue" not in due
    clock.move(timedelta(days=120))
    browser = colleagues.browse(await sign_in(colleagues.offices.desk, colleagues.members["org"], step=1))
    page = (await browser.get("/console")).text
    assert 'class="overdue"' in page[page.index('id="due-title"') :]


async def test_the_navigation_counts_what_waits(intake: App, colleagues: Colleagues) -> None:
    await opened(colleagues.offices, intake)
    page = (await colleagues.at("supervisor").get("/console/units")).text
    counted = dict(re.findall(r'href="(/console[^"]*)">[^<]+<span class="count"[^>]*>(\d+)<', page))
    assert counted == {"/console": "1", "/console/cases": "1"}
