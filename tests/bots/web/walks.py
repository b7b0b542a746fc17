"""What people answer, and the ways through the form that several tests take."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Delete, delete, select

from core import access
from core.app import App
from core.attachments.tables import Attachment
from core.db import Base
from core.work import Work
from tests.bots.web.person import Person

DAY = timedelta(days=1)
STEPS: Mapping[str, str] = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "unit": "construction",
    "subject": "分管建设的副局长",
    "topic": "M5",
    "context": "on_duty",
    "what": "窗口服务态度生硬",
    "happened_when": "九月中旬",
    "happened_where": "政务大厅",
    "evidence": "own_observation",
    "facts": "九月十二日上午去办事，\n等了两个小时，没有人说明原因。",
    "attachments": "",
    "identity_mode": "anonymous",
    "may_ask": "yes",
}
WHOLE: Mapping[str, str] = {name: value for name, value in STEPS.items() if name != "attachments"}
Row = TypeVar("Row", bound=Base)


def asked(person: Person) -> str:
    """Return the name of the question on the page."""
    return dict(person.reading.forms[0].fields)["question"]


async def begin(person: Person, lang: str = "") -> None:
    await person.open(f"/report?lang={lang}" if lang else "/report")
    form = next(form for form in person.reading.forms if form.action.split("?")[0] == "/report")
    await person.send(form.action)
    assert person.path == "/report/question", person.text


async def answer(person: Person, value: str) -> None:
    """Answer the question on the page and go on."""
    if value:
        await person.press("action", "next", answer=value)
    else:
        await person.press("action", "next")


async def walk_to(person: Person, question: str, steps: Mapping[str, str] = STEPS, lang: str = "") -> None:
    """Answer every question before ``question`` (``""``: all of them)."""
    await begin(person, lang)
    while person.path == "/report/question" and asked(person) != question:
        before = asked(person)
        await answer(person, steps[before])
        assert person.answer.status_code == 200, person.text
        assert person.path != "/report/question" or asked(person) != before, person.text
    assert person.path == ("/report/question" if question else "/report/review")


async def report(person: Person, lang: str = "") -> str:
    """Walk through all of it, confirm, and return the receipt."""
    await walk_to(person, "", lang=lang)
    await person.press(to="/report/submit")
    return receipt_on(person)


def receipt_on(person: Person) -> str:
    """Return the receipt that the page shows."""
    shown = [given.get("data-receipt") for _, given in person.reading.tags if given.get("id") == "receipt"]
    assert shown, person.text
    assert shown[0]
    return shown[0]


async def rows(app: App, kind: type[Row]) -> Sequence[Row]:
    """Return the rows of a table."""
    async with app.database.transaction(write=False) as session:
        return (await session.scalars(select(kind))).all()


async def count(app: App, kind: type[Base]) -> int:
    return len(await rows(app, kind))


async def open_with_reason(work: Work, item_id: UUID) -> UUID:
    """Begin to look at an item as staff do, and return the opening."""
    return (await access.begin_opening(work, item_id, "登记新到的反映")).id


def forget_all_files() -> Delete:
    """Return the statement that a sweep makes in the end."""
    return delete(Attachment)
