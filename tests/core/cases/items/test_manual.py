"""Manual intake: entries past the gate to whoever decides, and to nobody else."""

import json

import pytest
from sqlalchemy import func, select

from core import access, cases
from core.app import App
from core.cases import NewEntry, TurnedAway
from core.cases.items.tables import Identity, Item, Packet, Refusal, RegisterLine
from core.cases.rules.registers import MOST_INPUTS, WAYS
from core.db import Base
from core.errors import Denied, Invalid
from core.sealing import Escrow, Receipt, escrow_open
from core.settings import Settings
from core.work import Reporter
from tests.builders import Member, a_member, sign_in
from tests.core.cases.items.entries import (
    COMMISSION,
    OFFICE,
    TEXT,
    WHO,
    a_coded_unit,
    a_register_clerk,
    an_auditor,
    an_entry,
    entered,
)
from tests.core.test_who_can_open_what import Attacker, cells_of, key_files, private_key

MARKER = "借阅窗口"


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Member:
    await a_coded_unit(desk, "luting")
    return await a_register_clerk(desk, escrow)


def test_no_way_asks_a_clerk_for_more_than_eight_things_besides_the_text() -> None:
    assert MOST_INPUTS == 8
    assert {name: len(way.inputs) for name, way in WAYS.items() if len(way.inputs) > MOST_INPUTS} == {}


async def test_what_came_by_every_way_is_sealed_numbered_and_opened_by_the_body(desk: App, clerk: Member) -> None:
    for number, way in enumerate(WAYS):
        made = await entered(desk, clerk, an_entry(way))
        assert (made.body, made.register, made.year) == (OFFICE, WAYS[way].register, 2026), way
        async with desk.work(await clerk.staff(desk), "console") as work:
            opening = await access.begin_opening(work, made.item_id, "核对刚才的登记")
            opened = await cases.open_item(work, made.item_id, opening_id=opening.id)
        assert (opened.summary.channel, opened.summary.state) == (way, "acknowledged"), number
        assert opened.content.answers["facts"] == opened.content.summary[-1].text == TEXT
        assert not [line for line in opened.content.summary if line.label.startswith("entry.") or "entry." in line.text]


async def test_what_belongs_to_the_upper_level_is_opened_by_no_key_of_this_house_whatever_way_it_came(
    desk: App, clerk: Member, escrow: Escrow, upper_level: Escrow, settings: Settings
) -> None:
    for way in WAYS:
        made = await entered(desk, clerk, an_entry(way, subject_kind="office_director", unit=""))
        assert (made.body, made.register, made.number) == ("upper_level", None, None)
    members = (clerk, await a_register_clerk(desk, escrow, COMMISSION), await an_auditor(desk, escrow, OFFICE))
    thief = Attacker(await cells_of(desk))
    for process in ("intake", "desk", "worker"):
        thief.learn(*key_files(settings, process))
    thief.learn(*[await private_key(desk, member) for member in members])
    thief.attack()
    assert not [text for text in thief.opened.values() if MARKER in text.decode(errors="ignore")]
    assert thief.items() == set()
    async with desk.database.transaction(write=False) as session:
        packets = (await session.scalars(select(Packet))).all()
        assert await session.scalar(select(func.count()).select_from(RegisterLine)) == 0
    sealed = [json.loads(escrow_open(packet.sealed or b"", identity=upper_level.identity)) for packet in packets]
    assert [each["report"]["answers"]["facts"] for each in sealed] == [TEXT] * len(WAYS)


@pytest.mark.parametrize(
    ("kind", "unit", "body"),
    [
        ("not_sure", "", COMMISSION),
        ("section_official", "organisation", COMMISSION),
        ("leading_team", "organisation", "upper_level"),
        ("section_official", "commission", "upper_level"),
        ("leading_team", "luting", OFFICE),
    ],
)
async def test_the_unit_and_the_kind_of_subject_say_who_decides(
    desk: App, clerk: Member, kind: str, unit: str, body: str
) -> None:
    await a_coded_unit(desk, "organisation", "organisation_department")
    await a_coded_unit(desk, "commission", "discipline_commission")
    assert (await entered(desk, clerk, an_entry(subject_kind=kind, unit=unit))).body == body


async def test_what_the_other_body_decides_the_clerk_who_typed_it_cannot_open(
    desk: App, clerk: Member, escrow: Escrow
) -> None:
    made = await entered(desk, clerk, an_entry(subject_kind="not_sure", unit=""))
    commissioner = await a_register_clerk(desk, escrow, COMMISSION)
    thief, other = [Attacker(await cells_of(desk)) for _ in range(2)]
    thief.learn(await private_key(desk, clerk))
    thief.attack()
    assert MARKER not in "".join(text.decode(errors="ignore") for text in thief.opened.values())
    other.learn(await private_key(desk, commissioner))
    other.attack()
    assert other.items() == {str(made.item_id)}
    assert {place.table for place, text in other.opened.items() if MARKER in text.decode(errors="ignore")} == {
        "item",
        "register_line",
    }


async def test_a_name_lies_in_its_own_envelope_and_no_clerk_opens_it(desk: App, clerk: Member) -> None:
    made = await entered(desk, clerk, an_entry(**WHO))
    thief = Attacker(await cells_of(desk))
    thief.learn(await private_key(desk, clerk))
    thief.attack()
    said = "".join(text.decode(errors="ignore") for text in thief.opened.values())
    assert MARKER in said
    assert not [told for told in WHO.values() if told in said]
    async with desk.database.transaction(write=False) as session:
        assert await session.get(Identity, made.item_id) is not None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"category": "family"}, "family"),
        ({"evidence": "covert_recording"}, "covert_evidence"),
        ({"subject_kind": "not_an_official"}, "not_an_official"),
        ({"category": "gambling_or_drunkenness", "evidence": "told"}, "document_required"),
    ],
)
async def test_what_the_gate_refuses_is_counted_and_nothing_else_is_kept(
    desk: App, clerk: Member, changes: dict[str, str], reason: str
) -> None:
    before = await rows_of(desk)
    async with desk.work(await clerk.staff(desk), "console") as work:
        made = await cases.enter(work, an_entry(**changes))
    assert made == TurnedAway(reason)
    after = await rows_of(desk)
    assert {table: after[table] - before[table] for table in after if after[table] != before[table]} == {"refusal": 1}
    async with desk.database.transaction(write=False) as session:
        row = (await session.scalars(select(Refusal))).one()
    assert (row.category, row.channel) == (reason, "telephone")


async def test_a_refusal_needs_no_text(desk: App, clerk: Member) -> None:
    async with desk.work(await clerk.staff(desk), "console") as work:
        assert await cases.enter(work, an_entry(category="health", text="")) == TurnedAway("health")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (an_entry(text=" \n"), "text_missing", "text"),
        (an_entry(text="字" * 10_001), "text_too_long", "text"),
        (an_entry(subject="字" * 101), "text_too_long", "subject"),
        (an_entry(unit=""), "input_missing", "unit"),
        (an_entry(unit="nowhere"), "unknown_choice", "unit"),
        (an_entry(evidence=""), "input_missing", "evidence"),
        (an_entry(category="rumour"), "unknown_choice", "category"),
        (an_entry("letter", received_on="2026-10-01"), "date_in_the_future", "received_on"),
        (an_entry("letter", received_on="30.9.2026"), "date_malformed", "received_on"),
        (an_entry("annual_appraisal", year="twelve"), "number_malformed", "year"),
        (an_entry("station_home_visit", quarter="2026Q5"), "quarter_malformed", "quarter"),
        (an_entry(reporter_name="令狐听雨"), "input_missing", "reporter_contact"),
        (an_entry(text="令狐听雨来电反映", **WHO), "reporter_named", "text"),
        (an_entry(subject="令狐听雨的领导", **WHO), "reporter_named", "subject"),
        (NewEntry("telephone", "zh_CN", {"home_address": "x"}, TEXT), "unknown_input", "home_address"),
        (NewEntry("web", "zh_CN", {}, TEXT), "unknown_way", "way"),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_field(
    desk: App, clerk: Member, given: NewEntry, code: str, field: str
) -> None:
    before = await rows_of(desk)
    with pytest.raises(Invalid) as refused:
        async with desk.work(await clerk.staff(desk), "console") as work:
            await cases.enter(work, given)
    assert (refused.value.code, refused.value.params["field"]) == (code, field)
    assert await rows_of(desk) == before


async def test_hidden_characters_do_not_get_in(desk: App, clerk: Member) -> None:
    made = await entered(desk, clerk, an_entry(subject="副\u202e主\x00任\u200b", text="一\x07行\r\n二\u2066行\ud800"))
    async with desk.work(await clerk.staff(desk), "console") as work:
        opening = await access.begin_opening(work, made.item_id, "核对刚才的登记")
        opened = await cases.open_item(work, made.item_id, opening_id=opening.id)
    assert (opened.content.answers["subject"], opened.content.answers["facts"]) == ("副主任", "一行\n二行")


async def test_the_receipt_that_is_handed_over_reads_answers_and_takes_the_report_back(
    desk: App, intake: App, worker: App, clerk: Member
) -> None:
    made = await entered(desk, clerk, an_entry())
    async with desk.work(await clerk.staff(desk), "console") as work:
        await cases.answer(work, made.item_id, "已经登记。")
    receipt = Receipt.parse(made.receipt.text)
    async with intake.work(Reporter(), "web") as work:
        assert [message.text for message in (await cases.standing(work, receipt)).thread] == ["已经登记。"]
        await cases.withdraw(work, receipt)
    async with worker.work(Reporter(), "worker") as work:
        assert await cases.carry_out_withdrawals(work) == (made.item_id,)
    async with desk.database.transaction(write=False) as session:
        line = (await session.scalars(select(RegisterLine))).one()
        item = await session.get_one(Item, made.item_id)
    assert (line.number, line.envelope, item.envelope) == (1, b"", None)


async def test_only_intake_clerks_enter(desk: App, clerk: Member, escrow: Escrow) -> None:
    for member in (await sign_in(desk, await a_member(desk, "supervisor")), await an_auditor(desk, escrow)):
        with pytest.raises(Denied):
            async with desk.work(await member.staff(desk), "console") as work:
                await cases.enter(work, an_entry())


async def rows_of(app: App) -> dict[str, int]:
    """How many rows each table has."""
    async with app.database.transaction(write=False) as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
