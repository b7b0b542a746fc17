"""What the interface takes about measures, as it stands in OpenAPI."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.case_shapes import Reasons
from admin_api.api.shapes import Shape

FormName = Literal[
    "letter",
    "talk_reminder",
    "talk_important",
    "admonition",
    "suspension",
    "restore_post",
    "reassign_non_leading",
    "non_leading_post",
    "demotion",
    "demote_deputy_section",
    "demote_ordinary",
    "removal",
]
ToldUnits = Annotated[list[UUID], Field(max_length=50, description="The units that are told of it.")]


class NewMeasure(Shape):
    """What the document will say; nothing in it may tell who reported.

    ``follows`` is the measure whose assessment led to this decision.
    """

    form: FormName
    facts: Annotated[str, Field(examples=["三月二日上班时间在茶水间打扑克约一小时"])]
    reasons: Annotated[str, Field(examples=["违反工作纪律，事实清楚，本人承认"])]
    requirements: Annotated[str, Field(examples=["严格遵守上班纪律，五个工作日内提交书面检查"])]
    ancillary: Annotated[list[Literal["written_self_criticism", "suspension_for_reflection"]], Field(max_length=2)] = (
        Field(default_factory=list)
    )
    follows: UUID | None = None


class NewApproval(Shape):
    """In which capacity the caller approves: the one that ``next_capacity`` names."""

    capacity: Annotated[str, Field(max_length=60, examples=["management_authority"])]


class NewService(Shape):
    """On which day it was served, by which proof, and which units are told of it."""

    served_on: date
    proof: Annotated[str, Field(examples=["本人签收，送达回证第3号"])]
    told: ToldUnits = Field(default_factory=list)


class NewTalk(Shape):
    """The record of a talk: what the person answered may not be left out, and they may add a dissent."""

    held_on: date
    talked_by: Annotated[str, Field(examples=["区委组织部副部长"])]
    reasons: Annotated[str, Field(examples=["说明了有关情况和谈话原因"])]
    view: Annotated[str, Field(examples=["本人说明情况，认识到不足"])]
    corrections: Annotated[str, Field(examples=["即日起严格遵守考勤制度"])]
    dissent: Annotated[str, Field(examples=["对第二点有不同意见"])] = ""
    person_signed: bool = True
    told: ToldUnits = Field(default_factory=list)


class NewReport(Shape):
    """What the person handed in, or a note that they handed in ``nothing``, which is no ground for anything."""

    what: Literal["self_criticism", "correction_report", "self_report", "nothing"]
    text: Annotated[str, Field(examples=["书面检查：本人认识到上班时间打牌违反纪律……"])]
    received_on: date


class NewPanel(Shape):
    """Who assesses a suspension: at least three persons of three bodies, none of whom touched the case."""

    people: Annotated[list[UUID], Field(max_length=20)]


class NewReplacement(Shape):
    """Who can no longer hear or assess, who takes their place, and why."""

    leaves: UUID
    joins: UUID
    reason: Reasons


class NewAssessment(Shape):
    """What the assessment found. Of an admonition only ``corrected`` is asked, of a suspension all four.

    Whoever defends, complains or reports is never worse off for it: an assessment that rests on such a ground is
    refused (``rejected_ground``).
    """

    record: Annotated[str, Field(examples=["考核期内遵守纪律，整改到位"])]
    grounds: Annotated[
        list[
            Literal[
                "conduct",
                "results",
                "public_recognition",
                "correction",
                "grumbling",
                "dissent",
                "appeal",
                "complaint",
                "report",
                "filed_appeal_or_grumbled",
            ]
        ],
        Field(max_length=10),
    ]
    corrected: bool
    excellent: bool | None = None
    results: bool | None = None
    recognised: bool | None = None


class NewOutcome(Shape):
    """What comes of it, among what the assessment ``allowed``; ``pay`` records what becomes of rank and pay."""

    outcome: Annotated[str, Field(max_length=40, examples=["lifted"])]
    reasons: Annotated[str, Field(examples=["考核期内确已改正"])]
    pay: Annotated[str, Field(examples=["职级、工资不变"])] = ""


class NewLetterReading(Shape):
    """What the reply to a letter comes to, as one of its two readers sees it."""

    outcome: Literal["explained", "corrected", "second_inquiry", "verify_further"]
    reasons: Annotated[str, Field(examples=["说明清楚，有书面材料佐证"])]


class NewFollowUp(Shape):
    """What the follow-up to a talk found."""

    outcome: Literal["improved", "repeat"]
    reasons: Annotated[str, Field(examples=["谈话后作风明显转变"])]


class NewRemedy(Shape):
    """What the person asks for, in their words, and the day on which it came."""

    kind: Literal["review", "appeal"]
    text: Annotated[str, Field(examples=["对认定的时间有异议，申请复核"])]
    received_on: date


class NewAdmission(Shape):
    """Whether a wish that came late is heard, and why."""

    admitted: bool
    reason: Reasons


class NewRuling(Shape):
    """What becomes of a review or an appeal; there is none that makes the measure heavier.

    ``correction`` says what the document says from now on, where it is ``corrected``.
    """

    ruling: Literal["upheld", "dismissed", "corrected"]
    reasons: Annotated[str, Field(examples=["经复核，原认定的主要事实不清"])]
    correction: Annotated[str, Field(examples=["“三月二日”更正为“三月三日”"])] = ""


class NewClearing(Shape):
    """What the person wished once it was revoked: a clarification, in which circle and words, or none."""

    consent: bool
    scope: Annotated[str, Field(examples=["本单位全体干部"])] = ""
    text: Annotated[str, Field(examples=["原决定已经撤销，现予以澄清"])] = ""


class NewDelivery(Shape):
    """How the notice arrived; ``unknown`` waits until a person looks."""

    delivery: Literal["delivered", "unknown"]
