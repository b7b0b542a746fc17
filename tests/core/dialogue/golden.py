"""Golden transcripts: what a person says (``>``) and what comes back (``<``), for every front end to replay.

The first line of a transcript names form and language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

TRANSCRIPTS: Final = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation: the form and language, what comes first, and each line said with what comes back."""

    form: str
    language: str
    opening: Sequence[str]
    turns: Sequence[tuple[str, Sequence[str]]] = field(default_factory=tuple)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a transcript."""
        first, *lines = path.read_text(encoding="utf-8").splitlines()
        form, language = first.removeprefix("# ").split()
        blocks = list(_blocks(lines))
        return cls(form, language, blocks[0][1], tuple(blocks[1:]))

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the file after the first."""
        told = [f"< {line}" for line in self.opening]
        for said, answers in self.turns:
            told += [f"> {said}", *(f"< {answer}" for answer in answers)]
        return told


def _blocks(lines: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what was said (nothing, at the beginning) with the lines that came back."""
    said, told = "", list[str]()
    for line in lines:
        if line.startswith("> "):
            yield said, told
            said, told = line.removeprefix("> "), []
        else:
            told.append(line.removeprefix("< "))
    yield said, told
