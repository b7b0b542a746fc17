"""The catalogues of the bot: complete in both languages, with a text for whatever the code or the core may need."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bots.liaison import liaison, screens, texts
from core.outbox.templates import ROUND
from core.texts import LANGUAGES

HERE = Path(texts.__file__).parent
_NAMED = re.compile(r"""\bt\(\s*"([a-z_.]+)"|\.say\(\s*"([a-z_.]+)\"""")


def catalogue(language: str) -> dict[str, str]:
    with (HERE / "locale" / f"{language}.po").open("rb") as source:
        return {str(each.id): str(each.string) for each in read_po(source) if each.id}


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    chinese, english = map(catalogue, LANGUAGES)
    assert chinese.keys() == english.keys()
    for name, text in chinese.items():
        assert set(re.findall(r"{\w+}", text)) >= set(re.findall(r"{\w+}", english[name])), name
        assert text
        assert english[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_named_in_the_code_has_a_text(language: str) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py"))
    named = {first or second for first, second in _NAMED.findall(source)}
    named |= {f"refused.{code}" for code in liaison.REFUSALS} | {f"owed.{template}" for template in ROUND}
    named |= {"refused.digits_used", "refused.digits_unknown"}
    named |= {f"command.{name}" for name in texts.COMMANDS}
    named |= {f"{what}.{part}" for what in ("drop", "hurry") for part in ("ask", "one", "no")}
    named |= {f"duty.{action}" for action in screens.ANYTIME}
    assert len(named) > 100
    assert not {name for name in named if texts.texts(language)(name) == name}
