"""Reading lists: colleagues, units, officials, the audit trail."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from admin_api.api.gate import needs
from admin_api.api.shapes import AuditEntries, AuditEntry, Colleague, Official, Officials, Unit
from admin_api.gate import GuardedRoute
from admin_api.paging import name_word, next_link, place_word, read_name, read_place
from admin_api.trail import read_trail
from core.app import access, registry
from core.work import Work

router = APIRouter(tags=["registers"], route_class=GuardedRoute)

After = Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/colleagues")
async def list_colleagues(work: Annotated[Work, needs("colleague.list", write=False)]) -> list[Colleague]:
    """Return the people to whom an item can be granted, by name."""
    me = access.permit(work, "colleague.list").person_id
    found = await access.colleagues(work)
    return [Colleague.model_validate(each) for each in found if each.person_id != me]


@router.get("/units")
async def list_units(work: Annotated[Work, needs("unit.list", write=False)]) -> list[Unit]:
    """Return every unit, neighbours in their order."""
    return [
        Unit(
            id=each.id,
            parent_id=each.parent_id,
            code=each.code,
            kind=str(each.kind),
            name=each.name,
            name_en=each.name_en,
        )
        for each in await registry.units(work)
    ]


@router.get("/officials")
async def list_officials(
    request: Request,
    work: Annotated[Work, needs("official.list", write=False)],
    unit: Annotated[UUID | None, Query(description="Only those of this unit.")] = None,
    name: Annotated[str, Query(max_length=100, description="How the name begins.")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Officials:
    """Return the register of officials in their posts today, by name. It says nothing of what was reported."""
    found = await registry.officials(
        work, unit_id=unit, on=work.clock.today(), name=name, after=read_name(after), limit=limit + 1
    )
    shown = found[:limit]
    word = name_word(shown[-1].person.name, shown[-1].id) if len(found) > limit else None
    return Officials(officials=[_official(each) for each in shown], next=next_link(request, word))


@router.get("/audit")
async def list_audit(
    request: Request,
    work: Annotated[Work, needs("audit.read")],
    subject: Annotated[str | None, Query(max_length=80, description="Only what was done to this id.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> AuditEntries:
    """Return the audit trail, newest first, with the reasons that the caller's key opens."""
    found = await read_trail(work, after=read_place(after), subject_id=subject, limit=limit + 1)
    shown = found[:limit]
    word = place_word(shown[-1].entry.at, shown[-1].entry.id) if len(found) > limit else None
    entries = [
        AuditEntry(
            id=line.entry.id,
            at=line.entry.at,
            actor=line.entry.actor,
            action=line.entry.action,
            subject_id=line.entry.subject_id,
            has_reason=line.entry.sealed_reason is not None,
            reason=line.reason,
        )
        for line in shown
    ]
    return AuditEntries(entries=entries, next=next_link(request, word))


def _official(entry: registry.Official) -> Official:
    return Official(
        id=entry.id,
        person_id=entry.person.id,
        name=entry.person.name,
        unit_id=entry.unit_id,
        post=entry.post,
        rank=str(entry.rank),
        is_principal=entry.is_principal,
        since=entry.since,
        until=entry.until,
    )
