"""Everybody that a case needs, each at a browser of their own and known to the core as well."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from core.app import App
from core.sealing import Escrow
from tests.admin_api.conftest import Connect
from tests.builders import Member, a_clerk, a_member, sign_in
from tests.core.cases.offices import Offices, an_official

_OFFICE, _COMMISSION = "leading_group_office", "discipline_commission"
_ROLES: Mapping[str, tuple[str, str]] = {
    "supervisor": ("supervisor", _OFFICE),
    "org": ("case_officer_org", "organisation_department"),
    "disc": ("case_officer_disc", _COMMISSION),
    "department": ("department_meeting", "organisation_department"),
    "group": ("leading_group", "leading_group"),
    "receiver": ("supervisor", _COMMISSION),
}


@dataclass(frozen=True, slots=True)
class Colleagues:
    """The people of both offices: for the core, and by name as those who sit at a browser."""

    offices: Offices
    members: Mapping[str, Member]
    browse: Connect

    def at(self, name: str) -> httpx.AsyncClient:
        """The browser of one of them."""
        return self.browse(self.members[name])


async def the_colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    """Everybody, signed in and unlocked; each meeting has one member, who is its quorum."""
    members = {"clerk": await a_clerk(desk, escrow=escrow)}
    for name, (role, unit_kind) in _ROLES.items():
        members[name] = await sign_in(desk, await a_member(desk, role, unit_kind))
    staff = {name: await member.staff(desk) for name, member in members.items()}
    offices = Offices(
        desk=desk,
        department=(staff.pop("department"),),
        group=(staff.pop("group"),),
        official_id=await an_official(desk),
        **staff,
    )
    return Colleagues(offices, members, browse)
