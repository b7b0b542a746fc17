"""Setting up a home."""

import stat
from pathlib import Path

import pytest

from core.access import PURPOSES
from core.sealing import new_escrow
from tests.jingshi.conftest import Terminal, embedded


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_a_new_home_is_its_owners_alone(home: Path, tmp_path: Path) -> None:
    for path in (home, tmp_path / "keys", *everything_in(tmp_path / "keys")):
        assert path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) == 0


def test_the_escrow_key_is_written_for_its_owner_and_lies_nowhere_else(home: Path, escrow_file: Path) -> None:
    assert stat.S_IMODE(escrow_file.stat().st_mode) == 0o600
    identity = escrow_file.read_text().splitlines()[-1].encode()
    files = [path for path in everything_in(home.parent) if path.is_file() and path != escrow_file]
    assert not [path for path in files if identity in path.read_bytes()]


def test_a_second_init_changes_nothing(jingshi: Terminal, home: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in everything_in(tmp_path / "keys") if path.is_file()}
    second = jingshi("init", "--district", "别处", "--demo", "--escrow-out", tmp_path / "second.txt")
    assert (second.code, len(second.lines)) == (1, 1)
    assert {path: path.read_bytes() for path in everything_in(tmp_path / "keys") if path.is_file()} == before
    assert not (tmp_path / "second.txt").exists()


def test_keys_gone_do_not_let_a_home_be_set_up_anew(jingshi: Terminal, home: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").rename(tmp_path / "elsewhere")
    second = jingshi("init", "--district", "别处", "--demo", "--escrow-out", tmp_path / "second.txt")
    assert "is set up already" in second.err
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("option", ["--escrow-recipient", "--upper-level-recipient"])
@embedded
def test_a_recipient_that_is_none_leaves_no_key_behind(jingshi: Terminal, tmp_path: Path, option: str) -> None:
    words = ["--escrow-out", tmp_path / "e.txt"] if option == "--upper-level-recipient" else []
    answer = jingshi("init", "--district", "某区", option, "age1nonsense", *words)
    assert answer.err == "jingshi: an age recipient must look like age1…\n"
    assert not (tmp_path / "keys").exists()
    assert not (tmp_path / "e.txt").exists()


@embedded
def test_a_home_that_is_not_a_demo_has_its_two_bodies_and_its_purposes(jingshi: Terminal) -> None:
    assert jingshi("init", "--district", "某区", "--escrow-recipient", new_escrow().recipient).code == 0
    listed = jingshi("keys", "list").out
    for purpose in (*PURPOSES, "identity"):
        assert f"\n{purpose}" in listed
    added = jingshi("staff", "appoint", "nobody", "--role", "auditor", "--unit", "leading_group_office")
    assert added.err == "jingshi: account unknown\n"


@embedded
def test_a_moved_clock_is_refused_outside_a_demo_home(jingshi: Terminal, tmp_path: Path) -> None:
    moved = {"JINGSHI_NOW": "2026-09-30T09:00:00+08:00"}
    words = ["init", "--district", "某区", "--escrow-recipient", new_escrow().recipient]
    assert "demo home only" in jingshi(*words, **moved).err
    assert jingshi(*words).code == 0
    for command in (["staff", "list"], ["audit", "verify"], ["serve", "--only", "worker"]):
        answer = jingshi(*command, **moved)
        assert (answer.code, answer.err) == (1, "jingshi: JINGSHI_NOW moves the clock of a demo home only; unset it\n")


@embedded
def test_upgrade_does_not_make_a_home(jingshi: Terminal) -> None:
    assert jingshi("upgrade").err == "jingshi: the database is empty; run: jingshi init\n"


@embedded
def test_upgrade_of_a_home_that_is_up_to_date_says_so(jingshi: Terminal, home: Path) -> None:
    assert "the database has schema" in jingshi("upgrade").out
