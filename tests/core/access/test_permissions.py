"""The permission matrix."""

import ast
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.access import PERMISSIONS, ROLES, bodies, may, permit, permit_operated
from core.access.permissions import parse
from core.app import App
from core.errors import Denied, Misconfigured, NotSignedIn
from core.work import Held, Reporter, Staff, System

UNIT = UUID(int=1)
OFFICE, COMMISSION = "leading_group_office", "discipline_commission"
OPENERS = {"intake_clerk", "supervisor", "case_officer_org", "case_officer_disc"}
TOWARDS_CONTENT = ("item.open", "attachment.read", "item.answer", "item.answer_granted", "item.grant")

# read from rules 3.1; every role that is not named may not
EXPECTED = {
    "item.list": {"intake_clerk", "supervisor"},
    "item.open": OPENERS,
    "item.answer": {"intake_clerk"},
    "item.answer_granted": {"case_officer_org", "case_officer_disc"},
    "attachment.read": OPENERS,
    "shared_key.grant": {"intake_clerk", "auditor", "privacy_officer"},
    "audit.read": {"auditor", "privacy_officer"},
    "account.manage": {"system_admin"},
    "appointment.manage": {"system_admin"},
}


def staff(*held: tuple[str, str | None]) -> Staff:
    return Staff(uuid4(), uuid4(), tuple(Held(role, UNIT, body) for role, body in held))


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("permission", EXPECTED)
def test_a_role_has_exactly_the_permissions_of_the_rules(permission: str, role: str) -> None:
    assert may(staff((role, OFFICE)), permission) == (role in EXPECTED[permission])


def test_the_rules_name_twenty_five_roles_that_sign_in() -> None:
    assert len(ROLES) == 25
    assert "reporter" not in ROLES


@pytest.mark.parametrize("permission", TOWARDS_CONTENT)
def test_no_administrator_auditor_or_meeting_comes_near_content(permission: str) -> None:
    assert not may(staff(*((role, OFFICE) for role in ROLES - OPENERS)), permission)


@given(st.sampled_from(sorted(PERMISSIONS)), st.sampled_from(sorted(ROLES)))
def test_a_role_held_in_one_body_gives_nothing_in_the_other(permission: str, role: str) -> None:
    for_all = bool(PERMISSIONS[permission].held_by & {"public", "signed_in"})
    assert may(staff((role, OFFICE)), permission, body=COMMISSION) == for_all
    assert may(staff((role, None)), permission, body=OFFICE) == for_all


def test_the_stations_are_the_department_s_and_no_business_of_the_commission() -> None:
    for permission in ("station.list", "station.invite", "station.register", "station.round", "station.review"):
        assert may(staff(("supervisor", OFFICE)), permission)
        assert not may(staff(("supervisor", COMMISSION)), permission)
        assert may(staff(("supervisor", COMMISSION), ("supervisor", OFFICE)), permission)
    assert may(staff(("organisation_staff", None)), "station.round")


@given(st.sampled_from(sorted(PERMISSIONS)))
def test_nobody_a_reporter_and_the_desk_itself_may_what_the_public_may(permission: str) -> None:
    public = "public" in PERMISSIONS[permission].held_by
    assert [may(actor, permission) for actor in (None, Reporter(), System("desk"))] == [public] * 3


@given(st.sampled_from(sorted(PERMISSIONS)))
def test_an_account_without_a_role_may_only_what_every_account_may(permission: str) -> None:
    assert may(staff(), permission) == bool(PERMISSIONS[permission].held_by & {"public", "signed_in"})


async def test_permit_returns_the_member_of_staff_who_may(desk: App) -> None:
    clerk = staff(("intake_clerk", OFFICE))
    async with desk.work(clerk, "console", write=False) as work:
        assert permit(work, "item.list", body=OFFICE) is clerk
        with pytest.raises(Denied) as denied:
            permit(work, "item.list", body=COMMISSION)
    assert (denied.value.code, denied.value.params) == ("not_permitted", {"permission": "item.list"})


async def test_permit_tells_who_is_not_signed_in_from_who_may_not(desk: App) -> None:
    for actor in (Reporter(), System("desk")):
        async with desk.work(actor, "console", write=False) as work:
            with pytest.raises(NotSignedIn):
                permit(work, "item.list")


async def test_bodies_are_those_in_which_the_role_is_held(desk: App) -> None:
    both = staff(("intake_clerk", OFFICE), ("supervisor", COMMISSION), ("auditor", None), ("intake_clerk", None))
    async with desk.work(both, "console", write=False) as work:
        assert bodies(work, "item.list") == {OFFICE, COMMISSION}
        assert bodies(work, "item.answer") == {OFFICE}
        assert bodies(work, "audit.read") == frozenset()


@pytest.mark.parametrize(("source", "passes"), [("cli", True), ("worker", True), ("api", False), ("console", False)])
async def test_only_the_machine_itself_acts_as_operator(desk: App, source: str, passes: bool) -> None:  # noqa: FBT001 - a table's column
    async with desk.work(System("desk"), source, write=False) as work:
        if passes:
            permit_operated(work, "account.manage")
        else:
            with pytest.raises(NotSignedIn):
                permit_operated(work, "account.manage")


async def test_the_operator_reads_no_audit_trail_and_lists_no_items(desk: App) -> None:
    async with desk.work(System("operator"), "cli", write=False) as work:
        for permission in ("audit.read", "item.list", "session.end"):
            with pytest.raises(NotSignedIn):
                permit_operated(work, permission)


def test_an_unknown_permission_is_a_slip_in_the_code() -> None:
    with pytest.raises(KeyError):
        may(staff(), "item.burn")


@pytest.mark.parametrize(
    "row",
    [
        'held_by = ["emperor"], why = "a role that rules 3.1 do not know"',
        'held_by = ["auditor"], why = ""',
        'held_by = ["auditor"]',
        'held_by = [], why = "nobody"',
        'held_by = ["auditor"], why = "3.1", also = "more"',
        'held_by = ["auditor"], not_in = ["court"], why = "no body that decides"',
    ],
)
def test_a_row_without_known_holders_and_a_reason_is_refused(row: str) -> None:
    with pytest.raises(Misconfigured, match=r"permission item\.list"):
        parse(f"[item]\nlist = {{ {row} }}")


def _named_in_the_code() -> Iterator[str]:
    askers = {"permit", "permit_operated", "bodies"}
    for path in sorted(Path(core.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in askers and isinstance(node.args[1].value, str):
                    yield node.args[1].value


def test_every_permission_that_the_core_asks_for_is_in_the_matrix() -> None:
    asked = set(_named_in_the_code())
    assert len(asked) > 10
    assert asked <= PERMISSIONS.keys()
