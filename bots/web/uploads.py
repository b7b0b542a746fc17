"""Reading what a page sends: bounded text in memory, files straight into sealed storage."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request

from core.app import attachments
from core.attachments import MAX_PARTS, Part, parts
from core.dialogue import Problem
from core.errors import Invalid, TooLarge

MAX_TEXT: Final = 2**20  # bytes of all text fields together
_OVERHEAD: Final = 2**20  # bytes that boundaries and headers of parts may take besides


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why one file was not taken."""

    filename: str = field(repr=False)
    problem: Problem


@dataclass
class Posted:
    """What a page sent. ``files`` are sealed already, under the name of their question, and not yet registered."""

    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list), repr=False)
    files: dict[str, list[attachments.StoredFile]] = field(default_factory=lambda: defaultdict(list), repr=False)
    problems: dict[str, list[FileProblem]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def text(self, name: str) -> str:
        """Return the first value of a field, or nothing."""
        return self.texts[name][0] if name in self.texts else ""

    @property
    def file_ids(self) -> frozenset[UUID]:
        """The files that were sealed."""
        return frozenset(file.id for files in self.files.values() for file in files)

    @property
    def had_files(self) -> bool:
        """Whether any file came along, taken or not."""
        return bool(self.files or self.problems)


Gate = Callable[[], Awaitable[object]]
"""Asked before the first file of a body is taken, when the fields before it are known; raises to refuse it all."""


async def read(
    request: Request,
    posted: Posted,
    *,
    vault: attachments.Vault,
    files_of: Collection[str] = (),
    max_files: int = 0,
    gate: Gate | None = None,
) -> None:
    """Read the body of ``request`` into ``posted``, keeping at most ``max_files`` files of the questions ``files_of``.

    A file that cannot be taken is a problem in ``posted`` and does not stop the rest. Raises `Invalid`
    (``form_unreadable``), `TooLarge` (``body_too_large``, ``text_too_large``), `Unavailable` (``storage_full``),
    and what ``gate`` raises.
    """
    content_type = request.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    body = _bounded(request, MAX_TEXT + _OVERHEAD + max_files * vault.limit)
    if media_type == "multipart/form-data":
        async for part in parts(body, content_type):
            if part.filename is None:
                await _take_text(part, posted)
            elif part.filename and part.name in files_of:
                if gate is not None:
                    await gate()
                    gate = None
                await _take_file(part, posted, vault, max_files)
    elif media_type in {"application/x-www-form-urlencoded", ""}:  # a form without fields may come without a type
        await _take_urlencoded(body, posted)
    else:
        raise Invalid("form_unreadable")


async def _bounded(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yield the body; raise `TooLarge` before the first byte when it says to be longer than ``limit``, else there."""
    declared = request.headers.get("content-length", "0")
    taken = 0
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge("body_too_large", limit=limit)
    async for piece in request.stream():
        taken += len(piece)
        if taken > limit:
            raise TooLarge("body_too_large", limit=limit)
        yield piece


async def _take_text(part: Part, posted: Posted) -> None:
    room = MAX_TEXT - sum(len(value) for values in posted.texts.values() for value in values)
    content = bytearray()
    async for piece in part.chunks():
        content += piece
        if len(content) > room:
            raise TooLarge("text_too_large", limit=MAX_TEXT)
    posted.texts[part.name].append(content.decode(errors="replace"))


async def _take_file(part: Part, posted: Posted, vault: attachments.Vault, max_files: int) -> None:
    name = part.filename or ""
    try:
        if len(posted.files[part.name]) >= max_files:
            raise TooLarge("too_many_files", limit=max_files)
        chunks = part.chunks()
        stored = await attachments.store(vault, chunks, name=name, declared_type=part.media_type)
        posted.files[part.name].append(stored)
    except Invalid as refusal:
        posted.problems[part.name].append(FileProblem(name, Problem(refusal.code, refusal.params)))


async def _take_urlencoded(body: AsyncIterator[bytes], posted: Posted) -> None:
    content = bytearray()
    async for piece in body:
        content += piece
        if len(content) > 3 * MAX_TEXT:  # one byte may take three characters
            raise TooLarge("text_too_large", limit=MAX_TEXT)
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_PARTS)
    except ValueError as error:
        raise Invalid("form_unreadable") from error
    for name, value in pairs:
        posted.texts[name].append(value)
