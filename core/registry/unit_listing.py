"""PURE: from lines of cells to the entries of a list of units, each fault named with what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from core.registry.columns import Headings, Row, split_off
from core.registry.kinds import CODE, UnitKind
from core.registry.reports import Note
from core.registry.spreadsheets import Line
from core.texts import LANGUAGES, translator

HEADINGS: Final[Headings] = MappingProxyType(
    {
        "code": ("编号", "code"),
        "kind": ("类别", "kind"),
        "under": ("上级", "under"),
        "name": ("名称", "name"),
        "name_en": ("英文名", "name_en"),
    }
)
"""The columns of a list of units."""

_WORDS: Final = (Path(__file__).parent / "locale",)


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What a row says about a unit; where it has ``notes``, that is not to be used.

    ``under`` is the code of the unit above, empty at the top. An empty ``name_en`` says nothing.
    """

    row: int
    code: str
    kind: UnitKind
    under: str
    name: str
    name_en: str
    notes: tuple[Note, ...] = ()


def read_units(lines: Sequence[Line]) -> list[UnitEntry]:
    """Return what each row below the headings says; raises `Invalid` as `core.registry.columns.split_off`."""
    columns, rows = split_off(lines, HEADINGS)
    return [_Row(line, columns).read() for line in rows]


@cache
def _kinds() -> Mapping[str, UnitKind]:
    """Return the kinds by what they may be called: the identifier, or the word of a catalogue, in lower case."""
    words = {str(kind): kind for kind in UnitKind}
    for translate in (translator(language, _WORDS) for language in LANGUAGES):
        words |= {translate(f"registry.unit_kind.{kind}").lower(): kind for kind in UnitKind}
    return MappingProxyType(words)


class _Row(Row):
    """Reads the cells of one line."""

    def read(self) -> UnitEntry:
        code, kind, under = self._code(), self._kind(), self.text("under", 64, needed=False).lower()
        name, name_en = self.text("name", 200), self.text("name_en", 200, needed=False)
        return UnitEntry(self.number, code, kind, under, name, name_en, tuple(self.notes))

    def _code(self) -> str:
        code = self.text("code", 64).lower()
        if code and not CODE.fullmatch(code):
            self.note("code_malformed", "code")
        return code

    def _kind(self) -> UnitKind:
        word = self.text("kind", 64)
        kind = _kinds().get(word.lower())
        if word and kind is None:
            self.note("unknown_kind", "kind")
        return kind or UnitKind.DISTRICT_DEPARTMENT  # not used: the row has a note
