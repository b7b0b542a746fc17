"""Openings: no sealed content is read without a reason, and a reason carries one person's reads for a short while."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from core import audit
from core.access import tables
from core.access.limits import LONGEST_REASON, OPENING_LASTS, SHORTEST_REASON
from core.access.permissions import permit, signed_in
from core.errors import Conflict, Denied, Invalid, TooLarge
from core.sealing import Context, seal_envelope
from core.work import Work


@dataclass(frozen=True, slots=True)
class Opening:
    """A reason given by a person for one target, and until when it carries their reads."""

    id: UUID
    target_id: UUID
    expires_at: datetime


def fit_reason(reason: str) -> str:
    """Return a reason as it is recorded; raise `Invalid` (``reason_too_short``) or `TooLarge` (``reason_too_long``)."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid("reason_too_short", field="reason", shortest=SHORTEST_REASON)
    if len(reason) > LONGEST_REASON:
        raise TooLarge("reason_too_long", field="reason", limit=LONGEST_REASON)
    return reason


async def begin_opening(
    work: Work, target_id: UUID, reason: str, *, permission: str = "item.open", subject: str = "item"
) -> Opening:
    """Give a reason for reading a target; it is recorded, sealed to the auditors, before anything is read.

    ``permission`` is what reading it takes, ``subject`` what the trail calls it. Raises `Invalid`
    (``reason_too_short``), `TooLarge` (``reason_too_long``), `Denied`.
    """
    staff = permit(work, permission)
    reason = fit_reason(reason)
    if "audit" not in work.shared:
        raise Conflict("no_shared_key", purpose="audit")
    opening_id, now = uuid4(), work.now()
    place = Context("opening", "sealed_reason", opening_id)
    row = tables.Opening(
        id=opening_id,
        target_id=target_id,
        person_id=staff.person_id,
        sealed_reason=seal_envelope(reason.encode(), to=[work.shared["audit"].public], context=place),
        opened_at=now,
        expires_at=now + OPENING_LASTS,
    )
    work.session.add(row)
    audit.record(work, subject, "opened", target_id, reason=reason)
    return Opening(row.id, target_id, row.expires_at)


async def require_opening(work: Work, opening_id: UUID, target_id: UUID) -> Opening:
    """Return the opening if it is of this person and this target and still lasts.

    Raises `NotSignedIn`, or `Denied` (``reason_needed``).
    """
    staff = signed_in(work)
    row = await work.session.get(tables.Opening, opening_id)
    fits = row is not None and (row.person_id, row.target_id) == (staff.person_id, target_id)
    if row is None or not fits or row.expires_at <= work.now():
        raise Denied("reason_needed")
    return Opening(row.id, row.target_id, row.expires_at)
