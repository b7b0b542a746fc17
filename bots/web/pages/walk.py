"""What every page on a draft begins with."""

from dataclasses import dataclass, replace

from bots.web import drafting
from bots.web.drafting import Sheet
from bots.web.visit import Elsewhere, Visit
from core.dialogue import Dialogue, State
from core.work import Work


@dataclass(frozen=True, slots=True)
class Walk:
    """A draft on its way: what is stored, the form of today, and the state in the language of the person."""

    sheet: Sheet
    dialogue: Dialogue
    state: State


async def resume(visit: Visit, work: Work, *, lock: bool = True) -> Walk:
    """Return the draft that the browser holds; raise `Elsewhere` when there is none, or when it was submitted."""
    sheet = await drafting.find(work, visit.cookie, lock=lock)
    if sheet is None:
        raise Elsewhere("/report", note="gone")
    if sheet.state is None:
        raise Elsewhere("/report/receipt")
    visit.speak(sheet.state.language)
    state = replace(sheet.state, language=visit.language)
    return Walk(sheet, await visit.site.forms.dialogue(work), state)
