"""What is delivered to a bot: updates that are valid, of conversations that do not touch each other."""

from collections.abc import Mapping

from aiogram.types import Update

from bench.conversations import LENGTH, chat_of, number_of, prepared, words
from bench.reports import number_in


def parts_of(delivery: bytes) -> tuple[Mapping[str, str], Update]:
    head, _, body = delivery.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    return headers, Update.model_validate_json(body)


def test_a_conversation_is_what_its_person_types_in_their_own_chat() -> None:
    (conversation,) = prepared(range(7, 8), secret="s")
    messages = [parts_of(delivery)[1].message for delivery in conversation]
    assert [message.text for message in messages if message] == list(words(7))
    assert {message.chat.id for message in messages if message} == {chat_of(7)}
    assert len(conversation) == LENGTH


def test_a_delivery_shows_the_secret_and_says_how_long_it_is() -> None:
    for delivery in prepared(range(1), secret="s3cret")[0]:
        headers, _ = parts_of(delivery)
        assert headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        assert int(headers["Content-Length"]) == len(delivery.partition(b"\r\n\r\n")[2])


def test_no_update_and_no_chat_is_met_twice() -> None:
    told = prepared(range(50), secret="s")
    updates = [parts_of(delivery)[1].update_id for conversation in told for delivery in conversation]
    assert len(set(updates)) == len(updates) == 50 * LENGTH
    assert [number_of(chat_of(number)) for number in range(50)] == list(range(50))


def test_a_report_is_known_by_the_number_of_its_conversation() -> None:
    assert [number_in(text) for text in words(42) if "号" in text] == [42]
