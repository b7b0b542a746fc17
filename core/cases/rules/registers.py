"""The eight channels (S65 to S96): by which ways an item comes in, into which book it goes, and what a clerk is asked.

A way is chosen first and settles the channel, the register (S101), how the reporter is known and, where bodies report
in writing, the evidence; so no way asks more than `MOST_INPUTS` besides the text. What is spoken at the desk is entered
as it comes in and asks for no day; a meeting and an appraisal are named by their number and year instead. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.cases.rules.conflicts import SubjectKind
from core.cases.rules.gate import ON_DUTY, Category, Evidence
from core.errors import Invalid
from core.policy.profile import SEED

JOINT_MEETING: Final = "joint_meeting"
ORAL: Final = "oral"
RECORD_BOOK: Final = "record_book"
TELEPHONE: Final = "telephone"
LETTER: Final = "letter"
BOT_INTAKE: Final = "bot_intake"

REGISTERS: Final = (TELEPHONE, LETTER, ORAL, JOINT_MEETING, RECORD_BOOK, BOT_INTAKE)
"""The four books that S101 names, the stations' record book (S85), and what came in by itself."""

CHANNELS: Final = (
    "joint_meeting",
    "organisation_staff",
    "information_liaison",
    "liaison_station",
    "term_audit",
    "annual_appraisal",
    "public_appraisal",
    "letters_and_visits",
)
"""In the order of the source document, from one to eight."""

MOST_INPUTS: Final = 8

NOT_AN_OFFICIAL: Final = "not_an_official"
"""What is chosen for a subject whom the register does not have; the gate refuses it (R12)."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that the clerk is asked.

    ``kind`` is ``choice`` (one of ``choices``), ``unit`` (one of the list of units), ``text`` (a line), ``number``,
    ``date``, ``past_date`` (no later than today) or ``quarter`` (``2026Q3``).
    """

    name: str
    kind: str
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way by which an item comes in: its channel and register, and what is asked.

    ``identity_mode`` is how the reporter is known unless they give a name; ``evidence`` is what stands where it is
    not asked. A way without inputs is not entered by a clerk: the item comes in by itself.
    """

    name: str
    channel: str
    register: str
    identity_mode: str
    evidence: str
    inputs: tuple[Input, ...]

    @property
    def has_reporter(self) -> bool:
        """Whether somebody reports by it, who is handed a receipt: not a meeting, an audit or a count of votes."""
        return self.identity_mode not in {"institutional", "aggregate"}


_OFF_DUTY: Final = tuple(str(each) for each in Category if not each.startswith(ON_DUTY))
_FEEDS_NOTHING: Final = {*SEED.names("joint_meeting_listeners"), *SEED.names("joint_meeting_without_feed")}
_MEMBERS: Final = tuple(each for each in SEED.names("joint_meeting_members") if each not in _FEEDS_NOTHING)
_METHODS: Final = (  # S73
    "democratic_life_meeting",
    "team_meeting",
    "major_event",
    "heart_to_heart",
    "visiting_the_public",
    "work_report",
)

# A team has no name of its own, and whoever stands above the district has no unit in it.
_SUBJECT_KIND: Final = Input("subject_kind", "choice", choices=(*map(str, SubjectKind), NOT_AN_OFFICIAL))
_ABOUT: Final = (_SUBJECT_KIND, Input("unit", "unit", required=False), Input("subject", "text", required=False))
_CATEGORY: Final = Input("category", "choice", choices=tuple(map(str, Category)))
_NEXUS: Final = Input("category", "choice", choices=_OFF_DUTY)
_EVIDENCE: Final = Input("evidence", "choice", choices=tuple(map(str, Evidence)))
_RECEIVED: Final = Input("received_on", "past_date")
_NAME: Final = Input("reporter_name", "text", required=False)
_CONTACT: Final = Input("reporter_contact", "text", required=False)

_WRITTEN: Final = (*_ABOUT, _CATEGORY)
_TOLD: Final = (*_ABOUT, _CATEGORY, _EVIDENCE)
_STATION: Final = (*_ABOUT, _NEXUS, _EVIDENCE, _RECEIVED)
_QUARTER: Final = (*_STATION, Input("quarter", "quarter"))


def _station(name: str, register: str, inputs: tuple[Input, ...]) -> Way:
    return Way(f"station_{name}", "liaison_station", register, "role", "", inputs)


def _letters_and_visits(name: str, register: str, identity_mode: str, evidence: str, *inputs: Input) -> Way:
    return Way(name, "letters_and_visits", register, identity_mode, evidence, inputs)


_ALL: Final = (
    Way(
        "joint_meeting",
        "joint_meeting",
        JOINT_MEETING,
        "institutional",
        "document",
        (
            *_WRITTEN,
            Input("meeting_number", "text"),
            Input("member_body", "choice", choices=_MEMBERS),
            Input("pattern", "choice", choices=("incipient", "tendency", "widespread")),
        ),
    ),
    Way(
        "organisation_staff",
        "organisation_staff",
        ORAL,
        "named_staff",  # who is linked to the team of that unit (S72)
        "",
        (*_TOLD, _RECEIVED, Input("method", "choice", choices=_METHODS)),
    ),
    Way(
        "information_liaison",
        "information_liaison",
        ORAL,
        "named",
        "",
        (*_TOLD, Input("liaison_meeting", "text", required=False), Input("reporter_name", "text")),
    ),
    _station("telephone", TELEPHONE, _STATION),
    _station("letterbox", LETTER, _STATION),
    _station("questionnaire", RECORD_BOOK, _QUARTER),
    _station("neighbours", RECORD_BOOK, _QUARTER),
    _station("home_visit", RECORD_BOOK, _QUARTER),
    _station("record", RECORD_BOOK, ()),  # an entry of the book, by the half-year review (S86)
    Way(
        "term_audit",
        "term_audit",
        LETTER,
        "institutional",
        "document",
        (*_WRITTEN, _RECEIVED, Input("finding_number", "text"), Input("due_on", "date")),
    ),
    Way(
        "annual_appraisal",
        "annual_appraisal",
        LETTER,
        "aggregate",
        "document",
        (*_WRITTEN, Input("year", "number"), Input("incompetent_votes", "number"), Input("valid_votes", "number")),
    ),
    Way(
        "public_appraisal",
        "public_appraisal",
        LETTER,
        "aggregate",
        "document",
        (
            *_WRITTEN,
            _RECEIVED,
            Input("appointing_body", "choice", choices=("district_committee", "peoples_congress", "government")),
            Input("event", "text"),
        ),
    ),
    _letters_and_visits("letter", LETTER, "anonymous", "", *_TOLD, _RECEIVED, _NAME, _CONTACT),
    _letters_and_visits("visit", LETTER, "anonymous", "", *_TOLD, _NAME, _CONTACT),
    _letters_and_visits("telephone", TELEPHONE, "anonymous", "", *_TOLD, _NAME, _CONTACT),
    _letters_and_visits("media", LETTER, "institutional", "document", *_WRITTEN, _RECEIVED),
    _letters_and_visits("venue_inspection", LETTER, "institutional", "document", *_WRITTEN, _RECEIVED),
    _letters_and_visits("web", BOT_INTAKE, "anonymous", ""),
    _letters_and_visits("telegram", BOT_INTAKE, "anonymous", ""),
)

WAYS: Final[Mapping[str, Way]] = MappingProxyType({way.name: way for way in _ALL if way.inputs})
"""The ways that a clerk enters, by name, in the order of the channels."""


def register_for(channel: str, source: str) -> str:
    """Return the register for what came through a channel by one of its ways.

    Raises:
        Invalid: ``unknown_channel``, or ``unknown_source`` when the channel has no such way.
    """
    if channel not in CHANNELS:
        raise Invalid("unknown_channel", field="channel")
    for way in _ALL:
        if (way.channel, way.name) == (channel, source):
            return way.register
    raise Invalid("unknown_source", field="source")
