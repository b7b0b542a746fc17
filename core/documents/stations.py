"""What the stations leave on paper: the uniform record book of a quarter, and the minutes of the heads' meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from core import audit, registry, stations
from core.documents import station_templates
from core.documents.filling import fill, lines
from core.documents.meetings import Attendance, Section, WrittenMinutes
from core.documents.readers import taken_out
from core.documents.wording import civil, speak
from core.policy.calendar import civil_date
from core.registry import UnitKind
from core.sealing import canonical
from core.stations import Attended, BookEntry, BookHead, HeadsMeetingView, MeetingTexts
from core.texts import Translate
from core.work import Work

_ISSUERS: Final = (UnitKind.ORGANISATION_DEPARTMENT, UnitKind.LEADING_GROUP_OFFICE)
"""Who runs the stations: the first of these that the district has."""

_QUESTION: Final = ("？", "?")


@dataclass(frozen=True, slots=True)
class WrittenBook:
    """What a record book says, in the fields of its template."""

    title: str
    particulars: Sequence[Attendance]
    sections: Sequence[Section]
    closing: Sequence[str]
    issuer: str
    day: str
    signed_on: date
    taken_out: str = field(repr=False)

    @property
    def number(self) -> str:
        """What its file is called by."""
        return f"{self.title} {self.particulars[0].names}"

    def as_docx(self) -> bytes:
        """Return the book as .docx; the same book is the same bytes."""
        return fill(station_templates.record_book(), asdict(self), on=self.signed_on)


async def record_book(work: Work, obligation_id: UUID, *, opening_id: UUID) -> WrittenBook:
    """Return the record book of a station and quarter; that it was taken out is recorded, and by whom stands in it.

    What is held for the privacy officer is left out, for everybody. Raises as `stations.read_book`.
    """
    head = await stations.book_head(work, obligation_id)
    entries = await stations.read_book(work, obligation_id, opening_id=opening_id)
    people = await registry.people(work, {each.by for each in entries if each.by is not None})
    names = {each.id: each.name for each in people.values()}
    written = _book(head, entries, names, work.clock.today(), await taken_out(work, speak()))
    audit.record(
        work,
        "obligation",
        "book_exported",
        obligation_id,
        change=canonical("record_book", {"title": written.title, "text": _text(written.sections)}),
    )
    return written


async def heads_minutes(work: Work, meeting_id: UUID, *, opening_id: UUID) -> WrittenMinutes:
    """Return the minutes of a meeting of the station heads, with agenda and attendance (GB/T 9704-2012, 10.3).

    Before it is closed there are none, and the document has the agenda alone. That it was taken out is recorded, and by
    whom stands in it. Raises as `stations.read_heads_meeting`.
    """
    texts = await stations.read_heads_meeting(work, meeting_id, opening_id=opening_id)
    meeting = await stations.heads_meeting(work, meeting_id)
    written = _minutes(meeting, texts, await _issuer(work), await taken_out(work, speak()))
    audit.record(
        work,
        "heads_meeting",
        "minutes_exported",
        meeting_id,
        change=canonical("heads_minutes", {"title": written.title, "text": _text(written.sections)}),
    )
    return written


def _book(
    head: BookHead, entries: Sequence[BookEntry], names: Mapping[UUID, str], today: date, reader: str
) -> WrittenBook:
    say = speak()
    signed_on = civil_date(head.signed_at) if head.signed_at else today
    said = {
        "quarter": _quarter(say, head.quarter),
        "submitted": _by(say, head.submitted_by, head.submitted_at),
        "entered": say("book.entered", name=head.entered_by) if head.entered_by else "",
        "signed": _by(say, head.signed_by, head.signed_at),
        "late": say("book.late.yes") if head.is_late else "",
    }
    none = [say("book.nil")] if head.is_nil else []
    return WrittenBook(
        title=say("book.title", station=head.station.name),
        particulars=[Attendance(say(f"book.{name}.label"), text) for name, text in said.items() if text],
        sections=[_entry(say, each, names) for each in entries],
        closing=none or [say("book.count", count=len(entries))],
        issuer=head.station.name,
        day=civil(say, signed_on),
        signed_on=signed_on,
        taken_out=reader,
    )


def _entry(say: Translate, entry: BookEntry, names: Mapping[UUID, str]) -> Section:
    by = names.get(entry.by, "") if entry.by is not None else ""
    shown = bool(entry.lines) and not entry.is_held
    heading = say("book.entry", place=entry.place)
    if shown and entry.on is not None:
        heading = say("book.entry.by", place=entry.place, day=civil(say, entry.on), name=by)
    said = [_line(say, label, value) for label, value in entry.lines] if shown else []
    return Section(heading, [*said, _outcome(say, entry)])


def _line(say: Translate, label: str, value: str) -> str:
    """Return a question and its answer, or a label and what stands behind it."""
    return f"{label}{value}" if label.endswith(_QUESTION) else f"{label}{say('colon')}{value}"


def _outcome(say: Translate, entry: BookEntry) -> str:
    if entry.is_urgent:
        return say("book.urgent")
    if entry.is_held:
        return say("book.held")
    result = say(f"book.result.{entry.result}") if entry.is_confirmed else say("book.result.open")
    return say("book.result", result=result)


def _minutes(meeting: HeadsMeetingView, texts: MeetingTexts, issuer: str, reader: str) -> WrittenMinutes:
    say = speak()
    day, quarter = civil(say, meeting.held_on), _quarter(say, meeting.quarter)
    counts = {each.value: meeting.count(each) for each in Attended}
    opening = say(
        "heads.opening",
        day=day,
        hour=f"{meeting.begins_at:%H:%M}",
        venue=meeting.venue,
        quarter=quarter,
        stations=len(meeting.seats),
        **counts,
    )
    agenda = [say("heads.agenda.line", place=place, line=line) for place, line in enumerate(texts.agenda, 1)]
    sections = [Section(say("heads.agenda"), agenda)]
    if texts.minutes:
        sections.append(Section(say("heads.minutes"), lines(texts.minutes)))
    return WrittenMinutes(
        mark=say("heads.mark"),
        number=quarter,
        issuer=issuer,
        day=day,
        title=say("heads.title", quarter=quarter),
        opening=[opening],
        sections=sections,
        attendance=_attendance(say, meeting),
        held_on=meeting.held_on,
        taken_out=reader,
    )


def _attendance(say: Translate, meeting: HeadsMeetingView) -> list[Attendance]:
    found = []
    for attended in Attended:
        seats = [each for each in meeting.seats if each.attended == attended]
        heads = attended == Attended.HEAD
        names = [
            say("heads.seat", station=each.station.name, name=say("list.comma").join(each.heads))
            if heads and each.heads
            else each.station.name
            for each in seats
        ]
        if names:
            found.append(Attendance(say(f"heads.present.{attended}"), say("list.comma").join(names)))
    return found


async def _issuer(work: Work) -> str:
    for kind in _ISSUERS:
        for unit in await registry.units(work, kinds=[kind]):
            return unit.name
    return (await registry.installation(work.session)).district


def _by(say: Translate, name: str, at: datetime | None) -> str:
    return say("book.by", name=name, day=civil(say, civil_date(at))) if at is not None else ""


def _quarter(say: Translate, quarter: str) -> str:
    return say("quarter", year=quarter[:4], name=say(f"quarter.{quarter[5:]}"))


def _text(sections: Sequence[Section]) -> str:
    return "\n".join(line for section in sections for line in (section.heading, *section.paragraphs))
