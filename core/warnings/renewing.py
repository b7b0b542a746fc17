"""A person who lost the code of what was served on them is given another; the one that was lost opens nothing more."""

from uuid import UUID

from core.cases.cards import fit_text
from core.cases.proceedings import members
from core.cases.proceedings.members import OFFICERS
from core.cases.proceedings.thread import lock_case, record
from core.errors import NotFound
from core.sealing import Receipt
from core.warnings.codes import replace_code
from core.warnings.drafting import REASON
from core.warnings.serving import permit_serving
from core.warnings.steps import CodeRenewed
from core.warnings.tables import Measure
from core.warnings.thread import case_key, lock_measure, take
from core.work import Work


async def renew_code(work: Work, measure_id: UUID, *, reason: str) -> Receipt:
    """Make another code for a served measure, as somebody who may serve it; shown once, handed over personally.

    It opens what the old one opened, with what was told since; the windows of the person stay as they are. Why it was
    made stands in the thread.

    Raises `Denied` (``own_work``, ``no_part``, ``recused``), `KeyLocked`, `Invalid` (``text_missing``), `NotFound`
    (``document_without_code`` before service), `Forged`.
    """
    case, row = await lock_measure(work, measure_id)
    await permit_serving(work, case, row)
    text = fit_text(reason, "reason", REASON)
    code = await replace_code(work, case, row.id, await case_key(work, case))
    take(work, case, row, CodeRenewed(str(row.id), "", text))
    return code


async def renew_inquiry_code(work: Work, case_id: UUID, entry_id: UUID, *, reason: str) -> Receipt:
    """Make another code for a letter of inquiry, as an officer of the case; ``entry_id`` numbered the letter.

    Raises as `renew_code`; a measure of the case has its own verb, and is unknown here.
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    text = fit_text(reason, "reason", REASON)
    if await work.session.get(Measure, entry_id) is not None:
        raise NotFound("document_without_code")
    code = await replace_code(work, case, entry_id, await members.case_key(work, case))
    record(work, case, CodeRenewed("", str(entry_id), text))
    return code
