"""The registry: units, people, appointments in time, and the closed list of officials."""

from pathlib import Path

from core.registry.channels import (
    CHANNELS_ABROAD,
    accept_channel,
    acceptances,
    accepted_channels,
    end_acceptance,
    require_accepted,
)
from core.registry.choices import PROVIDER, unit_choices
from core.registry.importing import import_officials
from core.registry.kinds import BODIES, DEPARTMENTS, WITH_OFFICIALS, Rank, UnitKind
from core.registry.officials import add_official, amend_official, end_official
from core.registry.people import Holder, ever_appointed, holders, people, posts, take_turns, units_held
from core.registry.places import Outline, outline, path_of, units_named, units_page, units_under
from core.registry.queries import (
    appointments,
    appointments_of,
    bodies_of,
    body_of,
    held_by,
    held_in_roles,
    installation,
    official,
    officials,
    people_with_role,
    person,
    unit,
    unit_by_code,
    unit_tree,
    units,
)
from core.registry.reports import Note, Outcome, Report, RowReport
from core.registry.roles import BOT_ONLY, STAFF, STATION, UNAPPOINTED, Role
from core.registry.service import add_person, add_unit, appoint, end_appointment, rename_unit
from core.registry.tables import Installation
from core.registry.unit_importing import import_units
from core.registry.views import Acceptance, Appointment, Branch, Official, Person, Unit

LOCALE = Path(__file__).parent / "locale"
"""Catalogues with the words for roles, unit kinds, ranks and the report on an import."""

__all__ = [
    "BODIES",
    "BOT_ONLY",
    "CHANNELS_ABROAD",
    "DEPARTMENTS",
    "LOCALE",
    "PROVIDER",
    "STAFF",
    "STATION",
    "UNAPPOINTED",
    "WITH_OFFICIALS",
    "Acceptance",
    "Appointment",
    "Branch",
    "Holder",
    "Installation",
    "Note",
    "Official",
    "Outcome",
    "Outline",
    "Person",
    "Rank",
    "Report",
    "Role",
    "RowReport",
    "Unit",
    "UnitKind",
    "accept_channel",
    "acceptances",
    "accepted_channels",
    "add_official",
    "add_person",
    "add_unit",
    "amend_official",
    "appoint",
    "appointments",
    "appointments_of",
    "bodies_of",
    "body_of",
    "end_acceptance",
    "end_appointment",
    "end_official",
    "ever_appointed",
    "held_by",
    "held_in_roles",
    "holders",
    "import_officials",
    "import_units",
    "installation",
    "official",
    "officials",
    "outline",
    "path_of",
    "people",
    "people_with_role",
    "person",
    "posts",
    "rename_unit",
    "require_accepted",
    "take_turns",
    "unit",
    "unit_by_code",
    "unit_choices",
    "unit_tree",
    "units",
    "units_held",
    "units_named",
    "units_page",
    "units_under",
]
