"""For whoever runs the machine: whether the desk is up, whether it can work, and its figures without any identity."""

import time
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admin_api.api.gate import calls
from admin_api.gate import Caller, GuardedRoute
from core.app import registry

router = APIRouter(tags=["operations"], route_class=GuardedRoute)

Public = Annotated[Caller, calls("service.health")]


class Figures:
    """Counts answers by method, endpoint and status: no address, no id, no person."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self._answers = Counter(
            "jingshi_desk_answers", "Answers sent", ["method", "endpoint", "status"], registry=self.registry
        )
        self._seconds = Histogram("jingshi_desk_seconds", "Time until the answer began", registry=self.registry)

    def count(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._answers.labels(method, endpoint, str(status)).inc()
        self._seconds.observe(seconds)


class Measured:
    """The ASGI layer that fills `Figures`."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and count its answer."""
        begun = time.perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                endpoint = scope.get("endpoint")
                name = f"{endpoint.__module__}.{endpoint.__name__}" if endpoint else "none"
                self.figures.count(scope["method"], name, message["status"], time.perf_counter() - begun)
            await send(message)

        await self.app(scope, receive, send_counted if scope["type"] == "http" else send)


@router.get("/healthz")
async def healthz(_: Public) -> dict[str, str]:
    """Return at once: the process answers."""
    return {"status": "up"}


@router.get("/readyz")
async def readyz(caller: Public) -> dict[str, str]:
    """Return once the database has answered; 503 with Retry-After while it does not."""
    async with caller.begin(write=False) as work:
        await registry.installation(work.session)
    return {"status": "ready"}


@router.get("/metrics", response_class=Response)
async def metrics(request: Request, _: Annotated[Caller, calls("service.metrics")]) -> Response:
    """Return the figures in Prometheus' text format, to an administrator's token."""
    figures: Figures = request.app.state.figures
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/", response_class=RedirectResponse)
async def root(_: Public) -> str:
    """Lead people to the console."""
    return "/console"
