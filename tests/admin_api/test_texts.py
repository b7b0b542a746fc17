"""The catalogues: complete, alike, and asked for only what they have."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import admin_api
from admin_api.console.item import REASONS
from admin_api.texts import known, speak
from core.access.limits import SHORTEST_REASON
from core.cases import ITEM_STATES
from core.registry import BODIES

HERE = Path(admin_api.__file__).parent
# ids that are put together from a word of a closed list are checked by the list
ASKED = re.compile(
    r"""\bt\(\s*["']([a-z_.]+)["']\s*[,)]|(?:speak\(\w+\)|translate)\(\s*["']([a-z_.]+)["']\s*\)|["'](said\.\w+)["']"""
)


def catalogue(language: str) -> dict[str, str]:
    with (HERE / "locale" / f"{language}.po").open("rb") as source:
        return {str(message.id): str(message.string) for message in read_po(source) if message.id}


def test_both_languages_have_the_same_ids_with_the_same_placeholders() -> None:
    zh, en = catalogue("zh_CN"), catalogue("en")
    assert zh.keys() == en.keys()
    fields = re.compile(r"{\w+}")
    assert {key for key in zh if set(fields.findall(zh[key])) != set(fields.findall(en[key]))} == set()
    assert [key for key in zh if not zh[key] or not en[key]] == []


def test_every_id_that_templates_and_code_ask_for_is_there() -> None:
    asked = set[str]()
    for path in [*HERE.rglob("*.html"), *HERE.rglob("*.py")]:
        asked.update(next(filter(None, found)) for found in ASKED.findall(path.read_text(encoding="utf-8")))
    assert len(asked) > 150
    assert {each for each in asked if not known(speak("zh_CN"), each)} == set()


def test_every_state_and_body_has_a_name() -> None:
    for language in ("zh_CN", "en"):
        assert all(known(speak(language), f"state.{state}") for state in ITEM_STATES)
        assert all(known(speak(language), f"body.{body}") for body in [*BODIES, "upper_level"])


def test_the_words_are_neutral() -> None:
    for text in catalogue("zh_CN").values():
        assert not re.search("问题线索|违纪人员|举报对象|嫌疑|主管|办案", text)


def test_every_suggested_reason_is_one_that_is_accepted() -> None:
    for language in ("zh_CN", "en"):
        assert all(len(speak(language)(f"reason.{each}")) >= SHORTEST_REASON for each in REASONS[:-1])
