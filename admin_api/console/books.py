"""The register books: the list, one book behind a reason, to be read, printed and taken out."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from admin_api.books import COLUMNS, words_for, workbook
from admin_api.console.gate import Visit, acts, sees
from admin_api.gate import GuardedRoute
from admin_api.texts import speak
from core.app import cases
from core.cases import Book, BookName
from core.errors import Denied

router = APIRouter(prefix="/console/registers", route_class=GuardedRoute)

REASONS: Final = ("check", "look_up", "print", "audit", "other")


def _named(body: str, register: str, year: int) -> BookName:
    return BookName(body, register, year)


Opening = Annotated[UUID | None, Query()]
After = Annotated[int, Query(ge=0)]


@router.get("")
async def show_books(visit: Annotated[Visit, sees("register.read")]) -> Response:
    """Show the books, the latest year first."""
    return visit.page("books.html", here="registers", books=await cases.books(visit.work))


@router.get("/{body}/{register}/{year}")
async def show_book(
    name: Annotated[BookName, Depends(_named)],
    visit: Annotated[Visit, sees("register.read", write=True)],
    opening: Opening = None,
    after: After = 0,
) -> Response:
    """Show a page of a book where a reason was given and the key is unlocked, and otherwise ask for them."""
    book = await _opened(visit, name, opening, after) if opening and visit.staff.key else None
    values: dict[str, Any] = {"name": name, "book": book, "opening": opening, "reasons": REASONS, "columns": COLUMNS}
    values["expired"] = bool(opening) and book is None and visit.staff.key is not None
    if book:
        words = await words_for(visit.work, book, visit.language)
        values["rows"] = [(line, words.row(line)) for line in book.lines]
        values["more"] = _address(name, opening=str(opening), after=str(book.next)) if book.next else None
    return visit.page("book.html", here="registers", after=after, address=_address(name), **values)


@router.post("/{body}/{register}/{year}/open")
async def give_reason(
    name: Annotated[BookName, Depends(_named)],
    visit: Annotated[Visit, acts("register.read")],
    why: Annotated[str, Form(max_length=40)],
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Take the reason and show the book."""
    parts = [speak(visit.language)(f"book.reason.{why}")] if why in REASONS[:-1] else []
    reason = " · ".join([*parts, note.strip()] if note.strip() else parts)
    opening = await cases.begin_reading(visit.work, name, reason)
    return visit.go(_address(name, opening=str(opening.id)))


@router.get("/{body}/{register}/{year}/book.xlsx")
async def take_out(
    name: Annotated[BookName, Depends(_named)],
    visit: Annotated[Visit, sees("register.read", write=True)],
    opening: Annotated[UUID, Query()],
) -> Response:
    """Send the whole book as a workbook."""
    book = await cases.export_book(visit.work, name, opening_id=opening)
    return await workbook(book, await words_for(visit.work, book, visit.language))


async def _opened(visit: Visit, name: BookName, opening: UUID, after: int) -> Book | None:
    """Open the book; nothing when the reason given has expired, which only asks for another one."""
    try:
        return await cases.read_book(visit.work, name, opening_id=opening, after=after)
    except Denied as error:
        if error.code != "reason_needed":
            raise
        return None


def _address(name: BookName, **query: str) -> str:
    path = f"/console/registers/{name.body}/{name.register}/{name.year}"
    return f"{path}?{urlencode(query)}" if query else path
