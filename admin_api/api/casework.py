"""Everything about cards, triage, cases, meetings and measures, as one part of the interface."""

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
    measure_course,
    measures,
    meetings,
    messages,
    notices,
    presence,
    remedies,
    search,
    terms,
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
    measures,
    measure_course,
    remedies,
    messages,
    terms,
):
    router.include_router(part.router)
