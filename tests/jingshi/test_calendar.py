"""A year of the work calendar is loaded by a command, and nothing but a whole year is."""

from pathlib import Path

import pytest

from tests.jingshi.conftest import Terminal
from tests.jingshi.test_commands import real_home

__all__ = ["real_home"]

OFF = "2027-01-01,holiday,元旦\n2027-05-01,holiday,劳动节\n"
OCTOBER = "".join(f"2027-10-0{day},holiday,国庆节\n" for day in (1, 2, 3))


def written(folder: Path, text: str) -> Path:
    path = folder / "2027.csv"
    path.write_text(f"date,kind,name\n{text}", encoding="utf-8-sig")
    return path


def test_a_year_is_loaded_and_loaded_again_in_its_own_place(jingshi: Terminal, real_home: Path, tmp_path: Path) -> None:
    assert jingshi("calendar", "show").out == "2004 to 2026\n"
    answer = jingshi("calendar", "load", "2027", written(tmp_path, OFF + OCTOBER))
    assert answer.out == "2027: 5 days off, 0 weekend days worked\n"
    mended = written(tmp_path, OFF + OCTOBER + "2027-10-04,holiday,国庆节\n2027-10-09,workday,国庆节\n")
    assert jingshi("calendar", "load", "2027", mended).out == "2027: 6 days off, 1 weekend days worked\n"
    assert jingshi("calendar", "show").out == "2004 to 2027\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OFF, "a day is missing that is off in every year, such as 2027-05-01"),
        (OFF + OCTOBER + "2027-13-01,holiday,假\n", "line 7 is no day of this year"),
        (OFF + OCTOBER + "2026-06-01,holiday,假\n", "line 7 is no day of this year"),
    ],
)
def test_what_is_no_whole_year_is_one_clear_line_and_changes_nothing(
    text: str, said: str, jingshi: Terminal, real_home: Path, tmp_path: Path
) -> None:
    answer = jingshi("calendar", "load", "2027", written(tmp_path, text))
    assert (answer.code, said in answer.err, len(answer.lines)) == (1, True, 1)
    assert jingshi("calendar", "show").out == "2004 to 2026\n"
