"""A chat as a telephone shows it, drawn from what the peer says is to be seen there."""

from html import escape
from typing import Final

from tests.peer.transcript import Shown

_STYLE: Final = """
:root { color-scheme: light; }
body { margin: 0; font: 15px/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  background: #dfe6ea; }
header { background: #fff; padding: 10px 16px; font-weight: 600; border-bottom: 1px solid #cdd5da; }
main { display: flex; flex-direction: column; gap: 8px; padding: 12px; }
article { max-width: 84%; align-self: flex-start; }
article.own { align-self: flex-end; }
p { margin: 0; padding: 8px 12px; background: #fff; border-radius: 12px; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.own p { background: #d7f0d0; }
.row { display: flex; gap: 4px; margin-top: 4px; }
.row span { flex: 1; padding: 7px 8px; border-radius: 8px; background: #5b7a8c; color: #fff; text-align: center; }
"""


def page(title: str, messages: list[Shown], language: str) -> str:
    """Return the page that shows ``messages`` from above to below."""
    said = "\n".join(map(_bubble, messages))
    head = f"<meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    code = language.replace("_", "-")
    return f"<!doctype html><html lang={code}>{head}<header>{escape(title)}</header><main>{said}</main></html>"


def _bubble(message: Shown) -> str:
    rows = "".join(f"<div class=row>{''.join(map(_button, row))}</div>" for row in message.buttons)
    text = _marked(message) or escape(message.file.name if message.file else "")
    return f"<article{'' if message.from_bot else ' class=own'}><p>{text}</p>{rows}</article>"


def _marked(message: Shown) -> str:
    """Return the text with what stands out; the platform counts in units of UTF-16, and so is cut here."""
    units = message.text.encode("utf-16-le")
    marks = [one for one in message.raw["content"].get("entities", []) if one["type"] in {"bold", "code"}]
    found, place = "", 0
    for mark in marks:
        start, end = 2 * mark["offset"], 2 * (mark["offset"] + mark["length"])
        found += f"{_text(units[place:start])}<b>{_text(units[start:end])}</b>"
        place = end
    return found + _text(units[place:])


def _text(units: bytes) -> str:
    return escape(units.decode("utf-16-le"))


def _button(label: str) -> str:
    return f"<span>{escape(label)}</span>"
