"""A measure is approved in every capacity that the policy names, in their order, and then gets its number (W3)."""

from uuid import UUID

from core import numbers, registry
from core.cases.proceedings import CaseFile, Part, members
from core.cases.rules.conflicts import four_eyes
from core.errors import Conflict, Denied
from core.warnings.authority import require_capacity, require_enabled
from core.warnings.drafting import verifiers
from core.warnings.rules.forms import Paper, decided_by
from core.warnings.rules.lifecycle import may
from core.warnings.steps import MeasureApproved, MeasureIssued, PaperIssued
from core.warnings.tables import Measure
from core.warnings.thread import case_key, draft_of, lock_measure, policy_of, take, those
from core.work import Work


async def approve(work: Work, measure_id: UUID, *, capacity: str) -> Measure:
    """Approve a measure in the next of its capacities; with the last one it is decided, and its document is numbered.

    Drafter, verifiers and approver are different natural persons, and nobody approves twice (I3, R13).

    Raises `Denied` (``own_work``, ``not_your_capacity``, ``recused``, ``no_part``), `KeyLocked`, `Conflict`
    (``transition_not_allowed`` for one that is approved already, ``not_this_capacity`` for one that is not next,
    ``suspension_off`` where the present policy has none).
    """
    case, row = await lock_measure(work, measure_id)
    staff = await members.permit_in(work, case, "measure.approve", Part.ISSUER)
    if not may(row.state, "W3"):
        raise Conflict("transition_not_allowed", transition="W3", state=row.state)
    require_enabled(work, row)
    key = await case_key(work, case)
    given = await those(work, row, MeasureApproved, key)
    asked = decided_by(row.form, policy_of(row))
    if capacity != asked[len(given)]:
        raise Conflict("not_this_capacity", capacity=asked[len(given)])
    found = sorted(await verifiers(work, case), key=str)
    before = {view.author_id for view, _ in given}
    if not four_eyes(row.drafted_by, found, staff.person_id) or staff.person_id in before:
        raise Denied("own_work")
    await require_capacity(work, case, capacity, UUID((await draft_of(work, row, key)).unit_id))
    is_last = len(given) + 1 == len(asked)
    take(work, case, row, MeasureApproved(str(row.id), capacity), event="W3" if is_last else "")
    if is_last:
        await _number(work, case, row)
    return row


async def issue_paper(work: Work, case: CaseFile, row: Measure, paper: Paper) -> PaperIssued:
    """Number the paper that tells what came of a measure, in a series of its own; return what was noted of it."""
    number = await numbers.next_number(work, _series(paper, row.body))
    issued_on, issuer, district = await _issuing(work, case)
    issued = PaperIssued(str(row.id), paper, number.year, number.place, issued_on, issuer, district)
    take(work, case, row, issued)
    return issued


def _series(document: str, body: str) -> str:
    """Return the series in which documents of a kind are numbered, without a gap in each body and year."""
    return f"doc:{document}:{body}"


async def _number(work: Work, case: CaseFile, row: Measure) -> None:
    series = _series(row.form, row.body)
    number = await numbers.next_number(work, series)
    row.series, row.year, row.number, row.approved_at = series, number.year, number.place, work.now()
    issued_on, issuer, district = await _issuing(work, case)
    take(work, case, row, MeasureIssued(str(row.id), number.year, number.place, issued_on, issuer, district))


async def _issuing(work: Work, case: CaseFile) -> tuple[str, str, str]:
    """Return the day, the name of the body that issues, and its district."""
    issuer = (await registry.units(work, kinds=[case.body]))[0]
    return work.clock.today().isoformat(), issuer.name, (await registry.installation(work.session)).district
