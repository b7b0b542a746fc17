"""Small rules that several verbs share: texts, and periods whose first and last day both count."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, true

from core.errors import Invalid, TooLarge
from core.registry import tables


def plain_text(text: str, field: str, limit: int) -> str:
    """Return ``text`` without surrounding space.

    Raises:
        Invalid: ``text_missing`` or ``text_unprintable`` (line breaks, control and direction characters).
        TooLarge: ``text_too_long``, beyond ``limit`` characters.
    """
    kept = text.strip()
    if not kept:
        raise Invalid("text_missing", field=field)
    if len(kept) > limit:
        raise TooLarge("text_too_long", field=field, limit=limit)
    if not kept.isprintable():
        raise Invalid("text_unprintable", field=field)
    return kept


def require_order(since: date, until: date | None) -> None:
    """Raise `Invalid` ``ends_before_it_begins`` when the last day lies before the first."""
    if until is not None and until < since:
        raise Invalid("ends_before_it_begins", field="until")


def during(
    row: type[tables.Appointment] | type[tables.Official], since: date, until: date | None
) -> ColumnElement[bool]:
    """Return the condition that the row's period has a day in common with ``since`` to ``until`` (none: for ever)."""
    begins_in_time = true() if until is None else row.since <= until
    return and_(begins_in_time, or_(row.until.is_(None), row.until >= since))
