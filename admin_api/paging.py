"""Keyset paging: the place to go on from travels as an opaque word in a ``next`` link."""

import base64
from datetime import UTC, date, datetime
from uuid import UUID

from starlette.requests import Request

from core.errors import Invalid

_LARGEST = 2**31 - 1  # of a position, as the databases hold it


def place_word(at: datetime, row_id: UUID) -> str:
    """Return the word for a place in a list that is ordered by time and id."""
    return _pack(at.isoformat(), row_id)


def read_place(word: str | None) -> tuple[datetime, UUID] | None:
    """Return the time and id behind a word; nothing for no word. Raises `Invalid` (``cursor_malformed``)."""
    if not word:
        return None
    try:
        first, row_id = _unpack(word)
        at = datetime.fromisoformat(first)
        if at.tzinfo is None:
            raise Invalid("cursor_malformed", field="after")
        return at.astimezone(UTC), row_id
    except (ValueError, OverflowError) as error:
        raise Invalid("cursor_malformed", field="after") from error


def name_word(name: str, row_id: UUID) -> str:
    """Return the word for a place in a list that is ordered by name and id."""
    return _pack(name, row_id)


def read_name(word: str | None) -> tuple[str, UUID] | None:
    """Return the name and id behind a word; nothing for no word. Raises `Invalid` (``cursor_malformed``)."""
    if not word:
        return None
    try:
        return _unpack(word)
    except ValueError as error:
        raise Invalid("cursor_malformed", field="after") from error


def day_word(day: date, row_id: UUID) -> str:
    """Return the word for a place in a list that is ordered by day and id."""
    return _pack(day.isoformat(), row_id)


def read_day(word: str | None) -> tuple[date, UUID] | None:
    """Return the day and id behind a word; nothing for no word. Raises `Invalid` (``cursor_malformed``)."""
    if not word:
        return None
    try:
        first, row_id = _unpack(word)
        return date.fromisoformat(first), row_id
    except ValueError as error:
        raise Invalid("cursor_malformed", field="after") from error


def meeting_word(day: date, called_at: datetime, row_id: UUID) -> str:
    """Return the word for a place in a list that is ordered by day, moment and id."""
    return _pack(f"{day.isoformat()} {called_at.isoformat()}", row_id)


def read_meeting_place(word: str | None) -> tuple[date, datetime, UUID] | None:
    """Return the day, moment and id behind a word; nothing for no word. Raises `Invalid` (``cursor_malformed``)."""
    if not word:
        return None
    try:
        first, row_id = _unpack(word)
        day, _, moment = first.partition(" ")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise Invalid("cursor_malformed", field="after")
        return date.fromisoformat(day), at.astimezone(UTC), row_id
    except (ValueError, OverflowError) as error:
        raise Invalid("cursor_malformed", field="after") from error


def station_word(place: tuple[int, str]) -> str:
    """Return the word for a place in a list of units, which is ordered by position and code."""
    return base64.urlsafe_b64encode(f"{place[0]} {place[1]}".encode()).decode().rstrip("=")


def read_station_place(word: str | None) -> tuple[int, str] | None:
    """Return the position and code behind a word; nothing for no word. Raises `Invalid` (``cursor_malformed``)."""
    if not word:
        return None
    try:
        position, _, code = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode().partition(" ")
        found = int(position)
    except ValueError as error:
        raise Invalid("cursor_malformed", field="after") from error
    if abs(found) > _LARGEST or not code or "\0" in code:
        raise Invalid("cursor_malformed", field="after")
    return found, code


def next_link(request: Request, word: str | None) -> str | None:
    """Return the address of the page that begins at ``word``, with the filters of this one; nothing at the end."""
    if word is None:
        return None
    url = request.url.include_query_params(after=word)
    return f"{url.path}?{url.query}"


def _pack(first: str, row_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{row_id.hex}{first}".encode()).decode().rstrip("=")


def _unpack(word: str) -> tuple[str, UUID]:
    text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    return text[32:], UUID(text[:32])
