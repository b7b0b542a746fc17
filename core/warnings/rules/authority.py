"""Who may decide a form: capacities that the policy names (rules.md 3.3), and where one must be appointed. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.errors import Misconfigured

_BODY: Final = "body"
_SUBJECT_UNIT: Final = "subject_unit"

_HELD_IN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "organisation_department": frozenset({_BODY}),
        "organisation_department_leader": frozenset({_BODY}),
        "organisation_department_deputy_head": frozenset({_BODY}),
        "organisation_department_head": frozenset({_BODY}),
        "management_authority": frozenset({_BODY, "district_committee"}),
        "leading_group": frozenset({_BODY, "leading_group"}),
        "leading_group_office": frozenset({_BODY}),
        "legal_check": frozenset({_BODY, "district_department"}),
        "committee_principal_leader": frozenset({"district_committee"}),
        "unit_leader": frozenset({_BODY, _SUBJECT_UNIT}),
    }
)
"""Where an issuer of each capacity is appointed: in the body that decides, whose head heads the organisation department
too (S63), in a unit of a kind, or in the unit of the person concerned, whose leader gives the reminder (S113)."""


def may_decide(capacity: str, *, unit_kind: str, is_own_body: bool, is_subject_unit: bool) -> bool:
    """Tell whether an issuer who is appointed there may decide in a capacity.

    ``unit_kind`` is that of the unit of the appointment; ``is_own_body`` says that it is or lies under the body that
    decides the case, ``is_subject_unit`` that it is the unit of the person concerned.

    Raises `Misconfigured` for a capacity of the policy that is not known here.
    """
    if capacity not in _HELD_IN:
        raise Misconfigured(f"policy: nobody is known to decide as {capacity!r}")
    places = _HELD_IN[capacity]
    return (_BODY in places and is_own_body) or (_SUBJECT_UNIT in places and is_subject_unit) or unit_kind in places
