"""Updates of a chat platform that were applied: the platform delivers again until it is answered, we apply once.

Of an update nothing is kept but a code that intake alone can compute. It is inserted in the transaction of the step
that the update causes, so that both are there or neither.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import CursorResult, Result, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant
from core.work import Work

KEPT: Final = timedelta(hours=48)
"""The platform delivers an update for 24 hours at most; its key is kept twice as long."""

_CODE_BYTES: Final = 16


class UpdateKey(Base):
    """One update that was applied."""

    __tablename__ = "update_key"

    code: Mapped[bytes] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


_TABLE = Base.metadata.tables[UpdateKey.__tablename__]
_NOTE: Final = {
    name: insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.code)
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}


async def seen(work: Work, bot: str, update_id: int) -> bool:
    """Tell whether an update of ``bot`` was applied; asked before something slow, such as fetching a file."""
    return bool(await _known(work, {_code(key, bot, update_id): update_id for key in work.keys.all("drafts-hmac")}))


async def first_time(work: Work, bot: str, update_id: int) -> bool:
    """Note that an update is applied by this piece of work; return ``False``, noting nothing, if it was before.

    Of two transactions that apply the same update at the same moment the second waits for the first.
    """
    return update_id in await first_times(work, bot, [update_id])


async def first_times(work: Work, bot: str, update_ids: Collection[int]) -> frozenset[int]:
    """Note several updates as `first_time` does, with one statement; return those that were not applied before."""
    present, *older = work.keys.all("drafts-hmac")
    known = await _known(work, {_code(key, bot, one): one for key in older for one in update_ids})
    new = {_code(present, bot, one): one for one in update_ids if one not in known}
    if not new:
        return frozenset()
    rows = [{"code": code, "seen_at": work.hour()} for code in sorted(new)]
    noted = await work.connection.scalars(_NOTE[work.connection.dialect.name], rows)
    return frozenset(new[code] for code in noted)


async def expire(work: Work) -> int:
    """Forget the updates that will not be delivered again; return how many there were. The worker's verb."""
    return _count(await work.session.execute(delete(UpdateKey).where(UpdateKey.seen_at <= work.now() - KEPT)))


async def _known(work: Work, codes: Mapping[bytes, int]) -> frozenset[int]:
    """Return the updates whose codes are noted."""
    if not codes:
        return frozenset()
    found = await work.connection.scalars(select(_TABLE.c.code).where(_TABLE.c.code.in_(codes)))
    return frozenset(codes[code] for code in found)


def _code(key: bytes, bot: str, update_id: int) -> bytes:
    """Return 16 bytes by which nobody without the key tells which update it was; keyed BLAKE2b (RFC 7693)."""
    return blake2b(f"{bot}\0{update_id}".encode(), digest_size=_CODE_BYTES, key=key, person=b"jingshi update").digest()


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
