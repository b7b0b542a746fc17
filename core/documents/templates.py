"""The templates of the documents, made when they are first needed: no file of a word processor is in the source."""

from functools import cache
from io import BytesIO
from typing import Final

from docx.document import Document as Docx
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from core.documents import layout
from core.documents.layout import add, rule

_OVERHANG: Final = Mm(7)  # lines of a letter are 170 mm long


@cache
def letter() -> bytes:
    """Return the template of a letter (10.1): mark and double lines on the first page, which bears no number."""
    document = letter_page()
    each(document, "paragraphs", layout.TEXT)
    sign(document)
    return saved(document)


def letter_page() -> Docx:
    """Return the page of a letter down to its addressee."""
    document = layout.blank()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(30)
    mark = section.first_page_header.paragraphs[0]
    mark.text, mark.style = "{{ issuer }}", document.styles[layout.MARK]
    rule(mark, "bottom", "thickThinSmallGap", space=Pt(11), size=18, overhang=_OVERHANG)
    layout.name_reader(section.first_page_footer.paragraphs[0])
    foot = section.first_page_footer.add_paragraph()
    foot.paragraph_format.line_spacing = Pt(1)
    rule(foot, "bottom", "thinThickSmallGap", space=Pt(0), size=18, overhang=_OVERHANG)
    add(document, "{{ number }}", layout.NUMBER).paragraph_format.space_before = Pt(14)  # 7/8 of a character
    add(document, "{{ title }}", layout.TITLE)
    add(document, "{{ addressee }}", layout.ADDRESSEE)
    return document


@cache
def minutes() -> bytes:
    """Return the template of minutes (10.3): the mark 35 mm below the upper edge of the type area, and no seal."""
    document = layout.blank()
    add(document, "{{ mark }}", layout.MARK).paragraph_format.space_before = Mm(35)
    number = add(document, "{{ number }}", layout.ADDRESSEE)
    number.paragraph_format.alignment = document.styles[layout.MARK].paragraph_format.alignment
    head = add(document, "{{ issuer }}\t{{ day }}", layout.ADDRESSEE)
    head.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    rule(head, "bottom", "single", space=Pt(11), size=12)
    add(document, "{{ title }}", layout.TITLE)
    each(document, "opening", layout.TEXT)
    each_section(document)
    add(document, "", layout.TEXT)
    add(document, "{%p for line in attendance %}", layout.ATTENDANCE)
    label = add(document, "", layout.ATTENDANCE).add_run("{{ line.label }}")
    layout.set_type(label, layout.BLACK)
    document.paragraphs[-1].add_run("{{ line.names }}")
    add(document, "{%p endfor %}", layout.ATTENDANCE)
    return saved(document)


def each_section(document: Docx) -> None:
    """Add a heading for each section, and its paragraphs."""
    add(document, "{%p for section in sections %}", layout.TEXT)
    add(document, "{{ section.heading }}", layout.HEADING)
    each(document, "section.paragraphs", layout.TEXT)
    add(document, "{%p endfor %}", layout.TEXT)


def each(document: Docx, name: str, style: str) -> None:
    """Add a paragraph for each line of a field."""
    add(document, f"{{%p for line in {name} %}}", style)
    add(document, "{{ line }}", style)
    add(document, "{%p endfor %}", style)


def sign(document: Docx) -> None:
    """Add who issues it, and the day."""
    add(document, "", layout.TEXT).paragraph_format.keep_with_next = True
    for line in ("{{ issuer }}", "{{ day }}"):
        add(document, line, layout.SIGNATURE).paragraph_format.keep_with_next = line == "{{ issuer }}"


def saved(document: Docx) -> bytes:
    """Return the template as a file."""
    made = BytesIO()
    document.save(made)
    return made.getvalue()
