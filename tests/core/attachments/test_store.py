"""Files are sealed as they arrive, whole or not at all."""

import asyncio
import errno
import os
import resource
import stat
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attachments import StoredFile, Vault, read, store
from core.attachments.vault import _faults
from core.errors import Forged, Invalid, NotFound, TooLarge, Unavailable
from core.sealing import CHUNK, sealed_size
from core.work import Clock
from tests.conftest import FixedClock
from tests.core.attachments.conftest import LIMIT
from tests.core.attachments.samples import MARKER, jpeg, pieces

HEAD = b"%PDF-1.7\n"


async def whole(vault: Vault, stored: StoredFile) -> bytes:
    return b"".join([chunk async for chunk in read(vault, stored)])


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.folder.rglob("*") if path.is_file()]


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [len(HEAD), CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, LIMIT])
async def test_a_file_of_any_size_is_read_back_as_it_was(vault: Vault, size: int) -> None:
    data = HEAD + os.urandom(size - len(HEAD))
    stored = await store(vault, pieces(data), name="发票.pdf")
    assert (stored.name, stored.media_type, stored.size) == ("发票.pdf", "application/pdf", size)
    assert stored.sha256 == sha256(data).digest()
    assert await whole(vault, stored) == data


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.binary(max_size=40_000), max_size=8))
async def test_how_a_file_is_cut_on_its_way_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[bytes]
) -> None:
    async def arriving() -> AsyncIterator[bytes]:
        for cut in (HEAD[:1], b"", HEAD[1:], *cuts):
            yield cut

    vault = Vault(tmp_path_factory.mktemp("vault"), LIMIT, Clock())
    assert await whole(vault, await store(vault, arriving(), name="a.pdf")) == HEAD + b"".join(cuts)


async def test_the_disk_sees_no_plain_byte_and_not_the_exact_size(vault: Vault) -> None:
    stored = await store(vault, pieces(jpeg()), name=f"{MARKER.decode()}.jpg")
    (path,) = files(vault)
    assert MARKER not in path.read_bytes()
    assert MARKER.decode() not in str(path)
    assert b"JFIF" not in path.read_bytes()
    assert path.stat().st_size == sealed_size(0)
    assert MARKER.decode() not in repr(stored)
    assert repr(stored.key) not in repr(stored)


async def test_the_file_belongs_to_its_owner_alone_and_tells_the_hour_only(vault: Vault, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=34, seconds=56))
    stored = await store(vault, pieces(HEAD), name="a.pdf")
    (path,) = files(vault)
    assert path == vault.folder / str(stored.id)[:2] / str(stored.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_mtime % 3600 == 0
    assert 0 <= clock.now().timestamp() - path.stat().st_mtime < 3600


async def test_a_draft_can_keep_the_file_as_json(vault: Vault) -> None:
    stored = await store(vault, pieces(HEAD), name="a.pdf")
    assert StoredFile.from_json(stored.to_json()) == stored


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "file_empty"),
        ("a.exe", b"MZ", "file_type_refused"),
        ("a.pdf", b"MZ\x90\x00", "file_type_mismatch"),
        ("a.jpg", HEAD, "file_type_mismatch"),
        ("a.pdf", jpeg(), "file_type_mismatch"),
    ],
)
async def test_an_empty_unknown_or_false_file_is_refused_and_leaves_nothing(
    vault: Vault, name: str, data: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await store(vault, pieces(data), name=name)
    assert refused.value.code == code
    assert files(vault) == []


async def test_one_byte_too_many_is_refused_and_leaves_nothing(vault: Vault) -> None:
    with pytest.raises(TooLarge) as refused:
        await store(vault, pieces(HEAD + bytes(LIMIT + 1 - len(HEAD))), name="a.pdf")
    assert refused.value.params == {"limit": LIMIT}
    assert files(vault) == []


async def test_reading_stops_as_soon_as_the_limit_is_passed(vault: Vault) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield HEAD
        while True:
            taken += CHUNK
            yield bytes(CHUNK)

    with pytest.raises(TooLarge):
        await store(vault, endless(), name="a.pdf")
    assert taken <= LIMIT + 2 * CHUNK


async def test_memory_does_not_grow_with_the_file(vault: Vault) -> None:
    async def arriving() -> AsyncIterator[bytes]:
        yield HEAD
        for _ in range(20_000_000 // CHUNK):
            yield bytes(CHUNK)

    roomy = replace(vault, limit=50_000_000)
    await store(vault, pieces(HEAD), name="a.pdf")
    tracemalloc.start()
    try:
        await store(roomy, arriving(), name="a.pdf")
        assert tracemalloc.get_traced_memory()[1] < 20 * CHUNK
    finally:
        tracemalloc.stop()


async def test_an_archive_bomb_under_an_allowed_name_is_kept_as_it_is_and_never_unpacked(vault: Vault) -> None:
    bomb = b"PK\x03\x04" + bytes(200_000)
    assert await whole(vault, await store(vault, pieces(bomb), name="合同.docx")) == bomb


async def test_a_disk_without_room_is_told_and_leaves_nothing(vault: Vault) -> None:
    with no_file_larger_than(100_000), pytest.raises(Unavailable) as refused:
        await store(vault, pieces(HEAD + bytes(500_000)), name="a.pdf")
    assert refused.value.code == "storage_full"
    assert files(vault) == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (errno.ENOSPC, "storage_full"),
        (errno.EDQUOT, "storage_full"),
        (errno.EIO, "storage_unavailable"),
        (errno.EROFS, "storage_unavailable"),
    ],
)
def test_each_fault_of_the_disk_has_a_name(fault: int, code: str) -> None:
    with pytest.raises(Unavailable) as told, _faults():
        raise OSError(fault, os.strerror(fault))
    assert told.value.code == code


async def test_a_folder_that_cannot_be_made_is_told(vault: Vault) -> None:
    vault.folder.write_text("in the way")
    with pytest.raises(Unavailable) as told:
        await store(vault, pieces(HEAD), name="a.pdf")
    assert told.value.code == "storage_unavailable"


async def test_a_sender_who_goes_away_leaves_nothing(vault: Vault) -> None:
    arrived = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        yield HEAD + bytes(3 * CHUNK)
        arrived.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(store(vault, stalling(), name="a.pdf"))
    await arrived.wait()
    assert [path.suffix for path in files(vault)] == [".part"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(vault) == []


@pytest.mark.parametrize("place", [0, 30, CHUNK + 100, -1])
async def test_a_changed_byte_is_seen(vault: Vault, place: int) -> None:
    stored = await store(vault, pieces(HEAD + bytes(2 * CHUNK)), name="a.pdf")
    (path,) = files(vault)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(Forged):
        await whole(vault, stored)


async def test_a_file_cut_short_is_seen(vault: Vault) -> None:
    stored = await store(vault, pieces(HEAD + bytes(2 * CHUNK)), name="a.pdf")
    (path,) = files(vault)
    path.write_bytes(path.read_bytes()[: -CHUNK - 17])
    with pytest.raises(Forged):
        await whole(vault, stored)


async def test_another_digest_than_the_one_taken_in_is_seen(vault: Vault) -> None:
    stored = await store(vault, pieces(HEAD), name="a.pdf")
    with pytest.raises(Forged) as told:
        await whole(vault, replace(stored, sha256=bytes(32)))
    assert told.value.code == "file_digest_wrong"


async def test_a_file_that_is_gone_is_not_found(vault: Vault) -> None:
    stored = await store(vault, pieces(HEAD), name="a.pdf")
    vault.remove([stored.id])
    with pytest.raises(NotFound):
        await whole(vault, stored)


async def test_no_file_is_begun_when_the_disk_has_little_room_left(vault: Vault) -> None:
    narrow = replace(vault, least_free=2**62)
    with pytest.raises(Unavailable) as refused:
        await narrow.write(pieces(b"x"))
    assert refused.value.code == "storage_full"
    assert not [path for path in vault.folder.rglob("*") if path.is_file()]
