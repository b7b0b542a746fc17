"""What the interface takes and gives of cases, as it stands in OpenAPI."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Shape

Reasons = Annotated[str, Field(examples=["主要证人出差，需要等待"])]


class Case(Shape):
    """A case as it stands in a list: nothing of whom or what it is about. ``version`` is its ETag.

    ``origins`` are the independent sources of its items.
    """

    id: UUID
    year: int
    number: int
    body: Annotated[str, Field(examples=["leading_group_office"])]
    state: Annotated[str, Field(examples=["verifying"])]
    version: int
    opened_at: datetime
    changed_at: datetime
    is_important: bool
    finding: str | None
    manifestation: str | None
    origins: int


class OneCase(Case):
    """A case by itself. ``destruction_id`` is the entry that listed it for destruction, told to who may sign it."""

    destruction_id: UUID | None


class Cases(Shape):
    """A page of cases; ``next`` is the address of the next one."""

    cases: list[Case]
    next: str | None


class Moved(Shape):
    """Where a case stands after a step; ``version`` is its ETag now."""

    case_id: UUID
    state: Annotated[str, Field(examples=["verifying"])]
    version: int


class Added(Moved):
    """An entry that was added to a case; with its ``id`` it is signed or refused, if it takes two persons."""

    id: UUID


class CaseOpening(Shape):
    """A reason given: it carries the caller's reads of this case until it expires."""

    id: UUID
    expires_at: datetime
    thread: Annotated[str, Field(description="Where the case can be read with it.")]


class CaseEntry(Shape):
    """One entry of the thread. What it ``says`` belongs to its ``kind``; what the clock made has no author."""

    id: UUID
    place: int
    at: datetime
    author_id: UUID | None
    kind: Annotated[str, Field(examples=["evidence"])]
    says: dict[str, str | int | bool | list[str] | None]


class CaseMember(Shape):
    """Somebody's part in a case; of relations that were declared only the answer is kept."""

    person_id: UUID
    part: str
    since: datetime
    until: datetime | None
    declared: str | None


class Deadline(Shape):
    """A clock of an item, a case or a measure; without ``due_on`` it waits for a year of the work calendar."""

    id: UUID
    subject_kind: Literal["item", "case", "measure"]
    subject_id: UUID
    body: str
    kind: Annotated[str, Field(examples=["verification"])]
    begun_on: date
    due_on: date | None
    extended: bool
    paused_on: date | None
    done_on: date | None
    is_overdue: bool


class Deadlines(Shape):
    """A page of clocks; ``next`` is the address of the next one."""

    deadlines: list[Deadline]
    next: str | None


class Thread(Shape):
    """A case that was opened: its entries in their order, its items, its people, its clocks."""

    case: Case
    entries: list[CaseEntry]
    items: list[UUID]
    members: list[CaseMember]
    deadlines: list[Deadline]


class NewCaseItem(Shape):
    """An accepted item about the same subject that is to join a case.

    With the origin of one that is there it counts once.
    """

    item_id: UUID
    reason: Annotated[str, Field(examples=["反映的是同一件事"])]
    same_origin_as: UUID | None = None


class NewOfficers(Shape):
    """The two officers, one of each body."""

    officer_org: UUID
    officer_disc: UUID


class NewDeclaration(Shape):
    """The caller's relation to the subject, of which only the answer is kept."""

    relation: Literal[
        "self",
        "spouse",
        "parent_or_child",
        "sibling_or_in_law",
        "witness",
        "direct_interest",
        "objected_to_and_upheld",
        "former_unit",
        "none",
    ]
    months_since_leaving: Annotated[
        int | None, Field(le=1200, description="Whole months since the caller left that unit; for ``former_unit``.")
    ] = None


class Declaration(Shape):
    """Whether the caller may act in the case; whoever must step aside has lost the key."""

    answer: Literal["may_act", "recuse"]


class NewRecusal(Shape):
    """Who is to be taken off the case, after an objection that is upheld."""

    person_id: UUID
    reason: Reasons


class NewText(Shape):
    """What is to be written down."""

    text: Annotated[str, Field(examples=["先查值班记录，再找在场人员谈话"])]


class NewFeedback(Shape):
    """What the reporters are told; it names nobody."""

    text: Annotated[str, Field(examples=["您反映的情况已经核实，有关单位已作处理。"])]


class NewReason(Shape):
    """Why."""

    reason: Reasons


class NewEvidence(Shape):
    """A piece of evidence, for the person (``exculpatory``) or against."""

    text: Annotated[str, Field(examples=["值班登记表复印件"])]
    source: Literal["first_hand", "document", "hearsay"]
    exculpatory: bool


class NewInterview(Shape):
    """A talk that was held; whom with is said by their role."""

    with_whom: Annotated[str, Field(examples=["当日值班人员"])]
    held_on: date
    text: Annotated[str, Field(examples=["当日上午确有人在茶水间打扑克"])]


class NewInquiry(Shape):
    """A letter of inquiry: the allegation in substance, without a trace of the reporter."""

    substance: Annotated[str, Field(examples=["有反映称，三月二日上班时间有打扑克的情况，请予说明。"])]


class NewExplanation(Shape):
    """The person's explanation, and the day on which it came."""

    text: Annotated[str, Field(examples=["当日系午休延长，今后注意。"])]
    received_on: date


class NewFinding(Shape):
    """What was found; what speaks for the person may not be left out."""

    finding: Literal["not_established", "unfounded", "partly", "substantiated"]
    facts: Annotated[str, Field(examples=["三月二日上午在茶水间打扑克约一小时"])]
    explanation: Annotated[
        str, Field(description="How each point of the explanation was answered.", examples=["本人承认，称系午休延长"])
    ]
    exculpatory: Annotated[str, Field(examples=["当日无群众办事受影响"])]


class NewClosing(Shape):
    """Why a case ends without a finding against the person, and whether clarification is offered to them."""

    reason: Annotated[str, Field(examples=["经核实，没有证据支持"])]
    clarification: bool


class NewMalicious(Shape):
    """Why a report is malicious, and the number of the approval of prefecture level or above."""

    reason: Annotated[str, Field(examples=["反映的内容系捏造，意在陷害"])]
    approval_document: Annotated[str, Field(examples=["清纪审〔2026〕3号"])]


class NewClassification(Shape):
    """How what was found is classified; ``conduct_on`` where the card does not know the day, or knew it wrongly."""

    manifestation: Annotated[str, Field(max_length=4, examples=["M3"])]
    severity: Literal["ordinary", "important"]
    pattern: Literal["incipient", "tendency", "widespread"]
    discipline: Annotated[bool, Field(description="It amounts to a sanction.")]
    face_to_face: Annotated[bool, Field(description="A talk is suitable.")]
    reasons: Annotated[str, Field(examples=["初犯，情节轻微"])]
    conduct_on: date | None = None


class NewConclusion(Shape):
    """How a case ends without a form of warning, and why."""

    how: Literal["minor_advice", "post_adjustment", "tendency"]
    reasons: Annotated[str, Field(examples=["情节轻微，提出改进建议"])]


class NewExtension(Shape):
    """Which clock is lengthened, and why."""

    clock: Annotated[str, Field(max_length=40, examples=["verification"])]
    reason: Reasons


class NewReopening(Shape):
    """What is new."""

    new_evidence: Annotated[str, Field(examples=["新收到当日的值班录像"])]
