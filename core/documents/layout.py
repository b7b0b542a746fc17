"""The page of an official document by GB/T 9704-2012: its margins, type and lines, and the styles of what stands on it.

Sizes have names in Chinese print: 2号 is 22 points, 3号 is 16, 4号 is 14. A page has 22 lines of 28 characters of 3号.
"""

from datetime import UTC, date, datetime, time
from typing import Final

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TOP, BINDING, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
"""Margins that leave a type area of 156 by 225 mm on A4 (5.2.1)."""

LINES: Final = 22
LINE: Final = Pt(28.95)
"""225 mm divided by 22 lines, in whole twentieths of a point."""

_CHARACTER: Final = 15.75  # points, of which 28 fit into a line of 156 mm (5.2.3)
_NUMBER_2, _NUMBER_3, _NUMBER_4 = Pt(22), Pt(16), Pt(14)
_READER: Final = Pt(7.5)
_READER_LINE: Final = Mm(5)
_TITLE, _BODY, BLACK, _PAGE = "方正小标宋简体", "仿宋", "黑体", "宋体"
_RED: Final = RGBColor(0xE6, 0x00, 0x12)
_GREY: Final = RGBColor(0x59, 0x59, 0x59)
_TWO_CHARACTERS: Final = 200  # hundredths of a character

MARK, NUMBER, TITLE, ADDRESSEE = "GB Mark", "GB Number", "GB Title", "GB Addressee"
TEXT, HEADING, SIGNATURE, ATTENDANCE = "GB Text", "GB Heading", "GB Signature", "GB Attendance"


def blank() -> Docx:
    """Return a document with the standard's page and styles, with page numbers and nothing else."""
    document = Document()
    for name in ("author", "comments", "keywords", "last_modified_by", "subject", "title"):
        setattr(document.core_properties, name, "")
    _drop_thumbnail(document)
    _set_page(document)
    _set_normal(document)
    _add_styles(document)
    _add_page_numbers(document)
    return document


def stamp(document: Docx, on: date) -> None:
    """Date a document's properties with the day that it bears, and not with the moment at which the file was made."""
    properties = document.core_properties
    properties.created = properties.modified = datetime.combine(on, time(), UTC)


def add(document: Docx, text: str, style: str) -> Paragraph:
    """Add a paragraph and return it."""
    return document.add_paragraph(text, style)


def rule(
    paragraph: Paragraph, edge: str, line: str, *, space: Length, size: int, overhang: Length | None = None
) -> None:
    """Draw a red line along the ``top`` or ``bottom`` of a paragraph; with ``overhang``, out into both margins.

    ``line`` is a kind of WordprocessingML, ``size`` in eighths of a point, ``space`` lies between text and line.
    """
    borders, border = OxmlElement("w:pBdr"), OxmlElement(f"w:{edge}")
    values = {"val": line, "sz": str(size), "space": str(round(space.pt)), "color": str(_RED)}
    for name, value in values.items():
        border.set(qn(f"w:{name}"), value)
    borders.append(border)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no call for borders
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )
    if overhang is not None:
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Length(-overhang)


def name_reader(paragraph: Paragraph) -> None:
    """Let a line of a footer name who took the document out; it is as high as the space between number and edge."""
    form = paragraph.paragraph_format
    form.alignment, form.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, _READER_LINE
    run = paragraph.add_run("{{ taken_out }}")
    run.font.size, run.font.color.rgb = _READER, _GREY
    set_type(run, _PAGE)


def set_type(target: Run | ParagraphStyle, font: str) -> None:
    """Set a run or a style in a typeface, for Chinese and for all else."""
    target.font.name = font
    target.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _drop_thumbnail(document: Docx) -> None:
    """Leave out the picture of an empty page that the library brings with it."""
    relations = document.part.package.rels
    for name in [name for name, each in relations.items() if each.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[name]


def _set_page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = BINDING, RIGHT
    section.footer_distance = Mm(20)
    document.settings.odd_and_even_pages_header_footer = True
    grid = _only(section._sectPr, "w:docGrid")  # noqa: SLF001 - python-docx has no call for the grid
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE.twips))


def _set_normal(document: Docx) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101 - it is one in every document
    set_type(normal, _BODY)
    normal.font.size = _NUMBER_3
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = LINE
    form.widow_control = False
    _set_closer(normal)
    language = _only(normal.element.get_or_add_rPr(), "w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _set_closer(normal: ParagraphStyle) -> None:
    """Set characters a little closer, so that a line holds 28; a grid of characters is not read alike everywhere."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round((_CHARACTER - _NUMBER_3.pt) * 20)))
    normal.element.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")


def _add_styles(document: Docx) -> None:
    mark = _style(document, MARK, _TITLE, Pt(32), WD_ALIGN_PARAGRAPH.CENTER)
    mark.font.color.rgb = _RED
    mark.paragraph_format.line_spacing = Pt(40)
    _style(document, NUMBER, _BODY, _NUMBER_3, WD_ALIGN_PARAGRAPH.RIGHT)
    title = _style(document, TITLE, _TITLE, _NUMBER_2, WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Length(2 * LINE), LINE
    _style(document, ADDRESSEE, _BODY, _NUMBER_3, WD_ALIGN_PARAGRAPH.LEFT)
    _indent(_style(document, TEXT, _BODY, _NUMBER_3, WD_ALIGN_PARAGRAPH.JUSTIFY))
    heading = _style(document, HEADING, BLACK, _NUMBER_3, WD_ALIGN_PARAGRAPH.LEFT)
    _indent(heading)
    heading.paragraph_format.keep_with_next = True
    # centred over each other, the date four characters from the right, with room for the seal (7.3.5.1)
    signature = _style(document, SIGNATURE, _BODY, _NUMBER_3, WD_ALIGN_PARAGRAPH.CENTER)
    signature.paragraph_format.left_indent = Pt(210)
    signature.paragraph_format.keep_together = True
    attendance = _style(document, ATTENDANCE, _BODY, _NUMBER_3, WD_ALIGN_PARAGRAPH.LEFT)
    attendance.paragraph_format.left_indent = Pt(5 * _CHARACTER)
    attendance.paragraph_format.first_line_indent = Pt(-3 * _CHARACTER)


def _add_page_numbers(document: Docx) -> None:
    """Number the pages below the type area, on the outer side, one character from its edge (7.5)."""
    section = document.sections[0]
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = footer.paragraphs[0]
    form = paragraph.paragraph_format
    form.alignment, form.line_spacing = side, 1.0
    form.left_indent = form.right_indent = _NUMBER_4
    for text in ("— ", "", " —"):
        run = paragraph.add_run(text)
        run.font.size = _NUMBER_4
        set_type(run, _PAGE)
        if not text:
            for kind in ("begin", "", "end"):
                _add_field(run, kind)
    name_reader(footer.add_paragraph())


def _add_field(run: Run, kind: str) -> None:
    """Add a piece of the field that shows the number of the page."""
    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.text = "PAGE"
    run._r.append(element)  # noqa: SLF001 - as above


def _style(document: Docx, name: str, font: str, size: Length, side: WD_ALIGN_PARAGRAPH) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - that kind was asked for
    style.base_style = document.styles["Normal"]
    set_type(style, font)
    style.font.size = size
    style.paragraph_format.alignment = side
    return style


def _indent(style: ParagraphStyle) -> None:
    """Begin each paragraph two characters in (7.3.3)."""
    style.paragraph_format.first_line_indent = Pt(2 * _CHARACTER)
    style.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(_TWO_CHARACTERS))


def _only(parent: BaseOxmlElement, name: str) -> BaseOxmlElement:
    """Return the child of a name, made where there is none."""
    found: BaseOxmlElement | None = parent.find(qn(name))
    if found is not None:
        return found
    made: BaseOxmlElement = OxmlElement(name)
    parent.append(made)
    return made
