"""Where an opened case stands for the person who looks at it: their parts, what waits to be signed, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.cases.proceedings import CaseSummary, EntryView, Member, OpenedCase, Part, steps
from core.cases.rules.lifecycle import may, permitted
from core.work import Staff

RECUSED: Final = "recuse"
OFFICERS: Final = frozenset({Part.OFFICER_ORG, Part.OFFICER_DISC})
_CATCH_ALL: Final = "M8"
_DRAFTED_IN: Final[Mapping[str, frozenset[str]]] = {
    "inquiry": frozenset({"verifying"}),
    "finding": frozenset({"verifying"}),
    "malicious": frozenset({"verified"}),
    "classified": frozenset({"verified"}),
}
_UNPROVEN: Final = frozenset({"not_established", "unfounded"})
_BY_STATE: Final[Mapping[str, str]] = {
    "opened": "nominate",
    "verifying": "verify",
    "awaiting_explanation": "reply",
    "verified": "classify",
    "classified": "analyse",
    "analysed": "department_meeting",
    "department_meeting_done": "leading_group_meeting",
    "group_meeting_done": "confirm",
    "confirmed": "measure",
    "held": "resume",
    "closed_unfounded": "put_away",
    "closed_not_established": "put_away",
    "sealed": "propose_destruction",
}


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, by the name of its form or meeting, and what is missing for it."""

    name: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An opened case as one of its people sees it."""

    case: CaseSummary
    me: UUID
    roles: frozenset[str]
    parts: frozenset[str]
    officers: Mapping[str, Member]
    drafts: Mapping[str, EntryView]
    thread: Sequence[EntryView]

    @property
    def state(self) -> str:
        """The state of the case."""
        return self.case.state

    @property
    def is_officer(self) -> bool:
        """Tell whether the person verifies this case."""
        return bool(self.parts & OFFICERS)

    @property
    def both_may_act(self) -> bool:
        """Tell whether there are two officers who declared that they may act."""
        return set(self.officers) == OFFICERS and all(one.declared for one in self.officers.values())

    @property
    def has_to_declare(self) -> bool:
        """Tell whether the person is an officer who has not declared yet."""
        return any(one.person_id == self.me and one.declared is None for one in self.officers.values())

    def may_make(self, *names: str) -> bool:
        """Tell whether one of the person's roles has a hand in one of these transitions from here."""
        return any(permitted(self.state, name, role) for name in names for role in self.roles)

    def may_sign(self, kind: str) -> bool:
        """Tell whether a draft of that kind waits which somebody else wrote."""
        return kind in self.drafts and self.drafts[kind].author_id != self.me

    def has(self, *kinds: str) -> bool:
        """Tell whether the thread has an entry of one of these kinds."""
        return any(each.step.kind in kinds for each in self.thread)


def standing(opened: OpenedCase, staff: Staff) -> Standing:
    """Return where the case stands for a member of staff."""
    present = [one for one in opened.members if one.until is None and one.declared != RECUSED]
    return Standing(
        case=opened.summary,
        me=staff.person_id,
        roles=frozenset(held.role for held in staff.held),
        parts=frozenset(one.part for one in present if one.person_id == staff.person_id),
        officers={one.part: one for one in present if one.part in OFFICERS},
        drafts=_drafts(opened.summary.state, opened.thread),
        thread=opened.thread,
    )


def next_step(case: CaseSummary, seen: Standing | None) -> Next:
    """Return what comes next; what is missing for it only where the case is opened."""
    name = _BY_STATE.get(case.state, "none")
    if name == "classify" and case.finding in _UNPROVEN:
        name = "close_unproven"
    if seen is None:
        return Next(name)
    if "referral" in seen.drafts:
        return Next("accept_referral")
    if name == "nominate":
        return _before_verification(seen)
    if name == "verify" and not seen.both_may_act:
        return Next("declare" if set(seen.officers) == OFFICERS else "nominate")
    signing = {"verify": ("finding", "inquiry"), "classify": ("classified",), "close_unproven": ("malicious",)}
    for kind in signing.get(name, ()):
        if kind in seen.drafts:
            return Next(SIGNING[kind])
    return Next(name, _missing_of_verification(seen) if name == "verify" else ())


SIGNING: Final[Mapping[str, str]] = {
    "finding": "sign_finding",
    "inquiry": "sign_inquiry",
    "classified": "sign_classification",
    "malicious": "sign_malicious",
    "referral": "accept_referral",
}
"""The form by which each kind of draft is signed."""


NEXT_NAMES: Final = frozenset(
    {*_BY_STATE.values(), *SIGNING.values(), "declare", "assign", "close_unproven", "none"},
)
"""Every name that `next_step` may return."""


def _before_verification(seen: Standing) -> Next:
    if set(seen.officers) != OFFICERS:
        return Next("nominate", tuple(f"missing.{part}" for part in sorted(OFFICERS - set(seen.officers))))
    undeclared = [part for part in sorted(seen.officers) if seen.officers[part].declared is None]
    if undeclared:
        return Next("declare", tuple(f"missing.declaration.{part}" for part in undeclared))
    return Next("assign")


def _missing_of_verification(seen: Standing) -> tuple[str, ...]:
    kinds = {"plan": ("plan",), "evidence": ("evidence",), "explanation": ("reply", "overdue"), "finding": ()}
    return tuple(f"missing.{name}" for name, wanted in kinds.items() if not (wanted and seen.has(*wanted)))


def _drafts(state: str, thread: Sequence[EntryView]) -> Mapping[str, EntryView]:
    """Return the drafts that wait for a second person, by kind; one that was signed or declined does not."""
    settled = {each.step.entry_id for each in thread if isinstance(each.step, steps.Signed | steps.Declined)}
    waiting = {}
    for each in thread:
        if str(each.id) not in settled and _is_draft(state, each):
            waiting[each.step.kind] = each
    return waiting


def _is_draft(state: str, entry: EntryView) -> bool:
    step = entry.step
    if isinstance(step, steps.Referral):
        return may(state, "T12") or may(state, "T28")
    if isinstance(step, steps.Classified) and step.manifestation != _CATCH_ALL:
        return False
    return state in _DRAFTED_IN.get(step.kind, ())
