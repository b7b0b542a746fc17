"""Whoever decides, serves, assesses and reviews measures, and a measure on its way through them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import warnings
from core.app import App
from core.cases import proceedings
from core.sealing import Escrow
from core.warnings import NewMeasure, Served
from core.work import Staff, Work
from tests.builders import OPERATOR
from tests.core.cases import offices as cases
from tests.core.cases.offices import Offices, a_classification, a_colleague, heard, verified

OFFICE = "leading_group_office"
PROOF = "本人签收，送达回证第3号"


@dataclass(frozen=True, slots=True)
class Deciders:
    """The people of a case, and those who come in once it is confirmed."""

    offices: Offices
    issuer: Staff
    reviewer: Staff
    appeal: Staff
    panel: tuple[Staff, ...]

    @property
    def desk(self) -> App:
        return self.offices.desk

    async def draft(self, case_id: UUID, form: str, *, follows: UUID | None = None) -> UUID:
        """Let the supervisor draft a measure."""
        given = a_measure(form)
        made = await self.offices.do(
            self.offices.supervisor, lambda work: warnings.draft(work, case_id, given, follows=follows)
        )
        return made.id

    async def approve(self, measure_id: UUID) -> None:
        """Let an officer check the draft, and the issuer approve it."""
        await self.offices.do(self.offices.disc, lambda work: warnings.check(work, measure_id))
        capacity = await self._capacity(measure_id)
        await self.offices.do(self.issuer, lambda work: warnings.approve(work, measure_id, capacity=capacity))

    async def serve(self, measure_id: UUID, *, days_ago: int = 0) -> Served:
        """Let the issuer serve it today, or so many days ago."""
        on = self.desk.clock.today() - timedelta(days=days_ago)
        return await self.offices.do(
            self.issuer, lambda work: warnings.serve(work, measure_id, served_on=on, proof=PROOF)
        )

    async def served(self, case_id: UUID, form: str, *, follows: UUID | None = None) -> Served:
        """A measure that was drafted, checked, approved and served today."""
        measure_id = await self.draft(case_id, form, follows=follows)
        await self.approve(measure_id)
        return await self.serve(measure_id)

    async def read(self, measure_id: UUID, staff: Staff | None = None) -> warnings.OpenedMeasure:
        """Let somebody open a measure, with a reason."""

        async def open_it(work: Work) -> warnings.OpenedMeasure:
            found = await warnings.measure(work, measure_id)
            opening = await proceedings.begin_reading(work, found.case_id, cases.REASON)
            return await warnings.open_measure(work, measure_id, opening_id=opening.id)

        return await self.offices.do(staff or self.offices.supervisor, open_it)

    async def summary(self, measure_id: UUID) -> warnings.MeasureSummary:
        return await self.offices.do(self.offices.supervisor, lambda work: warnings.measure(work, measure_id))

    async def _capacity(self, measure_id: UUID) -> str:
        opened = await self.read(measure_id, self.issuer)
        assert opened.next_capacity is not None
        return opened.next_capacity


async def the_deciders(desk: App, escrow: Escrow) -> Deciders:
    """Everybody that a measure needs."""
    offices = await cases.the_offices(desk, escrow)
    units = ("discipline_commission", "organisation_department", "personnel_department")
    return Deciders(
        offices=offices,
        issuer=await a_colleague(desk, "issuer", OFFICE),
        reviewer=await a_colleague(desk, "review_officer", OFFICE),
        appeal=await a_colleague(desk, "appeal_body", "personnel_department"),
        panel=tuple([await a_colleague(desk, "assessor", unit) for unit in units]),
    )


def a_measure(form: str, **changes: object) -> NewMeasure:
    """What a document says."""
    fields: dict[str, object] = {
        "form": form,
        "facts": "三月二日上班时间在茶水间打扑克约一小时",
        "reasons": "违反工作纪律，事实清楚，本人承认",
        "requirements": "严格遵守上班纪律，五个工作日内提交书面检查",
    }
    return NewMeasure(**fields | changes)  # type: ignore[arg-type]


async def confirmed(deciders: Deciders, intake: App, form: str) -> UUID:
    """A case whose finding was confirmed, with this form recommended by both meetings."""
    case_id = await verified(deciders.offices, intake)
    await confirm_with(deciders.offices, case_id, form)
    return case_id


async def confirm_with(offices: Offices, case_id: UUID, form: str) -> None:
    """Bring a verified case through classification and both meetings, which recommend this form."""
    severity = "ordinary" if form == "talk_reminder" else "important"
    given = a_classification(severity=severity, face_to_face=form != "letter")
    await offices.do(offices.org, lambda work: proceedings.classify(work, case_id, given))
    await offices.do(offices.supervisor, lambda work: proceedings.analyse(work, case_id, "情节分析"))
    for kind in ("department_meeting", "leading_group_meeting"):
        votes = len(offices.department if kind == "department_meeting" else offices.group)
        await heard(offices, case_id, kind, recommendation=form.split("_", maxsplit=1)[0], form=form, votes_for=votes)
    await offices.do(offices.group[0], lambda work: proceedings.confirm(work, case_id, text="同意"))


async def move_on(worker: App, days: int) -> None:
    """Move the clock that all share, and let the calendar say what it has to say of every term."""
    worker.clock.move(timedelta(days=days))
    await say_what_is_due(worker)


async def say_what_is_due(worker: App) -> None:
    """Carry out what is due, as the jobs of the worker do."""
    async with worker.work(OPERATOR, "worker") as work:
        due = await warnings.due_terms(work)
    for measure_id, _ in due:
        async with worker.work(OPERATOR, "worker") as work:
            await warnings.carry_on(work, measure_id)
