"""Adding a row that somebody else may be adding at this moment."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import Base


async def add_if_new(session: AsyncSession, row: Base) -> bool:
    """Add ``row`` and return whether its key was free.

    Where another transaction is adding the same key, PostgreSQL waits for its end here; on SQLite there is one writer.
    """
    await session.flush()  # so that what fails below is this row and no other
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
