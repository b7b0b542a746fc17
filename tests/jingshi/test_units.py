"""Units and officials come into a real home by command, and the command says row by row what became of them."""

from pathlib import Path

from tests.jingshi.conftest import Terminal
from tests.jingshi.test_commands import real_home

__all__ = ["real_home"]

HEAD = "编号,类别,上级,名称,英文名\n"
UNITS = f"{HEAD}finance,区直部门,district,区财政局,Finance Bureau\ndistrict,district_committee,,云汀区委,\n"
OFFICIALS = "姓名,单位,职务,职级,是否正职,任职日期\n公冶听雨,finance,局长,正科,是,2024-03-01\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text)
    return path


def test_units_come_first_and_officials_into_them(jingshi: Terminal, real_home: Path, tmp_path: Path) -> None:
    dry = jingshi("units", "import", written(tmp_path, UNITS), "--dry-run")
    assert (dry.code, dry.out.splitlines()[-1]) == (0, "New 2, Unchanged 0, Updated 0, Error 0: nothing was written")
    answer = jingshi("units", "import", written(tmp_path, UNITS))
    assert answer.out.splitlines() == ["2\tNew", "3\tNew", "New 2, Unchanged 0, Updated 0, Error 0: written"]
    listed = jingshi("units", "list").out.splitlines()
    assert listed[-2:] == [
        "district\tDistrict Party committee\t云汀区委",
        "  finance\tDepartment directly under the district\tFinance Bureau",
    ]
    officials = jingshi("officials", "import", written(tmp_path, OFFICIALS))
    assert (officials.code, officials.out.splitlines()[0]) == (0, "2\tNew")


def test_a_bad_row_is_told_in_the_language_asked_for_and_nothing_is_written(
    jingshi: Terminal, real_home: Path, tmp_path: Path
) -> None:
    path = written(tmp_path, UNITS + "water,区直部门,nowhere,区水利局,\n")
    answer = jingshi("units", "import", path, "--language", "zh_CN")
    assert answer.code == 1
    assert "4\t有误\t没有编号为 nowhere 的单位" in answer.out
    assert "finance" not in jingshi("units", "list").out


def test_a_file_that_is_no_list_is_one_clear_line(jingshi: Terminal, real_home: Path, tmp_path: Path) -> None:
    answer = jingshi("units", "import", written(tmp_path, "甲,乙\n1,2\n"))
    assert (answer.code, len(answer.lines)) == (1, 1)
    assert "编号/code" in answer.err


def test_the_people_of_stations_and_where_officials_live_come_after_the_units(
    jingshi: Terminal, real_home: Path, tmp_path: Path
) -> None:
    station = "willow,干部监督联络站,district,柳岸联络站,Willow Station\n"
    jingshi("units", "import", written(tmp_path, UNITS + station))
    jingshi("officials", "import", written(tmp_path, OFFICIALS))
    people = "姓名,联络站,职务,任职日期\n澹台听雨,Willow Station,Station liaison,2026-01-05\n"
    answer = jingshi("stations", "import-people", written(tmp_path, people))
    assert answer.out.splitlines() == ["2\tNew", "New 1, Unchanged 0, Updated 0, Error 0: written"]
    lives = "姓名,单位,联络站,起始日期\n公冶听雨,finance,willow,2026-02-01\n"
    answer = jingshi("stations", "import-residences", written(tmp_path, lives))
    assert answer.out.splitlines() == ["2\tNew", "New 1, Unchanged 0, Updated 0, Error 0: written"]
