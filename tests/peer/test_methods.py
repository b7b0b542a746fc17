"""What a bot asks for happens, and the people in the chat see it; what cannot happen is refused as officially."""

import httpx
import pytest

from tests.peer.client import Attachment, Bot, Peer, Person
from tests.peer.description import Json
from tests.peer.methods import NOT_MODIFIED

pytestmark = pytest.mark.unmeasured  # the peer is none of the product

KEYBOARD = '{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}],[{"text":"Site","url":"https://example.org"}]]}'
HOUR = 3600


class Caller:
    """A bot that speaks plain HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def ask(self, method: str, **given: object) -> Json:
        answer = await self.http.post(method, data=given)
        body: Json = answer.json()
        assert body["ok"] == (answer.status_code == 200)
        assert body["ok"] or body["error_code"] == answer.status_code
        return body

    async def gets(self, method: str, **given: object) -> Json:
        body = await self.ask(method, **given)
        assert body["ok"], body
        result = body["result"]
        return result if isinstance(result, dict) else {"": result}

    async def is_told(self, method: str, **given: object) -> str:
        """Return the description of an error."""
        return str((await self.ask(method, **given))["description"])

    async def updates(self, **given: object) -> list[Json]:
        found: list[Json] = (await self.gets("getUpdates", **given))[""]
        return found


@pytest.fixture
def caller(http: httpx.AsyncClient) -> Caller:
    return Caller(http)


@pytest.fixture
async def lin(bot: Bot) -> Person:
    person = await bot.person("Lin")
    await person.says("/start")
    return person


async def test_shows_people_what_was_sent_edited_and_deleted(caller: Caller, lin: Person) -> None:
    text = {"text": "<b>Hi</b>", "parse_mode": "HTML", "reply_markup": KEYBOARD}
    sent = await caller.gets("sendMessage", chat_id=lin.id, **text)
    gone = await caller.gets("sendMessage", chat_id=lin.id, text="gone")
    await caller.gets("editMessageText", chat_id=lin.id, message_id=sent["message_id"], text="Hello")
    await caller.gets("deleteMessage", chat_id=lin.id, message_id=gone["message_id"])

    seen = await lin.sees()

    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert seen.texts == ["Hello"]
    assert seen.last.edited
    assert seen.last.buttons == []
    assert seen.last.raw["earlier"][0]["text"] == "Hi"
    assert seen.deleted == [gone["message_id"]]


async def test_shows_people_the_very_bytes_of_a_document(caller: Caller, lin: Person) -> None:
    files = {"document": ("案.pdf", b"%PDF-1", "application/pdf")}
    answer = await caller.http.post("sendDocument", data={"chat_id": lin.id, "caption": "c"}, files=files)
    assert answer.status_code == 200

    shown = (await lin.sees()).last

    assert shown.text == "c"
    assert shown.file is not None
    assert (shown.file.name, shown.file.mime) == ("案.pdf", "application/pdf")
    assert await lin.opens(shown.file.unique) == b"%PDF-1"


async def test_sends_again_what_has_a_file_id_and_refuses_one_of_another_bot(
    peer: Peer, caller: Caller, lin: Person
) -> None:
    await lin.sends("photo", Attachment(b"\xff\xd8\xff picture"))
    photo = (await caller.updates())[-1]["message"]["photo"][-1]["file_id"]
    assert (await caller.gets("sendPhoto", chat_id=lin.id, photo=photo))["photo"]
    other = await peer.bot("200:other", username="other_bot")
    someone = await other.person()
    await someone.says("/start")

    answer = await caller.http.post(f"{other.url}/sendPhoto", data={"chat_id": someone.id, "photo": photo})

    assert answer.json()["description"] == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_gives_a_file_that_a_person_sent_unless_it_is_too_big(caller: Caller, lin: Person, peer: Peer) -> None:
    await lin.sends("document", Attachment(b"exif and all", "a.jpg"))
    await lin.sends("document", Attachment(b"", "big.zip", size=20 * 2**20 + 1))
    small, big = [update["message"]["document"] for update in (await caller.updates())[-2:]]

    found = await caller.gets("getFile", file_id=small["file_id"])
    answer = await caller.http.get(f"{peer.url}/file/bot{lin.bot.token}/{found['file_path']}")

    assert answer.content == b"exif and all"
    assert await caller.is_told("getFile", file_id=big["file_id"]) == "Bad Request: file is too big"
    assert "wrong file_id" in await caller.is_told("getFile", file_id="x")


@pytest.mark.parametrize(
    ("method", "files", "code"),
    [
        ("sendPhoto", {"photo": b"\xff\xd8\xff" + bytes(10 * 2**20)}, 413),
        ("sendPhoto", {"photo": b"no picture"}, 400),
        ("sendDocument", {"document": b""}, 400),
        ("sendDocument", {"document": b"x", "thumbnail": bytes(200 * 2**10 + 1)}, 400),
    ],
    ids=["too large", "no picture", "empty", "thumbnail"],
)
async def test_refuses_a_file_that_cannot_be_sent(
    method: str, files: dict[str, bytes], code: int, caller: Caller, lin: Person
) -> None:
    answer = await caller.http.post(method, data={"chat_id": lin.id}, files=files)

    assert (answer.status_code, answer.json()["error_code"]) == (code, code)
    assert [fault.kind for fault in await lin.bot.peer.faults()] == ["malformed"]


async def test_refuses_what_is_not_there(caller: Caller, lin: Person) -> None:
    sent = await caller.gets("sendMessage", chat_id=lin.id, text="x", reply_markup=KEYBOARD)
    here: Json = {"chat_id": lin.id, "message_id": sent["message_id"]}
    there: Json = {"chat_id": lin.id, "message_id": 999}

    assert await caller.is_told("sendMessage", chat_id=1, text="x") == "Bad Request: chat not found"
    assert await caller.is_told("editMessageText", **there, text="x") == "Bad Request: message to edit not found"
    assert await caller.is_told("deleteMessage", **there) == "Bad Request: message to delete not found"
    assert NOT_MODIFIED in await caller.is_told("editMessageText", **here, text="x", reply_markup=KEYBOARD)
    assert NOT_MODIFIED in await caller.is_told("editMessageReplyMarkup", **here, reply_markup=KEYBOARD)
    own = {"chat_id": lin.id, "message_id": 1, "text": "x"}
    assert await caller.is_told("editMessageText", **own) == "Bad Request: message can't be edited"
    assert {fault.kind for fault in await lin.bot.peer.faults()} == {"state"}


async def test_lets_no_message_be_deleted_after_48_hours(peer: Peer, caller: Caller, lin: Person) -> None:
    await peer.move_clock(48 * HOUR - 60)
    await lin.says("later")
    assert (await caller.gets("deleteMessages", chat_id=lin.id, message_ids="[1, 77]")) == {"": True}
    await peer.move_clock(48 * HOUR)

    words = await caller.is_told("deleteMessage", chat_id=lin.id, message_id=2)

    assert words == "Bad Request: message can't be deleted for everyone"


async def test_shows_the_person_the_answer_to_a_press_once(peer: Peer, caller: Caller, lin: Person) -> None:
    await caller.gets("sendMessage", chat_id=lin.id, text="?", reply_markup=KEYBOARD)
    query, late = await lin.presses("Yes"), await lin.presses("Yes")
    await caller.gets("answerCallbackQuery", callback_query_id=query, text="Noted", show_alert="true")
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"

    assert await caller.is_told("answerCallbackQuery", callback_query_id=query) == too_old
    assert await caller.is_told("answerCallbackQuery", callback_query_id="1") == too_old
    await peer.move_clock(151)
    assert await caller.is_told("answerCallbackQuery", callback_query_id=late) == too_old
    (answer,) = (await lin.sees()).answers
    assert (answer.query, answer.person, answer.text, answer.alert) == (query, lin.id, "Noted", True)


async def test_keeps_what_a_bot_says_of_itself(caller: Caller, lin: Person) -> None:
    commands = '[{"command":"start","description":"Begin"}]'
    await caller.gets("setMyCommands", commands=commands, scope='{"type":"all_private_chats"}', language_code="zh")
    await caller.gets("setMyDescription", description="What I do")
    await caller.gets("setMyShortDescription", short_description="Short", language_code="zh")
    await caller.gets("setChatMenuButton", menu_button='{"type":"commands"}')
    await caller.gets("sendChatAction", chat_id=lin.id, action="typing")

    profile = await lin.bot.profile()

    assert profile["commands"] == {"zh all_private_chats": [{"command": "start", "description": "Begin"}]}
    assert profile["description"] == {"": "What I do"}
    assert profile["short_description"] == {"zh": "Short"}
    assert profile["menu_button"] == {"type": "commands"}
    assert (await lin.sees()).actions == ["typing"]
    await caller.gets("deleteMyCommands", scope='{"type":"all_private_chats"}', language_code="zh")
    assert (await lin.bot.profile())["commands"] == {}


async def test_answers_404_to_a_method_that_there_is_not_and_501_to_one_it_does_not_serve(
    peer: Peer, caller: Caller
) -> None:
    nobody = await caller.ask("sendLetter")
    beyond = await caller.ask("banChatMember")

    assert (nobody["error_code"], nobody["description"]) == (404, "Not Found: method not found")
    assert beyond["error_code"] == 501
    assert [fault.kind for fault in await peer.faults()] == ["malformed", "unserved"]


async def test_knows_no_token_that_it_was_not_given_or_that_was_revoked(peer: Peer, caller: Caller, bot: Bot) -> None:
    assert (await caller.gets("getMe"))["username"] == "peer_bot"
    await bot.revoke()

    assert (await caller.ask("getMe"))["error_code"] == 401
    assert (await caller.http.post(f"{peer.url}/bot300:none/getMe")).json()["description"] == "Unauthorized"


async def test_reads_every_kind_of_body(caller: Caller, lin: Person) -> None:
    given: Json = {"chat_id": str(lin.id), "text": "x"}
    await caller.http.get("sendMessage", params=given)
    await caller.http.post("SENDMESSAGE", data=given)
    await caller.http.post("sendMessage", json=given | {"chat_id": lin.id})
    await caller.http.post("sendMessage", files={name: (None, value) for name, value in given.items()})

    assert (await lin.sees()).texts == ["x"] * 4


async def test_leaves_a_group_and_writes_there_no_more(caller: Caller, lin: Person) -> None:
    group = await lin.bot.group("Neighbours", lin)
    await caller.gets("leaveChat", chat_id=group)

    assert (await caller.ask("sendMessage", chat_id=group, text="x"))["error_code"] == 403


async def test_fails_a_test_that_does_not_look_at_a_bad_request(peer: Peer, peer_url: str) -> None:
    with pytest.raises(AssertionError, match="message text is empty"):
        async with Peer.at(peer_url) as inner:
            await inner.http.post(f"{(await inner.bot()).url}/sendMessage", data={"chat_id": 1})
