"""The bots' side: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``, with the troubles that are switched on."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.peer.bodies import read
from tests.peer.bot import Bot
from tests.peer.bot import Request as Line
from tests.peer.checking import Given, check
from tests.peer.connections import Broken, Dropped
from tests.peer.description import ELSEWHERE, NAMES, Json, Refused
from tests.peer.methods import carry_out
from tests.peer.peer import Peer
from tests.peer.switches import Trouble

_NOT_IN_REPLIES = frozenset({"deletewebhook", "setwebhook", "close", "logout"})
UNAUTHORIZED = Refused("Unauthorized", 401, kind="access")


async def answer(request: Request) -> Response:
    """Answer one request of a bot."""
    peer: Peer = request.app.state.peer
    bot = peer.bots.get(request.path_params["token"])
    body = await request.body()
    if bot is None:
        return _refusal(UNAUTHORIZED)
    if bot.down:
        return Dropped()
    method = request.path_params["method"]
    polls = method.lower() == "getupdates"
    bot.in_flight += not polls
    try:
        return await _answer(bot, method, request.headers.get("content-type", ""), body, request.url.query)
    finally:
        bot.in_flight -= not polls
        bot.world.changes.tell()


async def _answer(bot: Bot, method: str, mime: str, body: bytes, query: str) -> Response:
    try:
        given = await read(mime, body, query)
    except Refused as refused:
        bot.note(method, refused)
        return _refusal(refused)
    chat = _chat(given)
    troubles = bot.switches.take(method, chat)
    if (early := await _before(bot, troubles)) is not None:
        _log(bot, method, chat, early.status_code)
        return early
    try:
        result = await execute(bot, method, given)
    except Refused as refused:
        _log(bot, method, chat, refused.code)
        return _refusal(refused)
    _log(bot, method, chat, 200)
    if any(trouble.effect == "drop_after" for trouble in troubles):
        return Dropped()
    return JSONResponse({"ok": True, "result": result})


async def execute(bot: Bot, method: str, given: Given) -> object:
    """Check a request and carry it out; what is refused is remembered. Raises ``Refused``."""
    if bot.revoked:
        raise UNAUTHORIZED
    try:
        name = _known(method)
        return await carry_out(bot, name, check(name, given))
    except Refused as refused:
        bot.note(method, refused)
        raise


def _known(method: str) -> str:
    """Return the name of a method as it is written; raises ``Refused``."""
    name = NAMES.get(method.lower())
    if name is not None:
        return name
    if method.lower() in ELSEWHERE:
        raise Refused(f"{method} is official, but this peer does not serve it", 501, kind="unserved")
    raise Refused("Not Found: method not found", 404)


async def execute_reply(bot: Bot, mime: str, body: bytes) -> None:
    """Carry out the method in a bot's answer to an update; its result and its errors are discarded."""
    try:
        given = await read(mime, body)
        method = str(given.values.get("method", ""))
        if not method or method.lower() in _NOT_IN_REPLIES or method.lower().startswith("get"):
            return
        values = {name: value for name, value in given.values.items() if name != "method"}
        await execute(bot, method, replace(given, values=values))
        _log(bot, method, _chat(given), 200)
    except Refused:
        return


async def download(request: Request) -> Response:
    """Answer the download of a file."""
    peer: Peer = request.app.state.peer
    bot = peer.bots.get(request.path_params["token"])
    if bot is None or bot.revoked:
        return _refusal(UNAUTHORIZED)
    if bot.down:
        return Dropped()
    troubles = bot.switches.take("file", None)
    if (early := await _before(bot, troubles)) is not None:
        return early
    file = bot.world.files.get(request.path_params["path"].rsplit("/", 1)[-1])
    if file is None:
        return _refusal(Refused("Not Found", 404, kind="state"))
    _log(bot, "file", None, 200)
    if any(trouble.effect == "cut" for trouble in troubles):
        return Broken(file.data)
    return Response(file.data, media_type="application/octet-stream")


async def _before(bot: Bot, troubles: list[Trouble]) -> Response | None:
    """Let happen what comes before a request is carried out; return the answer if that is all."""
    for trouble in troubles:
        if trouble.effect == "delay":
            calmed = bot.switches.calmed
            await bot.world.changes.until(lambda before=calmed: bot.switches.calmed != before, trouble.seconds)  # type: ignore[misc]
        elif trouble.effect == "drop_before":
            return Dropped()
        elif trouble.effect == "answer":
            words = Refused(trouble.description, trouble.code, parameters=trouble.parameters or None).answer
            return JSONResponse(words | {"description": trouble.description}, status_code=trouble.code)
    return None


def _chat(given: Given) -> object:
    chat = given.values.get("chat_id")
    return int(chat) if isinstance(chat, str) and chat.lstrip("-").isdigit() else chat


def _log(bot: Bot, method: str, chat: object, code: int) -> None:
    bot.requests.append(Line(bot.world.clock.now(), method, chat, code))


def _refusal(refused: Refused) -> Response:
    body: Json = refused.answer
    return JSONResponse(body, status_code=refused.code)
