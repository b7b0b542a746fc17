"""What people can do, and that every update it becomes is valid by the description."""

import httpx
import pytest

from tests.peer import contents
from tests.peer.checking import check_object
from tests.peer.client import Attachment, Bot, Impossible, Peer, Person
from tests.peer.description import Json

pytestmark = pytest.mark.unmeasured  # the peer is none of the product

MARKUP = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


@pytest.fixture
async def lin(bot: Bot) -> Person:
    return await bot.person("Lin", language="zh-hans", username="lin")


async def news(http: httpx.AsyncClient) -> list[Json]:
    """Return the updates since the last time, after checking each against the description."""
    updates: list[Json] = (await http.get("getUpdates")).json()["result"]
    if updates:
        await http.get("getUpdates", params={"offset": updates[-1]["update_id"] + 1})
    for update in updates:
        check_object("Update", update)
    return updates


async def test_a_person_has_name_username_and_language(http: httpx.AsyncClient, lin: Person) -> None:
    await lin.says("hello /start")

    (update,) = await news(http)

    named = {"id": lin.id, "is_bot": False, "first_name": "Lin", "username": "lin", "language_code": "zh-hans"}
    assert update["message"]["from"] == named
    assert update["message"]["chat"] == {"id": lin.id, "type": "private", "first_name": "Lin", "username": "lin"}
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 6, "length": 6}]


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "video_note", "audio", "sticker"])
async def test_a_person_sends_a_file_of_every_kind(http: httpx.AsyncClient, lin: Person, kind: str) -> None:
    await lin.sends(kind, Attachment(b"data", "a.bin"), caption="c")  # type: ignore[arg-type]  # the list above

    (update,) = await news(http)

    assert kind in update["message"]
    assert update["message"]["caption"] == "c"


@pytest.mark.parametrize(
    "content", [contents.POLL, contents.CONTACT, contents.LOCATION], ids=lambda each: next(iter(each))
)
async def test_a_person_sends_something_else(http: httpx.AsyncClient, lin: Person, content: Json) -> None:
    await lin.posts(content)

    (update,) = await news(http)

    assert content.items() <= update["message"].items()


@pytest.mark.parametrize("origin", [contents.FROM_HIDDEN, contents.from_user(7, "Mei")], ids=["hidden", "user"])
async def test_a_person_forwards_a_message(http: httpx.AsyncClient, lin: Person, origin: Json) -> None:
    await lin.says("not mine", origin=origin)

    (update,) = await news(http)

    assert update["message"]["forward_origin"] == origin


async def test_an_album_is_several_messages_with_one_group(http: httpx.AsyncClient, lin: Person) -> None:
    await lin.sends_album([Attachment(b"1"), Attachment(b"2")], caption="c")
    await lin.sends_album([Attachment(b"3")])

    messages = [update["message"] for update in await news(http)]

    assert [message.get("caption") for message in messages] == ["c", None, None]
    assert messages[0]["media_group_id"] == messages[1]["media_group_id"] != messages[2]["media_group_id"]


async def test_a_person_edits_and_replies(http: httpx.AsyncClient, lin: Person) -> None:
    first = await lin.says("a")
    await lin.edits(first, "b")
    await lin.says("c", reply_to=first)

    _, edited, reply = await news(http)

    assert (edited["edited_message"]["message_id"], edited["edited_message"]["text"]) == (first, "b")
    assert reply["message"]["reply_to_message"]["text"] == "b"


async def test_a_file_keeps_when_its_caption_is_edited(http: httpx.AsyncClient, lin: Person) -> None:
    await lin.edits(await lin.sends("document", Attachment(b"1"), caption="a"), "b")

    sent, edited = await news(http)

    assert edited["edited_message"]["caption"] == "b"
    assert edited["edited_message"]["document"] == sent["message"]["document"]


async def test_a_person_presses_the_newest_button_an_older_one_and_one_of_somebody_else(
    http: httpx.AsyncClient, lin: Person, bot: Bot
) -> None:
    await lin.says("a")
    sent = [
        (await http.post("sendMessage", json={"chat_id": lin.id, "text": text, "reply_markup": MARKUP})).json()[
            "result"
        ]
        for text in "bc"
    ]
    older, newer = (message["message_id"] for message in sent)
    mei = await bot.person("Mei")
    await lin.presses("Yes")
    await lin.presses("Yes", message=older)
    await mei.presses("Yes", of=lin)

    queries = [update["callback_query"] for update in (await news(http))[1:]]

    assert [query["message"]["message_id"] for query in queries] == [newer, older, newer]
    assert [query["from"]["id"] for query in queries] == [lin.id, lin.id, mei.id]
    assert {query["message"]["chat"]["id"] for query in queries} == {lin.id}
    assert {query["data"] for query in queries} == {"y"}
    with pytest.raises(Impossible):
        await lin.presses("No")


async def test_a_blocked_bot_is_told_so_and_writes_in_vain(http: httpx.AsyncClient, lin: Person, peer: Peer) -> None:
    await lin.says("a")
    await lin.blocks()
    refused = await http.post("sendMessage", json={"chat_id": lin.id, "text": "x"})
    await lin.unblocks()
    taken = await http.post("sendMessage", json={"chat_id": lin.id, "text": "x"})
    await lin.is_deactivated()
    gone = await http.post("sendMessage", json={"chat_id": lin.id, "text": "x"})

    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in (await news(http))[1:]]

    assert (refused.status_code, refused.json()["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert taken.status_code == 200
    assert gone.json()["description"] == "Forbidden: user is deactivated"
    assert changes == ["kicked", "member"]


async def test_a_cleared_chat_is_empty_for_the_person_alone(http: httpx.AsyncClient, lin: Person) -> None:
    await lin.says("a")
    sent = (await http.post("sendMessage", json={"chat_id": lin.id, "text": "b"})).json()["result"]["message_id"]
    await lin.clears_chat()

    assert (await lin.sees()).messages == []
    edit = await http.post("editMessageText", json={"chat_id": lin.id, "message_id": sent, "text": "c"})
    assert edit.status_code == 200


async def test_a_group_becomes_a_supergroup_with_another_id(http: httpx.AsyncClient, lin: Person, bot: Bot) -> None:
    group = await bot.group("Neighbours", lin)
    await lin.within(group).says("/a")
    moved = await bot.migrate(group, lin)

    refused = (await http.post("sendMessage", json={"chat_id": group, "text": "x"})).json()
    updates = await news(http)

    assert refused["parameters"] == {"migrate_to_chat_id": moved}
    assert refused["error_code"] == 400
    assert [update["message"]["chat"]["id"] for update in updates] == [group, group, moved]
    assert (await http.post("sendMessage", json={"chat_id": moved, "text": "x"})).status_code == 200


async def test_a_bot_that_does_not_read_groups_hears_what_is_meant_for_it(http: httpx.AsyncClient, peer: Peer) -> None:
    bot = await peer.bot("200:shy", username="shy_bot")
    lin = await bot.person()
    group = lin.within(await bot.group("Neighbours", lin))
    for text in ("gossip", "/start", "you, @shy_bot"):
        await group.says(text)

    updates = (await http.get(f"{bot.url}/getUpdates")).json()["result"]
    assert [update["message"]["text"] for update in updates] == ["/start", "you, @shy_bot"]


async def test_an_update_of_an_unknown_type_comes_as_it_is(http: httpx.AsyncClient, bot: Bot) -> None:
    number = await bot.raw("brand_new", {"a": 1})

    assert (await http.get("getUpdates")).json()["result"] == [{"update_id": number, "brand_new": {"a": 1}}]


async def test_a_test_waits_for_what_a_chat_shows(http: httpx.AsyncClient, lin: Person) -> None:
    await lin.says("a")
    await http.post("sendMessage", json={"chat_id": lin.id, "text": "b"})

    assert (await lin.sees_when(lambda view: "b" in view.texts)).last.text == "b"
