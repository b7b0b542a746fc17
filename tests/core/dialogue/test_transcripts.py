"""Golden transcripts, replayed through the engine; after every turn the state goes through JSON and back."""

from pathlib import Path

import pytest

from core.dialogue import Dialogue
from tests.core.dialogue.golden import TRANSCRIPTS, Transcript
from tests.core.dialogue.plain import Talk, render


def replay(talk: Talk, said: list[str]) -> list[str]:
    told = [f"< {line}" for line in render(talk.step)]
    for line in said:
        told += [f"> {line}", *(f"< {answer}" for answer in talk.say(line))]
    return told


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written_down(path: Path, report: Dialogue, outing: Dialogue) -> None:
    written = Transcript.read(path)
    talk = Talk({"report": report, "outing": outing}[written.form], written.language)
    assert replay(talk, [said for said, _ in written.turns]) == written.lines
    assert written.lines == path.read_text(encoding="utf-8").splitlines()[1:]


def test_there_are_transcripts_to_replay() -> None:
    assert len(TRANSCRIPTS) >= 8
