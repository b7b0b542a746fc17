"""Search over what one has been granted: opened in memory, matched there, and forgotten; no index of content exists."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, audit
from core.cases.proceedings.queries import CaseSummary, summaries_of
from core.cases.proceedings.steps import Step, decode
from core.cases.proceedings.tables import CaseEntry, CaseMember
from core.dialogue.form import folded
from core.errors import Forged, Invalid
from core.sealing import Context, KeyPair, open_envelope
from core.work import Work

SHORTEST: Final = 2
"""Characters that are searched for at least."""

MOST: Final = 1000
"""Cases that one search looks through, the latest first."""

_BESIDE: Final = 20  # characters shown on either side of what was found
_WITH_TEXT: Final = (
    "opened",
    "merged",
    "plan",
    "evidence",
    "evidence_file",
    "interview",
    "note",
    "inquiry",
    "reply",
    "finding",
    "classified",
    "analysed",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A case in which the words stand: in which step first, and what stands around them."""

    case: CaseSummary
    kind: str
    around: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``looked_through`` of the cases that one holds; older ones were left aside if ``more``."""

    hits: Sequence[Hit]
    looked_through: int
    more: bool


async def search(work: Work, words: str, *, reason: str) -> Found:
    """Look for words in the cases whose keys the person at work holds; recorded with the reason, without the words.

    What the desk did not sign is found, too, and refused when it is opened. Raises `Invalid` (``words_too_short``,
    ``reason_too_short``), `Denied`, `KeyLocked`.
    """
    staff = access.permit(work, "case.read")
    wanted = folded(words)
    if len(wanted) < SHORTEST:
        raise Invalid("words_too_short", field="words", shortest=SHORTEST)
    reason = access.fit_reason(reason)
    mine = select(CaseMember.case_id).where(CaseMember.person_id == staff.person_id, CaseMember.until.is_(None))
    latest = mine.group_by(CaseMember.case_id, CaseMember.case_opened_at).order_by(CaseMember.case_opened_at.desc())
    ids = (await work.session.scalars(latest.limit(MOST + 1))).all()
    audit.record(work, "case", "searched", staff.person_id, reason=reason)
    keys = await access.open_granted(work, "case", ids[:MOST])
    found = await _matches(work, keys, wanted)
    cases = await summaries_of(work, list(found))
    hits = [Hit(case, *found[case.id]) for case in cases]
    return Found(hits, len(keys), len(ids) > MOST)


async def _matches(work: Work, keys: Mapping[UUID, KeyPair], wanted: str) -> Mapping[UUID, tuple[str, str]]:
    """Return, for each case in which the words stand, the step and what is around them."""
    query = select(CaseEntry.case_id, CaseEntry.id, CaseEntry.kind, CaseEntry.envelope)
    query = query.where(CaseEntry.case_id.in_(keys), CaseEntry.kind.in_(_WITH_TEXT)).order_by(CaseEntry.place)
    entries: dict[UUID, list[tuple[UUID, str, bytes]]] = defaultdict(list)
    for case_id, entry_id, kind, envelope in await work.session.execute(query):
        entries[case_id].append((entry_id, kind, envelope))
    held = {case_id: (keys[case_id], mine) for case_id, mine in entries.items()}
    return await asyncio.to_thread(_look_through, held, wanted)  # a second thread was measured to bring nothing


def _look_through(
    cases: Mapping[UUID, tuple[KeyPair, Sequence[tuple[UUID, str, bytes]]]], wanted: str
) -> dict[UUID, tuple[str, str]]:
    found = {}
    for case_id, (key, entries) in cases.items():
        for entry_id, kind, envelope in entries:
            try:
                sealed = open_envelope(envelope, key=key, context=Context("case_entry", "envelope", entry_id))
            except Forged:
                continue
            around = _around(decode(kind, sealed), wanted) if may_hold(sealed, wanted) else ""
            if around:
                found[case_id] = (kind, around)
                break
    return found


def may_hold(sealed: bytes, wanted: str) -> bool:
    """Tell whether it is worth while to decode an entry and to look for words in its fields. Pure.

    What is encoded holds its fields as they are, but for characters that JSON writes with a backslash.
    """
    return b"\\" in sealed or wanted in folded(sealed.decode())


def _around(step: Step, wanted: str) -> str:
    for each in fields(step):  # type: ignore[arg-type]  # every step is a dataclass
        text = getattr(step, each.name)
        if not isinstance(text, str) or each.name.endswith("_id") or each.name == "sha256":
            continue
        plain = folded(text)
        place = plain.find(wanted)
        if place >= 0:
            start, end = max(place - _BESIDE, 0), place + len(wanted) + _BESIDE
            return f"{'…' if start else ''}{plain[start:end]}{'…' if end < len(plain) else ''}"
    return ""
