"""A record that a station told by telephone, entered by staff: signed, since its head or deputy confirmed it there.

Who told it stands as who submitted it, who confirmed it as who signed it (it may be the same person), and who entered
it as such. Nobody of the station needs a chat or a link for it.
"""

from collections.abc import Sequence
from uuid import UUID

from core import access, registry
from core.dialogue.results import Done
from core.errors import Conflict, Invalid
from core.stations.records.entries import MOST_ENTRIES, Entry, entry_of, seal_entries
from core.stations.records.hurrying import hurried
from core.stations.rounds.register import is_late, is_over, locked, move
from core.stations.rounds.telling import tell
from core.stations.rules.reminders import FILERS, SIGNERS
from core.stations.rules.rounds import may
from core.stations.tables import Obligation
from core.work import Staff, Work


async def enter_record(
    work: Work, obligation_id: UUID, *, told_by: UUID, confirmed_by: UUID, entries: Sequence[Done]
) -> None:
    """Enter the entries that somebody of a station told; what lay there unsigned gives way to them.

    Each passes the gate and is sealed as a signature in a chat would seal it.

    Raises:
        Denied, NotSignedIn: without ``station.enter``.
        NotFound: ``obligation_unknown``.
        Conflict: ``record_closed`` once it is signed or its round is locked; ``record_empty``, ``record_full``,
            ``no_shared_key``.
        Invalid: ``person_not_of_station``, ``not_a_signer``, ``refused_at_gate``.
    """
    staff = access.permit(work, "station.enter")
    if not entries:
        raise Conflict("record_empty")
    if len(entries) > MOST_ENTRIES:
        raise Conflict("record_full", limit=MOST_ENTRIES)
    told = [entry_of(work, each, told_by) for each in entries]
    await _enter(work, staff, obligation_id, (told_by, confirmed_by), told)


async def enter_nil(work: Work, obligation_id: UUID, *, told_by: UUID, confirmed_by: UUID) -> None:
    """Enter that a station had nothing to report, as somebody of it told.

    Raises as `enter_record`, and `Conflict` (``record_has_entries``) where an entry left it the urgent way.
    """
    await _enter(work, access.permit(work, "station.enter"), obligation_id, (told_by, confirmed_by), [])


async def _enter(
    work: Work, staff: Staff, obligation_id: UUID, people: tuple[UUID, UUID], entries: Sequence[Entry]
) -> None:
    row, round_ = await locked(work, obligation_id)
    if not may(row.state, "enter") or is_over(work, round_):
        raise Conflict("record_closed", state=row.state)
    told_by, confirmed_by = people
    await _require_people(work, row, told_by, confirmed_by)
    before = await hurried(work, row.id)
    if before and not entries:
        raise Conflict("record_has_entries")
    seal_entries(work, row, entries, after=before)
    row.is_nil, row.is_late, row.sealed_draft, row.sealed_remark = not entries, is_late(round_, work.now()), None, None
    row.submitted_by, row.signed_by, row.entered_by = told_by, confirmed_by, staff.person_id
    row.submitted_at = row.signed_at = work.now()
    await move(work, row, "enter", by=staff.person_id)
    await tell(work, row, "record_signed", FILERS, by=told_by)


async def _require_people(work: Work, row: Obligation, told_by: UUID, confirmed_by: UUID) -> None:
    roles = (*FILERS, *SIGNERS)
    held = await registry.appointments(work, on=work.clock.today(), roles=roles, unit_id=row.station_id)
    if told_by not in {each.person_id for each in held}:
        raise Invalid("person_not_of_station", field="told_by")
    if confirmed_by not in {each.person_id for each in held if each.role in SIGNERS}:
        raise Invalid("not_a_signer", field="confirmed_by")
