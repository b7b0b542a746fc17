"""Search over what one has been granted: opened in memory and matched there; no index of content exists in clear."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select

from core import access, audit
from core.cases.proceedings.queries import CaseSummary, summaries_of
from core.cases.proceedings.searchable import first_in, texts_of
from core.cases.proceedings.tables import CaseMember
from core.dialogue.form import folded
from core.errors import Invalid
from core.work import Work

SHORTEST: Final = 2
"""Characters that are searched for at least."""

MOST: Final = 1000
"""Cases that one search looks through, the latest first."""

_BESIDE: Final = 20  # characters shown on either side of what was found


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
    mine = CaseMember.person_id == staff.person_id, CaseMember.until.is_(None)
    latest = select(CaseMember.case_id).where(*mine).group_by(CaseMember.case_id, CaseMember.case_opened_at)
    latest = latest.order_by(CaseMember.case_opened_at.desc(), CaseMember.case_id).limit(MOST)
    number = await work.session.scalar(select(func.count(CaseMember.case_id.distinct())).where(*mine))
    audit.record(work, "case", "searched", staff.person_id, reason=reason)
    keys = await access.open_granted(work, "case", latest)
    texts = await texts_of(work, latest, keys)
    found = {case_id: place for case_id, lines in texts.items() if (place := first_in(lines, wanted))}
    hits = []
    for case in await summaries_of(work, list(found)):
        kind, text, start = found[case.id]
        hits.append(Hit(case, kind, _around(text, start, start + len(wanted))))
    return Found(hits, len(keys), (number or 0) > MOST)


def _around(text: str, start: int, end: int) -> str:
    first, last = max(start - _BESIDE, 0), end + _BESIDE
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
