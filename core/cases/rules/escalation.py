"""3.10, important information: what the district committee is told within a day, and who of it may read that. Pure."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from core.errors import Invalid


class Criterion(StrEnum):
    """Why something is important (S105); each is enough by itself."""

    PRINCIPAL_LEADER = "principal_leader"
    WHOLE_TEAM = "whole_team"
    POSSIBLE_CRIME = "possible_crime"
    HARM = "harm"
    RETALIATION = "retaliation"
    HEAVY_MEASURE = "heavy_measure"


class Proposed(StrEnum):
    """What has been proposed so far."""

    NOTHING = ""
    LETTER = "letter"
    TALK = "talk"
    ADMONITION = "admonition"
    SUSPENSION = "suspension"
    DEMOTION = "demotion"
    OTHER = "other"


_HEAVY: Final = frozenset({Proposed.SUSPENSION, Proposed.DEMOTION})

_VERIFIED: Final = frozenset(
    {
        "verified",
        "classified",
        "analysed",
        "department_meeting_done",
        "group_meeting_done",
        "confirmed",
        "measure_in_force",
        "assessed",
        "closed",
        "closed_without_form",
        "referred_discipline",
    }
)

Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Recipients(Generic[Person]):
    """Who is told. Where somebody was taken off the list, it goes one level up instead of to them."""

    told: tuple[Person, ...]
    removed: tuple[Person, ...]

    @property
    def routed_up(self) -> bool:
        """Whether the level above is told as well."""
        return bool(self.removed)


def escalates(
    *, is_principal: bool, is_team: bool, possible_crime: bool, harm: bool, retaliation: bool, proposed: str
) -> tuple[Criterion, ...]:
    """Return which criteria hold, in their order; none means that it is not escalated.

    Args:
        is_principal: the subject is a principal leader.
        is_team: the subject is a whole leading team.
        possible_crime: it may be a crime.
        harm: somebody came to harm, or the loss is above the amount set.
        retaliation: a reporter complains of it, whatever the subject's rank.
        proposed: a `Proposed`.

    Raises:
        Invalid: ``unknown_proposal``.
    """
    try:
        heavy = Proposed(proposed) in _HEAVY
    except ValueError:
        raise Invalid("unknown_proposal", field="proposed") from None
    holds = (is_principal, is_team, possible_crime, harm, retaliation, heavy)
    return tuple(criterion for criterion, held in zip(Criterion, holds, strict=True) if held)


def title_is_unverified(state: str) -> bool:
    """Return whether the title must say that nothing is verified: there is no finding against anybody in ``state``.

    That holds of every item, of a case before T11 or taken up anew, and of one closed without a finding.
    """
    return state not in _VERIFIED


def recipients(fixed: Sequence[Person], subjects: Collection[Person]) -> Recipients[Person]:
    """Return who of the fixed list is told, without those whom it is about or who are named in it."""
    told = tuple(person for person in fixed if person not in subjects)
    removed = tuple(person for person in fixed if person in subjects)
    return Recipients(told, removed)
