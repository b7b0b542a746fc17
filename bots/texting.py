"""Messages as they go out: plain text with a part that stands out, and buttons. Pure."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, TypeVar

from core.dialogue.form import folded

LIMIT: Final = 4096
"""Units of UTF-16 in one message: the Bot API allows as many characters, and counts in these (sendMessage)."""

_VERSION: Final = "1"
_CODE_BYTES: Final = 6

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: what it says, what it does, and to what."""

    label: str
    action: str
    arg: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message; ``bold`` is the part of ``text`` that stands out, ``code`` the part that a touch copies."""

    text: str = field(repr=False)
    bold: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """What a chat shows at a place: messages, and buttons under the last one.

    ``here`` is a code of the place; a button is known by it and by what it does, so that one of another place, of
    another report or of an older version is told from it. ``hidden`` are buttons of pages that are not shown.
    """

    here: str
    messages: tuple[Message, ...]
    rows: Rows = ()
    hidden: tuple[Button, ...] = ()

    @property
    def buttons(self) -> Iterator[Button]:
        """Every button that works here."""
        for row in self.rows:
            yield from row
        yield from self.hidden

    def data(self, button: Button) -> str:
        """Return what the platform sends back when the button is pressed: 19 bytes that say nothing by themselves."""
        return f"{_VERSION}.{self.here}.{short_code(button.action, button.arg)}"

    def pressed(self, data: str) -> Button | None:
        """Return the button that was pressed, if it is one of this place."""
        return next((button for button in self.buttons if self.data(button) == data), None)

    def typed(self, text: str) -> Button | None:
        """Return the button whose words were typed; a choice of a form is for its dialogue to find."""
        wanted = plain(text)
        return next((one for one in self.buttons if one.action != "option" and wanted == plain(one.label) != ""), None)


def plain(label: str) -> str:
    """Return the words of a button as they are compared with what was typed."""
    return folded(label).strip("‹›")


def short_code(*parts: str) -> str:
    """Return eight characters for ``parts``."""
    digest = blake2b("\0".join(parts).encode(), digest_size=_CODE_BYTES).digest()
    return urlsafe_b64encode(digest).decode()


def column(*buttons: Button | None) -> Rows:
    """Return one button a row, leaving out what is ``None``."""
    return tuple((button,) for button in buttons if button is not None)


def chunked(things: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield ``things`` in order, ``size`` at a time."""
    for start in range(0, len(things), size):
        yield tuple(things[start : start + size])


def units(text: str) -> int:
    """Return how long the platform finds ``text``: it counts units of UTF-16, of which an emoji has two."""
    return len(text.encode("utf-16-le")) // 2


def paged(lines: Sequence[str], *, limit: int = LIMIT) -> list[str]:
    """Return ``lines`` as texts of at most ``limit`` units; a longer line is cut, and nothing but blanks left out.

    No text is blank, since the platform sends none, unless all is.
    """
    texts, length = [""], 0
    for piece in (piece for line in lines for piece in _cut(line, limit)):
        size = units(piece)
        if not texts[-1]:
            texts[-1], length = piece, size
        elif length + 1 + size <= limit:
            texts[-1], length = f"{texts[-1]}\n{piece}", length + 1 + size
        else:
            texts.append(piece)
            length = size
    return [text for text in texts if text.strip()] or [""]


def _cut(line: str, limit: int) -> Iterator[str]:
    width = limit if 2 * len(line) <= limit or units(line) == len(line) else limit // 2
    for start in range(0, max(len(line), 1), width):
        yield line[start : start + width]
