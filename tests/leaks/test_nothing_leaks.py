"""After a bad week, none of the words that were planted is found on any disk, and every control word is."""

import pytest

from tests.leaks.planted import PLANTED
from tests.leaks.week import CONTROLS, FOLDERS, Week


def test_no_planted_word_is_found_anywhere(week: Week) -> None:
    assert {name: week.search.places_of(name)[:5] for name in PLANTED if week.search.places_of(name)} == {}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_control_word_is_found_in_every_folder(week: Week, name: str) -> None:
    assert week.search.places_of(CONTROLS[name], within=f"{name}/")
