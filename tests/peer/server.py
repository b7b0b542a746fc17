"""The HTTP server: the bots' side and the control side on one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.peer import bot_side, control
from tests.peer.peer import Peer
from tests.peer.people import Impossible


async def _control(request: Request) -> JSONResponse:
    peer: Peer = request.app.state.peer
    verb = request.path_params["verb"]
    given = await request.json()
    if verb == "reset":
        await peer.close()
        request.app.state.peer = Peer(pace=peer.pace)
        await request.app.state.peer.open()
        return JSONResponse({"result": None})
    try:
        result = await control.carry_out(peer, verb, given)
    except Impossible as impossible:
        return JSONResponse({"impossible": str(impossible)}, status_code=409)
    if verb == "make_bot":
        bot = peer.bots[given["token"]]
        bot.delivery.reply = partial(bot_side.execute_reply, bot)
    return JSONResponse({"result": result})


def create(*, pace: float) -> Starlette:
    """Return the application; ``pace`` is how long a second of waiting before another delivery lasts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        peer: Peer = app.state.peer
        await peer.open()
        yield
        await peer.close()

    routes = [
        Route("/bot{token}/{method}", bot_side.answer, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", bot_side.download),
        Route("/peer/{verb}", _control, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.peer = Peer(pace=pace)
    return app
