"""Rows of measures, as years of service leave them behind, to lay in a store. What is checked of them is genuine.

The threads of their cases have no entries but what the calendar adds: nobody opens them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from bench.case_rows import OFFICE, Rows
from core.cases.proceedings.signatures import case_facts
from core.cases.proceedings.tables import CaseFile
from core.registry.tables import Person
from core.sealing import KeyPair, ProcessKeys, sign
from core.warnings.rules.terms import term
from core.warnings.signatures import effect_facts, measure_facts, service_facts, state_facts
from core.warnings.tables import Measure, MeasureEffect
from core.work import Work

MONTHS: Final = 6
_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Signer:
    """The desk, whose keys sign what is laid; who drafted it, and the moment of the laying."""

    keys: ProcessKeys = field(repr=False)
    author: UUID
    now: datetime


async def signer(work: Work) -> Signer:
    """Return the desk at work as the one who signs, and anybody as the one who drafted."""
    author = (await work.session.scalars(select(Person.id).limit(1))).one()
    return Signer(work.keys, author, work.now())


def last_day(served_on: date) -> date:
    """Return the last day of what was laid with this day of service."""
    return term(served_on, MONTHS).last_day


def running(desk: Signer, number: int, *, first: int = 1) -> Iterator[Rows]:
    """Yield the rows of so many admonitions, each in a case of its own, whose terms end one to four weeks from now."""
    key = KeyPair.new()  # nobody opens them, and so many keys would take a while
    today = desk.now.date()
    for begun in range(0, number, _BATCH):
        rows: Rows = defaultdict(list)
        for place in range(begun, min(begun + _BATCH, number)):
            case = _case(desk, first + place, key.public)
            rows[CaseFile].append(_columns(case))
            served_on = today - timedelta(days=155 + place % 20)
            rows[Measure].append(_columns(_measure(desk, case.id, place.to_bytes(32), served_on, "active")))
        yield rows


def served(desk: Signer, case_ids: Sequence[UUID], people: Sequence[bytes], *, profile: str = "seed") -> Iterator[Rows]:
    """Yield the rows of a measure for each case that is named, with its effect, over the people in turns.

    They were served in the last five years, and what was served first is over.
    """
    today = desk.now.date()
    for begun in range(0, len(case_ids), _BATCH):
        rows: Rows = defaultdict(list)
        for place, case_id in enumerate(case_ids[begun : begun + _BATCH], start=begun):
            served_on = today - timedelta(days=place * 5 * 365 // len(case_ids))
            person = people[place % len(people)]
            state = "active" if last_day(served_on) >= today else "closed"
            row = _measure(desk, case_id, person, served_on, state, profile=profile)
            rows[Measure].append(_columns(row))
            rows[MeasureEffect].append(_columns(effect_of(desk, row)))
        yield rows


def effect_of(desk: Signer, row: Measure) -> MeasureEffect:
    """Return what a served measure blocks, signed."""
    effect = MeasureEffect(
        measure_id=row.id,
        person_hash=row.person_hash,
        form=row.form,
        profile=row.profile,
        months=MONTHS,
        served_on=row.served_on,
    )
    effect.signature = sign(desk.keys.signing_key, "measure_effect", effect_facts(effect))
    return effect


def _case(desk: Signer, number: int, public_key: bytes) -> CaseFile:
    row = CaseFile(
        id=uuid4(),
        year=desk.now.year,
        number=number,
        body=OFFICE,
        state="measure_in_force",
        version=1,
        public_key=public_key,
        opened_at=desk.now,
        changed_at=desk.now,
        subject_hash=number.to_bytes(32),
        is_important=False,
    )
    row.signature = sign(desk.keys.signing_key, "case_file", case_facts(row))
    return row


def _measure(
    desk: Signer, case_id: UUID, person: bytes, served_on: date, state: str, *, profile: str = "seed"
) -> Measure:
    row = Measure(
        id=uuid4(),
        case_id=case_id,
        body=OFFICE,
        form="admonition",
        profile=profile,
        state=state,
        version=1,
        person_hash=person,
        drafted_by=desk.author,
        drafted_at=desk.now,
        changed_at=desk.now,
        reminded=0,
        served_on=served_on,
        last_day=last_day(served_on),
        ended_at=None if state == "active" else desk.now,
    )
    row.signature = sign(desk.keys.signing_key, "measure", measure_facts(row))
    row.state_signature = sign(desk.keys.signing_key, "measure_state", state_facts(row))
    row.service_signature = sign(desk.keys.signing_key, "measure_service", service_facts(row))
    return row


def _columns(row: CaseFile | Measure | MeasureEffect) -> dict[str, object]:
    return {each.key: getattr(row, each.key) for each in row.__table__.columns}
