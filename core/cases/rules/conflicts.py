"""R13, conflicts of interest: who steps aside, who decides about whom, and that nobody checks their own work."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.errors import Invalid
from core.policy.profile import SEED, Profile


class Relation(StrEnum):
    """What an officer declares at assignment; only the answer is kept, no kinship."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT_OR_CHILD = "parent_or_child"
    SIBLING_OR_IN_LAW = "sibling_or_in_law"
    WITNESS = "witness"
    DIRECT_INTEREST = "direct_interest"
    OBJECTED_TO_AND_UPHELD = "objected_to_and_upheld"
    FORMER_UNIT = "former_unit"
    NONE = "none"


class Recusal(StrEnum):
    """Whether the officer may work on the case."""

    RECUSE = "recuse"
    MAY_ACT = "may_act"


class SubjectKind(StrEnum):
    """Whom a report is about, as asked in plain words."""

    SECTION_OFFICIAL = "section_official"
    LEADING_TEAM = "leading_team"
    ORGANISATION_DEPARTMENT_STAFF = "organisation_department_staff"
    NOT_SURE = "not_sure"
    DISCIPLINE_COMMISSION_STAFF = "discipline_commission_staff"
    OFFICE_DIRECTOR = "office_director"
    LEADING_GROUP_MEMBER = "leading_group_member"
    ABOVE_SECTION_LEVEL = "above_section_level"


class DecidingBody(StrEnum):
    """Who decides about a subject."""

    LEADING_GROUP_OFFICE = "leading_group_office"
    DISCIPLINE_COMMISSION = "discipline_commission"
    UPPER_LEVEL = "upper_level"


@dataclass(frozen=True, slots=True)
class Route:
    """Who decides, and whether anything beyond category and date may be stored here."""

    decided_by: DecidingBody
    stored: bool


_OFFICE: Final = Route(DecidingBody.LEADING_GROUP_OFFICE, stored=True)
_COMMISSION: Final = Route(DecidingBody.DISCIPLINE_COMMISSION, stored=True)
_UPPER: Final = Route(DecidingBody.UPPER_LEVEL, stored=False)

# Rules on Handling Reports and Accusations 2020, art. 15: nobody decides about their own head or members.
ROUTES: Final = MappingProxyType(
    {
        SubjectKind.SECTION_OFFICIAL: _OFFICE,
        SubjectKind.LEADING_TEAM: _OFFICE,
        SubjectKind.ORGANISATION_DEPARTMENT_STAFF: _COMMISSION,
        SubjectKind.NOT_SURE: _COMMISSION,
        SubjectKind.DISCIPLINE_COMMISSION_STAFF: _UPPER,
        SubjectKind.OFFICE_DIRECTOR: _UPPER,
        SubjectKind.LEADING_GROUP_MEMBER: _UPPER,
        SubjectKind.ABOVE_SECTION_LEVEL: _UPPER,
    },
)


_IN_A_UNIT: Final = (SubjectKind.SECTION_OFFICIAL, SubjectKind.LEADING_TEAM, SubjectKind.NOT_SURE)
_CONCERNED: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        **{(kind, "discipline_commission"): SubjectKind.DISCIPLINE_COMMISSION_STAFF for kind in _IN_A_UNIT},
        (SubjectKind.SECTION_OFFICIAL, "organisation_department"): SubjectKind.ORGANISATION_DEPARTMENT_STAFF,
        (SubjectKind.LEADING_TEAM, "organisation_department"): SubjectKind.OFFICE_DIRECTOR,
    }
)


def recusal(relation: str, months_since_leaving: int | None = None, policy: Profile = SEED) -> Recusal:
    """Return whether an officer of that `Relation` to the subject must step aside.

    ``months_since_leaving`` counts whole months since the officer left the subject's unit, and is needed for
    ``former_unit`` only (Civil Servants Law, arts 76-77).

    Raises:
        Invalid: ``unknown_relation``, or ``months_missing`` or ``months_negative`` for a former unit.
    """
    try:
        declared = Relation(relation)
    except ValueError:
        raise Invalid("unknown_relation", field="relation") from None
    if declared is Relation.NONE:
        return Recusal.MAY_ACT
    if declared is not Relation.FORMER_UNIT:
        return Recusal.RECUSE
    if months_since_leaving is None:
        raise Invalid("months_missing", field="months_since_leaving")
    if months_since_leaving < 0:
        raise Invalid("months_negative", field="months_since_leaving")
    return Recusal.RECUSE if months_since_leaving < policy.months("former_unit") else Recusal.MAY_ACT


def routing(subject_kind: str) -> Route:
    """Return who decides about a `SubjectKind`; raises `Invalid` ``unknown_subject_kind``."""
    try:
        return ROUTES[SubjectKind(subject_kind)]
    except ValueError:
        raise Invalid("unknown_subject_kind", field="subject_kind") from None


def concerned(subject_kind: str, unit_kind: str | None) -> str:
    """Return whom a report is about, once the unit is known: the unit and the kind of subject decide together.

    An official of the organisation department is not decided about by the office that its head directs, its leading
    team includes that head, and nobody in the discipline commission is decided about by the commission.
    """
    return _CONCERNED.get((subject_kind, unit_kind or ""), subject_kind)


def four_eyes(drafter: Hashable, verifiers: Sequence[Hashable], approver: Hashable) -> bool:
    """Return whether at least two verified, and drafter, verifiers and approver are all different natural persons.

    Persons are compared, not posts: the office's director heads the organisation department too (S63).

    Raises:
        Invalid: ``person_missing``, when one of them is not named.
    """
    persons = [drafter, *verifiers, approver]
    if any(person is None or person == "" for person in persons):
        raise Invalid("person_missing")
    verified_by_two = len(verifiers) > 1  # S102: one from each of two bodies
    return verified_by_two and len(set(persons)) == len(persons)
