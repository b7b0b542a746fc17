"""The search itself: no shape of a marker escapes it, wherever it lies."""

import io
import os
import sqlite3
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.leaks.forms import forms_of
from tests.leaks.house import keep_open_files
from tests.leaks.search import Search

TEXT = "澹台听雨收了八罐龙井茶"
MARKERS: Mapping[str, str | bytes] = {"text": TEXT, "bytes": bytes(range(200, 232)), "code": "kestrel-7Q2M-kestrel"}
SEARCH = Search(MARKERS)  # made once: it is slow to make
SHAPES = [(name, shape) for name, content in MARKERS.items() for shape in forms_of(content)]


@pytest.mark.parametrize(("name", "shape"), SHAPES)
def test_every_shape_is_found_across_the_border_of_two_pieces(name: str, shape: str) -> None:
    form = forms_of(MARKERS[name])[shape]
    for before in range(64 - len(form) % 64, 64):
        search = Search(MARKERS, chunk=64)
        search.stream(io.BytesIO(bytes(before) + form + b"\xff" * 70), "here")
        assert search.found[name] == {"here"}


@given(before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_base64_is_found_whatever_stands_around_the_text(before: bytes, after: bytes) -> None:

    place = f"{before!r}, {after!r}"
    SEARCH.piece(b64encode(before + TEXT.encode() + after), place)
    assert SEARCH.places_of("text", within=place)


@given(st.binary(max_size=4096))
def test_random_bytes_are_no_marker(content: bytes) -> None:
    SEARCH.piece(content, "random")
    assert not any(SEARCH.places_of(name, within="random") for name in MARKERS)


def test_letters_of_either_case_count_as_the_same() -> None:
    search = Search(MARKERS)
    search.piece(b"KESTREL-7q2m-Kestrel", "here")
    search.piece(TEXT.encode().hex().upper().encode(), "here")
    assert search.places_of("code") == search.places_of("text") == ["here"]


def test_names_of_files_and_hidden_folders_are_searched(tmp_path: Path) -> None:
    (tmp_path / ".deep" / "er").mkdir(parents=True)
    (tmp_path / ".deep" / "er" / f"{TEXT}.txt").touch()
    search = Search(MARKERS)
    search.folder(tmp_path, "home")
    assert search.places_of("text", within="home/.deep/er/")


def test_a_temporary_file_without_a_name_is_kept_while_it_is_open(tmp_path: Path) -> None:
    with TemporaryFile() as file:
        file.write(TEXT.encode())
        file.flush()
        keep_open_files(os.getpid(), tmp_path)
    search = Search(MARKERS)
    search.folder(tmp_path, "kept")
    assert search.places_of("text")


@pytest.mark.parametrize(("secure_delete", "remains"), [("OFF", True), ("ON", False)])
def test_a_deleted_row_is_found_on_a_free_page_of_sqlite(tmp_path: Path, secure_delete: str, remains: bool) -> None:  # noqa: FBT001 - a parameter of the table
    with closing(sqlite3.connect(tmp_path / "scratch.sqlite3", isolation_level=None)) as scratch:
        scratch.execute(f"PRAGMA secure_delete={secure_delete}")
        scratch.execute("CREATE TABLE note (text TEXT)")
        scratch.execute("INSERT INTO note VALUES (?)", [TEXT * 500])
        scratch.execute("DELETE FROM note")
    search = Search(MARKERS)
    search.folder(tmp_path, "home")
    assert bool(search.found["text"]) is remains


def test_cells_are_searched_whatever_they_hold() -> None:
    search = Search(MARKERS)
    search.cells([{"a": None, "b": 7, "c": TEXT.encode(), "d": {"x": [MARKERS["code"]]}}], "table")
    assert search.found == {"text": {"table.c"}, "bytes": set(), "code": {"table.d"}}
