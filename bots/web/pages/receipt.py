"""Coming back with the receipt: read, add, withdraw, complain. The receipt travels in the body of a POST only."""

import secrets
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from bots.texts import problem_text
from bots.web.controls import ACCEPTED, file_problem_text
from bots.web.guesses import look_up
from bots.web.once import is_first
from bots.web.visit import Visit
from core.app import cases
from core.dialogue import Problem
from core.dialogue.typed import clean
from core.errors import Conflict, Invalid, JingshiError, NotFound
from core.sealing import Receipt

_TIMES_TOO_LONG: Final = 4  # so many times the limit is refused before it is cleaned


async def enter(visit: Visit) -> Response:
    """Ask for the receipt."""
    return visit.page("receipt", typed="", problem="")


async def read(visit: Visit) -> Response:
    """Show how the report stands and what was said."""
    await visit.read()
    try:
        receipt, standing = await look_up(visit, "receipt", cases.standing)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    return _thread(visit, receipt, standing)


async def add(visit: Visit) -> Response:
    """Add facts and files to the report; the same form sent twice adds them once."""
    try:
        receipt, standing = await _read_with_files(visit)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    if problems := _unfit(visit):
        return _thread(visit, receipt, standing, problems=problems)
    try:
        async with visit.work() as work:
            facts, files = clean(visit.posted.text("facts")), tuple(visit.posted.files["files"])
            if await is_first(work, "facts", receipt, visit.token, facts, files):
                await cases.add_facts(work, receipt, facts, files)
            standing = await cases.standing(work, receipt)
    except (Invalid, Conflict) as refusal:
        problem = Problem(refusal.code, refusal.params)
        return _thread(visit, receipt, standing, problems=[problem_text(visit.t, problem)])
    return _thread(visit, receipt, standing, notice="thread.facts_added")


async def complain(visit: Visit) -> Response:
    """Ask what was done to the reporter, and with ``facts`` seal it to the discipline commission, once."""
    try:
        receipt, _ = await _read_with_files(visit)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    if "facts" not in visit.posted.texts:
        return _complaint(visit, receipt)
    if problems := _unfit(visit):
        return _complaint(visit, receipt, problems=problems)
    try:
        async with visit.work() as work:
            facts, files = clean(visit.posted.text("facts")), tuple(visit.posted.files["files"])
            if await is_first(work, "retaliation", receipt, visit.token, facts, files):
                await cases.complain(work, receipt, facts, files, language=visit.language)
            standing = await cases.standing(work, receipt)
    except Invalid as refusal:
        return _complaint(visit, receipt, problems=[problem_text(visit.t, Problem(refusal.code, refusal.params))])
    return _thread(visit, receipt, standing, notice="retaliation.sent")


async def withdraw(visit: Visit) -> Response:
    """Ask whether it is meant, and with ``confirm`` ask for the report to be taken back."""
    posted = await visit.read()
    try:
        receipt, standing = await look_up(visit, "receipt", cases.standing)
    except (Invalid, NotFound) as wrong:
        return _wrong(visit, wrong)
    if standing.may_withdraw and not posted.text("confirm"):
        return visit.page("withdraw", receipt=receipt.code)
    try:
        async with visit.work() as work:
            await cases.withdraw(work, receipt)
            standing = await cases.standing(work, receipt)
    except Conflict as refusal:
        return _thread(visit, receipt, standing, problems=[problem_text(visit.t, Problem(refusal.code))])
    return _thread(visit, receipt, standing)


async def _read_with_files(visit: Visit) -> tuple[Receipt, cases.Standing]:
    """Read a form that brings files, which are not taken without a right receipt; raises as `look_up`."""

    async def gate() -> None:
        await look_up(visit, "receipt", cases.standing)

    await visit.read(files_of={"files"}, max_files=visit.site.core.policy.count("attachments"), gate=gate)
    return await look_up(visit, "receipt", cases.standing)


def _unfit(visit: Visit) -> Sequence[str]:
    """Return in words what of the text and the files of a form cannot be taken."""
    facts, limit = visit.posted.text("facts"), visit.site.core.policy.characters("facts_text")
    if len(facts) > _TIMES_TOO_LONG * limit:
        problem = Problem("facts_too_long", {"field": "facts", "limit": limit, "length": len(facts)})
        return [problem_text(visit.t, problem)]
    return [file_problem_text(visit.t, one) for one in visit.posted.problems["files"]]


def _wrong(visit: Visit, wrong: JingshiError) -> Response:
    if wrong.code == "form_unreadable":  # nothing is known of it: the page for any form that came damaged says so
        raise wrong
    status = 404 if isinstance(wrong, NotFound) else 422
    problem = visit.t(f"problem.{wrong.code}")
    return visit.page("receipt", status=status, typed=visit.posted.text("receipt")[:100], problem=problem)


def _complaint(visit: Visit, receipt: Receipt, *, problems: Sequence[str] = ()) -> Response:
    return visit.page(
        "retaliation",
        status=422 if problems else 200,
        receipt=receipt.code,
        problems=problems,
        typed=visit.posted.text("facts"),
        token=secrets.token_urlsafe(32),
        accepted=ACCEPTED,
    )


def _thread(
    visit: Visit, receipt: Receipt, standing: cases.Standing, *, notice: str = "", problems: Sequence[str] = ()
) -> Response:
    return visit.page(
        "thread",
        status=422 if problems else 200,
        receipt=receipt.code,
        standing=standing,
        notice=notice,
        problems=problems,
        typed=visit.posted.text("facts") if problems else "",
        token=secrets.token_urlsafe(32),
        accepted=ACCEPTED,
    )
