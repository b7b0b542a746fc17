"""What is thrown away because nobody needs it any more. The worker's verb."""

from sqlalchemy import delete, or_

from core.access.limits import REPEATS_KEPT, SESSIONS_KEPT, TRIES_KEPT
from core.access.tables import Opening, Repeat, Session, Tries
from core.work import Work


async def sweep(work: Work) -> None:
    """Delete tries and repeats of yesterday, openings that are over, and sessions that ended a while ago."""
    now = work.now()
    long_over = or_(Session.ended_at < now - SESSIONS_KEPT, Session.expires_at < now - SESSIONS_KEPT)
    for query in (
        delete(Tries).where(Tries.tried_at < now - TRIES_KEPT),
        delete(Repeat).where(Repeat.made_at < now - REPEATS_KEPT),
        delete(Opening).where(Opening.expires_at < now),
        delete(Session).where(long_over),
    ):
        await work.session.execute(query)
