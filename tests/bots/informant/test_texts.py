"""The catalogues of the bot: complete in both languages, nothing missing or left over, and all of it fits."""

import re
import string
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

from bots.informant import texts as own
from bots.informant.texts import COMMANDS, plain_word
from bots.texts import SHARED
from core.cases import ITEM_STATES
from core.cases.rules.conflicts import DecidingBody
from core.cases.rules.stages import Stage
from core.dialogue.form import folded
from core.texts import LANGUAGES
from tests.bots.informant.places import FORM

ROOT: Final = Path(own.__file__).parents[2]
LITERAL: Final = re.compile(r'"([a-z_]+(?:\.[a-z_0-9]+)+)"')
SAID: Final = re.compile(r'(?:\bt|\.say|\))\("([a-z_]+)"')
LOGGERS: Final = {"jingshi.informant"}
BUTTON: Final = re.compile(r'Button\((?:scene\.)?t\("([a-z_.]+)"')
CONFIRMED: Final = re.compile(r'_confirm\("(\w+)"')
QUESTIONS: Final = {field.name for field in FORM.fields if field.asks}
GROUPS: Final = {"topic", "private", "township", "subdistrict", "department"}
KNOWN: Final[Mapping[str, set[str]]] = {  # ids that are put together from a closed list
    "body.": set(DecidingBody),
    "state.": {*ITEM_STATES, *Stage, "withdrawal_asked", "handed_on", "heard_answer", "heard_question", "heard_facts"},
    "message.": {"answer", "question", "facts"},
    "group.": GROUPS,
    "name.": {"photo", "voice", "video", "audio", "document"},
    "command.": set(COMMANDS),
    "short.": QUESTIONS,
    "refused.": {"no_shared_key", "upper_level_unreachable", "attachment_gone", "receipt_unknown"},
    "owed.": {"reply_waiting"},
}
ALERTS: Final = ("press.old", "press.stranger")


@cache
def catalogue(language: str, *, with_shared: bool = True) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for folder in (SHARED, ROOT / "bots/informant/locale") if with_shared else (ROOT / "bots/informant/locale",):
        with (folder / f"{language}.po").open("rb") as source:
            found |= {str(message.id): str(message.string) for message in read_po(source) if message.id}
    return found


@cache
def sources() -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / "bots/informant").glob("*.py")))


def used() -> set[str]:
    found = {*LITERAL.findall(sources()), *SAID.findall(sources())} - LOGGERS
    found |= {f"word.{name}" for name in understood()} | {"word.no_file", "word.add"}
    found |= {prefix + name for prefix, names in KNOWN.items() for name in names}
    found |= {f"{name}.more" for name in found if name.startswith("state.")}
    found.discard("word.")
    return found | {f"{name}.{part}" for name in CONFIRMED.findall(sources()) for part in ("ask", "yes", "no")}


def buttons() -> set[str]:
    """Return the ids of what stands on buttons."""
    confirmed = {f"{name}.{answer}" for name in CONFIRMED.findall(sources()) for answer in ("yes", "no")}
    ways = {"question.keep", "question.done", "question.leave_edit", "question.back"}
    return set(BUTTON.findall(sources())) | confirmed | ways | {f"short.{name}" for name in QUESTIONS}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def words(name: str) -> list[str]:
    return [word for language in LANGUAGES for word in catalogue(language)[f"word.{name}"].split("|")]


def names() -> set[str]:
    return {name.removeprefix("word.") for name in catalogue("en") if name.startswith("word.")} - {"no_file", "add"}


def understood() -> set[str]:
    """Return the names of the plain words that are understood anywhere."""
    return {plain_word(word, in_form=place) for name in names() for word in words(name) for place in (True, False)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    assert {name for name in used() if not catalogue(language).get(name)} == set()


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    chinese, english = catalogue("zh_CN"), catalogue("en")
    assert chinese.keys() == english.keys()
    assert [name for name in chinese if placeholders(chinese[name]) != placeholders(english[name])] == []


def test_no_text_is_left_over() -> None:
    assert catalogue("zh_CN", with_shared=False).keys() - used() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_where_the_platform_puts_it(language: str) -> None:
    texts = catalogue(language)
    assert len(buttons()) > 40
    assert {name for name in buttons() if len(texts[name]) > 64} == set()
    assert {name for name in ALERTS if len(texts[name]) > 200} == set()
    assert {name for name in COMMANDS if not 1 <= len(texts[f"command.{name}"]) <= 256} == set()
    assert {name for name in COMMANDS if re.fullmatch("[a-z0-9_]{1,32}", name) is None} == set()


def test_no_word_asks_for_two_things() -> None:
    pairs = combinations(sorted(names()), 2)
    assert [(a, b) for a, b in pairs if {*map(folded, words(a))} & {*map(folded, words(b))}] == []
    assert all(folded(word) for name in names() for word in words(name))


def test_no_word_that_is_understood_in_a_form_is_a_choice_of_it() -> None:
    choices = [choice for field in FORM.fields if field.choices for choice in field.choices.all]
    answers = [text for choice in choices for text in (choice.name, *choice.label.values())]
    assert [text for text in answers if plain_word(text, in_form=True)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_below_the_choices_bears_the_label_of_a_choice(language: str) -> None:
    choices = [choice for field in FORM.fields if field.choices for choice in field.choices.all]
    labels = {folded(choice.label[language]) for choice in choices}
    ways = {folded(text) for name, text in catalogue(language).items() if name.startswith("question.")}
    assert labels & ways == set()
