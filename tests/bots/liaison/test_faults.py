"""What people and the calendar do to a chat: each ends in plain words, with nothing lost and nothing done twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL

from bots import forms
from bots.liaison.carrier import Carrier
from core import access, outbox, registry, stations
from core.app import App
from core.cases.items.tables import Refusal
from core.dialogue import RECORD, load
from core.outbox import ledger
from core.work import System
from tests.bots.liaison.conftest import OFFICIAL, PHONE, Station, Stationed, Talk
from tests.bots.liaison.test_a_record import WORDS, carrier, prompted, writes
from tests.bots.liaison.test_troubles import carried
from tests.bots.web.walks import rows
from tests.builders import OPERATOR, a_unit
from tests.conftest import FixedClock
from tests.core.stations.network import appointed, somebody_of

__all__ = ["carrier"]

WORKER = System("worker")
LOCKED = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)


async def at_the_summary(it: Stationed, person_id: UUID | None = None) -> Talk:
    """Return somebody whose entry is written and not noted yet."""
    talk = await it.paired(person_id)
    await talk.presses("duty.write", OFFICIAL, "公车")
    await talk.says(WORDS, "11月12日")
    await talk.presses("听别人说的")
    return talk


async def dismissed(it: Stationed, desk: App) -> None:
    """End the liaison's appointment with yesterday."""
    async with desk.work(OPERATOR, "cli") as work:
        (held,) = await registry.appointments_of(work, it.network.person_id, on=work.clock.today())
        await access.end_appointment(work, held.id, on=work.clock.today() - timedelta(days=1))


async def lock(worker: App, clock: FixedClock) -> None:
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        assert await stations.lock_due(work) == 1


# -- invitations -----------------------------------------------------------------------------------------------------


async def test_an_invitation_is_good_once_and_for_nobody_who_comes_later(station: Station) -> None:
    async with station() as it:
        invited, first, later = await it.network.invited(), await it.somebody(), await it.somebody()
        for _ in range(2):
            await first.says(f"/start {invited.secret}")
            assert first.t("who.yes") in await first.buttons()
        await later.says(f"/start {invited.secret}")
        assert later.t("refused.invitation_used", number=PHONE) in (await later.last()).text
        await later.says(invited.code)
        shown = (await later.last()).text
        assert later.t("refused.digits_used", number=PHONE) in shown
        assert later.t("stranger.lead") not in shown
        head_word = (await it.network.invited(it.head_id)).secret
        await first.says(f"/start {head_word}")
        assert first.t("refused.chat_paired_with_another") in (await first.last()).text
        await later.says(f"/start {head_word}")
        assert later.t("who.yes") in await later.buttons()


# -- the calendar and the form ---------------------------------------------------------------------------------------


async def test_what_comes_after_the_lock_is_told_so_and_changes_nothing(
    station: Station, carrier: Carrier, worker: App, clock: FixedClock
) -> None:
    async with station() as it:
        talk = await at_the_summary(it)
        await prompted(it, carrier, talk)
        prompt = await talk.last()
        await lock(worker, clock)
        await talk.presses("review.submit")
        shown = (await talk.last()).text
        assert talk.t("refused.record_closed") in shown
        assert talk.t("standing.missing") in shown
        await talk.person.presses(talk.t("duty.nil"), message=prompt.id)
        await it.bot.peer.settled()
        assert talk.t("press.over") in (await talk.last()).text
        assert (await it.record()).duty.state == "missing"


async def test_an_answer_that_a_new_version_of_the_form_does_not_know_is_asked_anew(
    station: Station, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newer = tmp_path / "record.md"
    text = RECORD.read_text(encoding="utf-8").replace("| record | 1 |", "| record | 2 |")
    newer.write_text("\n".join(line for line in text.split("\n") if "| office_vehicle_or_staff |" not in line), "utf-8")
    form = load(newer)
    assert form.version != forms.record_form().version
    async with station() as it:
        talk = await at_the_summary(it)
        monkeypatch.setattr(forms, "record_form", lambda: form)
        await talk.says("/start")
        assert "是哪方面的事" in (await talk.last()).text
        await talk.presses("社区服务", "question.keep", "question.keep", "听别人说的", "review.submit")
        (entry,) = (await it.record()).entries
        assert (entry.answers["category"], entry.answers["what"]) == ("community_service", WORDS)


async def test_an_entry_of_a_form_that_was_withdrawn_is_let_go_of_in_plain_words(
    station: Station, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "record.md"
    other.write_text(RECORD.read_text(encoding="utf-8").replace("| record | 1 |", "| record_2 | 1 |"), "utf-8")
    form = load(other)
    async with station() as it:
        talk = await at_the_summary(it)
        monkeypatch.setattr(forms, "record_form", lambda: form)
        await talk.says("你好")
        assert talk.t("entry.lost") in (await talk.last()).text
        await talk.presses("duty.write")
        assert "是哪一位" in (await talk.last()).text


# -- people ----------------------------------------------------------------------------------------------------------


async def test_who_blocked_the_bot_goes_on_where_they_were(station: Station, carrier: Carrier) -> None:
    async with station() as it:
        talk = await at_the_summary(it)
        await talk.person.blocks()
        assert await carried(it, carrier, talk) == outbox.Unreachable()
        await talk.person.unblocks()
        await talk.presses("review.submit")
        assert talk.t("entry.added") in (await talk.last()).text


async def test_who_is_removed_in_the_midst_of_an_entry_is_told_and_sees_nothing_of_the_station(
    station: Station, desk: App
) -> None:
    async with station() as it:
        talk = await at_the_summary(it)
        await dismissed(it, desk)
        await talk.presses("review.submit")
        shown = (await talk.last()).text
        assert talk.t("moved") in shown
        assert talk.t("home.no_role", name="澹台听雨") in shown
        assert WORDS not in shown
        await talk.says("没有")
        assert talk.t("home.no_role", name="澹台听雨") in (await talk.last()).text
        head = await it.paired(it.head_id)
        assert head.t("duty.nil") in await head.buttons()


async def test_who_is_moved_to_another_station_fills_in_that_ones_record(station: Station, desk: App) -> None:
    async with station() as it:
        other_id = await a_unit(desk, "liaison_station")
        talk = await at_the_summary(it)
        await dismissed(it, desk)
        await appointed(desk, it.network.person_id, other_id)
        await talk.says("好的")
        assert talk.t("moved") in (await talk.last()).text
        opened = await it.network.do(lambda work: stations.open_round(work, "2026Q4"))
        assert opened.quarter == "2026Q4"
        await talk.says("没有")
        await talk.presses("nil.yes")
        shown = await it.network.do(stations.matrix)
        assert shown.cells[other_id, opened.id].state == "submitted"
        assert shown.cells[it.network.station_id, opened.id].state == "scheduled"


async def test_two_of_one_station_who_write_at_once_are_both_noted(station: Station, desk: App) -> None:
    async with station(webhook=True) as it:
        one = await at_the_summary(it)
        two = await at_the_summary(it, await somebody_of(desk, it.network.station_id, "building_contact", "楼栋长"))
        await asyncio.gather(*(each.person.presses(each.t("review.submit")) for each in (one, two)))
        await it.bot.peer.settled()
        assert len((await it.record()).entries) == 2


async def test_who_writes_while_another_files_keeps_the_entry_and_can_add_it(station: Station, desk: App) -> None:
    async with station() as it:
        one = await at_the_summary(it)
        two = await it.paired(await somebody_of(desk, it.network.station_id, "building_contact", "楼栋长"))
        await two.presses("duty.nil", "nil.yes")
        await one.presses("review.submit")
        assert one.t("refused.record_closed") in (await one.last()).text
        await one.presses("duty.take_back", "duty.resume", "review.submit")
        record = await it.record()
        assert (record.duty.state, len(record.entries)) == ("draft", 1)


async def test_the_deputy_signs_while_the_head_is_absent_and_the_liaison_is_not_offered_it(
    station: Station, desk: App
) -> None:
    async with station() as it:
        talk = await it.paired()
        await writes(talk)
        await talk.presses("duty.file")
        assert talk.t("duty.sign") not in await talk.buttons()
        deputy_id = await somebody_of(desk, it.network.station_id, "station_deputy_head", "副站长")
        deputy = await it.paired(deputy_id)
        await deputy.presses("duty.sign")
        await asyncio.gather(*(deputy.person.presses(deputy.t("sign.yes")) for _ in range(2)))  # an unsure finger
        await it.bot.peer.settled()
        assert await it.state() == "signed"
        thanks = deputy.t("thanks.signed")
        assert len([one for one in (await deputy.person.sees()).from_bot if thanks in one.text]) == 1
        late = await it.paired(it.head_id)
        assert late.t("duty.sign") not in await late.buttons()


async def test_what_is_owed_when_the_language_changes_comes_once(
    station: Station, carrier: Carrier, worker: App, clock: FixedClock
) -> None:
    async with station() as it:
        talk = await at_the_summary(it)
        head = await it.paired(it.head_id)
        await talk.presses("review.submit", "duty.file")
        await head.says("/language")
        clock.move(timedelta(minutes=30))
        async with worker.work(WORKER, "worker") as work:
            await stations.erase_left(work)
            owed = [each for each in await ledger.claim(work, "liaison", 8) if each.template == "record_to_sign"]
        (claimed,) = owed
        before = len((await head.person.sees()).from_bot)
        assert await carrier.carry(claimed.address, claimed.template, claimed.about) == outbox.Sent()
        assert len((await head.person.sees()).from_bot) == before + 1
        await head.says("/start")
        assert "handed the record in" in (await head.last()).text


# -- messages that are edited ----------------------------------------------------------------------------------------


async def test_the_answer_just_given_can_be_edited_and_earlier_ones_are_told_how(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.presses("duty.write", OFFICIAL, "公车")
        what = await talk.says("周末用单位的车借亲戚")
        await talk.edits(what, WORDS)
        assert talk.t("edit.taken") in (await talk.last()).text
        assert "大约是什么时候" in (await talk.last()).text
        await talk.edits(what, "长" * 301)
        assert "301" in (await talk.last()).text
        await talk.says("七月中旬")
        await talk.edits(what, "别的事")
        assert talk.t("edit.how") in (await talk.last()).text
        await talk.presses("听别人说的", "review.submit")
        (entry,) = (await it.record()).entries
        assert entry.answers["what"] == WORDS
        await talk.edits(what, "别的事")
        assert talk.t("edit.again") in (await talk.last()).text


async def test_an_edit_to_what_is_private_ends_the_entry_and_is_counted(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.presses("duty.write", OFFICIAL)
        await talk.says("6")
        other = await talk.says("1")
        await talk.edits(other, "3")
        assert "个人生活" in (await talk.last()).text
        assert [row.category for row in await rows(it.app, Refusal)] == ["health"]


# -- the database ----------------------------------------------------------------------------------------------------


def _nowhere(url: URL) -> str:
    away = url.set(database="/nowhere/jingshi.sqlite3") if url.host is None and url.port is None else url.set(port=1)
    return away.render_as_string(hide_password=False)


async def test_a_message_waits_while_the_database_is_away(station: Station, carrier: Carrier, worker: App) -> None:
    async with station() as it:
        talk = await it.paired()
        before = len((await talk.person.sees()).from_bot)
        there = worker.database
        worker.database = type(there)(_nowhere(there.url))
        assert await carried(it, carrier, talk) == outbox.TryAgain()
        worker.database = there
        assert len((await talk.person.sees()).from_bot) == before
