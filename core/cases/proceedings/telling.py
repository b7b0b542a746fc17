"""What reporters are told of a case: its stage by itself, a feedback in the words of whoever works on it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core import deadlines
from core.cases.cards import fit_text
from core.cases.items import Item, load_genuine, send, set_stage
from core.cases.proceedings import members
from core.cases.proceedings.members import OFFICERS, Part
from core.cases.proceedings.steps import Feedback, Opened
from core.cases.proceedings.tables import CaseEntry, CaseFile, CaseItem
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.cases.rules.feedback import withheld
from core.cases.rules.stages import Stage, stage_of
from core.errors import Conflict, Invalid
from core.work import Work


async def show_stage(work: Work, case: CaseFile) -> None:
    """Let the receipts of a case show how far it has come; called by every verb that moves it between stages.

    Once it is concluded, each reporter is owed a feedback: within 15 working days where they gave a name (2020 Rules).
    """
    stage = stage_of(case.state)
    if stage is None:
        return
    items = await _items(work, case.id)
    changed = await set_stage(work, [item.id for item in items], stage)
    for item in items:
        if item.id not in changed:
            continue
        if stage is Stage.CONCLUDED:
            await _owe_feedback(work, item)
        elif stage is Stage.LOOKED_AT:
            await deadlines.meet(work, item.id, "result_named")  # taken up anew: there is no result to tell any more


async def give_feedback(work: Work, case_id: UUID, text: str) -> CaseEntry:
    """Tell every reporter of a case, by their receipt, what became of what they reported; return the entry.

    It is sealed to each of them as an answer, and they are told that one is there. It may be given before the end: the
    three months do not wait for that. Raises `Denied`, `KeyLocked`, `Conflict` (``feedback_too_early`` before anybody
    has begun to look at it), `Invalid` (``text_missing``, ``text_too_long``, ``feedback_names_person``,
    ``feedback_tells_too_much`` for a ``term`` that the policy withholds).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "case.feedback", Part.CLERK, *OFFICERS)
    text = fit_text(text, "text", work.policy.characters("reply_text"))
    if stage_of(case.state) is None:
        raise Conflict("feedback_too_early", state=case.state)
    opened = (await entries_of(work, case.id, Opened, await members.case_key(work, case)))[0]
    if withheld(text, [opened.name]) is not None:
        raise Invalid("feedback_names_person", field="text")
    if (term := withheld(text, work.policy.names("feedback_withheld"))) is not None:
        raise Invalid("feedback_tells_too_much", field="text", term=term)
    entry = record(work, case, Feedback(text))
    for item in await _items(work, case.id):
        await send(work, item, staff, "answer", text)
        await deadlines.meet(work, item.id, "feedback", "result_named")
    return entry


async def owes_feedback(work: Work, case_id: UUID) -> bool:
    """Tell whether a reporter of a case still waits for a word on what became of it."""
    for item in await _items(work, case_id):
        clocks = await deadlines.of_subject(work, item.id)
        if any(each.done_on is None and each.kind in {"feedback", "result_named"} for each in clocks):
            return True
    return False


async def _owe_feedback(work: Work, item: Item) -> None:
    kind = "result_named" if item.has_identity else "feedback"
    running = {each.kind for each in await deadlines.of_subject(work, item.id) if each.done_on is None}
    if kind not in running:  # what was told meanwhile does not stand for the end
        deadlines.begin(work, "item", item.id, item.body, kind)


async def _items(work: Work, case_id: UUID) -> Sequence[Item]:
    ids = (await work.session.scalars(select(CaseItem.item_id).where(CaseItem.case_id == case_id))).all()
    return [await load_genuine(work, item_id) for item_id in ids]
