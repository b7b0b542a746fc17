"""What the interface takes and gives, as it stands in OpenAPI."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

Reason = Annotated[str, Field(description="Why; sealed to the auditors.", examples=["初次阅看，提出办理意见"])]


GrantReason = Annotated[str, Field(min_length=5, max_length=500, description="Why; sealed to the auditors.")]


class Shape(BaseModel):
    """The root of every shape: nothing undeclared is taken, and attributes of the core's views are read."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    @field_validator("*")
    @classmethod
    def _is_text(cls, value: object) -> object:
        """Refuse half a surrogate pair, which UTF-8 cannot write (RFC 8259, 8.2), and NUL, which PostgreSQL cannot."""
        if isinstance(value, str) and any("\ud800" <= each <= "\udfff" or each == "\0" for each in value):
            raise PydanticCustomError("string_unicode", "not a text")
        return value


class SignIn(Shape):
    """What a person shows to sign in; with the passphrase their key is unlocked at once."""

    username: Annotated[str, Field(max_length=64, examples=["clerk"])]
    password: Annotated[str, Field(max_length=200)]
    totp: Annotated[str, Field(max_length=10, examples=["492039"], description="The code of the authenticator app.")]
    passphrase: Annotated[str | None, Field(max_length=200)] = None


class Begun(Shape):
    """A session or token just begun. The token is shown this once."""

    token: Annotated[str, Field(examples=["js_5m0n…"])]
    id: UUID
    expires_at: datetime
    unlocked: bool


class Passphrase(Shape):
    """The passphrase of the caller's key."""

    passphrase: Annotated[str, Field(max_length=200)]


class Role(Shape):
    """A role held today; ``body`` is the deciding body that the unit belongs to, if it does."""

    role: str
    unit_id: UUID
    body: str | None


class Session(Shape):
    """Who the caller is, and whether their key is unlocked."""

    person_id: UUID
    name: str
    roles: list[Role]
    unlocked: bool


class NewToken(Shape):
    """A token to make for a machine."""

    name: Annotated[str, Field(max_length=100, examples=["统计接口"])]
    days: Annotated[int, Field(ge=1, le=366, examples=[90])]


class Token(Shape):
    """A token that lasts."""

    id: UUID
    name: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    unlocked: bool


class Item(Shape):
    """An item as it stands in the list: nothing of what it says. It ``waits`` while nobody replied to the last word."""

    id: UUID
    channel: Annotated[str, Field(examples=["web"])]
    body: Annotated[str, Field(examples=["leading_group_office"])]
    state: Annotated[str, Field(examples=["acknowledged"])]
    received_at: datetime
    replies: int
    facts: int
    has_identity: bool
    wants_questions: bool
    withdrawal_asked: bool
    waits: bool


class Items(Shape):
    """A page of items; ``next`` is the address of the next one."""

    items: list[Item]
    next: str | None


class NewOpening(Shape):
    """The reason for reading sealed content."""

    reason: Reason


class Opening(Shape):
    """A reason given: it carries the caller's reads of this item until it expires."""

    id: UUID
    expires_at: datetime
    content: Annotated[str, Field(description="Where the content can be read with it.")]


class Line(Shape):
    """One line of the summary that the reporter confirmed, in their words and language."""

    name: str
    label: str
    text: str


class Entry(Shape):
    """One entry of the thread; facts come from the reporter and have no author."""

    kind: Literal["facts", "answer", "question", "forged"]
    at: datetime
    author_id: UUID | None
    text: str


class Attachment(Shape):
    """A file; ``sha256`` is of the original, in hex."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    can_be_cleaned: bool


class Content(Shape):
    """What an item says, unverified as it is."""

    item: Item
    language: str
    summary: list[Line]
    thread: list[Entry]
    attachments: list[Attachment]
    granted_to: list[UUID]


class NewReply(Shape):
    """What to tell or ask the reporter."""

    kind: Literal["answer", "question"]
    text: Annotated[str, Field(examples=["您反映的情况已收到，正在了解。"])]


class Reply(Shape):
    """A reply that was sent."""

    id: UUID
    kind: Literal["answer", "question"]


class NewGrant(Shape):
    """A colleague who may open the item from now on, and why."""

    person_id: UUID
    reason: GrantReason


class Revocation(Shape):
    """Why a grant is taken back."""

    reason: GrantReason


class Grant(Shape):
    """A grant that holds."""

    item_id: UUID
    person_id: UUID


class Colleague(Shape):
    """Somebody to whom an item can be granted, once they have a key."""

    person_id: UUID
    name: str
    held: list[Role]
    has_key: bool


class AuditEntry(Shape):
    """An entry of the trail; the reason shows when the caller's key is unlocked and holds the auditors' key."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject_id: str
    has_reason: bool
    reason: str | None


class AuditEntries(Shape):
    """A page of the trail, newest first."""

    entries: list[AuditEntry]
    next: str | None


class Waiting(Shape):
    """Somebody entitled to a shared key who waits for a holder; compare the fingerprint with them first."""

    purpose: str
    person_id: UUID
    fingerprint: str | None


class NewKeyGrant(Shape):
    """The colleague to hand a shared key to."""

    person_id: UUID


class KeyGrant(Shape):
    """A shared key that was handed on."""

    purpose: str
    person_id: UUID


class Unit(Shape):
    """A unit of the registry."""

    id: UUID
    parent_id: UUID | None
    code: str
    kind: str
    name: str
    name_en: str | None


class Official(Shape):
    """A post in the closed register of officials, and who holds it."""

    id: UUID
    person_id: UUID
    name: str
    unit_id: UUID
    post: str
    rank: str
    is_principal: bool
    since: date
    until: date | None


class Officials(Shape):
    """A page of the register."""

    officials: list[Official]
    next: str | None


class Problem(BaseModel):
    """A problem (RFC 9457); ``type`` is stable, see docs/problems.md."""

    type: Annotated[str, Field(examples=["urn:jingshi:problem:item_not_found"])]
    title: str
    status: int
    detail: str
