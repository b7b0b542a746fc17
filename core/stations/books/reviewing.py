"""The half-year review as a piece of work (S86): which books are to be read, and what is left in each."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, select

from core import access, registry
from core.errors import Invalid, NotFound
from core.policy.calendar import civil_date
from core.stations.people.roster import Station, stations
from core.stations.rounds.register import move
from core.stations.rules.rounds import STEPS
from core.stations.tables import Obligation, RecordEntry, Round
from core.work import Work

_HALF: Final = re.compile(r"(\d{4})H([12])", re.ASCII)
_SIGNED: Final = frozenset({"signed", "locked", "heard", "reviewed", "archived"})
"""The station answered: there is a book to be read, or was."""

_TO_REVIEW: Final = STEPS["review"].sources


@dataclass(frozen=True, slots=True)
class BookStanding:
    """A station's book of a quarter in the review, by how its entries stand for whoever is at work.

    ``open`` waits for a first reader; ``theirs`` was proposed by another and waits for a second one; ``mine`` was
    proposed by whoever is at work; ``held`` waits for the privacy officer; ``decided`` is done with.
    """

    obligation_id: UUID
    station: Station
    quarter: str
    state: str
    is_nil: bool
    is_late: bool
    open: int
    theirs: int
    mine: int
    held: int
    decided: int

    @property
    def waits(self) -> bool:
        """Whether there is something in it for whoever is at work."""
        return self.state in _TO_REVIEW and self.open + self.theirs > 0

    @property
    def is_done(self) -> bool:
        """Whether every entry is decided, and the record can be set down as reviewed."""
        return self.state in _TO_REVIEW and self.open + self.theirs + self.mine + self.held == 0


@dataclass(frozen=True, slots=True)
class Review:
    """A half-year such as ``2026H1`` and the books of the stations that answered; ``without`` counts the others."""

    half: str
    quarters: Sequence[str]
    books: Sequence[BookStanding]
    without: int

    def next_after(self, obligation_id: UUID | None) -> BookStanding | None:
        """Return the next book with something in it for whoever is at work, after one, or from the beginning."""
        places = [place for place, each in enumerate(self.books) if each.obligation_id == obligation_id]
        start = places[0] + 1 if places else 0
        return next((each for each in [*self.books[start:], *self.books[:start]] if each.waits), None)


@dataclass(frozen=True, slots=True)
class BookHead:
    """Whose book it is and of which quarter, and who filed and signed it; ``entered_by`` wrote down what was told."""

    obligation_id: UUID
    station: Station
    quarter: str
    state: str
    is_nil: bool
    is_late: bool
    submitted_by: str
    submitted_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    entered_by: str
    entries: int
    held: int


@dataclass(frozen=True, slots=True)
class HeldBook:
    """A book with entries that wait for the privacy officer; what is not released by ``until`` is deleted."""

    obligation_id: UUID
    station: Station
    quarter: str
    held: int
    until: date | None


def quarters_of(half: str) -> tuple[str, str]:
    """Return the quarters of a half-year such as ``2026H1``; raise `Invalid` (``half_malformed``)."""
    match = _HALF.fullmatch(half)
    if match is None:
        raise Invalid("half_malformed", field="half")
    last = int(match[2]) * 2
    return f"{match[1]}Q{last - 1}", f"{match[1]}Q{last}"


def half_of(quarter: str) -> str:
    """Return the half-year of a quarter such as ``2026Q3``."""
    return f"{quarter[:4]}H{(int(quarter[5:]) + 1) // 2}"


async def review(work: Work, half: str) -> Review:
    """Return the books of a half-year as they stand in the review; raise `Denied`, `Invalid` (``half_malformed``)."""
    staff = access.permit(work, "station.review")
    quarters = quarters_of(half)
    query = select(Obligation, Round.quarter).join(Round, Round.id == Obligation.round_id)
    rows = (await work.session.execute(query.where(Round.quarter.in_(quarters)))).all()
    answered = {(row.station_id, quarter): row for row, quarter in rows if row.state in _SIGNED}
    counts = await _counts(work, Round.quarter.in_(quarters), staff.person_id)
    books = [
        BookStanding(
            row.id,
            station,
            quarter,
            row.state,
            row.is_nil,
            row.is_late,
            **{name: counts[row.id][name] for name in ("open", "theirs", "mine", "held", "decided")},
        )
        for station in await stations(work)
        for quarter in quarters
        if (row := answered.get((station.id, quarter))) is not None
    ]
    return Review(half, quarters, books, len(rows) - len(answered))


async def set_down_reviewed(work: Work, half: str) -> int:
    """Set down as reviewed the records of a half-year in which nothing is left to decide; return how many.

    These are those that said that there was nothing to report, and those of which all became items the urgent way.
    Raises as `review`.
    """
    staff = access.permit(work, "station.review")
    undecided = RecordEntry.obligation_id == Obligation.id, RecordEntry.confirmed_at.is_(None)
    left = select(RecordEntry.id).where(*undecided).exists()
    query = select(Obligation).join(Round, Round.id == Obligation.round_id)
    query = query.where(Round.quarter.in_(quarters_of(half)), Obligation.state.in_(_TO_REVIEW), ~left)
    found = (await work.session.scalars(query.order_by(Obligation.id).with_for_update(of=Obligation))).all()
    for row in found:
        row.reviewed_at = work.now()
        await move(work, row, "review", by=staff.person_id)
    return len(found)


async def book_head(work: Work, obligation_id: UUID) -> BookHead:
    """Return whose book it is, without a word of it; raise `Denied`, or `NotFound` (``obligation_unknown``)."""
    staff = access.permit(work, "station.read_records")
    query = select(Obligation, Round.quarter).join(Round, Round.id == Obligation.round_id)
    found = (await work.session.execute(query.where(Obligation.id == obligation_id))).one_or_none()
    if found is None:
        raise NotFound("obligation_unknown")
    row, quarter = found
    people = {each for each in (row.submitted_by, row.signed_by, row.entered_by) if each is not None}
    names = await registry.people(work, people)
    counts = (await _counts(work, Obligation.id == obligation_id, staff.person_id))[obligation_id]
    return BookHead(
        obligation_id=row.id,
        station=next(each for each in await stations(work) if each.id == row.station_id),
        quarter=quarter,
        state=row.state,
        is_nil=row.is_nil,
        is_late=row.is_late,
        submitted_by=names[row.submitted_by].name if row.submitted_by else "",
        submitted_at=row.submitted_at,
        signed_by=names[row.signed_by].name if row.signed_by else "",
        signed_at=row.signed_at,
        entered_by=names[row.entered_by].name if row.entered_by else "",
        entries=counts.total(),
        held=counts["held"],
    )


async def held_books(work: Work) -> Sequence[HeldBook]:
    """Return the books with entries that wait for the privacy officer, the oldest quarter first; raise `Denied`."""
    access.permit(work, "station.release_entries")
    query = select(Obligation.id, Obligation.station_id, Round.quarter, Round.locked_at)
    query = query.join(RecordEntry, RecordEntry.obligation_id == Obligation.id)
    query = query.join(Round, Round.id == Obligation.round_id).where(RecordEntry.is_held)
    rows = (await work.session.execute(query)).all()
    counts = Counter(row.id for row in rows)
    of = {row.id: row for row in rows}
    places = {each.id: (place, each) for place, each in enumerate(await stations(work))}
    kept = relativedelta(months=work.policy.months("record_entries_kept"))
    ordered = sorted(of.values(), key=lambda row: (row.quarter, places[row.station_id][0]))
    return [
        HeldBook(
            obligation_id=row.id,
            station=places[row.station_id][1],
            quarter=row.quarter,
            held=counts[row.id],
            until=civil_date(row.locked_at) + kept if row.locked_at else None,
        )
        for row in ordered
    ]


async def held_count(work: Work) -> int:
    """Return in how many books entries wait for the privacy officer; raise `Denied`."""
    access.permit(work, "station.release_entries")
    query = select(RecordEntry.obligation_id).where(RecordEntry.is_held).distinct()
    return len((await work.session.scalars(query)).all())


async def _counts(work: Work, where: ColumnElement[bool], me: UUID) -> defaultdict[UUID, Counter[str]]:
    query = select(RecordEntry.obligation_id, RecordEntry.is_held, RecordEntry.read_by, RecordEntry.confirmed_at)
    query = query.join(Obligation, Obligation.id == RecordEntry.obligation_id).join(
        Round, Round.id == Obligation.round_id
    )
    found: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for row in await work.session.execute(query.where(where)):
        if row.confirmed_at is not None:
            name = "decided"
        elif row.is_held:
            name = "held"
        elif row.read_by is None:
            name = "open"
        else:
            name = "mine" if row.read_by == me else "theirs"
        found[row.obligation_id][name] += 1
    return found
