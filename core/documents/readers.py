"""Whoever takes a document out is named on every page of it, with the moment: a copy that turns up tells its way."""

from core import access, registry
from core.texts import Translate
from core.work import SHANGHAI, Work


async def taken_out(work: Work, say: Translate) -> str:
    """Return the line that names the member of staff at work, and the minute; raises `NotSignedIn`."""
    person = await registry.person(work, access.signed_in(work).person_id)
    return say("taken_out", name=person.name, at=f"{work.now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
