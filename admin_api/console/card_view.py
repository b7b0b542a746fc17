"""What stands about the card of an item, and what may be done with it: corrected, proposed, decided, made a case."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from admin_api.console.gate import Visit, names_of
from core.app import access
from core.cases import ItemSummary, cards, proceedings

_BEFORE_A_CARD: Final = frozenset({"received", "acknowledged", "withdrawn", "routed_up"})


async def card_values(visit: Visit, item: ItemSummary, opening: UUID | None) -> Mapping[str, Any]:
    """Return what the item's page needs to show of its card; nothing of it before a reason was given."""
    case = await proceedings.case_of_item(visit.work, item.id)
    has_card = item.state not in _BEFORE_A_CARD
    values: dict[str, Any] = {
        "case": case,
        "card": None,
        "proposals": [],
        "pending": None,
        "outcomes": tuple(cards.Outcome),
        "same_subject": [],
        "card_names": {},
        "offers": _offers(visit, item, is_in_a_case=case is not None, is_read=opening is not None),
    }
    if opening is None or not has_card:
        return values
    found = await cards.open_card(visit.work, item.id, opening_id=opening)
    waiting = [each for each in found.proposals if each.approved is None]
    values |= {
        "card": found.card,
        "proposals": found.proposals,
        "pending": waiting[-1] if waiting else None,
        "card_names": await names_of(visit, _people(found)),
    }
    values["offers"] = _narrowed(values["offers"], visit.staff.person_id, found, is_pending=bool(waiting))
    if "open_case" in values["offers"]:
        wanted = cards.subject_hash(visit.work, found.card.content.subject.reference)
        values["same_subject"] = await proceedings.same_subject(visit.work, wanted, item.body)
    return values


def _offers(visit: Visit, item: ItemSummary, *, is_in_a_case: bool, is_read: bool) -> frozenset[str]:
    """Return what the roles of the person and the state of the item allow."""
    states = {
        "card": ("item.card", "acknowledged"),
        "correct": ("item.card", item.state),
        "propose": ("triage.propose", "carded"),
        "take_back": ("triage.propose", "carded"),
        "decide": ("triage.decide", "carded"),
        "open_case": ("case.open", "accepted"),
    }
    if not is_read or item.withdrawal_asked:
        return frozenset()
    allowed = {
        name
        for name, (permission, state) in states.items()
        if item.state == state and access.may(visit.staff, permission, body=item.body)
    }
    if item.state in _BEFORE_A_CARD:
        allowed.discard("correct")
    return frozenset(allowed - {"open_case"} if is_in_a_case else allowed)


def _narrowed(offers: frozenset[str], me: UUID, found: cards.OpenedCard, *, is_pending: bool) -> frozenset[str]:
    """Leave out what waits for somebody else: nobody decides about a proposal or a card of their own (I3)."""
    if not is_pending:
        return offers - {"take_back", "decide"}
    proposed_by = found.proposals[-1].proposed_by
    left = offers - {"propose"}
    if proposed_by != me:
        left -= {"take_back"}
    return left - {"decide"} if me in {proposed_by, found.card.clerk_id} else left


def _people(found: cards.OpenedCard) -> set[UUID]:
    proposals: Sequence[cards.Proposal] = found.proposals
    people = {found.card.clerk_id} | {each.author_id for each in found.card.corrections}
    return (
        people | {each.proposed_by for each in proposals} | {each.approver_id for each in proposals if each.approver_id}
    )
