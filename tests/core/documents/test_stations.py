"""The record book of a station and the minutes of the heads' meeting, as they leave the house."""

from datetime import date, time, timedelta

from core import audit, documents, stations
from core.app import App
from core.documents import WrittenBook, WrittenMinutes
from core.sealing import Escrow
from core.work import Staff
from tests.conftest import FixedClock
from tests.core.documents.papers import text_of
from tests.core.stations.books.test_judging import REASON, Desk, at_desk
from tests.core.stations.records.test_filing import WORDS, Round, round_

__all__ = ["round_"]  # the fixture of a station that has begun


async def book(books: Desk, staff: Staff) -> WrittenBook:
    async with books.desk.work(staff, "console") as work:
        opening = await stations.begin_reading(work, books.obligation_id, REASON)
        await work.session.flush()
        return await documents.record_book(work, books.obligation_id, opening_id=opening.id)


async def test_the_record_book_is_uniform_and_tells_who_wrote_signed_and_judged(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "b")
    first, second = await books.read()
    await books.propose(first.id, "positive_note")
    await books.confirm(first.id)
    await books.propose(second.id, "delete_irrelevant")
    await books.confirm(second.id)
    written = [await book(books, staff) for staff in (books.first, books.second)]
    assert written[0].as_docx() == written[1].as_docx()  # two of the same name, in the same minute
    said = "\n".join(text_of(written[0].as_docx()))
    for each in (
        "某单位记录簿",
        "记录时间：2026年第三季度",
        "报　　送：澹台听雨（2026年9月20日）",
        "站长签字：站长（2026年9月20日）",
        f"1．2026年9月20日　记录人：澹台听雨\n什么事：{WORDS}\n调阅意见：正面情况，予以肯定。",
        "2．\n调阅意见：与监督无关，内容已删除。",
        "以上共2条。",
    ):
        assert each in said, said
    async with books.desk.work(books.first, "console") as work:
        found = {each.action for each in await audit.entries(work, subject_id=str(books.obligation_id))}
    assert found >= {f"console:obligation:{action}" for action in ("opened", "read", "book_exported")}


async def test_what_is_held_is_left_out_even_for_the_privacy_officer(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "a", "a")
    said = "\n".join(text_of((await book(books, books.privacy)).as_docx()))
    assert (WORDS in said, said.count("须先经隐私审核")) == (False, 3)


async def test_the_minutes_tell_agenda_attendance_of_every_station_and_what_was_said(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    network = round_.network
    books = await at_desk(round_, escrow, worker, clock, "a")
    (of_round,) = await network.do(stations.rounds)
    call = stations.Call(date(2026, 10, 20), time(9, 30), "区委三楼会议室", ("听取三季度情况", "部署调阅"))
    meeting_id = await network.do(lambda work: stations.call_heads_meeting(work, of_round.id, call))
    clock.move(timedelta(days=6))

    async def taken() -> WrittenMinutes:
        async with network.desk.work(books.first, "console") as work:
            opening = await stations.begin_reading_meeting(work, meeting_id, REASON)
            await work.session.flush()
            return await documents.heads_minutes(work, meeting_id, opening_id=opening.id)

    assert [each.heading for each in (await taken()).sections] == ["会议议程"]
    await network.do(lambda work: stations.note_attendance(work, meeting_id, {}, rest="head"))
    await network.do(lambda work: stations.close_heads_meeting(work, meeting_id, "各站汇报 & 讨论。\n按时报送。"))
    said = "\n".join(text_of((await taken()).as_docx()))
    for each in (
        "联络站长汇报会纪要\n2026年第三季度",
        "2026年第三季度联络站长汇报会纪要",
        "2026年10月20日09:30，在区委三楼会议室召开",
        "应到联络站1个，站长到会1个，副站长代为参加0个，缺席0个",
        "1．听取三季度情况\n2．部署调阅",
        "会议情况\n各站汇报 & 讨论。\n按时报送。",
        "站长出席：某单位（站长）",
    ):
        assert each in said, said
