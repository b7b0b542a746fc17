"""Conversations as the platform delivers them: ready-made requests, one for each message that somebody types."""

import json
from collections.abc import Sequence
from typing import Final

from bench.reports import FACTS
from bots.informant.texts import texts

PATH: Final = "/telegram/informant"
SILENT_PATH: Final = "/telegram/silent"
"""Where the reference that stores nothing takes an update and says nothing."""

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_FIRST_CHAT: Final = 1_000_000
_T: Final = texts("zh_CN")
_OPENING: Final = (_T("word.report").split("|")[0], _T("notice.begin"), "是", "某个单位的一位干部", "芦汀乡")
_DETAILS: Final = ("分管审批的副主任", "M6", "1")
_ENDING: Final = (
    "十月中旬",
    "办事大厅二楼",
    "1",
    FACTS,
    _T("question.done"),
    _T("question.skip"),
    "不留",
    "可以",
    _T("review.submit"),
)
Conversation = Sequence[bytes]


def words(number: int) -> tuple[str, ...]:
    """Return what the person of conversation ``number`` types, from the first word to the confirmation."""
    return (*_OPENING, *_DETAILS, f"第 {number} 号：办事要先给好处", *_ENDING)


LENGTH: Final = len(words(0))
"""Updates of one conversation."""


def chat_of(number: int) -> int:
    """Return the chat of a conversation: each has one of its own."""
    return _FIRST_CHAT + number


def number_of(chat: int) -> int:
    """Return the number of the conversation that was held in a chat."""
    return chat - _FIRST_CHAT


def prepared(numbers: range, *, secret: str, path: str = PATH) -> Sequence[Conversation]:
    """Return the deliveries of each conversation, with the secret that shows that the platform sends them."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_SECRET_HEADER}: {secret}\r\nContent-Type: application/json\r\n"
    )
    return [
        [_delivery(head, number, place, text) for place, text in enumerate(words(number), start=1)]
        for number in numbers
    ]


def _delivery(head: str, number: int, place: int, text: str) -> bytes:
    chat = chat_of(number)
    message = {
        "message_id": 2 * place,
        "from": {"id": chat, "is_bot": False, "first_name": "甲", "language_code": "zh-hans"},
        "chat": {"id": chat, "first_name": "甲", "type": "private"},
        "date": 1_790_000_000,
        "text": text,
    }
    update = {"update_id": number * 100 + place, "message": message}
    body = json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
