"""The signed list of what was destroyed."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from nacl.signing import SigningKey

from core.errors import Misconfigured
from jingshi import destruction
from tests.jingshi.conftest import files_no_larger_than

KEY = SigningKey.generate()
Lines = list[bytes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "destroyed.jsonl"


def test_no_list_names_nothing(path: Path) -> None:
    assert destruction.read(path, signer=KEY.verify_key) == ()


def test_what_was_appended_is_read_each_item_once(path: Path) -> None:
    first, second = uuid4(), uuid4()
    destruction.append(path, [first, second], key=KEY)
    destruction.append(path, [first], key=KEY)
    assert destruction.read(path, signer=KEY.verify_key) == (first, second)
    assert path.stat().st_mode & 0o077 == 0


def with_another_item(lines: Lines) -> Lines:
    return [lines[0], json.dumps({**json.loads(lines[1]), "item": str(UUID(int=7))}).encode(), *lines[2:]]


FAULTS: dict[str, tuple[int, Callable[[Lines], Lines]]] = {
    "an item was exchanged": (2, with_another_item),
    "a line was taken out": (2, lambda lines: [lines[0], lines[2]]),
    "lines were exchanged": (1, lambda lines: [lines[1], lines[0], lines[2]]),
    "a line was added": (4, lambda lines: [*lines, b'{"item": "%s", "signature": "00"}' % str(UUID(int=7)).encode()]),
    "a line is not JSON": (3, lambda lines: [*lines[:2], b"nonsense"]),
    "a line is a number": (3, lambda lines: [*lines[:2], b"7"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_list_that_was_changed_is_refused_with_its_line(path: Path, fault: str) -> None:
    destruction.append(path, [uuid4(), uuid4(), uuid4()], key=KEY)
    line, spoil = FAULTS[fault]
    path.write_bytes(b"\n".join(spoil(path.read_bytes().splitlines())) + b"\n")
    with pytest.raises(Misconfigured, match=f"line {line} of"):
        destruction.read(path, signer=KEY.verify_key)


def test_a_line_that_a_crash_cut_short_is_passed_over_and_replaced(path: Path) -> None:
    first, second = uuid4(), uuid4()
    destruction.append(path, [first], key=KEY)
    with path.open("ab") as torn:
        torn.write(b'{"item": "')
    assert destruction.read(path, signer=KEY.verify_key) == (first,)
    destruction.append(path, [second], key=KEY)
    assert destruction.read(path, signer=KEY.verify_key) == (first, second)


def test_a_full_disk_adds_nothing(path: Path) -> None:
    destruction.append(path, [uuid4()], key=KEY)
    before = path.read_bytes()
    with files_no_larger_than(len(before) + 40), pytest.raises(OSError, match="No space"):
        destruction.append(path, [uuid4()], key=KEY)
    assert path.read_bytes() == before


def test_a_list_that_another_worker_signed_is_refused(path: Path) -> None:
    destruction.append(path, [uuid4()], key=SigningKey.generate())
    with pytest.raises(Misconfigured, match="line 1 of"):
        destruction.read(path, signer=KEY.verify_key)
