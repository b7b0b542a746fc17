"""Entering what came by another channel than bot and web, and reading the register books."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, status
from pydantic import Field

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.shapes import Opening, Reason, Shape
from admin_api.books import MEDIA_TYPE, words_for, workbook
from admin_api.entering import enter_once
from admin_api.gate import GuardedRoute
from admin_api.paging import next_link
from admin_api.problems import answer, describe
from admin_api.texts import language_of
from core.app import cases
from core.cases import WAYS, BookName
from core.errors import Invalid
from core.work import Work

router = APIRouter(tags=["registers"], route_class=GuardedRoute)

_TEXT: Final = 20_000  # characters; what an entry may have is the policy's


class Input(Shape):
    """An input of a form; ``choices`` are the words it takes, if it is a choice."""

    name: str
    kind: Annotated[str, Field(examples=["choice", "unit", "line", "number", "date"])]
    required: bool
    choices: list[str]


class Way(Shape):
    """How something can come, the register in which it is entered, and what is asked for."""

    name: Annotated[str, Field(examples=["telephone"])]
    register_: Annotated[str, Field(alias="register", examples=["telephone"])]
    inputs: list[Input]


class NewEntry(Shape):
    """What is entered: ``inputs`` by name, as the way asks for them; the first line of ``text`` stands in the book."""

    way: Annotated[str, Field(max_length=40, examples=["telephone"])]
    inputs: Annotated[
        dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=400)]],
        Field(max_length=20, examples=[{"subject_kind": "section_official", "unit": "township.luting"}]),
    ]
    text: Annotated[str, Field(max_length=_TEXT)] = ""


class Entered(Shape):
    """Where the entry stands. The receipt is for whoever reported, shown once; a repeated request has none.

    Where the upper level decides, there is no place in a register.
    """

    item_id: UUID
    body: str
    register_: Annotated[str | None, Field(alias="register", examples=["telephone"])]
    year: int | None
    number: int | None
    receipt: Annotated[str | None, Field(examples=["7QK-0ZD-…"])]


class RegisterContent(Shape):
    """What a line says; ``identity_mode`` is from whom it came, in general words."""

    identity_mode: str
    subject_kind: str
    category: str
    unit: str
    subject: str
    what: str


class RegisterLine(Shape):
    """A line of a register; ``content`` is missing where it was destroyed or stands in the item alone."""

    number: int
    entered_on: date
    channel: str
    item_id: UUID
    clerk_id: UUID | None
    is_destroyed: bool
    content: RegisterContent | None


class RegisterPage(Shape):
    """A page of a register. ``missing`` are numbers that no line has although later ones were given out."""

    lines: list[RegisterLine]
    missing: list[int]
    next: str | None


class NewReading(Shape):
    """Why a register is read."""

    reason: Reason


def _named(
    register: str, year: int, body: Annotated[str, Query(max_length=40, examples=["leading_group_office"])]
) -> BookName:
    return BookName(body, register, year)


OpeningId = Annotated[UUID, Query(alias="opening", description="The id of the reason given: POST …/openings")]


@router.get("/entries/ways")
async def list_ways(_: Annotated[Work, needs("register.enter", write=False)]) -> list[Way]:
    """Return how something can come, and what is asked for then."""
    return [Way.model_validate(each) for each in WAYS.values()]


@router.post("/entries", status_code=status.HTTP_201_CREATED, response_model=Entered)
async def enter(
    given: NewEntry, request: Request, key: IdempotencyKey, work: Annotated[Work, needs("register.enter")]
) -> Any:  # noqa: ANN401 - an entry, or the problem that the gate refused it
    """Enter what came in. What the gate refuses is counted by its category and answered with 422; nothing is kept."""
    entry = cases.NewEntry(way=given.way, language=language_of(request), inputs=given.inputs, text=given.text)
    result, receipt = await enter_once(work, key, entry)
    if refused := result.pop("refused"):
        # answered, not raised: that it was refused is to be counted
        return answer(describe(Invalid("refused_at_gate", reason=str(refused)), language_of(request)), {})
    return {**result, "receipt": receipt}


@router.post("/registers/{register}/{year}/openings", status_code=status.HTTP_201_CREATED)
async def begin_reading(
    name: Annotated[BookName, Depends(_named)],
    given: NewReading,
    request: Request,
    work: Annotated[Work, needs("register.read")],
) -> Opening:
    """Give the reason for reading a register; it can be read and taken out with it for half an hour."""
    made = await cases.begin_reading(work, name, given.reason)
    content = f"{request.url.path.removesuffix('/openings')}?body={name.body}&opening={made.id}"
    return Opening(id=made.id, expires_at=made.expires_at, content=content)


_WORKBOOK: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "The register, to be saved."}
}


@router.get("/registers/{register}/{year}.xlsx", responses=_WORKBOOK, response_class=Response)
async def take_out(
    name: Annotated[BookName, Depends(_named)],
    opening_id: OpeningId,
    request: Request,
    work: Annotated[Work, needs("register.read")],
) -> Response:
    """Send a whole register as a workbook; that it was taken out is recorded."""
    book = await cases.export_book(work, name, opening_id=opening_id)
    return await workbook(book, await words_for(work, book, language_of(request)))


@router.get("/registers/{register}/{year}")
async def read_register(
    name: Annotated[BookName, Depends(_named)],
    opening_id: OpeningId,
    request: Request,
    work: Annotated[Work, needs("register.read")],
    after: Annotated[int, Query(ge=0, description="The number to go on after: taken from ``next``.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RegisterPage:
    """Return a register in its order; every read is recorded."""
    book = await cases.read_book(work, name, opening_id=opening_id, after=after, limit=limit)
    word = str(book.next) if book.next else None
    return RegisterPage(
        lines=[RegisterLine.model_validate(each) for each in book.lines],
        missing=list(book.missing),
        next=next_link(request, word),
    )
