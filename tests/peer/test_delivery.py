"""Updates come as the official server brings them, by webhook and by long polling."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peer.client import PATIENCE, Bot, Peer
from tests.peer.description import Json
from tests.peer.serving import serve

pytestmark = pytest.mark.unmeasured  # the peer is none of the product

SECRET = "a-secret_token"
Answer = Callable[[Json], Response]


class Hook:
    """A webhook that keeps what came and answers what a test wants; it can hold answers back."""

    def __init__(self) -> None:
        self.came: list[Json] = []
        self.secrets: set[str] = set()
        self.answer: Answer = lambda _: Response()
        self.free = asyncio.Event()
        self.free.set()
        self.url = ""
        self._news = asyncio.Condition()

    async def receive(self, request: Request) -> Response:
        update: Json = await request.json()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        async with self._news:
            self.came.append(update)
            self._news.notify_all()
        await self.free.wait()
        return self.answer(update)

    async def has(self, count: int) -> None:
        """Wait until so many updates came."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.came) >= count)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.came if "message" in update]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    async with serve(Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])])) as url:
        hook.url = f"{url}/hook"
        yield hook
        hook.free.set()


async def gets(http: httpx.AsyncClient, **given: int) -> list[Json]:
    answer: Json = (await http.get("getUpdates", params=given)).json()
    assert answer["ok"], answer
    found: list[Json] = answer["result"]
    return found


async def listen(http: httpx.AsyncClient, hook: Hook, **more: object) -> None:
    answer = await http.post("setWebhook", json={"url": hook.url, "secret_token": SECRET, **more})
    assert answer.json() == {"ok": True, "result": True}


async def test_polling_gives_again_what_was_not_confirmed(http: httpx.AsyncClient, bot: Bot) -> None:
    lin = await bot.person()
    for text in "abc":
        await lin.says(text)

    first, second, third = await gets(http)

    assert [first["update_id"] + 1, second["update_id"] + 1] == [second["update_id"], third["update_id"]]
    assert await gets(http) == [first, second, third]
    assert await gets(http, offset=second["update_id"], limit=1) == [second]
    assert await gets(http, offset=-1) == [third]
    assert await gets(http, offset=third["update_id"] + 1) == []


async def test_ids_begin_anew_after_a_week_of_silence(http: httpx.AsyncClient, bot: Bot, peer: Peer) -> None:
    lin = await bot.person()
    await lin.says("a")
    (before,) = await gets(http)
    await peer.move_clock(8 * 24 * 3600)
    await lin.says("b")

    (after,) = await gets(http)

    assert after["update_id"] != before["update_id"] + 1


async def test_polling_waits_for_an_update(http: httpx.AsyncClient, bot: Bot, peer: Peer) -> None:
    lin = await bot.person()
    waiting = asyncio.create_task(gets(http, timeout=30))
    await lin.says("a")

    (update,) = await waiting

    assert update["message"]["text"] == "a"
    await gets(http, offset=update["update_id"] + 1)
    await peer.settled()


async def test_polling_ends_for_the_older_of_two_and_is_refused_beside_a_webhook(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    lin = await bot.person()
    polls = [asyncio.create_task(http.get("getUpdates", params={"timeout": 30})) for _ in range(2)]
    done, still = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
    await lin.says("a")
    await asyncio.wait(still)
    await listen(http, hook)
    beside = await http.get("getUpdates")

    assert {poll.result().status_code for poll in done} == {409}
    assert {poll.result().status_code for poll in still} == {200}
    assert beside.status_code == 409
    assert "can't use getUpdates method while webhook is active" in beside.json()["description"]
    await peer.settled()


async def test_one_chat_comes_one_at_a_time_and_others_do_not_wait_for_it(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    lin, mei = await bot.person("Lin"), await bot.person("Mei")
    hook.free.clear()
    await listen(http, hook)
    for text in ("a", "b"):
        await lin.says(text)
    await mei.says("c")
    await hook.has(2)
    before = sorted(hook.texts)
    hook.free.set()
    await peer.settled()

    assert before == ["a", "c"]
    assert [text for text in hook.texts if text != "c"] == ["a", "b"]
    assert hook.secrets == {SECRET}


async def test_a_press_overtakes_messages(http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer) -> None:
    lin = await bot.person()
    await lin.says("a")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await http.post("sendMessage", json={"chat_id": lin.id, "text": "?", "reply_markup": markup})
    hook.free.clear()
    await listen(http, hook)
    await hook.has(1)
    await lin.says("b")
    await lin.presses("Yes")
    await hook.has(2)
    hook.free.set()
    await peer.settled()

    assert [next(iter(update.keys() - {"update_id"})) for update in hook.came] == [
        "message",
        "callback_query",
        "message",
    ]


async def test_no_more_connections_than_allowed(http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer) -> None:
    people = [await bot.person() for _ in range(5)]
    hook.free.clear()
    await listen(http, hook, max_connections=2)
    for person in people:
        await person.says("a")
    await hook.has(2)
    waiting = len(hook.came)
    hook.free.set()
    await peer.settled()

    assert (waiting, len(hook.came)) == (2, 5)


async def test_anything_but_2xx_comes_again_at_once_then_later_and_later(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    statuses = iter([500, 404, 301, 503, 410, 204])
    hook.answer = lambda _: Response(status_code=next(statuses))
    await listen(http, hook)
    await (await bot.person()).says("a")
    await peer.settled()

    attempts = await bot.attempts()

    assert [attempt["status"] for attempt in attempts] == [500, 404, 301, 503, 410, 204]
    assert [attempt["pause"] for attempt in attempts] == [0, 2, 4, 8, 16, 0]
    assert len({attempt["update_id"] for attempt in attempts}) == 1
    info = (await http.get("getWebhookInfo")).json()["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 410 Gone"
    assert info["pending_update_count"] == 0


async def test_retry_after_is_honoured(http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer) -> None:
    answers = iter([Response(status_code=503, headers={"Retry-After": "7"}), Response()])
    hook.answer = lambda _: next(answers)
    await listen(http, hook)
    await (await bot.person()).says("a")
    await peer.settled()

    first, second = await bot.attempts()

    assert first["pause"] == 7
    assert second["at"] - first["at"] >= 0.07  # the peer of the tests makes a second a hundredth


async def test_a_lost_answer_brings_the_same_update_again(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    await listen(http, hook)
    await bot.lose_answers(2)
    await (await bot.person()).says("a")
    await peer.settled()

    assert hook.texts == ["a", "a", "a"]
    assert [attempt["lost"] for attempt in await bot.attempts()] == [True, True, False]


async def test_what_nobody_takes_expires_a_message_after_a_day_a_press_after_150_seconds(
    http: httpx.AsyncClient, bot: Bot, peer: Peer
) -> None:
    lin = await bot.person()
    await lin.says("a")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await http.post("sendMessage", json={"chat_id": lin.id, "text": "?", "reply_markup": markup})
    await lin.presses("Yes")

    assert len(await gets(http)) == 2
    await peer.move_clock(151)
    assert [update["message"]["text"] for update in await gets(http)] == ["a"]
    await peer.move_clock(24 * 3600)
    assert await gets(http) == []


async def test_what_expires_while_it_waits_to_be_tried_again_is_given_up(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    hook.answer = lambda _: Response(status_code=503, headers={"Retry-After": "3000"})
    await listen(http, hook)
    await (await bot.person()).says("a")
    await hook.has(1)
    await peer.move_clock(24 * 3600)
    await peer.settled()

    assert len(hook.came) == 1


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        ({"method": "sendMessage", "text": "hello"}, ["hello"]),
        ({"method": "sendMessage", "text": ""}, []),
        ({"method": "setWebhook", "url": ""}, []),
        ({}, []),
    ],
)
async def test_a_method_in_the_answer_is_carried_out_and_its_result_discarded(
    reply: Mapping[str, str], texts: list[str], http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    lin = await bot.person()
    hook.answer = lambda _: JSONResponse({**reply, "chat_id": lin.id} if "text" in reply else reply)
    await listen(http, hook)
    await lin.says("a")
    await peer.settled()

    assert (await lin.sees()).texts == texts
    assert len(hook.came) == 1
    assert [fault.kind for fault in await peer.faults()] == ["malformed"] * (reply.get("text") == "")
    assert (await http.get("getWebhookInfo")).json()["result"]["url"] == hook.url


async def test_only_the_types_asked_for_come_and_no_wish_keeps_the_last_one(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    lin = await bot.person()
    await listen(http, hook, allowed_updates=["edited_message"])
    await listen(http, hook)
    message = await lin.says("a")
    await lin.edits(message, "b")
    await lin.blocks()
    await peer.settled()

    assert [update["edited_message"]["text"] for update in hook.came] == ["b"]


async def test_an_empty_address_ends_the_webhook(http: httpx.AsyncClient, hook: Hook) -> None:
    await listen(http, hook)
    await http.post("setWebhook", data={"url": ""})

    assert await gets(http) == []


async def test_what_is_pending_moves_to_another_webhook_or_is_dropped(
    http: httpx.AsyncClient, bot: Bot, hook: Hook, peer: Peer
) -> None:
    lin = await bot.person()
    await lin.says("a")
    await http.post("deleteWebhook", json={"drop_pending_updates": True})
    await lin.says("b")
    await listen(http, hook)
    await peer.settled()

    assert hook.texts == ["b"]
