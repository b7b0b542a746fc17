"""Limits and faults that a test switches on, as a bot meets them."""

import asyncio

import httpx
import pytest

from tests.peer.client import Attachment, Bot, Person, most_in_a_second
from tests.peer.description import Json, Refused
from tests.peer.limits import Figures, Limits

pytestmark = pytest.mark.unmeasured  # the peer is none of the product


@pytest.fixture
async def lin(bot: Bot) -> Person:
    person = await bot.person()
    await person.says("/start")
    return person


def passed(limits: Limits, moments: list[float], *, chats: int = 1, group: bool = False) -> list[int]:
    """Return for each moment 0 if a message passed, else the seconds to wait."""
    waits = []
    for i, moment in enumerate(moments):
        try:
            limits.pass_or_refuse(i % chats, group=group, now=moment)
            waits.append(0)
        except Refused as refused:
            waits.append((refused.parameters or {})["retry_after"])
    return waits


def test_a_bot_sends_30_messages_in_any_second() -> None:
    limits = Limits(Figures())

    assert passed(limits, [0.0] * 31 + [0.9, 1.0], chats=100) == [0] * 30 + [1, 1, 0]


def test_a_chat_gets_one_message_a_second_after_a_small_burst() -> None:
    limits = Limits(Figures())

    assert passed(limits, [0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0]) == [0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1]


def test_a_group_gets_20_messages_a_minute() -> None:
    limits = Limits(Figures())

    assert passed(limits, [2.0 * i for i in range(21)] + [60.0], group=True) == [0] * 20 + [20, 0]


def test_the_most_in_a_second_is_counted_over_any_second() -> None:
    assert most_in_a_second([]) == 0
    assert most_in_a_second([0.0, 0.9, 1.1, 1.8, 1.85, 3.0]) == 4


async def test_too_many_messages_are_answered_429_and_the_accepted_are_logged(
    http: httpx.AsyncClient, bot: Bot, lin: Person
) -> None:
    await bot.limit(Figures(chat_per_second=0.001))
    answers = [await http.post("sendMessage", json={"chat_id": lin.id, "text": "x"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 900 < answers[-1].json()["parameters"]["retry_after"] <= 1000
    sent = await bot.sent()
    assert [(line["method"], line["chat"]) for line in sent] == [("sendMessage", lin.id)] * 3
    assert [line["code"] for line in await bot.requests("sendMessage")] == [200, 200, 200, 429]
    assert [fault.kind for fault in await bot.peer.faults()] == ["limit"]


async def test_the_next_requests_of_a_method_get_an_error(http: httpx.AsyncClient, bot: Bot, lin: Person) -> None:
    await bot.too_many("sendMessage", retry_after=3, times=2)
    await bot.trouble("answer", "getMe", code=502, description="Bad Gateway")

    answers = [(await http.post("sendMessage", json={"chat_id": lin.id, "text": "x"})).json() for _ in range(3)]

    words = {"description": "Too Many Requests: retry after 3", "parameters": {"retry_after": 3}}
    assert answers[:2] == [{"ok": False, "error_code": 429, **words}] * 2
    assert answers[2]["ok"]
    assert (await http.get("getMe")).json() == {"ok": False, "error_code": 502, "description": "Bad Gateway"}
    assert await bot.peer.faults() == []


async def test_a_trouble_can_be_that_of_one_chat(http: httpx.AsyncClient, bot: Bot, lin: Person) -> None:
    mei = await bot.person("Mei")
    await mei.says("/start")
    await bot.trouble("answer", "sendMessage", chat=mei.id, code=500)

    codes = [
        (await http.post("sendMessage", data={"chat_id": each.id, "text": "x"})).status_code for each in (lin, mei)
    ]

    assert codes == [200, 500]


@pytest.mark.parametrize(("effect", "texts"), [("drop_before", []), ("drop_after", ["x"])])
async def test_a_connection_breaks_before_or_after_the_request_is_carried_out(
    effect: str, texts: list[str], http: httpx.AsyncClient, bot: Bot, lin: Person
) -> None:
    await bot.trouble(effect, "sendMessage")  # type: ignore[arg-type]  # one of the two above
    with pytest.raises(httpx.RemoteProtocolError):
        await http.post("sendMessage", json={"chat_id": lin.id, "text": "x"})

    assert (await lin.sees()).texts == texts


async def test_a_slow_answer_holds_up_nobody_else_and_is_waited_for(
    http: httpx.AsyncClient, bot: Bot, lin: Person
) -> None:
    await http.get("getUpdates", params={"offset": 2**31})
    await bot.trouble("delay", "sendMessage", seconds=60)
    slow = asyncio.create_task(http.post("sendMessage", json={"chat_id": lin.id, "text": "x"}))
    while (await bot.peer.ask("settled", seconds=0))["settled"]:
        pass  # the request is on its way
    quick = await http.get("getMe")

    assert not slow.done()
    assert quick.status_code == 200
    await bot.calm()
    await bot.peer.settled()
    assert (await lin.sees()).texts == ["x"]
    assert (await slow).status_code == 200


async def test_the_api_goes_away_and_comes_back(http: httpx.AsyncClient, bot: Bot, lin: Person) -> None:
    await bot.down()
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get("getMe")
    await bot.down(down=False)

    assert (await http.get("getMe")).status_code == 200


async def test_a_download_breaks_off_in_the_middle(http: httpx.AsyncClient, bot: Bot, lin: Person) -> None:
    await lin.sends("document", Attachment(b"x" * 100_000))
    document: Json = (await http.get("getUpdates")).json()["result"][-1]["message"]["document"]
    path = (await http.get("getFile", params={"file_id": document["file_id"]})).json()["result"]["file_path"]
    url = f"{bot.peer.url}/file/bot{bot.token}/{path}"
    await bot.trouble("cut", "file")

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        await http.get(url)
    assert len((await http.get(url)).content) == 100_000


async def test_calm_ends_all_troubles(http: httpx.AsyncClient, bot: Bot) -> None:
    await bot.trouble("answer", times=100)
    await bot.down()
    await bot.calm()

    assert (await http.get("getMe")).status_code == 200
