"""Verbs on the register of officials: the closed list of those who may be the subject of a report.

As in `core.registry.service`, the caller has checked who may.
"""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from core import audit
from core.errors import Conflict, Invalid, NotFound
from core.registry import tables
from core.registry.checks import during, plain_text, require_order
from core.registry.kinds import WITH_OFFICIALS, Rank
from core.registry.reading import official_view
from core.registry.service import lock_person, require_unit
from core.registry.views import Official
from core.sealing.signing import Fact, canonical
from core.work import Work


async def add_official(
    work: Work,
    person_id: UUID,
    unit_id: UUID,
    *,
    post: str,
    rank: str,
    since: date,
    until: date | None = None,
    is_principal: bool = False,
) -> Official:
    """Enter a person's post of section level in a unit; posts held jointly in one unit are one entry.

    Raises:
        Invalid: ``unknown_rank``, ``unit_without_officials``, ``ends_before_it_begins``, or the post's text.
        NotFound: ``person_unknown`` or ``unit_unknown``.
        Conflict: ``official_overlaps``, when the person is entered in this unit for one of these days.
    """
    _require_rank(rank)
    require_order(since, until)
    await lock_person(work, person_id)
    if (await require_unit(work, unit_id)).kind not in WITH_OFFICIALS:
        raise Invalid("unit_without_officials", field="unit")
    await _require_free(work, person_id, unit_id, since, until)
    row = tables.Official(
        id=uuid4(),
        person_id=person_id,
        unit_id=unit_id,
        post=plain_text(post, "post", 100),
        rank=str(rank),
        is_principal=is_principal,
        since=since,
        until=until,
    )
    work.session.add(row)
    return await _recorded(work, "added", row)


async def amend_official(
    work: Work, official_id: UUID, *, post: str, rank: str, is_principal: bool, since: date
) -> Official:
    """Correct an entry that was wrong; a new post is a new entry.

    Raises `NotFound` ``official_unknown``, `Conflict` ``official_overlaps``, or `Invalid` as `add_official` does.
    """
    row = await _require_official(work, official_id)
    _require_rank(rank)
    require_order(since, row.until)
    await lock_person(work, row.person_id)
    await _require_free(work, row.person_id, row.unit_id, since, row.until, besides=row.id)
    row.post = plain_text(post, "post", 100)
    row.rank, row.is_principal, row.since = str(rank), is_principal, since
    return await _recorded(work, "amended", row)


async def end_official(work: Work, official_id: UUID, *, on: date) -> Official:
    """Make ``on`` the last day in the post; an end that is set already can only be brought forward.

    Raises `NotFound` ``official_unknown``, `Invalid` ``ends_before_it_begins``, `Conflict` ``official_ended``.
    """
    row = await _require_official(work, official_id)
    require_order(row.since, on)
    if row.until is not None and row.until <= on:
        raise Conflict("official_ended")
    row.until = on
    return await _recorded(work, "ended", row)


async def _require_official(work: Work, official_id: UUID) -> tables.Official:
    row = await work.session.get(tables.Official, official_id, with_for_update=True)
    if row is None:
        raise NotFound("official_unknown")
    return row


async def _require_free(
    work: Work, person_id: UUID, unit_id: UUID, since: date, until: date | None, *, besides: UUID | None = None
) -> None:
    entered = select(tables.Official.id).where(
        tables.Official.person_id == person_id,
        tables.Official.unit_id == unit_id,
        during(tables.Official, since, until),
    )
    if set((await work.session.scalars(entered)).all()) - {besides}:
        raise Conflict("official_overlaps")


def _require_rank(rank: str) -> None:
    if rank not in set(Rank):
        raise Invalid("unknown_rank", field="rank")


async def _recorded(work: Work, action: str, row: tables.Official) -> Official:
    facts: dict[str, Fact] = {
        "person": row.person_id,
        "unit": row.unit_id,
        "post": row.post,
        "rank": row.rank,
        "is_principal": int(row.is_principal),
        "since": str(row.since),
        "until": str(row.until),
    }
    audit.record(work, "official", action, row.id, change=canonical("official", facts))
    person = await work.session.get_one(tables.Person, row.person_id)
    return official_view(row, person)
