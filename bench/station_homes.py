"""Homes full of stations: a tree of units, the people of the stations, and their obligations over twelve quarters."""

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select

from bench.case_homes import colleague, lay
from bench.case_rows import Rows
from bench.homes import OPERATOR, Clerk, Home
from core.app import App
from core.db import Base
from core.outbox.tables import Address
from core.registry.tables import Appointment, Person, Unit
from core.stations.rules.rounds import ASKED
from core.stations.rules.schedule import known_days, open_quarters
from core.stations.tables import Invitation, Obligation, Pairing, Reminder, Round

QUARTERS: Final = 12
"""Rounds of each store: the newest is that of the quarter before the present one, past every stage and not locked."""

_IN_A_COMMITTEE: Final = 3
_IN_A_DISTRICT: Final = 30
_BATCH: Final = 10_000
_SINCE: Final = date(2020, 1, 1)
_ANSWERED: Final[Sequence[Mapping[str, Any]]] = (
    *({"state": "locked", "is_nil": True},) * 11,
    *({"state": "locked"},) * 6,
    {"state": "locked", "is_nil": True, "is_late": True},
    {"state": "missing"},
    {"state": "excused"},
)
"""How the stations answered in rounds that are over, in turns; what is signed has its times as well."""
_STANDING: Final[Sequence[Mapping[str, Any]]] = (
    *({"state": "signed", "is_nil": True},) * 9,
    *({"state": "signed"},) * 4,
    {"state": "submitted"},
    {"state": "returned"},
    {"state": "draft"},
    *({"state": "prompted"},) * 4,
)
"""How they stand in the newest one: three in ten owe their record."""
_FILED: Final = frozenset({"locked", "signed", "submitted"})
_STAGES: Final = ("prompt", "first", "second", "due", "grace", "escalated")


@dataclass(frozen=True, slots=True)
class Stationed:
    """A home with so many obligations, and by role what its people sign in with."""

    home: Home
    obligations: int
    people: Mapping[str, Clerk]


async def stationed(home: Home, obligations: int) -> Stationed:
    """Fill a home with stations that have so many obligations between them, by plain inserts."""
    app = App.for_process(home.settings, "desk")
    try:
        async with app.work(OPERATOR, "cli") as work:
            people = {"supervisor": await colleague(work, "supervisor")}
            staff = (await work.session.scalars(select(Person.id).limit(1))).one()
            now = work.now()
        rows = list(batches(now, staff, -(-obligations // QUARTERS)))
        await lay(app, rows)
    finally:
        await app.close()
    home.settle()
    return Stationed(home, sum(len(each.get(Obligation, ())) for each in rows), people)


def batches(now: datetime, staff: UUID, number: int) -> Iterator[Rows]:
    """Yield the rows of so many stations: units from the top, people, rounds, and what is owed in each."""
    places, units = _tree(number)
    liaisons = [uuid4() for _ in places]
    yield from _sliced(Unit, units)
    yield from _people(now, staff, dict(zip(places, liaisons, strict=True)))
    newest = open_quarters(now)[0]
    year, place = int(newest[:4]), int(newest[5:])
    for back in range(QUARTERS):
        count = year * 4 + place - 1 - back
        quarter = f"{count // 4}Q{count % 4 + 1}"
        yield from _round(now, quarter, list(zip(places, liaisons, strict=True)), is_over=back > 0)


def _tree(number: int) -> tuple[Sequence[UUID], Sequence[dict[str, Any]]]:
    """Return the stations, and the units from the top to them."""
    units: list[dict[str, Any]] = []

    def unit(kind: str, name: str, under: UUID | None) -> UUID:
        code = f"b{len(units)}"
        unit_id = uuid4()
        line = {"id": unit_id, "parent_id": under, "code": code, "kind": kind, "name": name, "name_en": None}
        units.append(line | {"position": len(units)})
        return unit_id

    districts = [unit("subdistrict", f"第{each}街道", None) for each in range(-(-number // _IN_A_DISTRICT))]
    committees = [
        unit("residents_committee", f"第{each}社区", districts[each * _IN_A_COMMITTEE // _IN_A_DISTRICT])
        for each in range(-(-number // _IN_A_COMMITTEE))
    ]
    places = [unit("liaison_station", f"第{each}站", committees[each // _IN_A_COMMITTEE]) for each in range(number)]
    return places, units


def _people(now: datetime, staff: UUID, liaisons: Mapping[UUID, UUID]) -> Iterator[Rows]:
    """Yield the liaison and a head of each station; four liaisons in five have a chat."""
    rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
    for number, (place, liaison) in enumerate(liaisons.items()):
        for role, person_id in (("station_liaison", liaison), ("station_head", uuid4())):
            rows[Person].append({"id": person_id, "name": f"某同志{number}", "is_fictional": True})
            held = {"id": uuid4(), "person_id": person_id, "role": role, "unit_id": place, "since": _SINCE}
            rows[Appointment].append(held)
        if number % 5:
            _pair(rows, now, staff, liaison)
    for table in (Person, Appointment, Address, Invitation, Pairing):
        yield from _sliced(table, rows[table])


def _pair(rows: dict[type[Base], list[dict[str, Any]]], now: datetime, staff: UUID, person_id: UUID) -> None:
    address, word = {"id": uuid4(), "sealed": b"", "added_at": now}, secrets.token_bytes(32)
    times = {"made_at": now, "code_until": now, "until": now, "used_at": now}
    invited = {"id": uuid4(), "person_id": person_id, "secret_hash": word, "code_hash": word, "made_by": staff, **times}
    rows[Address].append(address)
    rows[Invitation].append(invited)
    paired = {"id": uuid4(), "person_id": person_id, "invitation_id": invited["id"], "address_id": address["id"]}
    rows[Pairing].append(paired | {"chat_hash": word, "language": "zh_CN", "paired_at": now, "active_at": now})


def _round(now: datetime, quarter: str, places: Sequence[tuple[UUID, UUID]], *, is_over: bool) -> Iterator[Rows]:
    """Yield a round, what each station owes in it, and that the liaisons who still owe it were to be reminded."""
    days, round_id = known_days(quarter), uuid4()
    opened = datetime(days.due_on.year, days.due_on.month, 1, 1, tzinfo=now.tzinfo)
    dated = {"prompt_on": days.prompt_on, "due_on": days.due_on, "grace_until": days.grace_until}
    line = {"id": round_id, "quarter": quarter, **dated, "meeting_by": days.meeting_by, "opened_at": opened}
    yield {Round: [line | {"locked_at": opened + timedelta(days=40) if is_over else None}]}
    owed, told = [], []
    for number, (place, liaison) in enumerate(places):
        stood = (_ANSWERED if is_over else _STANDING)[(number + days.due_on.month) % len(_ANSWERED)]
        at = opened + timedelta(days=number % 29)
        filed = at if stood["state"] in _FILED else None
        times = {"changed_at": at, "submitted_at": filed, "signed_at": None if stood["state"] == "submitted" else filed}
        each = {"id": uuid4(), "round_id": round_id, "station_id": place, "is_nil": False, "is_late": False}
        owed.append({**each, **stood, **times, "version": 3})
        if stood["state"] in ASKED:
            reminded = {"obligation_id": each["id"], "person_id": liaison, "at": at, "reason": None}
            told += [{"id": uuid4(), "stage": stage, **reminded} for stage in _STAGES]
    yield from _sliced(Obligation, owed)
    yield from _sliced(Reminder, told)


def _sliced(table: type[Base], rows: Sequence[dict[str, Any]]) -> Iterator[Rows]:
    for start in range(0, len(rows), _BATCH):
        yield {table: list(rows[start : start + _BATCH])}
