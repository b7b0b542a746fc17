"""The person concerned: read what was served, explain, object, ask for review, appeal, hand something in.

The code travels in the body of a POST only. Who writes here is nervous, and every page says what happens next.
"""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from bots.texts import problem_text
from bots.web.controls import ACCEPTED, file_problem_text
from bots.web.guesses import look_up
from bots.web.once import is_first
from bots.web.served import INQUIRY, passages, untils
from bots.web.visit import Visit
from core.app import warnings
from core.dialogue import Problem
from core.dialogue.typed import clean
from core.errors import Conflict, Invalid, JingshiError, NotFound
from core.sealing import Receipt
from core.warnings import Answer, SubjectStanding

_CHOICES: Final = {
    Answer.REPORT: ("self_criticism", "correction_report", "self_report"),
    Answer.CONSENT: ("clarify", "nothing"),
}
_MAX_TEXT: Final = 4 * warnings.LONGEST  # what is much too long is refused before it is cleaned


async def enter(visit: Visit) -> Response:
    """Ask for the code."""
    return visit.page("reply", typed="", problem="")


async def read(visit: Visit) -> Response:
    """Show the document in substance, the last days, and what may be done."""
    await visit.read()
    try:
        code, standing = await look_up(visit, "code", warnings.read_code)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    return _standing(visit, code, standing)


async def write(visit: Visit) -> Response:
    """Show the form of one kind of message and, with a text, send it; the same form sent twice sends it once."""
    try:
        code, standing = await _read_with_files(visit)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    kind = next((each for each in standing.may_send if each == visit.posted.text("kind")), None)
    if kind is None:
        return _standing(visit, code, standing, problems=[visit.t("problem.answer_not_open")])
    if "text" not in visit.posted.texts:
        return _form(visit, code, kind)
    if problems := _unfit(visit):
        return _form(visit, code, kind, problems=problems)
    try:
        await _send(visit, code, kind)
    except (Invalid, Conflict) as refusal:
        return _form(visit, code, kind, problems=[problem_text(visit.t, Problem(refusal.code, refusal.params))])
    return visit.page("reply_sent", code=code.code, kind=kind, today=visit.civil(visit.site.core.clock.today()))


async def download(visit: Visit) -> Response:
    """Send what was served as .docx, or a paper that was issued later: made from what the code opens, and the same."""
    from core import documents  # noqa: PLC0415 - brings a library of documents, for those few who ask

    await visit.read()
    try:
        code, standing = await look_up(visit, "code", warnings.read_code)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    papers = {str(place): each.paper for place, each in enumerate(standing.told, start=1) if each.paper}
    wanted = visit.posted.text("paper")
    if wanted and wanted not in papers:
        return _standing(visit, code, standing)
    name, content = await asyncio.to_thread(documents.served, standing.document, papers.get(wanted))
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}  # RFC 6266, RFC 8187
    return Response(content, media_type=documents.MEDIA_TYPE, headers=headers)


async def explain(visit: Visit) -> Response:
    """Say what this is, what is kept and what nobody can hide."""
    return visit.page("reply_help")


async def _send(visit: Visit, code: Receipt, kind: Answer) -> None:
    text, choice = clean(visit.posted.text("text")), visit.posted.text("choice")
    files = tuple(visit.posted.files["files"])
    async with visit.work() as work:
        if await is_first(work, f"reply {kind} {choice}", code, visit.token, text, files):
            await warnings.send(work, code, kind, text, files, choice=choice)


async def _read_with_files(visit: Visit) -> tuple[Receipt, SubjectStanding]:
    """Read a form that brings files, which are not taken without a right code; raises as `look_up`."""

    async def gate() -> None:
        await look_up(visit, "code", warnings.read_code)

    await visit.read(files_of={"files"}, max_files=visit.site.core.policy.count("attachments"), gate=gate)
    return await look_up(visit, "code", warnings.read_code)


def _unfit(visit: Visit) -> Sequence[str]:
    """Return in words what of the text and the files cannot be taken."""
    if (length := len(visit.posted.text("text"))) > _MAX_TEXT:
        return [visit.t("problem.text_too_long", limit=warnings.LONGEST, length=length)]
    return [file_problem_text(visit.t, one) for one in visit.posted.problems["files"]]


def _wrong(visit: Visit, wrong: JingshiError) -> Response:
    if wrong.code == "form_unreadable":  # nothing is known of it: the page for any form that came damaged says so
        raise wrong
    status = 404 if isinstance(wrong, NotFound) else 422
    return visit.page(
        "reply", status=status, typed=visit.posted.text("code")[:100], problem=visit.t(f"reply.wrong.{wrong.code}")
    )


def _standing(visit: Visit, code: Receipt, standing: SubjectStanding, *, problems: Sequence[str] = ()) -> Response:
    document = standing.document
    return visit.page(
        "reply_standing",
        status=422 if problems else 200,
        code=code.code,
        standing=standing,
        document=document,
        about="inquiry" if document.form == INQUIRY else "measure",
        issued=visit.civil(date.fromisoformat(document.issued_on)),
        served=visit.civil(date.fromisoformat(document.served_on)),
        passages=passages(visit, document),
        untils=untils(visit, standing.windows),
        problems=problems,
    )


def _form(visit: Visit, code: Receipt, kind: Answer, *, problems: Sequence[str] = ()) -> Response:
    return visit.page(
        "reply_form",
        status=422 if problems else 200,
        code=code.code,
        kind=kind,
        choices=_CHOICES.get(kind, ()),
        chosen=visit.posted.text("choice"),
        takes_files=kind != Answer.CONSENT,
        problems=problems,
        typed=visit.posted.text("text")[:_MAX_TEXT],
        token=secrets.token_urlsafe(32),
        accepted=ACCEPTED,
    )
