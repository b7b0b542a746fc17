"""What can be asked of the registry."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Misconfigured
from core.registry.tables import Installation


async def installation(session: AsyncSession) -> Installation:
    """Return the installation's one row; raise `Misconfigured` when it was never made."""
    row = await session.scalar(select(Installation))
    if row is None:
        raise Misconfigured("the home is not set up; run: jingshi init")
    return row
