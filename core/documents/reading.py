"""A case as a text for people: its cards, then its thread in time, every step with who took it and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from core.cases.cards import CardView
from core.cases.proceedings import EntryView, OpenedCase
from core.documents.wording import speak
from core.texts import Translate
from core.work import SHANGHAI

_RULE: Final = "\n\n----------------------------------------\n\n"
_PEOPLE: Final = frozenset({"officer_org", "officer_disc", "person_id", "leaves", "joins"})
_UNSPOKEN: Final = frozenset({"item_id", "subject_id", "unit_id", "meeting_id", "entry_id"})
"""Ids: they stand in ``thread.json``, and say nothing to a reader."""


def in_words(case: OpenedCase, cards: Sequence[CardView], names: Mapping[UUID, str]) -> str:
    """Return a case as plain text; ``names`` are of everybody who has or had a part in it."""
    say = speak()
    summary = case.summary
    head = [say("archive.title", case=say("case", year=summary.year, number=summary.number)), say("archive.unverified")]
    steps = [_step(say, each, names) for each in case.thread]
    return _RULE.join(["\n".join(head), *(_card(say, each) for each in cards), *steps]) + "\n"


def _card(say: Translate, card: CardView) -> str:
    content = card.content
    subject = content.subject
    lines = [
        say("archive.card", year=card.year, number=card.number),
        _line(say, "name", subject.name),
        _line(say, "post", subject.post),
        _line(say, "substance", content.substance),
        *(_line(say, "correction", each.text) for each in card.corrections),
    ]
    return "\n".join(line for line in lines if line)


def _step(say: Translate, entry: EntryView, names: Mapping[UUID, str]) -> str:
    at = entry.at.astimezone(SHANGHAI)
    author = names[entry.author_id] if entry.author_id else say("archive.by_the_clock")
    head = f"{entry.place}. {say(f'step.{entry.step.kind}')}  {at:%Y-%m-%d %H:%M}  {author}"
    return "\n".join([head, *_fields(say, entry, names)])


def _fields(say: Translate, entry: EntryView, names: Mapping[UUID, str]) -> Iterator[str]:
    for name, value in vars(entry.step).items():
        if name in _UNSPOKEN:
            continue
        if name in _PEOPLE:
            value = names.get(UUID(value), value)  # noqa: PLW2901 - what is shown of it
        if line := _line(say, name, value):
            yield line


def _line(say: Translate, name: str, value: object) -> str:
    """Return a field with its label, or nothing where it is empty."""
    if isinstance(value, tuple):
        text = say("list.comma").join(_value(say, name, each) for each in value)
    else:
        text = _value(say, name, value)
    return f"{say(f'field.{name}')}  {text}" if text else ""


def _value(say: Translate, name: str, value: object) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no")
    text = str(value)
    word = say(f"value.{name}.{text}") if text.isascii() and text else text
    return text if word.startswith("value.") else word
