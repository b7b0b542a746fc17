"""The whole form on one page, which needs no cookie and no script.

For scripts and load tests: ``POST /report/whole`` (urlencoded or multipart) takes one field for each question, by the
question's name in the form, ``form_token`` (a secret of 22 to 86 characters of base64url, made afresh when it is
missing) and ``confirm=1`` to seal at once. The answer is 200 with the receipt in the element with the id ``receipt``;
the same token gives the same receipt. 422 is the page again, with what is wrong at each question.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from starlette.responses import Response

from bots.files import Files, file_ids, file_ref, settle
from bots.forms import units_of
from bots.web import drafting
from bots.web.controls import ACCEPTED, control, size_text
from bots.web.drafting import Sheet
from bots.web.pages.stopped import stopped
from bots.web.pages.summary import receipt_page
from bots.web.uploads import Posted
from bots.web.visit import Visit
from core.dialogue import Aborted, Dialogue, Done, FileRef, Form, Page, Raw, Review, State
from core.dialogue.form import FILE_KINDS
from core.errors import Stale
from core.work import Work


async def show(visit: Visit) -> Response:
    """Show all questions, with the answers of a draft if the browser holds one."""
    async with visit.work(write=False) as work:
        sheet = await drafting.find(work, visit.cookie, lock=False)
        dialogue = await visit.site.forms.dialogue(work)
    if sheet is not None and sheet.receipt is not None:
        return visit.go("/report")
    sheet = sheet or drafting.fresh(secrets.token_urlsafe(32))
    page = dialogue.page(_state(visit, sheet, dialogue))
    return _page(visit, page, sheet.draft.chat)


async def take(visit: Visit) -> Response:
    """Check everything; with ``confirm`` seal it and answer with the receipt, else go on to the summary."""
    forms = visit.site.forms
    await visit.read(files_of=forms.file_questions, max_files=forms.max_files)
    try:
        return await _take(visit)
    except Stale:  # the same form came twice at the same moment: the other one has put the receipt there
        return await _take(visit)


async def _take(visit: Visit) -> Response:
    posted, token, held = visit.posted, visit.token or visit.cookie, visit.cookie
    secret = held if held and held == token else secrets.token_urlsafe(32)  # never one that came in a form alone
    async with visit.work() as work:
        given = await drafting.find(work, token)
        if given is not None and given.receipt is not None:
            return receipt_page(visit, given.receipt, given.body)
        dialogue = await visit.site.forms.dialogue(work)
        given = given or drafting.fresh(token or secret)
        before = _state(visit, given, dialogue)
        step = dialogue.answer_all(before, raw_answers(dialogue.form, before, posted))
        if isinstance(step, Aborted):
            return await stopped(visit, work, given, step)
        refused = any(posted.problems.values())
        done = dialogue.submit(step.state) if posted.text("confirm") and not refused else step
        sheet = await _own(visit, work, given, secret, pointing=isinstance(done, Done))
        if isinstance(done, Done):
            files = await settle(work, sheet.files, _new_files(posted), file_ids(step.state))
            sealed = await drafting.hand_in(work, sheet, done, files, units_of(dialogue))
        else:
            sealed = None
            await drafting.keep(work, sheet, step.state, _new_files(posted))
    if sealed is not None:
        answer = receipt_page(visit, sealed.receipt, sealed.body)
    elif isinstance(step, Review) and not refused:
        answer = visit.go("/report/review")
    else:
        answer = _page(visit, step if isinstance(step, Page) else dialogue.page(step.state), secret, status=422)
    return visit.remember(answer, secret)


async def _own(visit: Visit, work: Work, given: Sheet, secret: str, *, pointing: bool) -> Sheet:
    """Return the sheet under the secret that the browser will hold; what it held before of its own is forgotten."""
    if given.draft.chat == secret:
        return given
    other = await drafting.find(work, visit.cookie)
    if other is not None and other.state is not None:
        await drafting.forget(work, other)
    if pointing:
        await drafting.point(work, given, secret)
    elif given.state is not None:
        await drafting.drop(work, given)
    return drafting.moved(given, secret)


def raw_answers(form: Form, before: State, posted: Posted) -> Mapping[str, Raw]:
    """Return what was given to each question; files are added to those that the draft holds. Pure."""
    raw: dict[str, Raw] = {}
    for field in form.fields:
        if field.kind in FILE_KINDS:
            held = before.answers.get(field.name, ())
            kept = [part for part in held if isinstance(part, FileRef)] if isinstance(held, tuple) else []
            remaining = [part for part in kept if part.id not in posted.texts.get("remove", ())]
            raw[field.name] = [*remaining, *map(file_ref, posted.files[field.name])]
        elif field.kind == "select_multiple":
            raw[field.name] = posted.texts.get(field.name, [])
        elif field.asks:
            raw[field.name] = posted.text(field.name)
    return raw


def _state(visit: Visit, sheet: Sheet, dialogue: Dialogue) -> State:
    if sheet.state is None:
        return drafting.beginning(dialogue, visit.language)
    visit.speak(sheet.state.language)
    return replace(sheet.state, language=visit.language)


def _new_files(posted: Posted) -> Files:
    return {str(file.id): file for files in posted.files.values() for file in files}


def _page(visit: Visit, page: Page | Aborted, secret: str, *, status: int = 200) -> Response:
    if isinstance(page, Aborted):
        return visit.go("/report/question")
    fields = visit.site.forms.form.by_name
    controls = [
        control(
            question,
            visit.t,
            name=question.name,
            conditional=fields[question.name].relevant is not None,
            refused=visit.posted.problems[question.name],
        )
        for question in page.questions
    ]
    sections = groupby(zip(page.questions, controls, strict=True), key=lambda pair: pair[0].section)
    return visit.page(
        "whole",
        status=status,
        sections=[(section, [one for _, one in pairs]) for section, pairs in sections],
        wrong=[one for one in controls if one.problems],
        token=secret,
        accepted=ACCEPTED,
        size_text=size_text,
    )
