"""The catalogues of the pages: complete in both languages, nothing missing, nothing left over."""

import re
import string
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bots.forms import Forms
from bots.texts import SHARED
from bots.web import faults, site
from bots.web.pages.station_record import SAID
from bots.web.stationed import REFUSALS
from core.cases import ITEM_STATES
from core.cases.rules.conflicts import DecidingBody
from core.cases.rules.stages import Stage
from core.texts import LANGUAGES
from core.warnings import Answer, Wish
from core.warnings.rules.answers import INQUIRY
from core.warnings.rules.forms import Ancillary, Measure, Paper
from core.warnings.rules.remedies import Ruling
from core.warnings.windows import FIGURES

FOLDER = Path(site.__file__).parent
LITERAL = re.compile(r"""\bt\(\s*f?["']([a-z_0-9.]+)["']""")
EITHER = re.compile(r"""\bt\(\s*"([a-z_.]+)" if [\w.]+ else "([a-z_.]+)"\s*\)""")
FORM = Forms().form
HELP = ("what", "silent", "who", "own", "paper", "helper", "late")
KNOWN: Mapping[str, set[str]] = {  # ids that are put together from a closed list
    "told.": {"kept", "not_kept", "visible", "safer"},
    "body.": set(DecidingBody),
    "state.": {*ITEM_STATES, *Stage, "withdrawal_asked", "handed_on", "heard_answer", "heard_question", "heard_facts"},
    "message.": {"answer", "question", "facts"},
    "thread.": {"facts_added"},
    "retaliation.": {"sent"},
    "fault.": {str(status) for status in faults.FAULTS},
    "when.": {field.name for field in FORM.fields if field.asks and field.relevant},
    "form.": {INQUIRY, *Measure},
    "window.": set(FIGURES),
    "ancillary.": set(Ancillary),
    "answer.": {f"{each}{part}" for each in Answer for part in ("", ".more", ".go")},
    "word.": {
        *("answer", "not_admitted", "second_inquiry", "second_inquiry.more", *Ruling),
        *("lifted", "clarification", "clarification.more"),
    },
    "choice.": {*Wish, "self_criticism", "correction_report", "self_report"},
    "reply.about.": {"inquiry", "measure", "inquiry.more", "measure.more"},
    "reply.ask.": {f"{each}{part}" for each in Answer for part in ("", ".hint")},
    "reply.choose.": {"report", "consent"},
    "reply.help.": {f"{each}{part}" for each in HELP for part in ("", ".more")},
    "reply.download_paper.": set(Paper),
    "reply.next.": set(Answer),
    "reply.talk.": {"reasons", "view", "corrections", "dissent"},
    "reply.within.": {"working_days", "days", "months"},
    "reply.wrong.": {"receipt_malformed", "receipt_mistyped", "code_unknown"},
    "station.": {"remark_missing", "remark_too_long"},
    "station.next.": {"file", "sign", "rest"},
    "station.refused.": set(REFUSALS),
    "station.said.": set(SAID),
    "station.standing.": {"nil", "submitted", "signed", "missing", "excused"},
    "group.": {"topic", "private", "township", "subdistrict", "department"},
}
PROBLEMS = re.compile(r"""(?:Invalid|TooLarge|Problem|Conflict|NotFound)\(\s*"([a-z_]+)\"""")
OF_OTHERS: Mapping[str, set[str]] = {  # where a person's refusals are raised, and codes there that have a page
    "core/dialogue": {"draft_unreadable", "unknown_language", "draft_of_another_form"},
    "core/attachments": {"attachment_gone", "attachment_unknown", "file_missing", "form_unreadable"},
    "core/sealing/receipts.py": set(),
    "core/warnings/answering.py": {"code_unknown"},
    "core/cases/items/intake.py": {"refused_at_gate", "upper_level_unreachable"},
}


def catalogue(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for folder in (FOLDER / "locale", SHARED):
        with (folder / f"{language}.po").open("rb") as source:
            texts |= {str(message.id): str(message.string) for message in read_po(source) if message.id}
    return texts


def sources() -> str:
    paths = [*FOLDER.parent.glob("*.py"), *FOLDER.rglob("*.py"), *FOLDER.rglob("*.html")]
    return "\n".join(path.read_text() for path in paths)


def used() -> set[str]:
    text = sources()
    found = {one for one in LITERAL.findall(text) if not one.endswith(".")}
    found |= {one for pair in EITHER.findall(text) for one in pair}
    return found


def put_together() -> set[str]:
    found = {prefix + name for prefix, names in KNOWN.items() for name in names}
    found |= {f"{name}.more" for name in found if name.startswith(("state.", "fault."))}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    texts = catalogue(language)
    assert {name for name in used() | put_together() if not texts.get(name)} == set()


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    chinese, english = catalogue("zh_CN"), catalogue("en")
    assert chinese.keys() == english.keys()

    def placeholders(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [name for name in chinese if placeholders(chinese[name]) != placeholders(english[name])] == []


def test_no_text_is_left_over() -> None:
    bullets = set(re.findall(r'list\(t, "(\w+)", \[(.*?)\]', sources()))
    told = {f"told.{name}.{one}" for name, ids in bullets for one in re.findall(r'"(\w+)"', ids)}
    core = "\n".join(path.read_text() for path in (FOLDER.parents[1] / "core").rglob("*.py"))
    left = catalogue("zh_CN").keys() - used() - put_together() - told
    assert {name for name in left if f'"{name.removeprefix("problem.")}"' not in core} == set()


@pytest.mark.parametrize("place", OF_OTHERS)
def test_every_refusal_that_a_person_can_meet_has_its_words(place: str) -> None:
    root = FOLDER.parents[1] / place
    files = [root] if root.is_file() else root.rglob("*.py")
    codes = {code for path in files for code in PROBLEMS.findall(path.read_text())} - OF_OTHERS[place]
    texts = catalogue("zh_CN")
    assert {code for code in codes if f"problem.{code}" not in texts} == set()
