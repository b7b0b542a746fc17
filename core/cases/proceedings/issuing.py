"""Documents that leave a case: each is numbered once, without a gap in its body and year, as a step of the thread."""

from typing import Final
from uuid import UUID

from core import numbers, registry
from core.cases.proceedings.steps import Issued
from core.cases.proceedings.tables import CaseEntry, CaseFile
from core.cases.proceedings.thread import record
from core.deadlines import Due
from core.work import Work

INQUIRY: Final = "inquiry"


async def issue_inquiry(work: Work, case: CaseFile, entry_id: UUID, due: Due) -> CaseEntry:
    """Number the letter of inquiry that was just signed, and note under which name and until when it asks for a reply.

    The names are noted as they are today, so that the letter reads the same after a unit was renamed.
    """
    number = await numbers.next_number(work, f"doc:{INQUIRY}:{case.body}")
    issuer = (await registry.units(work, kinds=[case.body]))[0]
    step = Issued(
        document=INQUIRY,
        entry_id=str(entry_id),
        year=number.year,
        number=number.place,
        issued_on=work.clock.today().isoformat(),
        issuer=issuer.name,
        district=(await registry.installation(work.session)).district,
        working_days=work.policy.working_days("letter_reply"),
        reply_by=due.due_on.isoformat() if due.due_on else "",
    )
    return record(work, case, step)
