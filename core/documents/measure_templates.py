"""The templates of what is served: the reminder letter, decisions under a red head, and the record of a talk."""

from functools import cache
from typing import Final

from docx.document import Document as Docx
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from core.documents import layout
from core.documents.layout import add, rule
from core.documents.templates import each, each_section, letter_page, saved, sign

_WIDTH: Final = Mm(156)


@cache
def letter() -> bytes:
    """Return the template of a letter in sections (10.1)."""
    document = letter_page()
    each_section(document)
    _close(document)
    sign(document)
    return saved(document)


@cache
def decision() -> bytes:
    """Return the template of a decision (7.2, 7.3): the mark 35 mm below the edge, a red line, and the imprint."""
    document = layout.blank()
    add(document, "{{ issuer }}", layout.MARK).paragraph_format.space_before = Mm(35)
    add(document, "", layout.ADDRESSEE)
    number = add(document, "{{ number }}", layout.ADDRESSEE)
    number.paragraph_format.alignment = document.styles[layout.MARK].paragraph_format.alignment
    rule(number, "bottom", "single", space=Mm(4), size=12)
    add(document, "{{ title }}", layout.TITLE)
    add(document, "{{ addressee }}", layout.ADDRESSEE)
    each_section(document)
    _close(document)
    sign(document)
    _imprint(document)
    return saved(document)


@cache
def record() -> bytes:
    """Return the template of the record of a talk, which ends with the places for signatures."""
    document = layout.blank()
    add(document, "{{ title }}", layout.TITLE)
    add(document, "{%p for line in particulars %}", layout.ADDRESSEE)
    label = add(document, "", layout.ADDRESSEE).add_run("{{ line.label }}")
    layout.set_type(label, layout.BLACK)
    document.paragraphs[-1].add_run("{{ line.names }}")
    add(document, "{%p endfor %}", layout.ADDRESSEE)
    each_section(document)
    _close(document)
    each(document, "signatures", layout.ADDRESSEE)
    for place in document.paragraphs[-3:]:
        place.paragraph_format.space_before = Pt(14)
        place.paragraph_format.keep_with_next = True
    return saved(document)


def _close(document: Docx) -> None:
    """Add the last sentence, which stays with what follows it: no page bears a signature alone (7.3.5)."""
    add(document, "{{ closing }}", layout.TEXT).paragraph_format.keep_with_next = True


def _imprint(document: Docx) -> None:
    """Put who printed it, and when, at the foot of the last page (7.4): between two lines, in size 4."""
    paragraph = add(document, "", layout.ADDRESSEE)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(14)
    form.tab_stops.add_tab_stop(Mm(156) - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
    run = paragraph.add_run("{{ issuer }}\t{{ printed }}")
    run.font.size = Pt(14)
    _frame(paragraph)


def _frame(paragraph: Paragraph) -> None:
    """Hold a paragraph at the foot of the type area, between two black lines."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no call for frames and borders
    frame, borders = OxmlElement("w:framePr"), OxmlElement("w:pBdr")
    place = {"w": str(_WIDTH.twips), "hRule": "auto", "hAnchor": "margin", "vAnchor": "margin"}
    for name, value in {**place, "xAlign": "left", "yAlign": "bottom", "wrap": "notBeside"}.items():
        frame.set(qn(f"w:{name}"), value)
    for edge in ("top", "bottom"):
        line = OxmlElement(f"w:{edge}")
        for name, value in {"val": "single", "sz": "8", "space": "1", "color": "000000"}.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.insert_element_before(
        frame, "w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind"
    )
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
