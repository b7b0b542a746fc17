"""What the steps of a measure say, before and after they are sealed into the thread of its case. Pure."""

from dataclasses import dataclass

from core.cases.proceedings import Step


@dataclass(frozen=True, repr=False)
class MeasureStep(Step, abstract=True):
    """A step of the measure with this id."""

    measure_id: str


@dataclass(frozen=True, repr=False)
class MeasureDrafted(MeasureStep):
    """A measure was drafted: what its document will say (S108 to S130).

    ``person_id`` and ``rank`` are the official's; a team has neither. ``ancillary`` stands beside the form (S137).
    """

    kind = "measure_drafted"
    form: str
    official_id: str
    person_id: str
    name: str
    post: str
    rank: str
    unit_id: str
    facts: str
    reasons: str
    requirements: str
    ancillary: tuple[str, ...]
    months: int


@dataclass(frozen=True, repr=False)
class MeasureChecked(MeasureStep):
    """An officer signed that nothing in the draft tells who reported."""

    kind = "measure_checked"


@dataclass(frozen=True, repr=False)
class MeasureReturned(MeasureStep):
    """The draft was sent back, and counts for nothing; another may be written."""

    kind = "measure_returned"
    reason: str


@dataclass(frozen=True, repr=False)
class MeasureApproved(MeasureStep):
    """Somebody who may decided, in a capacity (rules.md 3.3)."""

    kind = "measure_approved"
    capacity: str


@dataclass(frozen=True, repr=False)
class MeasureIssued(MeasureStep):
    """The document got its number; it is made from this and the draft, always the same.

    ``last_day`` is not known before service: the document says how it is counted.
    """

    kind = "measure_issued"
    year: int
    number: int
    issued_on: str
    issuer: str
    district: str


@dataclass(frozen=True, repr=False)
class PaperIssued(MeasureStep):
    """A paper that tells what came of a measure got its number; it is made from this and the steps before it."""

    kind = "paper_issued"
    paper: str
    year: int
    number: int
    issued_on: str
    issuer: str
    district: str


@dataclass(frozen=True, repr=False)
class MeasureServed(MeasureStep):
    """It was served: on which day, by which proof, and until when its effects last (S118, S125).

    ``told`` are the ids of the units that were told of it.
    """

    kind = "measure_served"
    served_on: str
    proof: str
    last_day: str
    told: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class TalkHeld(MeasureStep):
    """The record of a talk: the reasons that were given, the person's view, what is to be mended, who signed.

    ``dissent`` is what the person added on their own, if anything.
    """

    kind = "talk_held"
    held_on: str
    talked_by: str
    reasons: str
    view: str
    corrections: str
    dissent: str
    person_signed: bool


@dataclass(frozen=True, repr=False)
class TermReminded(MeasureStep):
    """By the calendar: the term is about to end."""

    kind = "term_reminded"
    days: int


@dataclass(frozen=True, repr=False)
class AssessmentOpened(MeasureStep):
    """By the calendar: the last day has come, and the assessment is open."""

    kind = "assessment_opened"


@dataclass(frozen=True, repr=False)
class TermEnded(MeasureStep):
    """By the calendar: the effects have ended, assessed or not (rules.md 3.4 (d))."""

    kind = "term_ended"
    last_day: str


@dataclass(frozen=True, repr=False)
class ReportTaken(MeasureStep):
    """What the person handed in: the written self-criticism, the report on correction, or a self-report."""

    kind = "report_taken"
    what: str
    text: str
    received_on: str


@dataclass(frozen=True, repr=False)
class PanelNamed(MeasureStep):
    """The group that assesses a suspension: at least three bodies and three persons, none involved before (S127)."""

    kind = "panel_named"
    people: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class MemberReplaced(MeasureStep):
    """Somebody took the place of one who can no longer hear a review or an appeal, or assess."""

    kind = "member_replaced"
    part: str
    leaves: str
    joins: str
    reason: str


@dataclass(frozen=True, repr=False)
class MeasureAssessed(MeasureStep):
    """What the assessment found, on which grounds, and what it allows (S120 to S130, R11)."""

    kind = "measure_assessed"
    record: str
    grounds: tuple[str, ...]
    corrected: bool
    excellent: bool | None
    results: bool | None
    recognised: bool | None
    allowed: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class PanelSigned(MeasureStep):
    """A member of the panel signed its assessment."""

    kind = "panel_signed"


@dataclass(frozen=True, repr=False)
class LetterRead(MeasureStep):
    """One of the two readers of the reply to a letter says what it comes to (S110)."""

    kind = "letter_read"
    outcome: str
    reasons: str


@dataclass(frozen=True, repr=False)
class OutcomeDecided(MeasureStep):
    """What came of it. ``pay`` records the consequence for rank and pay, where there is one (S130)."""

    kind = "outcome_decided"
    outcome: str
    reasons: str
    pay: str


@dataclass(frozen=True, repr=False)
class MeasureClosed(MeasureStep):
    """Nothing more follows."""

    kind = "measure_closed"
    reason: str


@dataclass(frozen=True, repr=False)
class MeasureLapsed(MeasureStep):
    """The assessment was not made in time: nothing can be held against the person from it any more."""

    kind = "measure_lapsed"
    reason: str


@dataclass(frozen=True, repr=False)
class RemedyAsked(MeasureStep):
    """The person asked for review, or appealed."""

    kind = "remedy_asked"
    remedy_id: str
    remedy: str
    text: str
    received_on: str
    is_late: bool


@dataclass(frozen=True, repr=False)
class RemedyAdmitted(MeasureStep):
    """A person decided whether a wish that came late is heard."""

    kind = "remedy_admitted"
    remedy_id: str
    admitted: bool
    reason: str


@dataclass(frozen=True, repr=False)
class RemedyDecided(MeasureStep):
    """What became of a review or an appeal; it is never heavier for the person (Civil Servants Law, art. 96)."""

    kind = "remedy_decided"
    remedy_id: str
    ruling: str
    reasons: str
    correction: str


@dataclass(frozen=True, repr=False)
class MeasureRevoked(MeasureStep):
    """It is undone from its beginning, with every effect.

    ``rests_on`` is the measure that it followed, where it was revoked together with that one.
    """

    kind = "measure_revoked"
    reasons: str
    rests_on: str


@dataclass(frozen=True, repr=False)
class NameCleared(MeasureStep):
    """What the person concerned wished: a clarification, in which circle, or none (safeguards 5.2)."""

    kind = "name_cleared"
    consent: bool
    scope: str
    text: str


@dataclass(frozen=True, repr=False)
class InquiryServed(Step):
    """A letter of inquiry was served with a code: the period for the reply counts from that day (S110).

    Without ``last_day`` the work calendar lacks the year.
    """

    kind = "inquiry_served"
    entry_id: str
    served_on: str
    proof: str
    last_day: str


@dataclass(frozen=True, repr=False)
class CodeRenewed(MeasureStep):
    """The code was lost: it opens nothing any more, and another was made, to be handed over personally.

    It is of a measure or, without one, of the letter of inquiry that ``entry_id`` numbered.
    """

    kind = "code_renewed"
    entry_id: str
    reason: str


@dataclass(frozen=True, repr=False)
class SubjectHeard(MeasureStep):
    """A message of the person concerned was read and taken into the file: an explanation, an objection, a report.

    It answers a measure or, without one, a letter of inquiry. ``text`` is empty where the step before it has it.
    """

    kind = "subject_heard"
    message_id: str
    what: str
    text: str
    received_on: str
    is_late: bool
