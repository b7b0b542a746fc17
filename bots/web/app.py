"""The residents' pages as an ASGI application. Whoever serves it uses `SERVER_OPTIONS`."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from bots.web.faults import broken, guarded, not_served
from bots.web.headers import Shell
from bots.web.pages import (
    home,
    receipt,
    reply,
    start,
    station,
    station_entry,
    station_record,
    steps,
    summary,
    whole,
)
from bots.web.site import Site
from bots.web.visit import Handler
from core.app import App

SERVER_OPTIONS: Final[Mapping[str, Any]] = {
    "server_header": False,
    "proxy_headers": False,  # forwarded headers say who a person is: nobody here reads them
    "access_log": False,
    "lifespan": "off",
}
"""Keyword arguments for uvicorn: no server header, no forwarded headers, no log of addresses."""

Handlers = tuple[Handler | None, Handler | None]

_RECORD: Final = "/station/records/{obligation_id:uuid}"

PAGES: Final[Mapping[str, Handlers]] = {
    "/": (home.home, None),
    "/report": (start.start, start.begin),
    "/report/question": (steps.ask, steps.answer),
    "/report/later": (start.later, None),
    "/report/review": (summary.review, summary.change),
    "/report/submit": (None, summary.submit),
    "/report/receipt": (summary.receipt, None),
    "/report/receipt.txt": (summary.receipt_file, None),
    "/report/erase": (None, start.erase),
    "/report/erased": (start.erased, None),
    "/report/whole": (whole.show, whole.take),
    "/receipt": (receipt.enter, receipt.read),
    "/receipt/facts": (None, receipt.add),
    "/receipt/retaliation": (None, receipt.complain),
    "/receipt/withdraw": (None, receipt.withdraw),
    "/reply": (reply.enter, reply.read),
    "/reply/write": (None, reply.write),
    "/reply/document": (None, reply.download),
    "/reply/help": (reply.explain, None),
    "/station": (station.home, None),
    "/station/leave": (None, station.leave),
    "/station/{secret}": (station.enter, None),
    _RECORD: (station_record.show, None),
    f"{_RECORD}/nil": (station_record.ask_nil, station_record.file_nil),
    f"{_RECORD}/file": (None, station_record.file),
    f"{_RECORD}/back": (None, station_record.take_back),
    f"{_RECORD}/sign": (None, station_record.sign),
    f"{_RECORD}/remark": (station_record.ask_remark, station_record.send_back),
    f"{_RECORD}/entry": (station_entry.ask, station_entry.answer),
    f"{_RECORD}/entries/{{entry_id:uuid}}": (station_record.ask_drop, station_record.drop),
    f"{_RECORD}/entries/{{entry_id:uuid}}/urgent": (station_record.ask_hurry, station_record.hurry),
}
"""Every page: what answers GET, and what answers POST."""


def create(core: App) -> Starlette:
    """Return the application on an intake process's core, which the caller opens and closes."""
    app = Starlette(
        routes=[
            *(_page(path, handlers) for path, handlers in PAGES.items()),
            Route("/static/{name}", home.static),
            Route("/healthz", home.healthz),
            Route("/readyz", home.readyz),
        ],
        middleware=[Middleware(Shell, fault_page=broken)],
        exception_handlers={HTTPException: not_served},
    )
    app.state.site = Site(core)
    return app


def _page(path: str, handlers: Handlers) -> Route:
    methods = [method for method, handler in zip(("GET", "POST"), handlers, strict=True) if handler]
    return Route(path, guarded(*handlers), methods=methods)
