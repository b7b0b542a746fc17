"""What a station told by telephone is entered by staff: signed at once, by whom it was told and confirmed."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core import stations
from core.app import App
from core.dialogue.results import Done
from core.errors import Conflict, Denied, Invalid
from core.sealing import Escrow
from core.stations.tables import Obligation, ObligationStep, RecordEntry
from core.work import Staff
from tests.builders import hand_key
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import somebody_of
from tests.core.stations.records.test_filing import DUE, LOCKED, WORDS, WORKER, Round, an_answer, round_

__all__ = ["round_"]  # the fixture of a station that has begun


async def enter(
    round_: Round,
    *entries: Done,
    told_by: UUID | None = None,
    confirmed_by: UUID | None = None,
    by: Staff | None = None,
) -> None:
    people = {
        "told_by": told_by or round_.liaison.person_id,
        "confirmed_by": confirmed_by or round_.head.person_id,
    }
    if entries:
        await round_.network.do(
            lambda work: stations.enter_record(work, round_.obligation_id, entries=entries, **people), staff=by
        )
    else:
        await round_.network.do(lambda work: stations.enter_nil(work, round_.obligation_id, **people), staff=by)


async def stored(round_: Round) -> Obligation:
    async with round_.network.desk.work(WORKER, "worker", write=False) as work:
        row: Obligation | None = await work.session.get(Obligation, round_.obligation_id)
        assert row is not None
        return row


async def kept(round_: Round) -> Sequence[RecordEntry]:
    async with round_.network.desk.work(WORKER, "worker", write=False) as work:
        return (await work.session.scalars(select(RecordEntry).order_by(RecordEntry.place))).all()


async def test_what_was_told_by_telephone_is_a_signed_record_that_says_by_whom(
    round_: Round, desk: App, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    await enter(round_, an_answer(), an_answer(what="另一件"))
    row = await stored(round_)
    assert (row.state, row.is_nil, row.is_late) == ("signed", False, False)
    assert (row.submitted_by, row.signed_by, row.entered_by) == (
        round_.liaison.person_id,
        round_.head.person_id,
        round_.network.staff.person_id,
    )
    async with desk.work(WORKER, "worker", write=False) as work:
        steps = (await work.session.scalars(select(ObligationStep))).all()
        assert [(each.name, each.person_id) for each in steps] == [("enter", round_.network.staff.person_id)]
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
    reader = await a_colleague(desk, "supervisor", "leading_group_office")
    await hand_key(desk, "record", reader.person_id, escrow)
    async with desk.work(reader, "console") as work:
        opening = await stations.begin_reading(work, round_.obligation_id, "半年调阅记录簿")
        await work.session.flush()
        book = await stations.read_book(work, round_.obligation_id, opening_id=opening.id)
    assert [(each.place, list(each.lines)) for each in book] == [(1, [("什么事", WORDS)]), (2, [("什么事", "另一件")])]


async def test_nothing_to_report_may_be_told_by_telephone_and_be_late(round_: Round, clock: FixedClock) -> None:
    clock.move(DUE + timedelta(seconds=1) - clock.now())
    await enter(round_, told_by=round_.head.person_id)
    row = await stored(round_)
    assert (row.state, row.is_nil, row.is_late, await kept(round_)) == ("signed", True, True, [])


async def test_what_is_entered_takes_the_place_of_what_lay_unsigned(round_: Round) -> None:
    await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    await enter(round_, an_answer(what="电话里说的"))
    row = await stored(round_)
    assert (row.state, row.sealed_draft, len(await kept(round_))) == ("signed", None, 1)
    with pytest.raises(Conflict, match="record_closed"):
        await enter(round_)


async def test_what_left_the_record_the_urgent_way_stays_beside_what_is_entered(round_: Round) -> None:
    written = await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    await round_.do(stations.hurry, written.entries[0].id, by=round_.head)
    with pytest.raises(Conflict, match="record_has_entries"):
        await enter(round_)
    await enter(round_, an_answer())
    assert [(each.place, each.urgent_by is not None) for each in await kept(round_)] == [(1, True), (2, False)]


async def test_whoever_of_the_station_has_a_chat_is_told(round_: Round) -> None:
    await enter(round_, told_by=round_.head.person_id)
    assert await round_.told() == {"record_signed": 1}


async def test_what_the_gate_refuses_is_not_entered_and_nothing_of_the_rest_is(round_: Round) -> None:
    with pytest.raises(Invalid, match="refused_at_gate"):
        await enter(round_, an_answer(), an_answer(category="family"))
    assert ((await stored(round_)).state, await kept(round_)) == ("scheduled", [])


async def test_only_people_of_the_station_told_it_and_only_a_head_or_deputy_confirmed_it(
    round_: Round, desk: App
) -> None:
    stranger = await somebody_of(desk, (await a_colleague(desk, "supervisor", "leading_group_office")).held[0].unit_id)
    with pytest.raises(Invalid, match="person_not_of_station"):
        await enter(round_, told_by=stranger)
    with pytest.raises(Invalid, match="not_a_signer"):
        await enter(round_, confirmed_by=round_.liaison.person_id)
    deputy_id = await somebody_of(desk, round_.network.station_id, "station_deputy_head", "副站长")
    await enter(round_, told_by=deputy_id, confirmed_by=deputy_id)
    assert (await stored(round_)).signed_by == deputy_id


async def test_only_the_department_enters_and_only_while_the_round_is_open(
    round_: Round, desk: App, worker: App, clock: FixedClock
) -> None:
    with pytest.raises(Denied):
        await enter(round_, by=await a_colleague(desk, "intake_clerk", "leading_group_office"))
    with pytest.raises(Conflict, match="record_empty"):
        await round_.network.do(
            lambda work: stations.enter_record(
                work,
                round_.obligation_id,
                told_by=round_.liaison.person_id,
                confirmed_by=round_.head.person_id,
                entries=[],
            )
        )
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
    with pytest.raises(Conflict, match="record_closed"):
        await enter(round_)
