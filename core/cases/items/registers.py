"""The register books (S101): one line an entry, numbered without a gap in its body, book and year.

A line says in general words from whom it came, whom it is about and what, sealed to the registers' key of the body
that decides. What came by bot or web has no line of its own: in the book ``bot_intake`` the items themselves stand, in
the order in which they were received, and what they say opens with the item alone. What goes to the upper level
stands in no book; its packet has the category and the date (R13).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import Row, Select, func, select

from core import access, audit
from core.cases.items.lines import LineContent, check_line, decode
from core.cases.items.tables import Item, RegisterLine
from core.cases.rules.registers import BOT_INTAKE, REGISTERS
from core.errors import Denied, Forged, NotFound
from core.policy.calendar import civil_date
from core.sealing import Context, KeyPair, open_envelope
from core.work import SHANGHAI, Work

PAGE: Final = 50
_BOOKS: Final = UUID("6f0f7b54-3c1b-4d0e-9d53-0a4a2a7be6c1")
_BY_ITSELF: Final = "intake"
"""The process that takes in what comes by bot and web; what clerks enter is signed by the desk."""


@dataclass(frozen=True, slots=True)
class BookName:
    """Which book: of a deciding body, one of the `REGISTERS`, of a year in Asia/Shanghai."""

    body: str
    register: str
    year: int

    @property
    def id(self) -> UUID:
        """What the trail calls the book, and a reason for reading it is given for."""
        return uuid5(_BOOKS, f"{self.body}/{self.register}/{self.year}")


@dataclass(frozen=True, slots=True)
class BookSummary:
    """A book in the list: how many lines it has, and nothing of what they say."""

    name: BookName
    lines: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a book. ``content`` is missing where it was destroyed, stands in the item, or no key of ours opens it.

    ``clerk_id`` is missing where no clerk entered it.
    """

    number: int
    entered_on: date
    channel: str
    item_id: UUID
    clerk_id: UUID | None
    is_destroyed: bool
    content: LineContent | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Book:
    """Lines of a book in their order; ``next`` is the number to go on after, or nothing at the end.

    ``missing`` are numbers between them that no line has: somebody took a line out.
    """

    name: BookName
    lines: Sequence[Line]
    missing: Sequence[int]
    next: int | None


async def books(work: Work) -> Sequence[BookSummary]:
    """Return the books that the member of staff may read, the latest year first; raises `Denied`."""
    bodies = _bodies(work)
    columns = RegisterLine.body, RegisterLine.register, RegisterLine.year
    query = select(*columns, func.count()).where(RegisterLine.body.in_(bodies)).group_by(*columns)
    found = [BookSummary(BookName(*row[:3]), row[3]) for row in (await work.session.execute(query)).all()]
    for body in bodies:
        found += [
            BookSummary(BookName(body, BOT_INTAKE, year), count)
            for year in range(await _first_year(work, body), work.clock.today().year + 1)
            if (count := await _count_received(work, body, year))
        ]
    return sorted(found, key=lambda one: (-one.name.year, one.name.body, REGISTERS.index(one.name.register)))


async def begin_reading(work: Work, name: BookName, reason: str) -> access.Opening:
    """Give the reason for reading a book; it carries the reads and exports of one person for half an hour.

    Raises `Denied`, `NotFound` (``register_unknown``), and for the reason as `access.begin_opening`.
    """
    _permit(work, name)
    return await access.begin_opening(work, name.id, reason, permission="register.read", subject="register")


async def book(work: Work, name: BookName, *, opening_id: UUID, after: int = 0, limit: int = PAGE) -> Book:
    """Return up to ``limit`` lines of a book after a number; the read is recorded.

    Raises `Denied` (without the role, a reason, or the registers' key), `KeyLocked`, `NotFound`
    (``register_unknown``), and `Forged` for a line that the desk did not write as it is.
    """
    lines = await _read(work, name, opening_id=opening_id, after=after, limit=limit + 1)
    audit.record(work, "register", "read", name.id)
    shown = lines[:limit]
    return Book(name, shown, _missing(shown, after), shown[-1].number if len(lines) > limit else None)


async def export(work: Work, name: BookName, *, opening_id: UUID) -> Book:
    """Return a whole book, to be taken out; that it was is recorded. Raises as `book`."""
    lines = await _read(work, name, opening_id=opening_id, after=0, limit=None)
    audit.record(work, "register", "exported", name.id)
    return Book(name, lines, _missing(lines, 0), None)


async def _read(work: Work, name: BookName, *, opening_id: UUID, after: int, limit: int | None) -> Sequence[Line]:
    _permit(work, name)
    await access.require_opening(work, opening_id, name.id)
    keys = await access.open_shared_keys(work, access.REGISTER + name.body)
    if name.register == BOT_INTAKE:
        received = _received(work, name.body, name.year).subquery()
        query = select(received).where(received.c.number > after).order_by(received.c.number).limit(limit)
        return [_received_line(row) for row in await work.session.execute(query)]
    rows = select(RegisterLine, Item.envelope.is_(None)).join(Item, Item.id == RegisterLine.item_id)
    rows = rows.where(RegisterLine.body == name.body, RegisterLine.register == name.register)
    rows = rows.where(RegisterLine.year == name.year, RegisterLine.number > after)
    found = await work.session.execute(rows.order_by(RegisterLine.number).limit(limit))
    return [_line(work, row, keys, is_destroyed=is_destroyed) for row, is_destroyed in found]


def _line(work: Work, row: RegisterLine, keys: Sequence[KeyPair], *, is_destroyed: bool) -> Line:
    is_emptied = is_destroyed and not row.envelope  # with its item; the signature covered what is gone
    if not is_emptied:
        check_line(work, row)
    content = None if is_emptied else _opened(row, keys)
    return Line(row.number, row.entered_on, row.channel, row.item_id, row.clerk_id, is_destroyed, content)


def _opened(row: RegisterLine, keys: Sequence[KeyPair]) -> LineContent | None:
    """Open a line with the present key or one before it; nothing when it was sealed to one that we never held."""
    for key in keys:
        try:
            sealed = open_envelope(row.envelope, key=key, context=Context("register_line", "envelope", row.id))
        except Forged:
            continue
        return decode(sealed)
    return None


def _received(work: Work, body: str, year: int) -> Select[UUID, datetime, str, bool, int]:
    """The items that came in by themselves, numbered; those of the present hour wait, since their order may change."""
    begin, end = (datetime.combine(date(each, 1, 1), time(), SHANGHAI).astimezone(UTC) for each in (year, year + 1))
    number = func.row_number().over(order_by=(Item.received_at, Item.id)).label("number")
    query = select(Item.id, Item.received_at, Item.channel, Item.envelope.is_(None).label("is_destroyed"), number)
    query = query.where(Item.body == body, Item.signer == _BY_ITSELF)
    return query.where(Item.received_at >= begin, Item.received_at < min(end, work.hour()))


def _received_line(row: Row[UUID, datetime, str, bool, int]) -> Line:
    item_id, received_at, channel, is_destroyed, number = row
    return Line(number, civil_date(received_at), channel, item_id, None, is_destroyed, None)


async def _first_year(work: Work, body: str) -> int:
    first = await work.session.scalar(
        select(func.min(Item.received_at)).where(Item.body == body, Item.signer == _BY_ITSELF)
    )
    return civil_date(first).year if first else work.clock.today().year


async def _count_received(work: Work, body: str, year: int) -> int:
    received = _received(work, body, year).subquery()
    return await work.session.scalar(select(func.count()).select_from(received)) or 0


def _missing(lines: Sequence[Line], after: int) -> Sequence[int]:
    numbers = {line.number for line in lines}
    return [number for number in range(after + 1, max(numbers, default=0)) if number not in numbers]


def _bodies(work: Work) -> Sequence[str]:
    """Return the bodies whose books the member of staff may read: those to whose registers' key they are entitled."""
    return sorted(access.register_bodies(access.permit(work, "register.read").held))


def _permit(work: Work, name: BookName) -> None:
    if name.register not in REGISTERS:
        raise NotFound("register_unknown")
    if name.body not in _bodies(work):
        raise Denied("register_of_another_body")
