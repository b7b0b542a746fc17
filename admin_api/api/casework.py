"""Everything about cards, triage, cases and meetings, as one part of the interface."""

from fastapi import APIRouter

from admin_api.api import (
    assigning,
    cards,
    cases,
    deadlines,
    decisions,
    evidence,
    holding,
    identities,
    meetings,
    notices,
    search,
    triage,
    verification,
)

router = APIRouter()
for part in (
    search,
    cards,
    triage,
    cases,
    assigning,
    verification,
    evidence,
    decisions,
    holding,
    meetings,
    notices,
    identities,
    deadlines,
):
    router.include_router(part.router)
