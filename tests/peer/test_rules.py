"""What the documentation says beyond types and lengths, rule by rule."""

import json

import pytest

from tests.peer.checking import Given, Upload, check
from tests.peer.description import Json, Refused
from tests.peer.entities import length, parse_html

pytestmark = pytest.mark.unmeasured  # the peer is none of the product

BUTTON: Json = {"text": "A", "callback_data": "a"}


def said(method: str, **given: object) -> str:
    """Return what the refusal says; an accepted request says nothing."""
    try:
        check(method, Given(given, form=False))
    except Refused as refused:
        return refused.description.removeprefix("Bad Request: ")
    return ""


def sending(**given: object) -> str:
    return said("sendMessage", chat_id=1, **{"text": "x", **given})


def with_markup(markup: Json) -> str:
    return sending(reply_markup=markup)


def with_button(**button: object) -> str:
    return with_markup({"inline_keyboard": [[{"text": "A", **button}]]})


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "a", "url": "https://example.org"}, "exactly one"),
        ({"callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"callback_data": "界" * 21 + "ab"}, "BUTTON_DATA_INVALID"),
        ({"url": "example"}, "inline keyboard button URL 'example' is invalid"),
        ({"web_app": {"url": "http://example.org"}}, "is invalid"),
        ({"callback_data": "a", "style": "green"}, "wrong button style specified"),
        ({"callback_data": "a", "text": " "}, "text is empty"),
        ({"pay": False}, "Text buttons"),
    ],
)
def test_refuses_a_bad_button(button: Json, words: str) -> None:
    assert words in with_button(**button)


def test_takes_callback_data_of_exactly_64_bytes() -> None:
    assert with_button(callback_data="界" * 21 + "a") == ""


@pytest.mark.parametrize(
    "markup",
    [
        {"inline_keyboard": []},
        {"inline_keyboard": [[]]},
        {"inline_keyboard": [[BUTTON], []]},
        {"inline_keyboard": [[BUTTON] * 101]},
        {"keyboard": []},
        {"keyboard": [[]]},
        {"keyboard": [[{"text": "A", "request_contact": True, "request_location": True}]]},
        {"remove_keyboard": False},
        {"force_reply": False},
        {},
    ],
)
def test_refuses_a_keyboard_that_is_empty_or_none(markup: Json) -> None:
    assert with_markup(markup)


def test_takes_an_empty_inline_keyboard_where_an_edit_removes_the_old_one() -> None:
    assert said("editMessageReplyMarkup", chat_id=1, message_id=1, reply_markup={"inline_keyboard": []}) == ""


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        ("sendMessage", {"chat_id": 1, "text": " \n"}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "Word"}, "wrong parse_mode specified"),
        ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, "message is too long"),
        ("sendPhoto", {"chat_id": 1, "photo": "x", "caption": "x" * 1025}, "message caption is too long"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("answerCallbackQuery", {"callback_query_id": "1", "cache_time": -1}, "cache_time must not be negative"),
        ("sendChatAction", {"chat_id": 1, "action": "sleeping"}, "wrong parameter action in request specified"),
        ("setWebhook", {"url": "https://a.b", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ("setWebhook", {"url": "https://a.b", "secret_token": "a" * 257}, "secret token is too long"),
        ("setWebhook", {"url": "http://a.b"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ("setWebhook", {"url": "https://a.b", "max_connections": 101}, "max_connections must be 1 to 100"),
        ("getUpdates", {"allowed_updates": ["mesage"]}, "allowed_updates names a type that there is not"),
        ("getUpdates", {"limit": 101}, "limit must be 1 to 100 and timeout not negative"),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyDescription", {"language_code": "zh-hans"}, "invalid language code specified"),
        ("deleteMessages", {"chat_id": 1, "message_ids": []}, "message_ids must name 1 to 100 messages"),
        ("editMessageText", {"chat_id": 1, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": 1, "message_id": 1}, "message text is empty"),
    ],
)
def test_refuses_with_the_official_words(method: str, given: Json, words: str) -> None:
    assert said(method, **given) == words


@pytest.mark.parametrize(
    "entity", [{"offset": -1}, {"length": 0}, {"length": 3}, {"type": "big"}, {"type": "text_link"}]
)
def test_refuses_an_entity_that_does_not_fit_its_text(entity: Json) -> None:
    assert sending(text="𠮷", entities=[{"type": "bold", "offset": 0, "length": 2}]) == ""
    assert sending(text="𠮷", entities=[{"type": "bold", "offset": 0, "length": 2, **entity}])


def test_counts_a_text_without_its_marks() -> None:
    assert sending(text=f"<b>{'x' * 4096}</b>", parse_mode="HTML") == ""


def test_reads_html_into_text_and_entities() -> None:
    text, entities = parse_html('𠮷<b>a<i>b</i></b> &lt;3 &amp; <a href="https://a.b/?c=1&amp;d=2">d</a>')

    assert text == "𠮷ab <3 & d"
    assert length(text) == 11
    assert entities == [
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
        {"type": "text_link", "url": "https://a.b/?c=1&d=2", "offset": 10, "length": 1},
    ]


@pytest.mark.parametrize(
    "source", ["<b>a", "a</b>", "<b>a<i>b</b></i>", "<h1>a</h1>", "a < b", "<a>b</a>", "<span>a</span>"]
)
def test_refuses_html_that_telegram_cannot_read(source: str) -> None:
    assert sending(text=source, parse_mode="HTML").startswith("can't parse entities: ")


def test_refuses_an_upload_that_nothing_refers_to_and_a_reference_to_nothing() -> None:
    with pytest.raises(Refused, match="no parameter refers to the uploaded file"):
        check("sendMessage", Given({"chat_id": "1", "text": "x"}, {"extra": Upload("a", "text/plain", b"x")}))
    with pytest.raises(Refused, match="no file is attached"):
        check("sendDocument", Given({"chat_id": "1", "document": "attach://a"}))
    with pytest.raises(Refused, match="can't parse reply markup JSON object"):
        check("sendMessage", Given({"chat_id": "1", "text": "x", "reply_markup": json.dumps(BUTTON)[1:]}))
