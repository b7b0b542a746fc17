"""What came and went under a code is destroyed with its case."""

from sqlalchemy import delete, select

from core.cases.proceedings import CaseFile
from core.warnings.tables import CodeWord, ServedCode, SubjectMessage
from core.work import Work

_OVER = ("expunged", "destroyed")


async def destroy_answers(work: Work) -> None:
    """Delete the codes of cases that two persons signed away, and what was sent and told under them. The worker's."""
    codes = select(ServedCode.id).where(ServedCode.case_id.in_(select(CaseFile.id).where(CaseFile.state.in_(_OVER))))
    for gone in (CodeWord.code_id, SubjectMessage.code_id, ServedCode.id):
        await work.connection.execute(delete(gone.class_).where(gone.in_(codes)))
