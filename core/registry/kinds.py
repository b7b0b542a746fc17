"""The closed lists of what a unit can be, and of the ranks of officials."""

import re
from enum import StrEnum
from typing import Final

CODE: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
"""How the lasting code of a unit is written."""


class UnitKind(StrEnum):
    """What a unit is. Departments that a rule names have a kind of their own; the rest are `DISTRICT_DEPARTMENT`."""

    DISTRICT_COMMITTEE = "district_committee"
    LEADING_GROUP = "leading_group"
    LEADING_GROUP_OFFICE = "leading_group_office"
    DISCIPLINE_COMMISSION = "discipline_commission"
    ORGANISATION_DEPARTMENT = "organisation_department"
    PERSONNEL_DEPARTMENT = "personnel_department"
    POLITICAL_LEGAL_COMMISSION = "political_legal_commission"
    PUBLIC_SECURITY = "public_security"
    PROCURATORATE = "procuratorate"
    COURT = "court"
    PETITIONS_BUREAU = "petitions_bureau"
    HEALTH_COMMISSION = "health_commission"
    AUDIT_BUREAU = "audit_bureau"
    PEOPLES_CONGRESS = "peoples_congress"
    CPPCC = "cppcc"
    DISTRICT_DEPARTMENT = "district_department"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    RESIDENTS_COMMITTEE = "residents_committee"
    LIAISON_STATION = "liaison_station"


BODIES: Final = frozenset({UnitKind.LEADING_GROUP_OFFICE, UnitKind.DISCIPLINE_COMMISSION})
"""The bodies that decide about what is reported."""

_WITHOUT_A_TEAM: Final = frozenset(
    {
        UnitKind.DISTRICT_COMMITTEE,
        UnitKind.LEADING_GROUP,
        UnitKind.LEADING_GROUP_OFFICE,
        UnitKind.RESIDENTS_COMMITTEE,
        UnitKind.LIAISON_STATION,
    }
)

DEPARTMENTS: Final = frozenset(UnitKind) - _WITHOUT_A_TEAM - {UnitKind.TOWNSHIP, UnitKind.SUBDISTRICT}
"""Departments directly under the district, the discipline commission's own offices among them."""

WITH_OFFICIALS: Final = frozenset(UnitKind) - _WITHOUT_A_TEAM
"""Units with a leading team of section level; only their officials and teams can be the subject of a report."""


class Rank(StrEnum):
    """The two ranks of section level."""

    FULL_SECTION = "full_section"
    DEPUTY_SECTION = "deputy_section"
