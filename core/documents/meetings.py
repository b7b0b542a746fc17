"""The minutes of a meeting (纪要) in the format of GB/T 9704-2012, 10.3: what it decided about each case, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from uuid import UUID

from core import audit, registry
from core.cases import proceedings
from core.cases.proceedings import Matter, Minutes
from core.cases.proceedings.steps import Deferred, Heard
from core.documents import templates
from core.documents.filling import fill, lines
from core.documents.readers import taken_out
from core.documents.wording import civil, speak, symbol
from core.sealing import canonical
from core.texts import Translate
from core.work import Work


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    paragraphs: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there, or who was not."""

    label: str
    names: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WrittenMinutes:
    """What minutes say, in the fields of their template."""

    mark: str
    number: str
    issuer: str
    day: str
    title: str
    opening: Sequence[str]
    sections: Sequence[Section]
    attendance: Sequence[Attendance]
    held_on: date
    taken_out: str = field(repr=False)

    def as_docx(self) -> bytes:
        """Return the minutes as .docx; the same minutes are the same bytes. It takes about a tenth of a second."""
        return fill(templates.minutes(), asdict(self), on=self.held_on)


async def minutes(work: Work, meeting_id: UUID, *, opening_id: UUID) -> WrittenMinutes:
    """Return the minutes of a held meeting, under the number of the meeting; that they were taken out is recorded.

    By whom stands in them. Raises as `proceedings.read_minutes`: whoever may not read one of the cases gets none of it.
    """
    held = await proceedings.read_minutes(work, meeting_id, opening_id=opening_id)
    recused = [person_id for matter in held.matters for person_id in matter.recused]
    people = {*(person_id for person_id, _ in held.meeting.seats), *recused}
    names = {each: (await registry.person(work, each)).name for each in people}
    issuer = (await registry.units(work, kinds=[held.meeting.body]))[0].name
    district = (await registry.installation(work.session)).district
    written = _written(held, names, issuer, district, await taken_out(work, speak()))
    text = "\n".join(line for section in written.sections for line in (section.heading, *section.paragraphs))
    audit.record(
        work,
        "meeting",
        "minutes_exported",
        meeting_id,
        change=canonical("minutes", {"number": written.number, "text": text}),
    )
    return written


def _written(held: Minutes, names: Mapping[UUID, str], issuer: str, district: str, reader: str) -> WrittenMinutes:
    say, meeting = speak(), held.meeting
    present = sorted(names[person] for person, came in meeting.seats if came)
    absent = sorted(names[person] for person, came in meeting.seats if not came)
    count = len(held.matters)
    day = civil(say, meeting.held_on)
    meeting_name = say(f"meeting.{meeting.kind}")
    counts = {"seats": len(meeting.seats), "present": len(present), "count": count}
    agenda = Section(say("minutes.agenda"), [_line(say, place, each) for place, each in enumerate(held.matters, 1)])
    return WrittenMinutes(
        mark=say("minutes.mark", meeting=meeting_name),
        number=symbol(say, f"{meeting.kind}.{meeting.body}", district, meeting.year, meeting.number),
        issuer=issuer,
        day=day,
        title=say("minutes.title", count=count),
        opening=[say("minutes.opening", day=day, meeting=meeting_name, **counts)],
        sections=[agenda, *(_section(say, place, each, names) for place, each in enumerate(held.matters, 1))],
        attendance=_attendance(say, present, absent),
        held_on=meeting.held_on,
        taken_out=reader,
    )


def _line(say: Translate, place: int, matter: Matter) -> str:
    return say("minutes.agenda.line", place=place, case=_case(say, matter), subject=_subject(say, matter))


def _section(say: Translate, place: int, matter: Matter, names: Mapping[UUID, str]) -> Section:
    aside = say("list.comma").join(sorted(names[each] for each in matter.recused)) or say("nobody")
    return Section(
        say("minutes.matter", place=place, case=_case(say, matter)),
        [
            say("minutes.subject", subject=_subject(say, matter)),
            say("minutes.substance"),
            *lines(matter.opened.substance),
            say("minutes.recused", names=aside),
            *_outcome(say, matter.heard),
            say("minutes.reasons"),
            *lines(matter.heard.reasons),
        ],
    )


def _outcome(say: Translate, heard: Heard | Deferred) -> Sequence[str]:
    """Return the votes and what they came to; a case that was put off was not voted on."""
    if isinstance(heard, Deferred):
        return [say("minutes.deferred")]
    form = say(f"value.form.{heard.form}") if heard.form else say("minutes.no_form")
    recommendation = say(f"value.recommendation.{heard.recommendation}")
    votes = {"present": heard.present, "yes": heard.votes_for, "no": heard.votes_against, "abstained": heard.abstained}
    return [say("minutes.votes", **votes), say("minutes.recommendation", recommendation=recommendation, form=form)]


def _attendance(say: Translate, present: Sequence[str], absent: Sequence[str]) -> list[Attendance]:
    groups = {"minutes.present": present, "minutes.absent": absent}
    return [Attendance(say(label), say("list.comma").join(names)) for label, names in groups.items() if names]


def _case(say: Translate, matter: Matter) -> str:
    return say("case", year=matter.year, number=matter.number)


def _subject(say: Translate, matter: Matter) -> str:
    opened = matter.opened
    return say("subject", name=opened.name, post=opened.post) if opened.post else opened.name
