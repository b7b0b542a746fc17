"""Sets the main documents with LibreOffice, measures the pages, and keeps pictures of them for the docs.

``make papers`` runs it, where ``soffice`` is installed. The typefaces of the standard are seldom there: others stand in
for them, which changes no measure.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Final

import pypdfium2
from PIL import Image

from core.documents import WrittenBook, WrittenMinutes, layout, served
from tests.core.documents.samples import INQUIRY, a_document, a_record_book, heads_minutes

FOLDER: Final = Path(__file__).parents[3] / "docs" / "pictures"
SHOWN: Final = ("letter", "talk_reminder", "admonition", "suspension", "demotion")
SET: Final = (*SHOWN, "talk_important", "restore_post", "removal", INQUIRY)
STATIONS: Final[Mapping[str, Callable[[], WrittenBook | WrittenMinutes]]] = {
    "record_book": a_record_book,
    "heads_minutes": heads_minutes,
}
LARGEST: Final = 60 * 1024
MILLIMETRE: Final = 72 / 25.4
_GAP: Final = 12
_SLACK: Final = 2.5  # points
_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<alias binding="same"><family>仿宋</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>方正小标宋简体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>"""


def main() -> None:
    """Set every document, require the measures of each page, and save the pictures of the main ones."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        for form in SET:
            (folder / f"{form}.docx").write_bytes(served(a_document(form))[1])
        for form, made in STATIONS.items():
            (folder / f"{form}.docx").write_bytes(made().as_docx())
        _set(folder)
        steps: list[float] = []
        for form in (*SET, *STATIONS):
            document = pypdfium2.PdfDocument(folder / f"{form}.pdf")
            steps += [step for page in document for step in _measured(page)]
            if form in (*SHOWN, *STATIONS):
                _save(document, FOLDER / f"document.{form}.png")
            document.close()
    plain = [step for step in steps if step < layout.LINE.pt + _SLACK]
    assert min(plain) > layout.LINE.pt - _SLACK, plain  # a single one differs with its typeface
    assert abs(mean(plain) - layout.LINE.pt) < _SLACK / 10, plain
    print(f"{len(SET) + len(STATIONS)} documents set; {len(plain)} lines, {mean(plain):.2f} pt apart")  # noqa: T201 - a script says so


def _set(folder: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("LibreOffice is needed: sudo apt-get install --no-install-recommends libreoffice-writer")
    (folder / "fonts.conf").write_text(_FONTS)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(  # noqa: S603 - the program that was found, and files of our own
        [*command, *map(str, sorted(folder.glob("*.docx")))],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )


def _measured(page: pypdfium2.PdfPage) -> list[float]:
    """Return the distances between the lines of a page, which are at most 22 and lie in the type area."""
    width, height = page.get_size()
    assert (round(width / MILLIMETRE), round(height / MILLIMETRE)) == (210, 297)
    rows = sorted({round(bottom, 1) for left, bottom, right, _ in _letters(page, height)}, reverse=True)
    starts = [row for place, row in enumerate(rows) if place == 0 or rows[place - 1] - row > layout.LINE.pt / 2]
    steps = [before - after for before, after in pairwise(starts)]
    assert len(starts) <= layout.LINES
    return steps


def _letters(page: pypdfium2.PdfPage, height: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield the boxes of the characters in the type area, which begin and end within its width."""
    text = page.get_textpage()
    for place in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(place, loose=True)
        is_inside = height - layout.TOP.pt + 1 >= top and bottom >= layout.BOTTOM.pt - 6
        if is_inside and text.get_text_range(place, 1).strip():
            assert left >= layout.BINDING.pt - 1, left
            assert right <= page.get_width() - layout.RIGHT.pt + 16, right  # a mark at the end of a line hangs
            yield left, bottom, right, top


def _save(document: pypdfium2.PdfDocument, path: Path) -> None:
    """Save the pages side by side, in few colours."""
    pages = [page.render(scale=0.7).to_pil() for page in document]
    width = sum(page.width + _GAP for page in pages) + _GAP
    picture = Image.new("RGB", (width, pages[0].height + 2 * _GAP), "#d0d0d0")
    at = _GAP
    for page in pages:
        picture.paste(page, (at, _GAP))
        at += page.width + _GAP
    picture.quantize(32).save(path, optimize=True)
    assert path.stat().st_size < LARGEST, path


if __name__ == "__main__":
    main()
