"""A round as a tree: the units above the stations, to any depth, with counts for each branch."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from core import access, registry
from core.errors import NotFound
from core.registry import Outline, Unit
from core.stations.overview.answers import ANSWER
from core.stations.overview.reaching import out_of_reach
from core.stations.rounds.running import RoundView, round_of
from core.stations.tables import Obligation
from core.work import Work

OBLIGED: Final = "obliged"
"""How many stations of a branch owe a record in the round, whatever became of it."""

UNREACHABLE: Final = "unreachable"
"""How many of those that still owe it no message reaches."""

MOST_BRANCHES: Final = 250
"""So many branches are shown at once; where there are more, the lowest are left to a page of their own."""


class Stand(NamedTuple):
    """How one station answered, and whether its record is owed and nobody there can be reached."""

    obligation_id: UUID
    answer: str
    is_unreachable: bool


@dataclass(frozen=True, slots=True)
class Bough:
    """A unit and the stations at or below it, by how they answered; ``has_more`` where what is below is not shown."""

    unit: Unit
    counts: Mapping[str, int]
    stand: Stand | None
    children: Sequence["Bough"]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """A round by branches: ``path`` leads from the top to the unit below which it begins, if one was chosen."""

    round: RoundView
    path: Sequence[Unit]
    counts: Mapping[str, int]
    boughs: Sequence[Bough]


async def tree(work: Work, quarter: str, *, under: UUID | None = None, most: int = MOST_BRANCHES) -> Tree:
    """Return how a round stands, branch by branch, below a unit or from the top.

    Level by level as long as no more than ``most`` branches are shown; the first level is shown in any case.

    Raises:
        Denied, NotSignedIn: without ``station.list``.
        NotFound: ``round_unknown``, ``unit_unknown``.
    """
    access.permit(work, "station.list")
    round_ = await round_of(work, quarter)
    path = await registry.path_of(work, under) if under is not None else []
    if under is not None and not path:
        raise NotFound("unit_unknown")
    stands = await _stands(work, round_.id)
    units = await registry.outline(work)
    counts = _summed(units, stands)
    below: dict[UUID | None, list[UUID]] = defaultdict(list)
    for each in units:
        if each.id in counts:
            below[each.parent_id].append(each.id)
    levels = _levels(below, under, most)
    names = await registry.units_named(work, [each for level in levels for each in level])
    boughs = _built(levels, below, names, counts, stands)
    total: Counter[str] = Counter()
    for top in below[None] if under is None else [under]:
        total.update(counts.get(top, {}))
    return Tree(round_, path, total, boughs)


async def _stands(work: Work, round_id: UUID) -> Mapping[UUID, Stand]:
    """Return how each station of a round stands."""
    of_round = Obligation.round_id == round_id
    silent = set(await work.session.scalars(select(Obligation.id).where(of_round, out_of_reach(work.clock.today()))))
    rows = await work.connection.execute(select(Obligation.station_id, Obligation.id, ANSWER).where(of_round))
    return {row[0]: Stand(row[1], row[2], row[1] in silent) for row in rows}


def _summed(units: Sequence[Outline], stands: Mapping[UUID, Stand]) -> Mapping[UUID, Mapping[str, int]]:
    """Return the counts of each unit at or below which there is a station of the round."""
    above = {each.id: each.parent_id for each in units}
    own = {station_id: dict.fromkeys(_names(stand), 1) for station_id, stand in stands.items()}
    found: dict[UUID, Mapping[str, int]] = {**own}
    level = _handed_on(own, above)
    while level:  # what each unit got from below is handed on to the one above it, once for all of its own
        for unit_id, counted in level.items():
            found[unit_id] = Counter(found.get(unit_id, {})) + counted
        level = _handed_on(level, above)
    return found


def _handed_on(
    level: Mapping[UUID, Mapping[str, int]], above: Mapping[UUID, UUID | None]
) -> Mapping[UUID, Counter[str]]:
    """Return what the units above get from those of a level."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for unit_id, counted in level.items():
        parent_id = above.get(unit_id)
        if parent_id is not None:
            of_parent = found[parent_id]
            for name, number in counted.items():
                of_parent[name] += number
    return found


def _names(stand: Stand) -> tuple[str, ...]:
    return (OBLIGED, stand.answer, UNREACHABLE) if stand.is_unreachable else (OBLIGED, stand.answer)


def _levels(below: Mapping[UUID | None, Sequence[UUID]], under: UUID | None, most: int) -> Sequence[Sequence[UUID]]:
    """Return the units to show, level by level, the first one whole."""
    levels = [list(below.get(under, ()))]
    shown = len(levels[0])
    while following := [child for each in levels[-1] for child in below.get(each, ())]:
        shown += len(following)
        if shown > most:
            break
        levels.append(following)
    return levels


def _built(
    levels: Sequence[Sequence[UUID]],
    below: Mapping[UUID | None, Sequence[UUID]],
    names: Mapping[UUID, Unit],
    counts: Mapping[UUID, Mapping[str, int]],
    stands: Mapping[UUID, Stand],
) -> Sequence[Bough]:
    """Put the levels together, the lowest first."""
    made: dict[UUID, Bough] = {}
    for level in reversed(levels):
        for each in level:
            children = [made[child] for child in below.get(each, ()) if child in made]
            has_more = len(children) < len(below.get(each, ()))
            made[each] = Bough(names[each], counts[each], stands.get(each), children, has_more)
    return [made[each] for each in levels[0]]
