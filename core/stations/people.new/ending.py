"""How a pairing ends, and with it the personal links: whoever has the chat may have asked for one there."""

from uuid import UUID

from sqlalchemy import ColumnElement, update

from core import audit
from core.stations.tables import Pairing, PersonalLink
from core.work import Work


async def end_pairing(work: Work, whose: ColumnElement[bool], why: str) -> bool:
    """End the present pairing that fits, and the links of its person; return whether there was one."""
    ended = update(Pairing).where(whose, Pairing.ended_at.is_(None)).values(ended_at=work.now(), ended_why=why)
    rows = (await work.session.execute(ended.returning(Pairing.id, Pairing.person_id))).all()
    for row in rows:
        audit.record(work, "pairing", "ended", row.id, change=why.encode())
        await end_links(work, row.person_id)
    return bool(rows)


async def end_links(work: Work, person_id: UUID) -> None:
    """End the personal links of somebody."""
    present = (PersonalLink.person_id == person_id, PersonalLink.ended_at.is_(None))
    await work.session.execute(update(PersonalLink).where(*present).values(ended_at=work.now()))
