"""Turns text with ``parse_mode`` HTML into plain text and entities, as strictly as the official server."""

import html
import re
from dataclasses import dataclass, field

from tests.peer.description import METHODS, Json, Refused

_TOKENS = re.compile(r"<(?P<tag>[^>]*)>?|&(?P<name>#?[a-zA-Z0-9]+);|(?P<text>[^<&]+|&)")
_TAG = re.compile(r"(?P<close>/?)(?P<name>[a-z-]+)(?P<rest>\s[^>]*)?", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"']+)""", re.IGNORECASE)
_PLAIN = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_LONGEST = {
    "text": METHODS["sendMessage"]["text"].max or 0,
    "caption": METHODS["sendDocument"]["caption"].max or 0,
}
_NAMED = frozenset({"lt", "gt", "amp", "quot"})


def length(text: str) -> int:
    """Return the length in the unit of Telegram, UTF-16 code units."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def read_text(given: Json) -> Json:
    """Return the text of a message and its entities; raises ``Refused``."""
    text, entities = _read(given, "text", "entities", "message is too long")
    if not text.strip():
        raise Refused("message text is empty")
    return {"text": text, **({"entities": entities} if entities else {})}


def read_caption(given: Json) -> Json:
    """Return the caption of a message and its entities; raises ``Refused``."""
    text, entities = _read(given, "caption", "caption_entities", "message caption is too long")
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


def _read(given: Json, name: str, marked: str, too_long: str) -> tuple[str, list[Json]]:
    text, mode = given.get(name, ""), str(given.get("parse_mode", "")).lower()
    entities: list[Json] = given.get(marked, [])
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        raise Refused("this peer reads no parse mode but HTML", 501, kind="unserved")
    size = length(text)
    if size > _LONGEST[name]:
        raise Refused(too_long)
    if any(entity["offset"] + entity["length"] > size for entity in entities):
        raise Refused("an entity lies outside the text")
    return text, entities


@dataclass(slots=True)
class _Parsing:
    text: str = ""
    size: int = 0
    entities: list[Json] = field(default_factory=list)
    still_open: list[tuple[str, int, Json]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.text += text
        self.size += length(text)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the text without marks, and its entities; raises ``Refused``."""
    parsing = _Parsing()
    for token in _TOKENS.finditer(source):
        if token["text"] is not None:
            parsing.add(token["text"])
        elif token["name"] is not None:
            known = token["name"] in _NAMED or token["name"].startswith("#")
            parsing.add(html.unescape(token[0]) if known else token[0])
        else:
            _mark(parsing, token["tag"], token.start())
    if parsing.still_open:
        raise Refused(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{parsing.still_open[-1][0]}\""
        )
    return parsing.text, sorted(parsing.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _mark(parsing: _Parsing, tag: str, at: int) -> None:
    found = _TAG.fullmatch(tag)
    if found is None:
        raise Refused(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {at}')
    name = found["name"].lower()
    if not found["close"]:
        parsing.still_open.append((name, parsing.size, _begin(name, found["rest"] or "", at)))
        return
    if not parsing.still_open or parsing.still_open[-1][0] != name:
        raise Refused(f"can't parse entities: Unexpected end tag at byte offset {at}")
    _, begin, entity = parsing.still_open.pop()
    if parsing.size > begin:
        parsing.entities.append({**entity, "offset": begin, "length": parsing.size - begin})


def _begin(name: str, rest: str, at: int) -> Json:
    attributes = {key.lower(): html.unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(rest)}
    if name == "a" and attributes.get("href"):
        return {"type": "text_link", "url": attributes["href"]}
    if name == "span" and attributes.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if name in _PLAIN:
        return {"type": _PLAIN[name]}
    raise Refused(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')
