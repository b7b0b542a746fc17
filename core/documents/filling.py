"""A template and its fields become a .docx: every character comes out as it was given, and none may be missing.

The same fields make the same bytes, so that a document need not be kept to be given out again.
"""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from core.cases.items.fitting import clean
from core.documents.layout import stamp

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_BRACES: Final = {"{": Markup("&#123;"), "}": Markup("&#125;")}
"""In text the library takes some sequences with braces for its own."""


def lines(text: str) -> list[str]:
    """Return the lines of a text, each to be a paragraph; empty ones are left out, and so is space around one."""
    return [line.strip() for line in clean(text, lines=True).split("\n") if line.strip()]


def fill(template: bytes, fields: Mapping[str, Any], *, on: date) -> bytes:
    """Return the document of a template; ``on`` is the day that it bears.

    Control characters, which no document can hold, are left out, and so are marks that hide or turn text. Raises
    `jinja2.UndefinedError` for a field that is missing.
    """
    document = DocxTemplate(BytesIO(template))
    environment = Environment(undefined=StrictUndefined, finalize=_as_given, autoescape=True)
    document.render(dict(fields), environment, autoescape=True)
    stamp(document.docx, on)
    made = BytesIO()
    document.save(made)
    return _settled(made.getvalue())


def _as_given(value: object) -> Markup:
    """Return a value as it stands in XML; one that spans lines is set in one."""
    text = " ".join(lines(str(value)))
    return Markup("").join(_BRACES.get(character, escape(character)) for character in text)


def _settled(archive: bytes) -> bytes:
    """Return the archive without the times at which its parts were written."""
    made = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name), source.read(name), ZIP_DEFLATED)
    return made.getvalue()
