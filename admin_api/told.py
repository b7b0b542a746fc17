"""What a station tells by telephone: its entries, looked at by the form of the record before they are entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from uuid import UUID

from core.app import cases, stations
from core.dialogue import RECORD, Aborted, Dialogue, Done, Form, Page, Problem, State, load
from core.errors import Invalid
from core.work import Work

_CHANNEL: Final = "liaison_station"

Block = Mapping[str, str]
"""What was given for one entry, by the names of the questions."""


@dataclass
class Looked:
    """What became of the entries when they were looked at, by their place from 0."""

    done: list[Done] = field(default_factory=list)
    problems: dict[int, Mapping[str, Problem]] = field(default_factory=dict)
    refused: dict[int, Aborted] = field(default_factory=dict)

    @property
    def is_fit(self) -> bool:
        """Whether all of them can be entered."""
        return not self.problems and not self.refused


@cache
def record_form() -> Form:
    """Return the form of the record."""
    return load(RECORD)


async def record_dialogue(work: Work, station_id: UUID) -> Dialogue:
    """Return a dialogue of today about the record of a station, with the officials who live there."""
    lists = {stations.PROVIDER: await stations.officials_of(work, station_id)}
    return Dialogue(record_form(), today=work.clock.today(), lists=lists)


def blank(language: str = "") -> State:
    """Return the state in which nothing is answered, in a language or the form's first one."""
    form = record_form()
    return State(form.id, form.version, language or form.default_language)


async def look(work: Work, obligation_id: UUID, blocks: Sequence[Block]) -> Looked:
    """Look at every entry; a block in which nothing was filled in is none. What the gate refuses is counted (R12).

    Raises `NotFound` ``obligation_unknown``, and `Denied`.
    """
    looked = Looked()
    dialogue = await record_dialogue(work, (await stations.course(work, obligation_id)).station.id)
    for place, block in enumerate(blocks):
        if not any(block.values()):
            continue
        step = dialogue.answer_all(blank(), block)
        done = step if isinstance(step, Aborted | Page) else dialogue.submit(step.state)
        if isinstance(done, Aborted):
            looked.refused[place] = done
            await cases.refuse(work, category=done.category, channel=_CHANNEL)
        elif isinstance(done, Done):
            looked.done.append(done)
        elif isinstance(step, Page):
            looked.problems[place] = step.problems
    return looked


def require_no_entries(blocks: Sequence[Block]) -> None:
    """Raise `Invalid` (``nil_with_entries``) where something was written, and then said to be nothing to report."""
    if any(any(block.values()) for block in blocks):
        raise Invalid("nil_with_entries")
