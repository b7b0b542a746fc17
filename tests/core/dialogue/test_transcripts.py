"""Golden transcripts: what a person says (``>``) and what comes back (``<``), replayed through the engine.

The first line of a transcript names form and language. After every turn the state goes through JSON and back.
"""

from pathlib import Path

import pytest

from core.dialogue import Dialogue
from tests.core.dialogue.plain import Talk, render

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


def replay(talk: Talk, said: list[str]) -> list[str]:
    told = [f"< {line}" for line in render(talk.step)]
    for line in said:
        told += [f"> {line}", *(f"< {answer}" for answer in talk.say(line))]
    return told


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written_down(path: Path, report: Dialogue, outing: Dialogue) -> None:
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    form, language = first.removeprefix("# ").split()
    talk = Talk({"report": report, "outing": outing}[form], language)
    said = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert replay(talk, said) == lines


def test_there_are_transcripts_to_replay() -> None:
    assert len(TRANSCRIPTS) >= 8
