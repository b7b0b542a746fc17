"""Carding: the clerk matches the subject to the register and writes the information card (S99; T3)."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid4

from core import access, audit, deadlines, numbers, registry
from core.cases.cards.content import OFFICIAL, TEAM, CardContent, Detriment, Setting, Subject, encode, fit, fit_text
from core.cases.cards.queries import card_of
from core.cases.cards.signatures import card_facts, correction_facts
from core.cases.cards.tables import Card, CardCorrection
from core.cases.items import load_genuine, lock_item
from core.cases.rules.conflicts import SubjectKind, concerned, routing
from core.cases.rules.gate import ON_DUTY, gate
from core.cases.rules.lifecycle import transition
from core.errors import Conflict, Invalid
from core.policy.calendar import civil_date
from core.registry import WITH_OFFICIALS
from core.sealing import Context, seal_envelope, sign
from core.work import Work

SUBSTANCE: Final = 1000
"""Characters of the allegation on a card."""

_CORRECTION: Final = 1000
_MANIFESTATIONS: Final = frozenset(f"M{number}" for number in range(1, 9))


@dataclass(frozen=True, slots=True)
class NewCard:
    """What the clerk enters. ``subject_kind`` is ``official`` (an id of the register) or ``leading_team`` (of a unit).

    Without a ``manifestation`` the gate's proposal stands.
    """

    subject_kind: str
    subject_id: UUID
    setting: str
    category: str
    evidence: str
    detriment: str
    substance: str
    manifestation: str = ""
    few_knew: bool = False
    conduct_on: date | None = None


async def card(work: Work, item_id: UUID, given: NewCard) -> Card:
    """Write the card of an item (T3) and return its row.

    The clocks of acceptance and of feedback run from the day of receipt. Raises `Denied`; `NotFound`
    (``item_not_found``, ``official_unknown``, ``unit_unknown``); `Invalid` for a field, among them ``refused_at_gate``
    (R12); `Conflict` (``transition_not_allowed``, ``decided_elsewhere`` when another body decides about this subject,
    R13).
    """
    item = await lock_item(work, item_id)
    staff = access.permit(work, "item.card", body=item.body)
    state = transition(item.state, "T3")
    subject = await _subject(work, given)
    await _require_own(work, item.body, subject)
    content = _content(work, given, subject)
    number = await numbers.next_number(work, f"card:{item.body}")
    row = Card(
        id=uuid4(),
        item_id=item.id,
        year=number.year,
        number=number.place,
        body=item.body,
        clerk_id=staff.person_id,
        carded_at=work.now(),
        subject_hash=subject_hash(work, subject.reference),
    )
    row.envelope = seal_envelope(encode(content), to=[item.public_key], context=Context("card", "envelope", row.id))
    row.signature = sign(work.keys.signing_key, "card", card_facts(row))
    work.session.add(row)
    item.state = state
    clock = "acceptance_named" if item.has_identity else "acceptance"
    for each in (clock, "feedback"):  # both count from the day on which it came, and was acknowledged at once (T2)
        deadlines.begin(work, "item", item.id, item.body, each, on=civil_date(item.received_at))
    audit.record(work, "item", "carded", item.id, change=row.signature)
    return row


async def correct(work: Work, item_id: UUID, text: str) -> None:
    """Add a correction to a card; the card itself is never changed (I4).

    Raises `Denied`, `NotFound` (``card_unknown``), `Invalid` (``text_missing``, ``text_too_long``).
    """
    item = await load_genuine(work, item_id)
    staff = access.permit(work, "item.card", body=item.body)
    row = await card_of(work, item_id)
    text = fit_text(text, "correction", _CORRECTION)
    made = CardCorrection(id=uuid4(), card_id=row.id, author_id=staff.person_id, added_at=work.now())
    context = Context("card_correction", "envelope", made.id)
    made.envelope = seal_envelope(text.encode(), to=[item.public_key], context=context)
    made.signature = sign(work.keys.signing_key, "card_correction", correction_facts(made))
    work.session.add(made)
    audit.record(work, "item", "card_corrected", item.id, change=made.signature)


def subject_hash(work: Work, reference: str) -> bytes:
    """Return what a subject is found by: keyed, so that a stolen database does not say who is looked at."""
    key = work.keys.current("lookup-hmac")
    return blake2b(reference.encode(), key=key, digest_size=32, person=b"jingshi subject").digest()


async def _subject(work: Work, given: NewCard) -> Subject:
    if given.subject_kind == OFFICIAL:
        official = await registry.official(work, given.subject_id)
        on = given.conduct_on or work.clock.today()
        if official.until is not None and official.until < on:
            raise Invalid("official_not_in_office", field="subject")
        return Subject(OFFICIAL, official.id, official.unit_id, official.person.name, official.post)
    if given.subject_kind == TEAM:
        unit = await registry.unit(work, given.subject_id)
        if unit.kind not in WITH_OFFICIALS:
            raise Invalid("unit_without_officials", field="subject")
        return Subject(TEAM, unit.id, unit.id, unit.name, "")
    raise Invalid("unknown_choice", field="subject_kind")


async def _require_own(work: Work, body: str, subject: Subject) -> None:
    """Raise `Conflict` when another body decides about this subject: its unit says so, whatever the report said."""
    unit = await registry.unit(work, subject.unit_id)
    kind = SubjectKind.LEADING_TEAM if subject.kind == TEAM else SubjectKind.SECTION_OFFICIAL
    decided_by = routing(concerned(kind, unit.kind)).decided_by
    if decided_by != body and not (body == "discipline_commission" and decided_by == "leading_group_office"):
        raise Conflict("decided_elsewhere", body=decided_by)


def _content(work: Work, given: NewCard, subject: Subject) -> CardContent:
    verdict = gate(given.category, True, given.evidence)  # noqa: FBT003 - the signature of rules.md 3.11
    if not verdict.accepted:
        raise Invalid("refused_at_gate", field="category", reason=verdict.reason)
    setting = fit(Setting, given.setting, "setting")
    if (setting == Setting.ON_DUTY) != given.category.startswith(ON_DUTY):
        raise Invalid("setting_and_category_differ", field="setting")
    manifestation = given.manifestation or verdict.reason
    if manifestation not in _MANIFESTATIONS:
        raise Invalid("unknown_choice", field="manifestation")
    if given.conduct_on is not None and given.conduct_on > work.clock.today():
        raise Invalid("date_in_the_future", field="conduct_on")
    return CardContent(
        subject=subject,
        setting=setting,
        category=given.category,
        manifestation=manifestation,
        evidence=given.evidence,
        detriment=fit(Detriment, given.detriment, "detriment"),
        few_knew=given.few_knew,
        conduct_on=given.conduct_on,
        substance=fit_text(given.substance, "substance", SUBSTANCE),
    )
