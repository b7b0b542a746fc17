"""The words of documents: complete in both languages, and for every step that a case can take."""

from dataclasses import fields
from datetime import date

import pytest
from babel.messages.pofile import read_po

from core.cases.proceedings import STEPS
from core.cases.rules.forms import Form, Recommendation
from core.documents.reading import _UNSPOKEN
from core.documents.wording import LOCALE, civil, speak, symbol
from core.texts import LANGUAGES


def test_both_catalogues_have_the_same_ids_with_words_for_each() -> None:
    found = []
    for language in LANGUAGES:
        with (LOCALE / f"{language}.po").open("rb") as source:
            found.append({message.id for message in read_po(source) if message.id and message.string})
    assert found[0] == found[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_and_every_field_of_it_has_words(language: str) -> None:
    say = speak(language)
    ids = {f"step.{kind}" for kind in STEPS}
    ids |= {f"field.{field.name}" for step in STEPS.values() for field in fields(step)}  # type: ignore[arg-type]
    ids |= {f"value.form.{each}" for each in Form} | {f"value.recommendation.{each}" for each in Recommendation}
    assert {each for each in ids if say(each) == each} - {f"field.{name}" for name in _UNSPOKEN} == set()


def test_days_and_numbers_are_written_without_leading_zeros_and_the_year_in_full() -> None:
    say = speak()
    assert civil(say, date(2026, 1, 2)) == "2026年1月2日"
    assert symbol(say, "inquiry.leading_group_office", "云汀区（虚构）", 2026, 7) == "云组函〔2026〕7号"
    assert symbol(say, "inquiry.discipline_commission", "云汀区（虚构）", 2026, 10) == "云纪函〔2026〕10号"
