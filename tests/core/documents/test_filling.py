"""What is put into a document comes out as it was given."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from jinja2 import UndefinedError

from core.documents import templates
from core.documents.filling import fill, lines
from tests.core.documents.papers import opened, text_of
from tests.core.documents.test_layout import DAY, LETTER, MINUTES

NASTY = (
    "甲 & 乙 < 丙 > 丁 \" 戊 ' 己",
    "&amp; &lt;w:p/&gt; &#123; ]]>",
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "{{ issuer }} {% raw %} {# no #} {{ 7*7 }}",
    "{_{ x }_} {_% y %_}",
    "{%p for x in y %} {{r x }} {%- -%}",
    "two  spaces   and   three",
    "引号“甲”‘乙’，省略……破折——",
    "𠮷野家 👩‍👩‍👧 e\u0301 ﷺ",
    "-1+2=3; @x; =1+1; \\n \\a %s %(x)s",
)


def test_every_character_comes_out_as_it_was_given() -> None:
    letter = replace(LETTER, paragraphs=NASTY, issuer=NASTY[0], title=NASTY[4], addressee=NASTY[3])
    content = letter.as_docx()
    found = text_of(content)
    assert tuple(found[3 : 3 + len(NASTY)]) == NASTY
    assert found[1:3] == [NASTY[4], NASTY[3]]
    assert opened(content).sections[0].first_page_header.paragraphs[0].text == NASTY[0]


def test_each_line_of_a_text_is_a_paragraph_and_nothing_but_control_characters_is_lost() -> None:
    controls = "".join(map(chr, range(32))) + "\x7f\x85\u202e\ufeff\ufffe\ud800"
    text = f"  一\r\n二\r三\n\n\n四\t五\a六\f七\v八 {controls}九  "
    expected = ["一", "二", "三", "四 五六七八", "九"]
    assert lines(text) == expected
    found = text_of(replace(LETTER, paragraphs=lines(text)).as_docx())
    assert found[3 : 3 + len(expected)] == expected


def test_a_line_break_within_a_field_of_one_line_adds_no_paragraph() -> None:
    plain = text_of(LETTER.as_docx())
    found = text_of(replace(LETTER, title="函询\n通知书", addressee="某\a同志\f：").as_docx())
    assert len(found) == len(plain)
    assert found[1:3] == ["函询 通知书", "某同志："]


@pytest.mark.parametrize("paper", [(templates.letter, asdict(LETTER)), (templates.minutes, asdict(MINUTES))])
def test_a_missing_field_is_an_error_and_no_blank(paper: tuple[Any, dict[str, Any]]) -> None:
    template, fields = paper
    for name in fields.keys() - {"issued_on", "held_on"}:
        with pytest.raises(UndefinedError, match=name):
            fill(template(), {each: value for each, value in fields.items() if each != name}, on=DAY)


def test_a_missing_field_of_a_section_is_an_error_too() -> None:
    fields = {**asdict(MINUTES), "sections": [{"heading": "议题1"}]}
    with pytest.raises(UndefinedError, match="paragraphs"):
        fill(templates.minutes(), fields, on=DAY)
