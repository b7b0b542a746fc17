"""Clerks with the key of the registers, and entries that fit, for every way by which something comes in."""

from typing import Any

from core import cases, registry
from core.app import App
from core.cases import Entered, NewEntry
from core.cases.rules.registers import WAYS, Input
from core.sealing import Escrow
from tests.builders import OPERATOR, Member, a_member, hand_key, sign_in

OFFICE, COMMISSION = "leading_group_office", "discipline_commission"
WHO = {"reporter_name": "令狐听雨", "reporter_contact": "000-0001"}
TEXT = "借阅窗口常关着\n上午九点去，窗口没有人，等到十一点。"

_VALUES = {"text": "第三次", "number": "12", "date": "2026-12-01", "past_date": "2026-09-29", "quarter": "2026Q3"}
_CHOSEN = {"subject_kind": "section_official", "evidence": "document"}


async def a_register_clerk(app: App, escrow: Escrow, body: str = OFFICE) -> Member:
    """An intake clerk who holds the body's intake key and that of its registers."""
    member = await a_member(app, "intake_clerk", body)
    for purpose in (f"intake:{body}", f"register:{body}"):
        await hand_key(app, purpose, member.person_id, escrow)
    return await sign_in(app, member)


async def an_auditor(app: App, escrow: Escrow, *bodies: str) -> Member:
    """An auditor who holds the registers' keys of bodies."""
    member = await a_member(app, "auditor", "district_committee")
    for body in bodies:
        await hand_key(app, f"register:{body}", member.person_id, escrow)
    return await sign_in(app, member)


async def a_coded_unit(app: App, code: str, kind: str = "township", name: str = "芦汀乡") -> None:
    async with app.work(OPERATOR, "cli") as work:
        await registry.add_unit(work, code=code, kind=kind, name=name)


def inputs_for(way: str, **changes: str) -> dict[str, str]:
    """Every input of a way that must be given, and those that are named; nothing for a name leaves that one out."""
    asked = {each.name: each for each in WAYS[way].inputs}
    given = {name: _value(each) for name, each in asked.items() if each.required}
    given |= {"unit": "luting"} | {name: value for name, value in changes.items() if name in asked}
    return {name: value for name, value in given.items() if value}


def an_entry(way: str = "telephone", *, text: str = TEXT, **changes: str) -> NewEntry:
    return NewEntry(way=way, language="zh_CN", inputs=inputs_for(way, **changes), text=text)


async def entered(app: App, clerk: Member, given: NewEntry) -> Entered:
    async with app.work(await clerk.staff(app), "console") as work:
        made = await cases.enter(work, given)
    assert isinstance(made, Entered)
    return made


async def a_book(app: App, reader: Member, name: cases.BookName, **paging: Any) -> cases.Book:  # noqa: ANN401 - after and limit
    """A page of a book, read by somebody who gives a reason."""
    async with app.work(await reader.staff(app), "console") as work:
        opening = await cases.begin_reading(work, name, "核对当天的登记")
        return await cases.read_book(work, name, opening_id=opening.id, **paging)


def _value(asked: Input) -> str:
    if asked.name in WHO:
        return WHO[asked.name]
    return _CHOSEN.get(asked.name) or (asked.choices[0] if asked.choices else _VALUES[asked.kind])
