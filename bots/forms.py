"""The report form and that of the stations' record, each read once a process, with the lists as they are now."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from core.app import registry, stations
from core.dialogue import RECORD, REPORT, Choices, Dialogue, Form, load
from core.dialogue.form import FILE_KINDS
from core.dialogue.walk import Lists
from core.work import Work

_FRESH: Final = timedelta(seconds=30)


@cache
def _report() -> Form:
    return load(REPORT)


@cache
def record_form() -> Form:
    """Return the form of the record."""
    return load(RECORD)


async def record_dialogue(work: Work, station_id: UUID) -> Dialogue:
    """Return a dialogue of today about the record of a station, with the officials who live there."""
    lists = {stations.PROVIDER: await stations.officials_of(work, station_id)}
    return Dialogue(record_form(), today=work.clock.today(), lists=lists)


def units_of(dialogue: Dialogue) -> Choices:
    """Return the list of units that the form offers."""
    return dialogue.lists[registry.PROVIDER]


class Forms:
    """Gives each update a dialogue of the day; the units are read again when they were read half a minute ago."""

    def __init__(self) -> None:
        self.form = _report()
        self.file_questions = frozenset(field.name for field in self.form.fields if field.kind in FILE_KINDS)
        self.max_files = sum(self.form.by_name[name].max_files for name in self.file_questions)
        self._known: tuple[datetime, Lists] | None = None

    async def dialogue(self, work: Work) -> Dialogue:
        """Return a dialogue of today, for one update or request."""
        now = work.now()
        if self._known is None or abs(now - self._known[0]) > _FRESH:
            self._known = (now, {registry.PROVIDER: await registry.unit_choices(work)})
        return Dialogue(self.form, today=work.clock.today(), lists=self._known[1])
