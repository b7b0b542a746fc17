"""Everything about cards, triage, cases and meetings, as one part of the interface."""

from fastapi import APIRouter

from admin_api.api import (
    assigning,
    bulk,
    cards,
    cases,
    deadlines,
    decisions,
    evidence,
    filters,
    holding,
    identities,
    meetings,
    notices,
    presence,
    search,
    triage,
    verification,
)

router = APIRouter()
for part in (
    search,
    cards,
    triage,
    bulk,
    cases,
    assigning,
    verification,
    evidence,
    decisions,
    holding,
    meetings,
    notices,
    presence,
    filters,
    identities,
    deadlines,
):
    router.include_router(part.router)
