"""R12, the privacy gate: whether an item may be taken in, from closed answers only and never from a reading of text."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from core.errors import Invalid


class Category(StrEnum):
    """What an item is about, as the person who enters it chooses; the refused ones stand in the same list."""

    ON_DUTY_M1 = "on_duty:M1"
    ON_DUTY_M2 = "on_duty:M2"
    ON_DUTY_M3 = "on_duty:M3"
    ON_DUTY_M4 = "on_duty:M4"
    ON_DUTY_M5 = "on_duty:M5"
    ON_DUTY_M6 = "on_duty:M6"
    ON_DUTY_M7 = "on_duty:M7"
    ON_DUTY_M8 = "on_duty:M8"
    COMMUNITY_SERVICE = "community_service"
    OFFICE_VEHICLE_OR_STAFF = "office_vehicle_or_staff"
    GIFTS_OR_BANQUETS = "gifts_or_banquets"
    BUSINESS_THROUGH_OFFICE = "business_through_office"
    OFFICE_USED_AGAINST_RESIDENTS = "office_used_against_residents"
    GAMBLING_OR_DRUNKENNESS = "gambling_or_drunkenness"
    FAMILY = "family"
    HEALTH = "health"
    REPRODUCTION = "reproduction"
    RELIGION = "religion"
    PRIVATE_ASSOCIATION = "private_association"
    MOVEMENT = "movement"
    MINOR = "minor"
    SPEECH = "speech"
    UNDOCUMENTED_FINANCES = "undocumented_finances"


class Evidence(StrEnum):
    """How the person who enters an item knows of it."""

    OWN_OBSERVATION = "own_observation"
    TOLD = "told"
    DOCUMENT = "document"
    COVERT_RECORDING = "covert_recording"


Choice = TypeVar("Choice", Category, Evidence)

ON_DUTY: Final = "on_duty:"

# Each lawful off-duty topic and what it is carded as; M1 to M8 are a proposal that the clerk may change (S50-S59).
NEXUS: Final = MappingProxyType(
    {
        Category.COMMUNITY_SERVICE: "positive",
        Category.OFFICE_VEHICLE_OR_STAFF: "M6",
        Category.GIFTS_OR_BANQUETS: "M6",
        Category.BUSINESS_THROUGH_OFFICE: "M6",
        Category.OFFICE_USED_AGAINST_RESIDENTS: "M5",
        Category.GAMBLING_OR_DRUNKENNESS: "M1",
    },
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the item is accepted, and as what (``M6``, ``positive``) or why not (``family``)."""

    accepted: bool
    reason: str

    def __str__(self) -> str:
        return f"{'accept' if self.accepted else 'refuse'}:{self.reason}"


def gate(category: str, subject_registered: bool, evidence: str) -> Verdict:  # noqa: FBT001 - an answer of the form
    """Return the verdict on an item; the text of a refused one is not stored.

    Args:
        category: a `Category`.
        subject_registered: whether the register of officials knows the person or team.
        evidence: an `Evidence`.

    Raises:
        Invalid: ``unknown_category`` or ``unknown_evidence``.
    """
    about, known_by = _choice(Category, category), _choice(Evidence, evidence)
    if not subject_registered:
        return Verdict(accepted=False, reason="not_an_official")
    if known_by is Evidence.COVERT_RECORDING:  # Civil Code, arts 1032-1033
        return Verdict(accepted=False, reason="covert_evidence")
    if about.startswith(ON_DUTY):
        return Verdict(accepted=True, reason=about.removeprefix(ON_DUTY))
    if about not in NEXUS:
        return Verdict(accepted=False, reason=about.value)
    if about is Category.GAMBLING_OR_DRUNKENNESS and known_by is not Evidence.DOCUMENT:
        return Verdict(accepted=False, reason="document_required")
    return Verdict(accepted=True, reason=NEXUS[about])


def _choice(kind: type[Choice], text: str) -> Choice:
    try:
        return kind(text)
    except ValueError:
        name = kind.__name__.lower()
        raise Invalid(f"unknown_{name}", field=name) from None
