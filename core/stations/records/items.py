"""How an entry of a station's record becomes an item of the case store."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from core import cases, registry
from core.cases import Answered, Report
from core.cases.rules.conflicts import SubjectKind, concerned
from core.work import Work

WAY: Final = "station_record"
"""The way by which an entry of a record becomes an item."""

_LANGUAGE: Final = "zh_CN"


async def make_item(work: Work, answers: Mapping[str, str], lines: Sequence[tuple[str, str]]) -> UUID:
    """Put an entry into the case store, routed by whom it is about (R13), and return its id; nobody gets a receipt.

    Raises as `cases.submit`: `Invalid` (``refused_at_gate``), and `Conflict` when the body that decides has no key yet.
    """
    report = Report(
        channel=WAY,
        form=f"{WAY}@1",
        language=_LANGUAGE,
        subject_kind=await _subject_kind(work, answers.get("official", "")),
        category=answers["category"],
        evidence=answers["evidence"],
        answers=dict(answers),
        summary=[Answered(str(place), label, value) for place, (label, value) in enumerate(lines, 1)],
        identity=None,
        files=(),
        wants_questions=False,
    )
    return (await cases.submit(work, report)).item_id


async def _subject_kind(work: Work, official: str) -> str:
    """Return whom an entry is about, as routing takes it: the post that the official holds decides."""
    try:
        person_id = UUID(official)
    except ValueError:
        return SubjectKind.NOT_SURE
    for post in await registry.posts(work, on=work.clock.today(), person_ids=[person_id]):
        unit = await registry.unit(work, post.unit_id)
        return concerned(SubjectKind.SECTION_OFFICIAL, unit.kind)
    return SubjectKind.NOT_SURE
