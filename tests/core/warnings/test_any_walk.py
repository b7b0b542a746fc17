"""Whatever anybody asks of a measure, in whatever order: it goes where the table leads, and effects keep their days."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import registry, warnings
from core.app import App
from core.errors import JingshiError
from core.sealing import Escrow
from core.warnings import Assessment, MeasureSummary, Talk
from core.warnings.rules.lifecycle import IN_FORCE, TRANSITIONS
from core.work import Staff, Work
from tests.core.warnings.offices import PROOF, Deciders, confirmed, move_on, the_deciders

Verb = Callable[[Work, UUID, date], Awaitable[object]]
TALK = Talk(talked_by="部长", reasons="说明了原因", view="认识到错误", corrections="立即改正")
GOOD = Assessment("良好", frozenset({"conduct"}), corrected=True, excellent=True, results=True, recognised=True)
POOR = Assessment("不好", frozenset({"conduct"}), corrected=False, excellent=False, results=False, recognised=False)
CAPACITIES = ("unit_leader", "organisation_department", "management_authority", "leading_group")


def _approve(capacity: str) -> Verb:
    return lambda work, measure_id, _: warnings.approve(work, measure_id, capacity=capacity)


def _outcome(outcome: str) -> Verb:
    return lambda work, measure_id, _: warnings.decide_outcome(work, measure_id, outcome=outcome, reasons="依据考核")


def _remedy(kind: str) -> Verb:
    return lambda work, measure_id, day: warnings.ask_remedy(
        work, measure_id, kind=kind, text="申请理由", received_on=day
    )


def _ruling(ruling: str) -> Verb:
    async def decide(work: Work, measure_id: UUID, _day: date) -> None:
        for each in await warnings.remedies_of(work, measure_id):
            await warnings.decide_remedy(work, each.id, ruling=ruling, reasons="审查意见")

    return decide


async def _name_panel(work: Work, measure_id: UUID) -> None:
    able = await registry.people_with_role(work, "assessor", on=work.clock.today())
    await warnings.name_panel(work, measure_id, [one.id for one in able])


ACTS: Mapping[str, Verb] = {
    "check": lambda work, measure_id, _: warnings.check(work, measure_id),
    **{f"approve {capacity}": _approve(capacity) for capacity in CAPACITIES},
    "send back": lambda work, measure_id, _: warnings.send_back(work, measure_id, reason="表述不清"),
    "serve": lambda work, measure_id, day: warnings.serve(work, measure_id, served_on=day, proof=PROOF),
    "talk": lambda work, measure_id, day: warnings.record_talk(work, measure_id, held_on=day, talk=TALK),
    "report": lambda work, measure_id, day: warnings.take_report(
        work, measure_id, what="self_report", text="自述", received_on=day
    ),
    "panel": lambda work, measure_id, _: _name_panel(work, measure_id),
    "assess well": lambda work, measure_id, _: warnings.assess(work, measure_id, GOOD),
    "assess poorly": lambda work, measure_id, _: warnings.assess(work, measure_id, POOR),
    "sign": lambda work, measure_id, _: warnings.sign_assessment(work, measure_id),
    **{f"decide {outcome}": _outcome(outcome) for outcome in ("lifted", "demotion", "restore_post", "removal")},
    "lapse": lambda work, measure_id, _: warnings.lapse(work, measure_id, reason="逾期未考核"),
    "close": lambda work, measure_id, _: warnings.close(work, measure_id, reason="办结"),
    "read": lambda work, measure_id, _: warnings.read_letter(work, measure_id, outcome="explained", reasons="清楚"),
    "follow up": lambda work, measure_id, _: warnings.follow_up(work, measure_id, outcome="improved", reasons="转变"),
    "review": _remedy("review"),
    "appeal": _remedy("appeal"),
    "dismiss": _ruling("dismissed"),
    "uphold": _ruling("upheld"),
}
FORWARD = {
    "drafted": ["check"],
    "checked": [f"approve {capacity}" for capacity in CAPACITIES],
    "approved": ["serve", "talk"],
    "served": ["read", "follow up", "review", "appeal", "dismiss", "uphold"],
    "active": ["time", "time", "time", "report", "review", "dismiss", "appeal", "uphold"],
    "term_ended": ["panel", "report", "assess well", "assess poorly", "sign", "sign", "lapse"],
    "assessed": ["decide lifted", "decide demotion", "decide restore_post"],
}
"""What leads on from a state, so that walks go far; anything may be asked in between."""

HANDS = {
    "check": "org disc", "serve": "issuer", "talk": "issuer", "report": "org", "panel": "supervisor", "sign": "org",
    "lapse": "supervisor", "read": "org disc", "follow up": "org", "review": "supervisor", "appeal": "supervisor",
    "dismiss": "reviewer appeal", "uphold": "reviewer appeal", "assess well": "org", "assess poorly": "org",
}  # fmt: skip


def _hand(name: str, form: str, data: st.DataObject) -> str:
    """Whose part an act is."""
    if form == "suspension" and name in {"assess well", "assess poorly", "sign"}:
        return "panel 0" if name != "sign" else data.draw(st.sampled_from(["panel 1", "panel 2"]))
    return data.draw(st.sampled_from(HANDS.get(name, "issuer").split()))


def _people(deciders: Deciders) -> dict[str, Staff]:
    offices = deciders.offices
    panel = {f"panel {place}": one for place, one in enumerate(deciders.panel)}
    return {
        "supervisor": offices.supervisor,
        "org": offices.org,
        "disc": offices.disc,
        "group": offices.group[0],
        "issuer": deciders.issuer,
        "reviewer": deciders.reviewer,
        "appeal": deciders.appeal,
        **panel,
    }


async def _is_blocked(deciders: Deciders, on: date) -> bool:
    official = deciders.offices.official_id
    found = await deciders.offices.do(
        deciders.issuer, lambda work: warnings.eligibility(work, official, action="award", on=on)
    )
    return found.answer == "blocked"


async def _act(deciders: Deciders, staff: Staff, name: str, measure_id: UUID) -> None:
    today = deciders.desk.clock.today()
    await deciders.offices.do(staff, lambda work: ACTS[name](work, measure_id, today))


async def _check(deciders: Deciders, found: MeasureSummary) -> None:
    """I3, and what a measure blocks: exactly its own days, and none once it is revoked."""
    opened = await deciders.read(found.id)
    author = {each.step.kind: each.author_id for each in opened.steps}
    if found.state in IN_FORCE:
        hands = [author[kind] for kind in ("measure_drafted", "measure_checked", "measure_approved")]
        assert len(set(hands)) == len(hands)
        officers = {deciders.offices.org.person_id, deciders.offices.disc.person_id}
        assert author["measure_approved"] not in officers
    last, day = found.last_day, timedelta(days=1)
    days = [found.served_on, last, last + day] if last and found.served_on else [deciders.desk.clock.today()]
    for on in days:
        blocks = last is not None and on <= last and found.state != "revoked"
        assert await _is_blocked(deciders, on) is blocks


@pytest.fixture
async def deciders(desk: App, escrow: Escrow) -> Deciders:
    return await the_deciders(desk, escrow)


# a walk that fails is not made shorter: each begins with a case of its own, and would take minutes
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.generate,),
)
@given(data=st.data())
async def test_a_measure_goes_only_where_the_table_leads(
    intake: App, worker: App, deciders: Deciders, data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(["admonition", "suspension", "letter", "talk_reminder"]))
    measure_id = await deciders.draft(await confirmed(deciders, intake, form), form)
    people = _people(deciders)
    for _ in range(24):
        before = await deciders.summary(measure_id)
        forward = FORWARD.get(before.state, [])
        is_forward = bool(forward) and data.draw(st.integers(0, 7)) != 0
        name = data.draw(st.sampled_from(forward if is_forward else [*sorted(ACTS), "time"]))
        if name == "time":
            await move_on(worker, data.draw(st.sampled_from([7, 40, 200])))
        else:
            is_theirs = data.draw(st.integers(0, 7)) != 0
            hand = _hand(name, form, data) if is_theirs else data.draw(st.sampled_from(sorted(people)))
            try:
                await _act(deciders, people[hand], name, measure_id)
            except JingshiError:
                assert await deciders.summary(measure_id) == before
                continue
        after = await deciders.summary(measure_id)
        reached = {before.state}
        for _ in range(3):
            reached |= {row.target for row in TRANSITIONS.values() if row.sources & reached}
        assert after.state in reached
        if after.state != before.state:
            await _check(deciders, after)
