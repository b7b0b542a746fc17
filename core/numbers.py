"""Gap-free numbers: one series a book or a kind of document, counted anew each year in Asia/Shanghai.

A number is taken in the transaction that uses it. The counter's row stays locked until that ends, so whoever comes
next waits, and a number whose transaction fails is given to the next.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.work import Work


class NumberSeries(Base):
    """The last number given out in a series and a year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(80), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


_TABLE = Base.metadata.tables[NumberSeries.__tablename__]


_NEXT: Final = {
    name: insert(_TABLE)
    .on_conflict_do_update(index_elements=[_TABLE.c.series, _TABLE.c.year], set_={"last": _TABLE.c.last + 1})
    .returning(_TABLE.c.last)
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a series: the year in Asia/Shanghai and the place in it, from 1."""

    year: int
    place: int


async def next_number(work: Work, series: str) -> Number:
    """Take the next number of a series in the present year."""
    year = work.clock.today().year
    taken = await work.connection.scalar(
        _NEXT[work.connection.dialect.name], {"series": series, "year": year, "last": 1}
    )
    return Number(year, taken)
