"""Filters of a list that a member of staff saved: seen, renamed and deleted by that member alone.

What is filtered by comes from closed lists and lies in clear. The name is free text, in which somebody may write of
whom a matter is: it is sealed to the member's own key. While that key is locked, or after it was replaced, a filter is
known by what it filters by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core import access, cases
from core.cases import proceedings
from core.cases.rules.lifecycle import CASE_STATES, ITEM_STATES
from core.db import Base, Instant
from core.errors import Conflict, Forged, Invalid, NotFound
from core.sealing import Context, open_envelope, seal_envelope
from core.work import Work

LONGEST_NAME: Final = 40
MOST: Final = 12
"""Filters that one person keeps for one list: more are no longer found at a glance."""

COUNTED: Final = 99
"""So far is counted what a filter finds; a list of more is a list of many."""


class Place(StrEnum):
    """The lists that can be filtered."""

    INBOX = "inbox"
    CASES = "cases"


_YES: Final = frozenset({"1"})
_CHANNELS: Final = frozenset({*cases.WAYS, "web", "telegram", "retaliation"})
CHOICES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {
        Place.INBOX: {"channel": _CHANNELS, "state": frozenset(ITEM_STATES), "waiting": _YES},
        Place.CASES: {"state": frozenset(CASE_STATES), "mine": _YES},
    }
)
"""What each list can be filtered by, and which values that can have."""


class SavedFilterRow(Base):
    """One filter of one person."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        CheckConstraint("place IN ('inbox', 'cases')", name="place"),
        UniqueConstraint("person_id", "place", "query"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(10))
    query: Mapped[str] = mapped_column(String(200))
    name: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter, how much it finds at present (``has_more`` beyond `COUNTED`), and its name if the key opens it."""

    id: UUID
    place: str
    query: Mapping[str, str]
    count: int
    has_more: bool
    name: str | None = field(repr=False)


async def saved(work: Work, place: str) -> Sequence[SavedFilter]:
    """Return one's own filters of a list, the oldest first; raise `Invalid` (``unknown_choice``) for another list."""
    query = _own(work).where(SavedFilterRow.place == _place(place))
    rows = await work.session.scalars(query.order_by(SavedFilterRow.saved_at, SavedFilterRow.id))
    return [await _view(work, row) for row in rows]


async def save(work: Work, place: str, name: str, query: Mapping[str, str]) -> UUID:
    """Save what a list is filtered by at present, under a name; return the id.

    Raises `Invalid` (``unknown_choice``, ``filter_empty``, ``text_missing``, ``text_too_long``) and `Conflict`
    (``filter_known``, ``filters_too_many``, ``person_has_no_key``).
    """
    staff = access.permit(work, "filter.keep")
    own = _own(work).where(SavedFilterRow.place == _place(place))
    row = SavedFilterRow(id=uuid4(), person_id=staff.person_id, place=place, query=_fit(place, query))
    row.saved_at, row.name = work.now(), await _sealed(work, row, name)
    if await work.session.scalar(own.where(SavedFilterRow.query == row.query)) is not None:
        raise Conflict("filter_known")
    if (await work.session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST:
        raise Conflict("filters_too_many", limit=MOST)
    work.session.add(row)
    return row.id


async def rename(work: Work, filter_id: UUID, name: str) -> None:
    """Give one's own filter another name; raises `NotFound` (``filter_unknown``) and, for the name, as `save`."""
    row = await _load(work, filter_id)
    row.name = await _sealed(work, row, name)


async def forget(work: Work, filter_id: UUID) -> None:
    """Delete one's own filter; raises `NotFound` (``filter_unknown``)."""
    await work.session.delete(await _load(work, filter_id))


def _own(work: Work) -> Select[SavedFilterRow]:
    staff = access.permit(work, "filter.keep")
    return select(SavedFilterRow).where(SavedFilterRow.person_id == staff.person_id)


async def _load(work: Work, filter_id: UUID) -> SavedFilterRow:
    row = await work.session.scalar(_own(work).where(SavedFilterRow.id == filter_id))
    if row is None:
        raise NotFound("filter_unknown")
    return row


def _place(given: str) -> str:
    if given not in CHOICES:
        raise Invalid("unknown_choice", field="place")
    return given


def _fit(place: str, query: Mapping[str, str]) -> str:
    """Return the filter as it is stored, the same for the same filter."""
    choices = CHOICES[place]
    for name, value in query.items():
        if value and value not in choices.get(name, frozenset()):
            raise Invalid("unknown_choice", field=name)
    text = urlencode({name: query[name] for name in choices if query.get(name)})
    if not text:
        raise Invalid("filter_empty")
    return text


async def _sealed(work: Work, row: SavedFilterRow, name: str) -> bytes:
    text = name.strip()
    if not text:
        raise Invalid("text_missing", field="name")
    if len(text) > LONGEST_NAME:
        raise Invalid("text_too_long", field="name", limit=LONGEST_NAME, length=len(text))
    key = await access.present_person_key(work, row.person_id)
    if key is None:
        raise Conflict("person_has_no_key")
    return seal_envelope(text.encode(), to=[key.public_key], context=_context(row))


async def _view(work: Work, row: SavedFilterRow) -> SavedFilter:
    query = dict(parse_qsl(row.query))
    count, has_more = await (_items if row.place == Place.INBOX else _cases)(work, query)
    return SavedFilter(row.id, row.place, query, count, has_more, _name(work, row))


def _name(work: Work, row: SavedFilterRow) -> str | None:
    key = access.signed_in(work).key
    if key is None:
        return None
    try:
        return open_envelope(row.name, key=key, context=_context(row)).decode()
    except Forged:  # sealed to a key that was replaced since: the filter is still of use
        return None


def _context(row: SavedFilterRow) -> Context:
    return Context("saved_filter", "name", row.id)


async def _items(work: Work, query: Mapping[str, str]) -> tuple[int, bool]:
    channel, state = query.get("channel"), query.get("state")
    page = await cases.inbox(work, channel=channel, state=state, waiting="waiting" in query, limit=COUNTED)
    return len(page.items), page.next is not None


async def _cases(work: Work, query: Mapping[str, str]) -> tuple[int, bool]:
    page = await proceedings.queue(work, state=query.get("state"), mine="mine" in query, limit=COUNTED)
    return len(page.cases), page.next is not None
