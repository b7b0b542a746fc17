"""Updates of a chat platform that were applied: the platform delivers again until it is answered, we apply once.

Of an update nothing is kept but a code that intake alone can compute. It is inserted in the transaction of the step
that the update causes, so that both are there or neither.
"""

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
    name: insert(_TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}


async def seen(work: Work, bot: str, update_id: int) -> bool:
    """Tell whether an update of ``bot`` was applied; asked before something slow, such as fetching a file."""
    codes = [_code(key, bot, update_id) for key in work.keys.all("drafts-hmac")]
    return await work.session.scalar(select(UpdateKey.seen_at).where(UpdateKey.code.in_(codes)).limit(1)) is not None


async def first_time(work: Work, bot: str, update_id: int) -> bool:
    """Note that an update is applied by this piece of work; return ``False``, noting nothing, if it was before.

    Of two transactions that apply the same update at the same moment the second waits for the first.
    """
    if len(work.keys.all("drafts-hmac")) > 1 and await seen(work, bot, update_id):
        return False  # under the key before this one, perhaps
    row = {"code": _code(work.keys.current("drafts-hmac"), bot, update_id), "seen_at": work.hour()}
    return _count(await work.connection.execute(_NOTE[work.connection.dialect.name], row)) == 1


async def expire(work: Work) -> int:
    """Forget the updates that will not be delivered again; return how many there were. The worker's verb."""
    return _count(await work.session.execute(delete(UpdateKey).where(UpdateKey.seen_at <= work.now() - KEPT)))


def _code(key: bytes, bot: str, update_id: int) -> bytes:
    """Return 16 bytes by which nobody without the key tells which update it was; keyed BLAKE2b (RFC 7693)."""
    return blake2b(f"{bot}\0{update_id}".encode(), digest_size=_CODE_BYTES, key=key, person=b"jingshi update").digest()


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
