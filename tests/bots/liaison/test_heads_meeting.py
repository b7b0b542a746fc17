"""The heads of the stations are told in their chat when and where they meet, and of nothing else."""

from datetime import date, time

import pytest

from bots.liaison.carrier import message
from core.outbox.templates import HEADS_MEETING
from core.stations import HeadsMeet, Named


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", "10月20日（星期二） 09:30，地点：区委三楼会议室"),
        ("en", "Tuesday 20 October at 09:30, 区委三楼会议室"),
    ],
)
def test_a_notice_says_day_hour_and_venue(language: str, said: str) -> None:
    meeting = HeadsMeet(date(2026, 10, 20), time(9, 30), "区委三楼会议室")
    named = Named("2026Q3", "云川社区", "Yunchuan", date(2026, 9, 30), date(2026, 10, 13), meeting)
    assert said in message(language, HEADS_MEETING, named)
