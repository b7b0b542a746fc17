"""Threads of cases to fill a store with: sealed ones that a search opens, and placeholders of the same shape."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from nacl.signing import SigningKey

from core.cases.proceedings import steps
from core.cases.proceedings.signatures import entry_facts
from core.cases.proceedings.tables import CaseEntry
from core.sealing import Context, seal_envelope, sign

WORD: Final = "青瓷茶具"
"""What is searched for. It stands in the last entry of every hundredth sealed thread."""

_TEXT: Final = "三月二日上午核对值班登记表，当日在岗三人，茶水间的使用时间与反映相符；经办人说明系午休延长。" * 4
_OPENED: Final = steps.Opened(
    item_id=str(UUID(int=0)),
    subject_kind="official",
    subject_id=str(UUID(int=0)),
    unit_id=str(UUID(int=0)),
    name="公冶望舒",
    post="副主任",
    setting="on_duty",
    category="on_duty:M3",
    manifestation="M3",
    evidence="own_observation",
    conduct_on="2026-03-02",
    substance=_TEXT,
)
_STEPS: Final[Sequence[steps.Step]] = (
    _OPENED,
    steps.Plan(_TEXT),
    steps.Evidence(_TEXT, "document", exculpatory=False),
    steps.Evidence(_TEXT, "document", exculpatory=True),
    steps.Interview("当日值班人员", "2026-03-10", _TEXT),
    steps.Note(_TEXT),
    steps.Inquiry(_TEXT, 1),
)
LENGTH: Final = len(_STEPS) + 1
_EVERY: Final = 100
GRANTED: Final = 500
"""Cases that are searched, and so sealed."""
FOUND: Final = GRANTED // _EVERY
"""In how many of them the word stands."""


def sealed(
    case_id: UUID, at: datetime, author: UUID, public_key: bytes, rank: int, signing_key: SigningKey
) -> list[dict[str, Any]]:
    """Return the entries of the case of this ``rank`` among those that are searched, sealed to its key and signed."""
    last = steps.Reply(f"{_TEXT}本人收下{WORD}一套。" if rank % _EVERY == 0 else _TEXT, "2026-03-20")
    rows = _rows(case_id, at, author, (*_STEPS, last))
    for row, step in zip(rows, (*_STEPS, last), strict=True):
        context = Context("case_entry", "envelope", row["id"])
        row["envelope"] = seal_envelope(steps.encode(step), to=[public_key], context=context)
        row["signature"] = sign(signing_key, "case_entry", entry_facts(CaseEntry(**row)))
    return rows


def plain(case_id: UUID, at: datetime, author: UUID) -> list[dict[str, Any]]:
    """Return the first and the last entries of a thread that nobody opens."""
    return _rows(case_id, at, author, (_OPENED, _STEPS[-1]))


def _rows(case_id: UUID, at: datetime, author: UUID, thread: Sequence[steps.Step]) -> list[dict[str, Any]]:
    entry = {"case_id": case_id, "at": at, "author_id": author, "envelope": b"placeholder", "signature": b"placeholder"}
    return [{"id": uuid4(), "place": place, "kind": step.kind, **entry} for place, step in enumerate(thread, start=1)]
