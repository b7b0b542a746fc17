"""The demo district has the numbers of its plan, is invented throughout, and is the same at every run."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from core import registry
from core.app import App
from core.dialogue.form import Choices
from core.registry import BODIES, BOT_ONLY, DEPARTMENTS, STAFF, Official, Person, Role, UnitKind
from core.sealing import Escrow, create_key_files
from core.settings import Settings
from core.work import System
from jingshi.demo.district import District, Posting, lay_district
from jingshi.demo.laying import BEGIN

CLI = System("tests")


@dataclass(frozen=True)
class Laid:
    """The district as it was laid, and what can be asked of the register afterwards."""

    district: District
    officials: tuple[Official, ...]
    people: Mapping[UUID, Person]
    clerks: Mapping[str, set[UUID]]
    choices: Choices


async def _lay(app: App) -> Laid:
    district = await lay_district(app)
    async with app.work(CLI, "cli", write=False) as work:
        officials = await registry.officials(work, limit=1000)
        people = {posting.person_id: await registry.person(work, posting.person_id) for posting in district.postings}
        people |= {official.person.id: official.person for official in officials}
        clerks = {
            str(body): {p.id for p in await registry.people_with_role(work, Role.INTAKE_CLERK, on=BEGIN, body=body)}
            for body in BODIES
        }
        return Laid(district, officials, people, clerks, await registry.unit_choices(work))


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path, escrow: Escrow, upper_level: Escrow) -> Laid:
    """One district for all that only look at it."""
    home, keys = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("keys") / "keys"
    database = home / "jingshi.sqlite3"
    database.write_bytes(empty_sqlite.read_bytes())
    create_key_files(keys, escrow_recipient=escrow.recipient, upper_level_recipient=upper_level.recipient)
    settings = Settings(home=home, keys=keys, database_url=f"sqlite:///{database}")

    async def lay() -> Laid:
        app = App.for_process(settings, "desk")
        try:
            return await _lay(app)
        finally:
            await app.close()

    return asyncio.run(lay())


async def test_the_district_is_the_same_on_either_database_and_a_second_run_adds_nothing(desk: App, laid: Laid) -> None:
    first = await _lay(desk)
    assert [_told(first, posting) for posting in first.district.postings] == [
        _told(laid, posting) for posting in laid.district.postings
    ]
    assert [(o.person.name, o.post, o.rank, o.since) for o in _sorted(first)] == [
        (o.person.name, o.post, o.rank, o.since) for o in _sorted(laid)
    ]
    again = await _lay(desk)
    assert (again.district, again.officials) == (first.district, first.officials)


def _told(laid: Laid, posting: Posting) -> tuple[str, Role, str]:
    return laid.people[posting.person_id].name, posting.role, posting.unit_code


def _sorted(laid: Laid) -> list[Official]:
    return sorted(laid.officials, key=lambda official: official.person.name)


def test_units_and_people_are_as_many_as_planned(laid: Laid) -> None:
    district, officials = laid.district, laid.officials
    kinds = Counter(unit.kind for unit in district.units.values())
    assert kinds[UnitKind.LEADING_GROUP] == 15
    assert (kinds[UnitKind.TOWNSHIP], kinds[UnitKind.SUBDISTRICT]) == (3, 5)
    assert sum(kinds[kind] for kind in DEPARTMENTS) == 42
    assert (kinds[UnitKind.RESIDENTS_COMMITTEE], kinds[UnitKind.LIAISON_STATION]) == (31, 31)
    postings = Counter(posting.role for posting in district.postings)
    assert {role: postings[role] for role in BOT_ONLY} == {
        Role.STATION_HEAD: 31,
        Role.STATION_DEPUTY_HEAD: 14,
        Role.STATION_LIAISON: 56,
        Role.BUILDING_CONTACT: 22,
        Role.INFORMATION_LIAISON: 24,
        Role.EXTERNAL_SUPERVISOR: 40,
    }
    assert Counter(official.rank for official in officials) == {"full_section": 210, "deputy_section": 390}
    assert len({official.person.name for official in officials}) == 600


def test_officials_are_spread_over_the_units_as_planned(laid: Laid) -> None:
    district, officials = laid.district, laid.officials
    sizes = Counter(official.unit_id for official in officials)
    by_kind = Counter(
        (unit.kind in DEPARTMENTS, sizes[unit.id]) for unit in district.units.values() if unit.id in sizes
    )
    assert by_kind == {(False, 18): 8, (True, 11): 36, (True, 10): 6}
    principals = [official.unit_id for official in officials if official.is_principal]
    assert sorted(principals) == sorted(sizes)
    assert all(official.until is None and official.since < BEGIN for official in officials)


def test_every_staff_role_is_held_and_each_body_can_keep_four_eyes(laid: Laid) -> None:
    district = laid.district
    assert {posting.role for posting in district.postings} == STAFF | BOT_ONLY
    for body, officer in (
        ("leading_group_office", Role.CASE_OFFICER_ORG),
        ("discipline_commission", Role.CASE_OFFICER_DISC),
    ):
        assert len(district.people(Role.INTAKE_CLERK, body)) >= 2
        assert len(district.people(officer, body)) >= 2
        parts = [district.people(role, body) for role in (Role.INTAKE_CLERK, Role.SUPERVISOR, officer, Role.ISSUER)]
        assert len({person for part in parts for person in part}) == sum(map(len, parts))
        assert laid.clerks[body] == set(district.people(Role.INTAKE_CLERK, body))
    assert len(district.people(Role.IDENTITY_CUSTODIAN)) == 3


def test_the_offices_director_sits_in_the_leading_group_and_in_the_department_meeting(laid: Laid) -> None:
    district = laid.district
    both = set(district.people(Role.LEADING_GROUP)) & set(
        district.people(Role.DEPARTMENT_MEETING, "leading_group_office")
    )
    assert len(both) == 1


def test_each_member_of_the_organisation_staff_is_linked_to_five_teams(laid: Laid) -> None:
    district = laid.district
    links = [posting for posting in district.postings if posting.role is Role.ORGANISATION_STAFF]
    assert sorted(Counter(link.person_id for link in links).values()) == [5] * 10
    assert len({link.unit_code for link in links}) == 50


def test_stations_are_staffed_as_planned(laid: Laid) -> None:
    district = laid.district

    def spread(role: Role) -> Counter[int]:
        held = Counter(posting.unit_code for posting in district.postings if posting.role is role)
        return Counter(held.values())

    assert spread(Role.STATION_HEAD) == {1: 31}
    assert spread(Role.STATION_LIAISON) == {2: 25, 1: 6}
    assert spread(Role.STATION_DEPUTY_HEAD) == {1: 14}
    assert spread(Role.BUILDING_CONTACT) == {1: 22}


def test_liaisons_and_supervisors_come_from_where_the_plan_takes_them(laid: Laid) -> None:
    district = laid.district

    def kinds(role: Role) -> Counter[str]:
        held = (posting.unit_code.split(".")[0] for posting in district.postings if posting.role is role)
        return Counter(held)

    assert kinds(Role.INFORMATION_LIAISON) == {
        "township": 3,
        "subdistrict": 5,
        "department": 6,
        "public_security": 4,
        "discipline_commission": 3,
        "audit_bureau": 3,
    }
    assert kinds(Role.EXTERNAL_SUPERVISOR) == {
        "peoples_congress": 10,
        "cppcc": 10,
        "department": 10,
        "petitions_bureau": 10,
    }


def test_everybody_is_fictional_and_bears_a_name_of_their_own(laid: Laid) -> None:
    assert all(person.is_fictional for person in laid.people.values())
    assert len({person.name for person in laid.people.values()}) == len(laid.people)


def test_residents_choose_among_the_fifty_units_in_both_languages(laid: Laid) -> None:
    assert len(laid.choices) == 50
    assert all(len(set(choice.label.values())) == 2 for choice in laid.choices.all)
    assert all(len(found) == 1 for found in laid.choices.by_label.values())
