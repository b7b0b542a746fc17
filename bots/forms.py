"""The report form, read once a process, with the lists as they are now."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from core.app import registry
from core.dialogue import REPORT, Choices, Dialogue, Form, load
from core.dialogue.form import FILE_KINDS
from core.work import Work

_FRESH: Final = timedelta(seconds=30)


@cache
def _report() -> Form:
    return load(REPORT)


def units_of(dialogue: Dialogue) -> Choices:
    """Return the list of units that the form offers."""
    return dialogue.lists[registry.PROVIDER]


class Forms:
    """Gives the dialogue of the day; units are read again when what is known of them is half a minute old."""

    def __init__(self) -> None:
        self.form = _report()
        self.file_questions = frozenset(field.name for field in self.form.fields if field.kind in FILE_KINDS)
        self.max_files = sum(self.form.by_name[name].max_files for name in self.file_questions)
        self._known: tuple[datetime, date, Dialogue] | None = None

    async def dialogue(self, work: Work) -> Dialogue:
        """Return the dialogue of today."""
        now, today = work.now(), work.clock.today()
        if self._known is None or self._known[1] != today or abs(now - self._known[0]) > _FRESH:
            lists = {registry.PROVIDER: await registry.unit_choices(work)}
            self._known = (now, today, Dialogue(self.form, today=today, lists=lists))
        return self._known[2]
