"""After a bad week none of the words that were planted is found on any disk, and every control word is."""

import pytest

from tests.leaks.planted import PLANTED
from tests.leaks.week import Week

# the week of the fixture counts as the first test's; its processes are not measured in any case
pytestmark = [pytest.mark.timeout(300), pytest.mark.unmeasured, pytest.mark.walk]


def test_every_control_word_is_found_in_its_place(week: Week) -> None:
    missed = [(name, place) for name, place in week.controls() if not week.search.places_of(name, within=place)]
    assert missed == []


def test_no_planted_word_is_found_anywhere(week: Week) -> None:
    leaks = {name: week.search.places_of(name)[:5] for name in PLANTED if week.search.places_of(name)}
    assert leaks == {}


def test_a_sealed_backup_does_not_even_show_what_is_clear(week: Week) -> None:
    assert week.search.places_of("clear", within="away/") == []


def test_no_process_makes_a_temporary_file_while_it_serves(week: Week) -> None:
    assert not week.temporary_files_made


def test_a_withdrawn_report_is_gone_in_its_sealed_form_too(week: Week) -> None:
    for place in ("cells/", "opened backup", *(["home/"] if week.is_sqlite else [])):
        assert week.search.places_of("withdrawn", within=place) == []
    assert week.search.places_of("not withdrawn", within="cells/item.envelope")
    assert week.search.places_of("not withdrawn", within="home/jingshi.sqlite3" if week.is_sqlite else "postgresql/")
