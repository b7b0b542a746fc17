"""Everything about cards, triage, cases and meetings, as one part of the interface."""

from fastapi import APIRouter

from admin_api.api import (
    assigning,
    cards,
    cases,
    deadlines,
    decisions,
    holding,
    meetings,
    notices,
    triage,
    verification,
)

router = APIRouter()
for part in (cards, triage, cases, assigning, verification, decisions, holding, meetings, notices, deadlines):
    router.include_router(part.router)
