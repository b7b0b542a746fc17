"""The word for a place in a list comes back from outside, whole or not."""

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from admin_api.paging import meeting_word, place_word, read_meeting_place, read_place
from core.errors import Invalid

ROW = UUID("00000000-0000-4000-8000-000000000001")


def test_a_place_comes_back_as_it_went_out() -> None:
    at = datetime(2026, 9, 30, 4, tzinfo=UTC)
    assert read_place(place_word(at, ROW)) == (at, ROW)
    assert read_meeting_place(meeting_word(date(2026, 10, 9), at, ROW)) == (date(2026, 10, 9), at, ROW)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-09-30T04:00:00", "yesterday", ""],
)
def test_a_place_at_no_moment_is_refused(text: str) -> None:
    word = urlsafe_b64encode(f"{ROW.hex}{text}".encode()).decode().rstrip("=")
    with pytest.raises(Invalid, match="cursor_malformed"):
        read_place(word)
    with pytest.raises(Invalid, match="cursor_malformed"):
        read_meeting_place(urlsafe_b64encode(f"{ROW.hex}2026-10-09 {text}".encode()).decode().rstrip("="))
