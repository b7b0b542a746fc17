"""The closed list of roles; what each may do is the permission matrix of `core.access`.

Separation of roles follows the Rules on Handling Reports and Accusations 2020: who registers does not verify, who
verifies does not decide.
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person may be to the system. `REPORTER` and `SUBJECT` are what one becomes, not what one is appointed."""

    REPORTER = "reporter"
    SUBJECT = "subject"
    BUILDING_CONTACT = "building_contact"
    STATION_LIAISON = "station_liaison"
    STATION_HEAD = "station_head"
    STATION_DEPUTY_HEAD = "station_deputy_head"
    INFORMATION_LIAISON = "information_liaison"
    EXTERNAL_SUPERVISOR = "external_supervisor"
    ORGANISATION_STAFF = "organisation_staff"
    INTAKE_CLERK = "intake_clerk"
    SUPERVISOR = "supervisor"
    CASE_OFFICER_ORG = "case_officer_org"
    CASE_OFFICER_DISC = "case_officer_disc"
    IDENTITY_CUSTODIAN = "identity_custodian"
    DEPARTMENT_MEETING = "department_meeting"
    LEADING_GROUP = "leading_group"
    ISSUER = "issuer"
    DISTRICT_COMMITTEE_READER = "district_committee_reader"
    REVIEW_OFFICER = "review_officer"
    APPEAL_BODY = "appeal_body"
    ASSESSOR = "assessor"
    PERSONNEL_OFFICER = "personnel_officer"
    ARCHIVIST = "archivist"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"


UNAPPOINTED: Final = frozenset({Role.REPORTER, Role.SUBJECT})
"""Roles without an appointment: a receipt or a served document stands for them."""

STATION: Final = frozenset(
    {Role.BUILDING_CONTACT, Role.STATION_LIAISON, Role.STATION_HEAD, Role.STATION_DEPUTY_HEAD},
)
"""Roles held at one liaison station."""

BOT_ONLY: Final = STATION | {Role.INFORMATION_LIAISON, Role.EXTERNAL_SUPERVISOR}
"""Roles that work through a paired chat or its pages, and have no account at the desk."""

STAFF: Final = frozenset(Role) - UNAPPOINTED - BOT_ONLY
"""Roles with a named account at the desk."""
