"""The search: markers in all their shapes, in bytes, files, folders, open files and the cells of every table."""

import io
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import re2

from tests.leaks.forms import forms_of

CHUNK = 2**22
_DFA = 256 * 2**20


class Search:
    """Looks for ``markers`` (their content by name) and notes in ``found`` the places where each turned up.

    Compressed or encrypted bytes hide from it: what compresses (PostgreSQL's large values) is searched as cells too.
    """

    def __init__(self, markers: Mapping[str, str | bytes], *, chunk: int = CHUNK) -> None:
        self.found: dict[str, set[str]] = {name: set() for name in markers}
        self._forms = {form.lower(): name for name, content in markers.items() for form in forms_of(content).values()}
        self._overlap = max(map(len, self._forms)) - 1
        self._chunk = chunk
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.case_sensitive = False
        options.max_mem = _DFA
        self._any = re2.compile(b"|".join(map(re2.escape, self._forms)), options)

    def piece(self, content: bytes, place: str) -> None:
        """Search bytes at hand."""
        if self._any.search(content) is None:
            return
        low = content.lower()
        for form, name in self._forms.items():
            if form in low:
                self.found[name].add(place)

    def stream(self, source: IO[bytes], place: str) -> None:
        """Search a stream piece by piece; what lies across two pieces is seen."""
        before = b""
        while read := source.read(self._chunk):
            self.piece(before + read, place)
            before = (before + read)[-self._overlap :]

    def folder(self, folder: Path, place: str) -> None:
        """Search every file in and under a folder, its name included; what goes away meanwhile is left out."""
        for path in sorted(folder.rglob("*")):
            here = f"{place}/{path.relative_to(folder)}"
            self.piece(os.fsencode(path.name), here)
            if path.is_file():
                with suppress(FileNotFoundError), path.open("rb") as source:
                    self.stream(source, here)

    def cells(self, rows: Iterable[Mapping[str, Any]], place: str) -> None:
        """Search the cells of a table, as the database gives them out."""
        for row in rows:
            for column, cell in row.items():
                content = cell if isinstance(cell, bytes) else str(cell).encode()
                self.stream(io.BytesIO(content), f"{place}.{column}")

    def places_of(self, name: str, *, within: str = "") -> list[str]:
        """Return the places of a marker that begin with ``within``."""
        return sorted(place for place in self.found[name] if place.startswith(within))
