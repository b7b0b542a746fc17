"""The people of both offices, signed in and unlocked, and an item on its way through them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

from core import registry
from core.access.keys import add_person_key
from core.app import App
from core.cases import cards, proceedings
from core.cases.proceedings import CaseSummary
from core.sealing import Escrow, KeyPair
from core.work import Staff, Work
from tests.builders import OPERATOR, SINCE, a_person, a_unit, an_appointment, hand_key
from tests.core.cases.builders import submitted

Result = TypeVar("Result")
REASON = "参加会议前阅卷"
CONDUCT = date(2026, 3, 2)
FEEDBACK = "您反映的情况已经核查办结，感谢您的监督。"


@dataclass(frozen=True, slots=True)
class Offices:
    """Whoever works on a case of the leading-group office."""

    desk: App
    clerk: Staff
    supervisor: Staff
    org: Staff
    disc: Staff
    department: tuple[Staff, ...]
    group: tuple[Staff, ...]
    receiver: Staff
    official_id: UUID

    async def do(self, staff: Staff, verb: Callable[[Work], Awaitable[Result]]) -> Result:
        """Let one of them do something, in one piece of work."""
        async with self.desk.work(staff, "console") as work:
            return await verb(work)

    async def summary(self, case_id: UUID) -> CaseSummary:
        return await self.do(self.supervisor, lambda work: proceedings.summary(work, case_id))

    async def read(self, staff: Staff, case_id: UUID) -> proceedings.OpenedCase:
        async def open_it(work: Work) -> proceedings.OpenedCase:
            opening = await proceedings.begin_reading(work, case_id, REASON)
            return await proceedings.open_file(work, case_id, opening_id=opening.id)

        return await self.do(staff, open_it)


async def a_colleague(desk: App, role: str, unit_kind: str) -> Staff:
    """Somebody with a role in a unit of a kind and an unlocked key, as a session that is signed in has it."""
    person_id, pair = await a_person(desk), KeyPair.new()
    await an_appointment(desk, person_id, role, unit_kind)
    async with desk.work(OPERATOR, "cli") as work:
        add_person_key(work, person_id, pair, b"locked")
        held = await registry.held_by(work, person_id, on=work.clock.today())
    return Staff(person_id, uuid4(), held, None, pair)


async def an_official(desk: App, unit_kind: str = "township") -> UUID:
    """Somebody of section level in a unit of a kind."""
    unit_id = await a_unit(desk, unit_kind)
    async with desk.work(OPERATOR, "cli") as work:
        person = await registry.add_person(work, "公冶望舒", is_fictional=True)
        made = await registry.add_official(work, person.id, unit_id, post="副主任", rank="deputy_section", since=SINCE)
        return made.id


async def the_offices(desk: App, escrow: Escrow) -> Offices:
    """Everybody that a case needs."""
    office, commission = "leading_group_office", "discipline_commission"
    clerk = await a_colleague(desk, "intake_clerk", office)
    await hand_key(desk, f"intake:{office}", clerk.person_id, escrow)
    return Offices(
        desk=desk,
        clerk=clerk,
        supervisor=await a_colleague(desk, "supervisor", office),
        org=await a_colleague(desk, "case_officer_org", "organisation_department"),
        disc=await a_colleague(desk, "case_officer_disc", commission),
        department=tuple([await a_colleague(desk, "department_meeting", "organisation_department") for _ in range(3)]),
        group=tuple([await a_colleague(desk, "leading_group", "leading_group") for _ in range(3)]),
        receiver=await a_colleague(desk, "supervisor", commission),
        official_id=await an_official(desk),
    )


def a_card(official_id: UUID, **changes: object) -> cards.NewCard:
    """A card about an official, in order."""
    fields: dict[str, object] = {
        "subject_kind": "official",
        "subject_id": official_id,
        "setting": "on_duty",
        "category": "on_duty:M3",
        "evidence": "own_observation",
        "detriment": "possible",
        "substance": "上班时间在茶水间打扑克",
        "conduct_on": CONDUCT,
    }
    return cards.NewCard(**fields | changes)  # type: ignore[arg-type]


async def accepted(
    offices: Offices, intake: App, *, identity: Mapping[str, str] | None = None, **changes: object
) -> UUID:
    """An item that was carded, proposed and accepted; with ``identity`` its reporter gave a name."""
    item = await submitted(intake, identity=identity)
    await offices.do(offices.clerk, lambda work: cards.card(work, item.item_id, a_card(offices.official_id, **changes)))
    await offices.do(
        offices.clerk, lambda work: cards.propose(work, item.item_id, "accepted", reason="属于受理范围，有可查的事实")
    )
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item.item_id, approved=True))
    return item.item_id


async def opened(offices: Offices, intake: App, **changes: Any) -> UUID:  # noqa: ANN401 - as `accepted` takes
    """A case that was opened."""
    item_id = await accepted(offices, intake, **changes)
    return (await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item_id))).id


async def verifying(offices: Offices, intake: App, **changes: Any) -> UUID:  # noqa: ANN401 - as above
    """A case whose two officers have begun."""
    case_id = await opened(offices, intake, **changes)
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
    )
    for officer in (offices.org, offices.disc):
        await offices.do(officer, lambda work: proceedings.declare(work, case_id, relation="none"))
    await offices.do(offices.supervisor, lambda work: proceedings.assign(work, case_id))
    return case_id


async def verified(offices: Offices, intake: App, finding: str = "substantiated") -> UUID:
    """A case with a finding that both officers signed."""
    case_id = await verifying(offices, intake)
    await offices.do(
        offices.org,
        lambda work: proceedings.add_evidence(
            work, case_id, text="值班登记表复印件", source="document", exculpatory=False
        ),
    )
    draft = await offices.do(
        offices.org,
        lambda work: proceedings.draft_finding(
            work,
            case_id,
            finding=finding,
            facts="三月二日上午在茶水间打扑克约一小时",
            explanation="本人承认，称系午休延长",
            exculpatory="当日无群众办事受影响",
        ),
    )
    await offices.do(offices.disc, lambda work: proceedings.sign_finding(work, case_id, draft.id))
    return case_id


def a_classification(**changes: object) -> proceedings.Classification:
    """An ordinary classification of what the card says."""
    fields: dict[str, object] = {
        "manifestation": "M3",
        "severity": "ordinary",
        "pattern": "incipient",
        "discipline": False,
        "face_to_face": True,
        "reasons": "初犯，情节轻微",
    }
    return proceedings.Classification(**fields | changes)  # type: ignore[arg-type]


async def analysed(offices: Offices, intake: App, *, severity: str = "ordinary") -> UUID:
    """A case ready for the department meeting."""
    case_id = await verified(offices, intake)
    given = a_classification(severity=severity)
    await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, given))
    await offices.do(offices.supervisor, lambda work: proceedings.analyse(work, case_id, "建议谈话提醒"))
    return case_id


async def put_away(offices: Offices, case_id: UUID) -> None:
    """Tell the reporters what became of it, and seal the case."""
    await offices.do(offices.clerk, lambda work: proceedings.give_feedback(work, case_id, FEEDBACK))
    await offices.do(offices.clerk, lambda work: proceedings.put_away(work, case_id, reason="封存"))


async def called(offices: Offices, case_id: UUID, kind: str, *more: UUID) -> UUID:
    """A meeting with the case on its agenda, and others behind it."""
    today, cases = offices.desk.clock.today(), [case_id, *more]
    made = await offices.do(
        offices.supervisor,
        lambda work: proceedings.call(work, kind=kind, body="leading_group_office", held_on=today, case_ids=cases),
    )
    return made.id


def a_decision(case_id: UUID, **changes: object) -> proceedings.Decision:
    """What a meeting of three decides about a case of ordinary severity."""
    fields: dict[str, object] = {
        "case_id": case_id,
        "votes_for": 3,
        "votes_against": 0,
        "abstained": 0,
        "recommendation": "talk",
        "form": "talk_reminder",
        "reasons": "事实清楚，同意谈话提醒",
    }
    return proceedings.Decision(**fields | changes)  # type: ignore[arg-type]


async def heard(offices: Offices, case_id: UUID, kind: str, **changes: object) -> None:
    """A meeting that decided about the case."""
    meeting_id = await called(offices, case_id, kind)
    members = offices.department if kind == "department_meeting" else offices.group
    present = frozenset(one.person_id for one in members)
    decisions = [a_decision(case_id, **changes)]
    await offices.do(
        members[0], lambda work: proceedings.hold_meeting(work, meeting_id, present=present, decisions=decisions)
    )


async def confirmed(offices: Offices, intake: App) -> UUID:
    """A case whose finding the leading group confirmed."""
    case_id = await analysed(offices, intake)
    await heard(offices, case_id, "department_meeting")
    await heard(offices, case_id, "leading_group_meeting")
    await offices.do(offices.group[0], lambda work: proceedings.confirm(work, case_id, text="同意"))
    return case_id
