"""R14, a finding of a term audit and the day by which it is to be mended (S90). Pure."""

from datetime import date
from enum import StrEnum

from core.errors import Invalid
from core.policy.calendar import PUBLISHED, WorkCalendar


class AuditFinding(StrEnum):
    """Where a finding is. `OVERDUE` opens a card; evidence that comes later is taken, and undoes no card."""

    OPEN = "open"
    OVERDUE = "overdue"
    AWAITING_VERIFICATION = "awaiting_verification"
    DUE_ON_REQUIRED = "reject:due_on_required"
    DUE_ON_MUST_FOLLOW_SERVICE = "reject:due_on_must_follow_service"


def audit_finding(
    served_on: date,
    due_on: date | None,
    on: date | None = None,
    evidence_on: date | None = None,
    calendar: WorkCalendar = PUBLISHED,
) -> AuditFinding:
    """Return where a finding is on a day, or why it cannot be served so.

    A due day that is off ends on the next working day. Evidence is taken whenever it comes.

    Raises:
        Invalid: ``day_missing`` where the finding is in order, and the day on which it is asked about is not given.
        CalendarDataMissing: the year in which it ends is not known.
    """
    if due_on is None:
        return AuditFinding.DUE_ON_REQUIRED
    if due_on <= served_on:
        return AuditFinding.DUE_ON_MUST_FOLLOW_SERVICE
    if on is None:
        raise Invalid("day_missing", field="on")
    if evidence_on is not None and evidence_on <= on:
        return AuditFinding.AWAITING_VERIFICATION
    return AuditFinding.OVERDUE if on > calendar.working_day_from(due_on) else AuditFinding.OPEN
