"""Information cards, and what becomes of a carded item (S99; T3 to T6)."""

from core.cases.cards.carding import NewCard, card, correct, subject_hash
from core.cases.cards.clearing import clear_turned_away
from core.cases.cards.content import OFFICIAL, TEAM, CardContent, Detriment, Setting, Subject, fit, fit_text
from core.cases.cards.queries import CardView, OpenedCard, Proposal, card_of, open_card, read_card
from core.cases.cards.triage import (
    Outcome,
    Pending,
    could_decide,
    could_propose,
    could_take_back,
    decide,
    propose,
    take_back,
)
from core.cases.cards.waiting import WaitingItem, waiting

__all__ = [
    "OFFICIAL",
    "TEAM",
    "CardContent",
    "CardView",
    "Detriment",
    "NewCard",
    "OpenedCard",
    "Outcome",
    "Pending",
    "Proposal",
    "Setting",
    "Subject",
    "WaitingItem",
    "card",
    "card_of",
    "clear_turned_away",
    "correct",
    "could_decide",
    "could_propose",
    "could_take_back",
    "decide",
    "fit",
    "fit_text",
    "open_card",
    "propose",
    "read_card",
    "subject_hash",
    "take_back",
    "waiting",
]
