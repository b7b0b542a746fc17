"""The measures of GB/T 9704-2012, read back from finished documents."""

from dataclasses import asdict
from datetime import date

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.styles.style import ParagraphStyle

from core.documents import MeasurePaper, layout, templates, written
from core.documents.filling import fill
from core.documents.letters import Letter
from core.documents.meetings import Attendance, Section, WrittenMinutes
from tests.core.documents.papers import opened
from tests.core.documents.samples import a_document

DAY = date(2026, 9, 30)
READER = "澹台听雨于2026-09-30 14:05取出"
LETTER = Letter(
    "云汀区领导小组办公室", "云组函〔2026〕7号", "函询通知书", "某同志：", ["正文"], "2026年9月30日", DAY, READER
)
MINUTES = WrittenMinutes(
    mark="部长办公会纪要",
    number="云组纪〔2026〕3号",
    issuer="云汀区领导小组办公室",
    day="2026年9月30日",
    title="关于审议1件案件的会议纪要",
    opening=["开头"],
    sections=[Section("议题1", ["一行"])],
    attendance=[Attendance("出席：", "甲、乙")],
    held_on=DAY,
    taken_out=READER,
)
DECISION, RECORD = (written(a_document(form), READER) for form in ("suspension", "talk_reminder"))
PAPERS: dict[str, Letter | WrittenMinutes | MeasurePaper] = {
    "letter": LETTER,
    "minutes": MINUTES,
    "decision": DECISION,
    "record": RECORD,
}
EACH = pytest.mark.parametrize("content", [paper.as_docx() for paper in PAPERS.values()], ids=PAPERS)


@EACH
def test_the_page_is_a4_with_the_margins_and_the_type_area_of_the_standard(content: bytes) -> None:
    section = opened(content).sections[0]
    width, height, left, right, top, bottom = (
        length.mm if length is not None else 0
        for length in (
            section.page_width,
            section.page_height,
            section.left_margin,
            section.right_margin,
            section.top_margin,
            section.bottom_margin,
        )
    )
    assert (width, height) == pytest.approx((210, 297), abs=0.1)
    assert (top, left) == pytest.approx((37, 28), abs=1)
    assert (width - left - right, height - top - bottom) == pytest.approx((156, 225), abs=0.1)


@EACH
def test_a_page_holds_22_lines_of_28_characters(content: bytes) -> None:
    document = opened(content)
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    assert normal.font.size is not None
    spacing = normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))
    character = normal.font.size.pt + int(spacing) / 20
    assert int(156 / 25.4 * 72 / character) == 28
    line = normal.paragraph_format.line_spacing
    assert normal.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert isinstance(line, int)
    assert int(225 * 36000 / line) == layout.LINES == 22
    assert (normal.paragraph_format.space_before, normal.paragraph_format.space_after) == (0, 0)


@EACH
@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        (layout.TITLE, "方正小标宋简体", 22),
        (layout.NUMBER, "仿宋", 16),
        (layout.ADDRESSEE, "仿宋", 16),
        (layout.TEXT, "仿宋", 16),
        (layout.HEADING, "黑体", 16),
        (layout.SIGNATURE, "仿宋", 16),
    ],
)
def test_text_is_set_in_the_typeface_and_size_of_its_kind(content: bytes, style: str, font: str, size: int) -> None:
    found = opened(content).styles[style]
    assert isinstance(found, ParagraphStyle)
    assert found.font.size is not None
    assert (found.font.name, found.font.size.pt) == (font, size)
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font


@EACH
def test_a_paragraph_begins_two_characters_in(content: bytes) -> None:
    style = opened(content).styles[layout.TEXT]
    assert style.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


@EACH
def test_pages_are_numbered_in_size_4_on_the_outer_side_below_the_type_area(content: bytes) -> None:
    document = opened(content)
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == side
        assert [run.text for run in paragraph.runs] == ["— ", "", " —"]
        assert "PAGE" in paragraph._p.xml  # noqa: SLF001 - the field is only there
        assert {run.font.size.pt for run in paragraph.runs if run.font.size} == {14}
        assert {run.font.name for run in paragraph.runs} == {"宋体"}


@EACH
def test_every_page_names_who_took_it_out_below_what_the_standard_puts_there(content: bytes) -> None:
    section = opened(content).sections[0]
    for footer in (section.footer, section.even_page_footer):
        number, reader = footer.paragraphs
        height = reader.paragraph_format.line_spacing
        assert reader.text == READER
        assert height == pytest.approx(Mm(5), abs=Mm(0.1))  # as much as lies between the number and the edge
        assert number.paragraph_format.space_after is None
    if section.different_first_page_header_footer:
        assert [each.text for each in section.first_page_footer.paragraphs] == [READER, ""]


def test_the_first_page_of_a_letter_has_mark_and_double_lines_and_no_number() -> None:
    section = opened(LETTER.as_docx()).sections[0]
    assert section.different_first_page_header_footer
    head, foot = section.first_page_header.paragraphs[0], section.first_page_footer.paragraphs[-1]
    assert (head.text, foot.text) == ("云汀区领导小组办公室", "")
    assert section.header_distance is not None
    assert section.footer_distance is not None
    assert (round(section.header_distance.mm), round(section.footer_distance.mm)) == (30, 20)
    lines = {"thickThinSmallGap": head, "thinThickSmallGap": foot}
    for kind, paragraph in lines.items():
        assert f'w:val="{kind}"' in paragraph._p.xml  # noqa: SLF001 - python-docx has no call for borders
        assert paragraph.paragraph_format.left_indent is not None
        assert paragraph.paragraph_format.left_indent.mm == pytest.approx(-7, abs=0.1)  # 170 mm in all
    assert "PAGE" not in foot._p.xml  # noqa: SLF001 - as above


def test_a_decision_has_its_mark_35_mm_below_the_edge_a_red_line_below_its_number_and_an_imprint_at_the_foot() -> None:
    paragraphs = opened(DECISION.as_docx()).paragraphs
    before = paragraphs[0].paragraph_format.space_before
    assert before is not None
    assert (paragraphs[0].text, round(before.mm)) == ("云汀区领导小组办公室", 35)
    number = next(each for each in paragraphs if each.text == "云组待〔2026〕7号")
    assert 'w:color="E60012"' in number._p.xml  # noqa: SLF001 - python-docx has no call for borders
    assert paragraphs[-1].text == "云汀区领导小组办公室\t2026年9月30日印发"
    assert 'w:yAlign="bottom"' in paragraphs[-1]._p.xml  # noqa: SLF001 - nor for frames


def test_no_page_bears_a_signature_alone() -> None:
    for paper in (DECISION, RECORD):
        paragraphs = opened(paper.as_docx()).paragraphs
        place = next(at for at, each in enumerate(paragraphs) if each.text == paper.closing)
        last = place + 1 if paper.signatures else place + 2  # two signatures, or an empty line and who issues it
        assert all(each.paragraph_format.keep_with_next for each in paragraphs[place : last + 1])


def test_the_mark_of_minutes_stands_35_mm_below_the_edge_of_the_type_area() -> None:
    mark = opened(MINUTES.as_docx()).paragraphs[0]
    assert mark.text == "部长办公会纪要"
    assert mark.paragraph_format.space_before is not None
    assert round(mark.paragraph_format.space_before.mm) == 35


def test_the_parts_of_a_letter_stand_in_the_order_of_the_standard() -> None:
    found = [(each.style.name, each.text) for each in opened(LETTER.as_docx()).paragraphs if each.style and each.text]
    assert found == [
        (layout.NUMBER, "云组函〔2026〕7号"),
        (layout.TITLE, "函询通知书"),
        (layout.ADDRESSEE, "某同志："),
        (layout.TEXT, "正文"),
        (layout.SIGNATURE, "云汀区领导小组办公室"),
        (layout.SIGNATURE, "2026年9月30日"),
    ]


@EACH
def test_the_properties_of_a_document_say_nothing_of_who_made_it_and_when(content: bytes) -> None:
    document = opened(content)
    properties = document.core_properties
    told = (properties.author, properties.comments, properties.last_modified_by, properties.title)
    assert told == ("", "", "", "")
    assert {properties.created.date(), properties.modified.date()} == {DAY}
    assert not [part for part in document.part.package.iter_parts() if "thumbnail" in part.partname]


def test_the_same_document_is_the_same_bytes_also_from_a_template_made_anew() -> None:
    once = LETTER.as_docx(), MINUTES.as_docx()
    templates.letter.cache_clear()
    templates.minutes.cache_clear()
    assert (LETTER.as_docx(), MINUTES.as_docx()) == once


def test_a_template_says_nothing_but_its_fields() -> None:
    fields = {**asdict(LETTER), "issuer": "", "number": "", "title": "", "addressee": "", "paragraphs": [], "day": ""}
    assert not "".join(each.text for each in opened(fill(templates.letter(), fields, on=DAY)).paragraphs)
