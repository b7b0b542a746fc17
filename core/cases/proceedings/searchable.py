"""The text of cases as it is searched: folded, one piece for each case, sealed so that the case's key alone opens it.

To open every entry for every search would cost nearly all of its time. An entry never changes, so what was once read of
it stays true: a search opens what came since, and keeps that as well.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from core.cases.proceedings.signatures import check_entry
from core.cases.proceedings.steps import Step, decode
from core.cases.proceedings.tables import CaseEntry, CaseSearch
from core.db import Base
from core.dialogue.form import folded
from core.errors import Forged
from core.sealing import Context, KeyPair, open_box, open_envelope, seal_box
from core.work import Work

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
_LABEL: Final = b"search 1"
"""With another number everything is read anew: to be raised when other steps or fields are searched."""

_TABLE: Final = Base.metadata.tables[CaseSearch.__tablename__]
_KEEP: Final = {
    name: insert(_TABLE).on_conflict_do_update(
        index_elements=[_TABLE.c.case_id],
        set_={"place": literal_column("excluded.place"), "sealed_text": literal_column("excluded.sealed_text")},
    )
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}


@dataclass(frozen=True, slots=True)
class CaseText:
    """What the entries of a case say up to a place in its thread, in the lines that `lines_of` made."""

    place: int = 0
    lines: str = field(default="", repr=False)


def lines_of(step: Step) -> str:
    """Return the texts of a step folded, each in a line of its own after the kind of the step. Pure.

    Folded text has no spaces and no line breaks.
    """
    return "".join(f"{step.kind} {plain}\n" for plain in _texts(step) if plain)


def first_in(lines: str, wanted: str) -> tuple[str, str, int] | None:
    """Return where folded words stand first: the kind of the step, the text, and the place in it. Pure."""
    if wanted not in lines:
        return None
    for each in lines.splitlines():
        kind, _, plain = each.partition(" ")
        place = plain.find(wanted)
        if place >= 0:
            return kind, plain, place
    return None


async def texts_of(work: Work, cases: Select[UUID], keys: Mapping[UUID, KeyPair]) -> Mapping[UUID, str]:
    """Return the texts of those of the cases that have a key, as `lines_of` writes them; what is new is kept, sealed.

    ``cases`` is a query for their ids, for hundreds of ids take longer to send than to find. What our processes did not
    sign is among the texts, but it is not kept, nor is what comes after it: that is read anew each time, and refused
    when the case is opened.
    """
    wanted = cases.subquery().c
    last = select(func.max(CaseEntry.place)).where(CaseEntry.case_id == wanted.case_id).scalar_subquery()
    query = select(wanted.case_id, last, _TABLE.c.place, _TABLE.c.sealed_text)
    query = query.outerjoin(_TABLE, _TABLE.c.case_id == wanted.case_id)
    rows = [row for row in await work.connection.execute(query) if row[0] in keys]
    kept = await asyncio.to_thread(_open, [(row[0], *row[2:]) for row in rows if row[2]], keys)
    texts = {case_id: text.lines for case_id, text in kept.items()}
    entries = await _entries_after(work, kept, {row[0]: row[1] for row in rows})
    if entries:
        grown = await asyncio.to_thread(_read_on, work, keys, kept, entries)
        texts |= {case_id: lines for case_id, (lines, _) in grown.items()}
        await _keep(work, keys, {case_id: text for case_id, (_, text) in grown.items() if text.place})
    return texts


def _open(rows: Sequence[tuple[UUID, int, bytes]], keys: Mapping[UUID, KeyPair]) -> Mapping[UUID, CaseText]:
    """Open what was kept; what somebody changed does not open, and that case is read from its beginning."""
    kept = {}
    for case_id, place, sealed in rows:
        try:
            text = open_box(sealed, key=keys[case_id].symmetric(_LABEL), context=_context(case_id, place))
        except Forged:
            continue
        kept[case_id] = CaseText(place, text.decode())
    return kept


async def _entries_after(
    work: Work, kept: Mapping[UUID, CaseText], lasts: Mapping[UUID, int]
) -> Mapping[UUID, Sequence[CaseEntry]]:
    """Return the entries of each case that come after what was kept of it, in their order."""
    read = {case_id: kept.get(case_id, CaseText()).place for case_id in lasts}
    behind = [case_id for case_id, last in lasts.items() if last > read[case_id]]
    if not behind:
        return {}
    entries: dict[UUID, list[CaseEntry]] = defaultdict(list)
    query = select(CaseEntry).where(CaseEntry.case_id.in_(behind)).order_by(CaseEntry.place)
    for entry in await work.session.scalars(query):
        if entry.place > read[entry.case_id]:
            entries[entry.case_id].append(entry)
    return entries


def _read_on(
    work: Work,
    keys: Mapping[UUID, KeyPair],
    kept: Mapping[UUID, CaseText],
    entries: Mapping[UUID, Sequence[CaseEntry]],
) -> Mapping[UUID, tuple[str, CaseText]]:
    """Return, for each case with such entries, all of its lines, and what of them is kept."""
    return {
        case_id: _grown(work, keys[case_id], kept.get(case_id, CaseText()), later) for case_id, later in entries.items()
    }


def _grown(work: Work, key: KeyPair, kept: CaseText, entries: Sequence[CaseEntry]) -> tuple[str, CaseText]:
    lines, is_genuine = kept.lines, True
    for entry in entries:
        try:
            lines += _read(entry, key)
            check_entry(work, entry)
        except Forged:
            is_genuine = False
        if is_genuine:
            kept = CaseText(entry.place, lines)
    return lines, kept


def _read(entry: CaseEntry, key: KeyPair) -> str:
    if entry.kind not in _WITH_TEXT:
        return ""
    context = Context("case_entry", "envelope", entry.id)
    return lines_of(decode(entry.kind, open_envelope(entry.envelope, key=key, context=context)))


async def _keep(work: Work, keys: Mapping[UUID, KeyPair], texts: Mapping[UUID, CaseText]) -> None:
    rows = [_sealed(case_id, texts[case_id], keys[case_id]) for case_id in sorted(texts)]  # two searches at once wait
    if rows:
        await work.connection.execute(_KEEP[work.connection.dialect.name], rows)


def _sealed(case_id: UUID, text: CaseText, key: KeyPair) -> dict[str, Any]:
    context = _context(case_id, text.place)
    return {
        "case_id": case_id,
        "place": text.place,
        "sealed_text": seal_box(text.lines.encode(), key=key.symmetric(_LABEL), context=context),
    }


def _context(case_id: UUID, place: int) -> Context:
    return Context("case_search", "sealed_text", f"{case_id}/{place}")


def _texts(step: Step) -> Iterator[str]:
    for each in fields(step):  # type: ignore[arg-type]  # every step is a dataclass
        text = getattr(step, each.name)
        if isinstance(text, str) and not each.name.endswith("_id") and each.name != "sha256":
            yield folded(text)
