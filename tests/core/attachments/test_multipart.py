"""Multipart bodies: the same parts come out wherever the pieces are cut."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attachments import MAX_PARTS, parts
from core.errors import Invalid

TYPE = 'multipart/form-data; boundary="frontier"'
CONTENTS = st.lists(
    st.tuples(
        st.sampled_from(["what", "名字"]), st.none() | st.sampled_from(["a.pdf", "文件.jpg"]), st.binary(max_size=60)
    ),
    max_size=4,
)


def body_of(contents: list[tuple[str, str | None, bytes]]) -> bytes:
    body = b""
    for name, filename, content in contents:
        file = f'; filename="{filename}"\r\nContent-Type: image/jpeg' if filename else ""
        body += (
            f'--frontier\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
        )
    return body + b"--frontier--\r\n"


async def cut(body: bytes, sizes: list[int]) -> AsyncIterator[bytes]:
    for size in sizes:
        if not body:
            return
        yield body[:size]
        body = body[size:]
    if body:
        yield body


async def read(body: AsyncIterator[bytes]) -> list[tuple[str, str | None, bytes]]:
    return [
        (part.name, part.filename, b"".join([piece async for piece in part.chunks()]))
        async for part in parts(body, TYPE)
    ]


@given(CONTENTS, st.lists(st.integers(1, 40), max_size=60))
async def test_parts_come_out_as_they_went_in_wherever_the_pieces_are_cut(
    contents: list[tuple[str, str | None, bytes]], sizes: list[int]
) -> None:
    contents = [one for one in contents if b"--frontier" not in one[2]]
    if contents:
        assert await read(cut(body_of(contents), sizes)) == contents


@given(st.integers(1, 200))
async def test_a_body_that_ends_too_early_is_never_taken_for_a_whole_one(missing: int) -> None:
    body = body_of([("what", None, b"x" * 50), ("photo", "a.pdf", b"y" * 50)])
    with pytest.raises(Invalid, match="form_unreadable"):
        await read(cut(body[: -missing - 4], []))


async def test_a_part_that_nobody_reads_is_passed_over() -> None:
    body = body_of([("photo", "a.pdf", b"y" * 5000), ("what", None, b"x")])
    names = [part.name async for part in parts(cut(body, [7] * 900), TYPE)]
    assert names == ["photo", "what"]


async def test_too_many_parts_are_refused() -> None:
    with pytest.raises(Invalid, match="form_unreadable"):
        await read(cut(body_of([("what", None, b"")] * (MAX_PARTS + 1)), []))


async def test_a_header_without_end_is_refused() -> None:
    endless = b"--frontier\r\nContent-Disposition: " + b"x" * 100_000
    with pytest.raises(Invalid, match="form_unreadable"):
        await read(cut(endless, [1000] * 100))
