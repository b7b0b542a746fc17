"""The summary, the confirmation, and the receipt."""

from itertools import groupby

import segno
from starlette.responses import PlainTextResponse, Response

from bots.forms import units_of
from bots.web import drafting
from bots.web.controls import size_text
from bots.web.pages.stopped import stopped
from bots.web.pages.walk import resume
from bots.web.visit import Elsewhere, Visit
from core.app import cases
from core.dialogue import Aborted, Dialogue, Done, FileRef, Review, State, Step
from core.sealing import Receipt
from core.work import Work

GROUP = 3  # characters of a receipt that stand together
MASK = 0  # any of the eight can be read (ISO/IEC 18004); to look for the handsomest costs as much as the whole report


async def review(visit: Visit) -> Response:
    """Show everything that will be sent, each line with a way to change it."""
    async with visit.work(write=False) as work:
        walk = await resume(visit, work, lock=False)
    step = walk.dialogue.current(walk.state)
    if not isinstance(step, Review):
        return visit.go("/report/question")
    return visit.page(
        "review",
        state=step.state,
        notes=step.notes,
        sections=[(section, tuple(lines)) for section, lines in groupby(step.lines, key=lambda line: line.section)],
        body=cases.routing(cases.subject_of(step.state.answers, units_of(walk.dialogue))).decided_by,
        size_text=size_text,
    )


async def change(visit: Visit) -> Response:
    """Open a line of the summary for change, take a file away, or go back."""
    posted = await visit.read()
    async with visit.work() as work:
        walk = await resume(visit, work)
        if "remove" in posted.texts:
            step = without(walk.dialogue, walk.state, posted.text("remove"))
        elif "edit" in posted.texts:
            step = walk.dialogue.edit(walk.state, posted.text("edit"))
        else:
            step = walk.dialogue.back(walk.state)
        if isinstance(step, Aborted):
            return await stopped(visit, work, walk.sheet, step)
        await drafting.keep(work, walk.sheet, step.state, {})
    return visit.go("/report/review" if isinstance(step, Review) else "/report/question")


async def submit(visit: Visit) -> Response:
    """Seal the report; the same form sent twice makes one report and shows one receipt."""
    await visit.read()
    async with visit.work() as work:
        walk = await resume(visit, work)
        done = walk.dialogue.submit(walk.state)
        if isinstance(done, Aborted):
            return await stopped(visit, work, walk.sheet, done)
        if not isinstance(done, Done):
            return visit.go("/report/question")
        await drafting.hand_in(work, walk.sheet, done, walk.sheet.files, units_of(walk.dialogue))
    return visit.go("/report/receipt")


async def receipt(visit: Visit) -> Response:
    """Show the receipt as long as it has not been noted down."""
    async with visit.work(write=False) as work:
        code, body = await _held(visit, work)
    return receipt_page(visit, code, body)


async def receipt_file(visit: Visit) -> Response:
    """Give the receipt as a text file."""
    async with visit.work(write=False) as work:
        code, body = await _held(visit, work)
    text = visit.t("receipt.file", code=code.text, body=visit.t(f"body.{body}"))
    headers = {"content-disposition": f'attachment; filename="{visit.t("receipt.file_name")}"'}
    return PlainTextResponse("\ufeff" + text, headers=headers)  # the mark tells old editors that it is UTF-8


def receipt_page(visit: Visit, code: Receipt, body: str) -> Response:
    """Return the page that shows a receipt: large, in groups, and as a picture that a telephone reads."""
    groups = [code.code[start : start + GROUP] for start in range(0, len(code.code), GROUP)]
    picture = segno.make_qr(code.text, error="m", mask=MASK).svg_inline(scale=6, omitsize=True)
    return visit.page("receipt_new", receipt=code.text, groups=groups, picture=picture, body=body)


def without(dialogue: Dialogue, state: State, file_id: str) -> Step:
    """Return the summary without one file; a file that is not there is none. Pure."""
    for name, given in state.answers.items():
        if isinstance(given, tuple) and any(isinstance(part, FileRef) and part.id == file_id for part in given):
            opened = dialogue.edit(state, name)
            return opened if isinstance(opened, Aborted) else _closed(dialogue, dialogue.detach(opened.state, file_id))
    return dialogue.current(state)


def _closed(dialogue: Dialogue, step: Step) -> Step:
    return step if isinstance(step, Aborted) else dialogue.back(step.state)


async def _held(visit: Visit, work: Work) -> tuple[Receipt, str]:
    sheet = await drafting.find(work, visit.cookie, lock=False)
    if sheet is None:
        raise Elsewhere("/report", note="gone")
    if sheet.receipt is None:
        raise Elsewhere("/report/question")
    return sheet.receipt, sheet.body
