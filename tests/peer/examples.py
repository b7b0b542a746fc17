"""Valid requests for every method, made from the description: together they use every parameter and every field."""

from collections.abc import Iterable, Mapping
from itertools import chain

from tests.peer.checking import Upload
from tests.peer.description import METHODS, SUBTYPES, TYPES, Field, Json, item, tag

PERSON = 5_000_000_001
IMAGE = Upload("a.png", "image/png", b"\x89PNG\r\n\x1a\n picture")
_NAMED: Mapping[str, object] = {
    "action": "typing",
    "allowed_updates": ["message"],
    "chat_id": PERSON,
    "cache_time": 1,
    "command": "start",
    "force_reply": True,
    "language_code": "zh",
    "length": 1,
    "limit": 1,
    "max_connections": 1,
    "message_id": 1,
    "offset": 0,
    "parse_mode": "HTML",
    "pay": True,
    "quote_parse_mode": "HTML",
    "remove_keyboard": True,
    "style": "primary",
    "thumbnail": IMAGE,
    "timeout": 0,
    "url": "https://example.org/",
}
_TYPED: Mapping[str, str] = {"MessageEntity": "bold", "KeyboardButtonPollType": "regular"}
_ALTERNATIVES: Mapping[str, frozenset[str]] = {  # fields of which an object has one at most
    "InlineKeyboardButton": frozenset(TYPES["InlineKeyboardButton"]) - {"text", "icon_custom_emoji_id", "style"},
    "KeyboardButton": frozenset(TYPES["KeyboardButton"]) - {"text", "icon_custom_emoji_id", "style"},
}
_LEFT_OUT: Mapping[str, tuple[set[str], ...]] = {  # parameters that exclude each other: which to leave out, in turn
    "sendMessage": ({"parse_mode"}, {"entities"}),
    "sendDocument": ({"parse_mode", "thumbnail"}, {"caption_entities"}),
    "sendPhoto": ({"parse_mode"}, {"caption_entities"}),
    "editMessageText": (
        {"parse_mode", "inline_message_id", "rich_message"},
        {"entities", "inline_message_id", "rich_message"},
        {"chat_id", "message_id", "rich_message", "parse_mode"},
        {"chat_id", "message_id", "text", "parse_mode"},
    ),
    "editMessageReplyMarkup": ({"inline_message_id"}, {"chat_id", "message_id"}),
}


def requests(method: str) -> list[Json]:
    """Return valid requests that together use every parameter, every alternative and every field."""
    choices = {name: _values(name, wanted) for name, wanted in METHODS[method].items()}
    left_out = _LEFT_OUT.get(method, (set[str](),))
    count = max(len(left_out), *(len(values) for values in choices.values()), 1) if choices else 1
    return [
        {name: values[i % len(values)] for name, values in choices.items() if name not in left_out[i % len(left_out)]}
        for i in range(count)
    ]


def _values(name: str, wanted: Field) -> list[object]:
    if name in _NAMED:
        return [_NAMED[name]]
    kinds = sorted(wanted.types, key="InputFile".__eq__)  # uploads last: most requests then need no multipart body
    return list(chain.from_iterable(_of_kind(kind, wanted) for kind in kinds))


def _of_kind(kind: str, wanted: Field) -> Iterable[object]:
    if (inner := item(kind)) is not None:
        return [list(_of_kind(inner, wanted))]
    plain: Mapping[str, object] = {"String": "x", "Integer": 7, "Float": 1.5, "Boolean": True, "InputFile": IMAGE}
    return [plain[kind]] if kind in plain else _objects(kind)


def _objects(kind: str, base: str = "") -> list[Json]:
    if kind in SUBTYPES:
        return list(chain.from_iterable(_objects(each, kind) for each in SUBTYPES[kind]))
    fixed = {"type": _TYPED.get(kind) or tag(base, kind)} if "type" in TYPES[kind] else {}
    one_of = _ALTERNATIVES.get(kind, frozenset())
    common = {name: _values(name, each)[0] for name, each in TYPES[kind].items() if name not in one_of} | fixed
    if not one_of:
        return [common]
    return [{**common, name: _values(name, TYPES[kind][name])[0]} for name in sorted(one_of)]
