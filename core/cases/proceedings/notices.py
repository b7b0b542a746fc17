"""Important information goes to the district committee within a day, in numbered notices (S105; T18, rules.md 3.10)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, tuple_

from core import access, audit, deadlines, numbers, registry
from core.cases.cards import fit_text
from core.cases.proceedings import members
from core.cases.proceedings.members import Part
from core.cases.proceedings.signatures import check_notice, notice_facts
from core.cases.proceedings.steps import Escalated, Opened
from core.cases.proceedings.tables import Notice, NoticeReader
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.cases.proceedings.verifying import TEXT
from core.cases.rules.escalation import Criterion, escalates, recipients, title_is_unverified
from core.errors import Conflict, KeyLocked, NotFound
from core.sealing import Context, open_envelope, seal_envelope, sign
from core.work import Work

_READER: Final = "district_committee_reader"


@dataclass(frozen=True, slots=True)
class Importance:
    """What the supervisor answers; whether the subject is a principal leader or a team the register says.

    ``named`` are people of higher rank whom the information names: they are not told.
    """

    facts: str = field(repr=False)
    possible_crime: bool = False
    harm: bool = False
    retaliation: bool = False
    proposed: str = ""
    named: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Prospect:
    """Before a notice is written: the criteria that hold by the register, and who of the fixed list is told or not."""

    criteria: Sequence[str]
    told: Sequence[registry.Person]
    left_out: Sequence[registry.Person]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as it stands in a list: nothing of what it says."""

    id: UUID
    case_id: UUID
    year: int
    number: int
    sent_at: datetime
    is_unverified: bool
    is_routed_up: bool
    readers: Sequence[tuple[UUID, datetime | None]]


@dataclass(frozen=True, slots=True)
class OpenedNotice:
    """A notice that was opened: facts, stage and criteria. Its title says where nothing is verified."""

    line: NoticeLine
    stage: str
    criteria: Sequence[str]
    subject: str = field(repr=False)
    facts: str = field(repr=False)


async def before_escalating(work: Work, case_id: UUID) -> Prospect:
    """Return what is known of a notice before anything is written; raises `Denied`, `NotFound`, `KeyLocked`."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.escalate", Part.SUPERVISOR)
    opened = (await entries_of(work, case.id, Opened, await members.case_key(work, case)))[0]
    criteria, subjects = await _criteria(work, Importance(""), opened)
    readers = await registry.people_with_role(work, _READER, on=work.clock.today())
    chosen = recipients([person.id for person in readers], subjects)
    told = [person for person in readers if person.id in chosen.told]
    return Prospect([str(each) for each in criteria], told, [one for one in readers if one not in told])


async def escalate(work: Work, case_id: UUID, given: Importance) -> NoticeLine:
    """Tell the district committee of a case (T18) and return the notice.

    Its readers are told but for whom it is about or names: then it is marked to go one level up. Raises `Denied`,
    `KeyLocked`, `Invalid`, `Conflict` (``no_criterion`` where none holds, ``nobody_to_tell``).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "case.escalate", Part.SUPERVISOR)
    opened = (await entries_of(work, case.id, Opened, await members.case_key(work, case)))[0]
    criteria, subjects = await _criteria(work, given, opened)
    if not criteria:
        raise Conflict("no_criterion")
    readers = await registry.people_with_role(work, _READER, on=work.clock.today())
    chosen = recipients([person.id for person in readers], subjects | given.named)
    keys = {one: await access.present_person_key(work, one) for one in chosen.told}
    told = {one: key.public_key for one, key in keys.items() if key is not None}
    if not told and not chosen.routed_up:
        raise Conflict("nobody_to_tell")
    number = await numbers.next_number(work, f"notice:{case.body}")
    row = Notice(
        id=uuid4(),
        case_id=case.id,
        body=case.body,
        year=number.year,
        number=number.place,
        sent_by=staff.person_id,
        sent_at=work.now(),
        is_unverified=title_is_unverified(case.state),
        is_routed_up=chosen.routed_up,
    )
    content = {
        "facts": fit_text(given.facts, "facts", TEXT),
        "stage": case.state,
        "criteria": [str(each) for each in criteria],
        "subject": " ".join(part for part in (opened.name, opened.post) if part),
    }
    sealed = json.dumps(content, ensure_ascii=False).encode()
    row.envelope = seal_envelope(sealed, to=[case.public_key, *told.values()], context=_place(row.id))
    row.signature = sign(work.keys.signing_key, "notice", notice_facts(row))
    work.session.add(row)
    await work.session.flush()  # rows that point at the notice follow
    work.session.add_all([NoticeReader(notice_id=row.id, person_id=one) for one in told])
    case.is_important = True
    name = f"{number.year}/{number.place}"
    record(work, case, Escalated(tuple(map(str, criteria)), name, len(told), chosen.routed_up))
    await deadlines.meet(work, case.id, "escalation")
    return await _line(work, row)


async def notices(work: Work, *, after: tuple[datetime, UUID] | None = None, limit: int = 50) -> Sequence[NoticeLine]:
    """Return the notices that the person at work was told of, or that their body sent, the latest first.

    They follow the key ``after``: when the last one seen was sent, and its id.
    """
    staff = access.permit(work, "notice.list")
    mine = select(NoticeReader.notice_id).where(NoticeReader.person_id == staff.person_id)
    where = Notice.id.in_(mine) | Notice.body.in_(access.bodies(work, "case.escalate"))
    query = select(Notice).where(where).order_by(Notice.sent_at.desc(), Notice.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(Notice.sent_at, Notice.id) < after)
    rows = await work.session.scalars(query)
    return [await _line(work, row) for row in rows.all()]


async def unread_notices(work: Work) -> int:
    """Return how many notices the person at work was told of and has not read."""
    staff = access.permit(work, "notice.read")
    mine = (NoticeReader.person_id == staff.person_id, NoticeReader.read_at.is_(None))
    return await work.session.scalar(select(func.count()).select_from(NoticeReader).where(*mine)) or 0


async def read_notice(work: Work, notice_id: UUID) -> OpenedNotice:
    """Open a notice that was sealed to the person at work; who read it when is noted (3.10).

    Raises `NotFound` (``notice_not_found``) for whoever was not told, `KeyLocked`, `Forged`.
    """
    staff = access.permit(work, "notice.read")
    reader = await work.session.get(NoticeReader, (notice_id, staff.person_id), with_for_update=True)
    if reader is None:
        raise NotFound("notice_not_found")
    if staff.key is None:
        raise KeyLocked("key_locked")
    row = await work.session.get_one(Notice, notice_id)
    check_notice(work, row)
    content = json.loads(open_envelope(row.envelope, key=staff.key, context=_place(row.id)))
    reader.read_at = reader.read_at or work.now()
    audit.record(work, "notice", "read", row.id)
    return OpenedNotice(line=await _line(work, row), **content)


async def _criteria(work: Work, given: Importance, opened: Opened) -> tuple[Sequence[Criterion], frozenset[UUID]]:
    """Return the criteria that hold, and the natural persons whom the information is about."""
    official = None
    if opened.subject_kind == "official":
        official = await registry.official(work, UUID(opened.subject_id))
    criteria = escalates(
        is_principal=official is not None and official.is_principal,
        is_team=official is None,
        possible_crime=given.possible_crime,
        harm=given.harm,
        retaliation=given.retaliation,
        proposed=given.proposed,
    )
    if official is not None:
        return criteria, frozenset({official.person.id})
    team = await registry.officials(work, unit_id=UUID(opened.unit_id), on=work.clock.today())
    return criteria, frozenset(one.person.id for one in team)


async def _line(work: Work, row: Notice) -> NoticeLine:
    query = select(NoticeReader).where(NoticeReader.notice_id == row.id)
    readers = [(one.person_id, one.read_at) for one in await work.session.scalars(query)]
    return NoticeLine(
        row.id, row.case_id, row.year, row.number, row.sent_at, row.is_unverified, row.is_routed_up, readers
    )


def _place(notice_id: UUID) -> Context:
    return Context("notice", "envelope", notice_id)
