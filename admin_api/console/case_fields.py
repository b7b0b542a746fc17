"""What a form of a case is: what it asks, to whom it is offered, and how what was filled in is read."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar
from uuid import UUID

from admin_api.console.case_standing import Standing
from core.cases.proceedings import Part
from core.errors import Invalid
from core.work import Work


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks.

    ``kind`` is ``text``, ``line``, ``day``, ``number``, ``choice`` (of ``options``, whose words are in ``group``),
    ``ticks`` (any of them), ``tick``, ``confirm`` (a tick that must be set), ``person`` (or a unit, by name), ``draft``
    (one that waits; hidden where it is one), ``listed`` (the hidden entry by which the case is on the destruction
    list), or ``remedy`` (the hidden wish that is open).
    """

    name: str
    kind: str
    options: tuple[str, ...] = ()
    group: str = ""
    needed: bool = True
    limit: int = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """What was filled in, read as what it should be; each raises `Invalid` where it is not."""

    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return a text or a choice; the verb checks it."""
        return self.fields.get(name, "")

    def flag(self, name: str) -> bool:
        """Return whether something was ticked, or answered with yes."""
        return self.fields.get(name, "") == "yes"

    def chosen(self, name: str, options: Iterable[str]) -> frozenset[str]:
        """Return those of the options that were ticked."""
        return frozenset(each for each in options if self.flag(f"{name}-{each}"))

    def ids(self, name: str, count: int) -> list[UUID]:
        """Return the ids that were chosen in a row of ``count`` fields; what was left empty is passed over."""
        names = [f"{name}_{place}" for place in range(1, count + 1)]
        return [self.id(each) for each in names if self.text(each)]

    def day(self, name: str) -> date:
        """Return a day; raise `Invalid` (``date_malformed``)."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise Invalid("date_malformed", field=name) from error

    def id(self, name: str) -> UUID:
        """Return an id that was chosen; raise `Invalid` (``unknown_choice``)."""
        try:
            return UUID(self.text(name))
        except ValueError as error:
            raise Invalid("unknown_choice", field=name) from error

    def number(self, name: str) -> int | None:
        """Return a number, or nothing for nothing; raise `Invalid` (``number_malformed``)."""
        text = self.text(name).strip()
        try:
            return int(text) if text else None
        except ValueError as error:
            raise Invalid("number_malformed", field=name) from error


Act = Callable[[Work, UUID, Given], Awaitable[object]]


Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Form(Generic[Seen]):
    """One form; ``Seen`` is where the case, or the measure, stands for the person who looks at it.

    ``grave`` asks for the number of the case to be typed, so that it is not sent by habit.
    """

    name: str
    permission: str
    offered: Callable[[Seen], bool]
    act: Act
    fields: tuple[Field, ...] = ()
    grave: bool = False


StepForm = Form[Standing]
"""A form of a case."""


def text(name: str = "text", limit: int = 10_000) -> Field:
    """Return a field for a text that is needed."""
    return Field(name, "text", limit=limit)


def choice(name: str, options: Iterable[str], group: str) -> Field:
    """Return a field for one of a closed list, whose words are in ``group`` of the catalogue."""
    return Field(name, "choice", tuple(str(each) for each in options), group)


def draft(kind: str) -> Field:
    """Return the hidden field that names the draft which is signed."""
    return Field("entry_id", "draft", (kind,))


YES_NO: Final = ("yes", "no")
_SHORT: Final = 1000
REASON: Final = text("reason", _SHORT)


def supervises(seen: Standing) -> bool:
    """Tell whether the person supervises the case."""
    return Part.SUPERVISOR in seen.parts


def verifies(seen: Standing) -> bool:
    """Tell whether the person verifies the case now, beside the other officer."""
    return seen.is_officer and seen.both_may_act and seen.state in {"verifying", "awaiting_explanation"}


def drafts_in(state: str, kind: str) -> Callable[[Standing], bool]:
    """Return what tells whether an officer may draft something of a kind, which one may while no other draft waits."""
    return lambda seen: seen.is_officer and seen.both_may_act and seen.state == state and kind not in seen.drafts


def signs(kind: str) -> Callable[[Standing], bool]:
    """Return what tells whether an officer may sign a draft of a kind: never one of their own."""
    return lambda seen: seen.is_officer and seen.may_sign(kind)
