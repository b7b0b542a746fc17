"""The desk's application: put together from its routes, for one core."""

from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI

from admin_api import handlers, operations
from admin_api.api import (
    casework,
    documents,
    eligibility,
    entries,
    items,
    packets,
    registers,
    replies,
    sessions,
    shared_keys,
    tokens,
)
from admin_api.api import heads_meetings as heads_meeting_calls
from admin_api.api import station_books as station_book_calls
from admin_api.api import station_entering as station_entering_calls
from admin_api.api import station_people as station_people_calls
from admin_api.api import station_rounds as station_round_calls
from admin_api.api import stations as station_reads
from admin_api.api.description import router as description
from admin_api.console import (
    account,
    archives,
    audit,
    books,
    bulk,
    case_steps,
    day,
    entrance,
    evidence,
    filters,
    grant,
    heads_meetings,
    here,
    identities,
    inbox,
    item,
    keys,
    measure_drafting,
    measures,
    meetings,
    messages,
    notices,
    papers,
    reply,
    search,
    static,
    station_books,
    station_entering,
    station_people,
    station_review,
    station_rounds,
    stations,
    triage,
)
from admin_api.console import card as cards
from admin_api.console import cases as queue
from admin_api.console import entries as entering
from admin_api.console import packets as sealed_packets
from admin_api.console import registers as lists
from admin_api.headers import Shell
from admin_api.problems import CONTENT_TYPE
from core.app import App

API: Final = "/api/v1"

_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "A problem (RFC 9457).",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


_PARTS: Final = (
    sessions,
    tokens,
    eligibility,
    items,
    replies,
    *casework.PARTS,
    documents,
    entries,
    packets,
    registers,
    shared_keys,
    station_reads,
    station_book_calls,
    heads_meeting_calls,
    station_round_calls,
    station_entering_calls,
    station_people_calls,
)
"""What the interface consists of, in the order in which it is described.

Each stands in the application itself: a router within a router would look through its paths once more at each level.
What other systems ask all day stands in front.
"""

_FRONT: Final = (static, entrance, day)
"""Pages that are asked for all day: their paths are looked through before any others."""

_PAGES: Final = (
    inbox,
    filters,
    here,
    bulk,
    item,
    reply,
    grant,
    cards,
    triage,
    search,
    queue,
    case_steps,
    evidence,
    archives,
    measures,
    measure_drafting,
    station_books,
    station_review,
    heads_meetings,
    stations,
    station_rounds,
    station_entering,
    station_people,
    messages,
    meetings,
    notices,
    identities,
    papers,
    entering,
    books,
    sealed_packets,
    keys,
    lists,
    audit,
    account,
)
"""What else the console consists of; where two paths could match, the first one stands first."""


def create(core: App) -> FastAPI:
    """Return the staff side for an opened core: the interface, the console, and what the machine's keeper needs."""
    app = FastAPI(
        title="Jingshi desk",
        version=version("jingshi"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.core = core
    app.state.figures = operations.Figures()
    for page in _FRONT:
        app.include_router(page.router, include_in_schema=False)
    for router in (*(part.router for part in _PARTS), description):
        app.include_router(router, prefix=API, responses=_PROBLEMS)
    app.include_router(operations.router)
    for page in _PAGES:
        app.include_router(page.router, include_in_schema=False)
    handlers.install(app)
    app.add_middleware(Shell)
    app.add_middleware(operations.Measured, figures=app.state.figures)
    return app
