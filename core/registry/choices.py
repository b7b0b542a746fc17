"""The list of units that a form hands to people: ``registry.units``."""

from functools import lru_cache

from sqlalchemy import select

from core.dialogue.form import Choice, Choices
from core.registry import tables
from core.registry.kinds import DEPARTMENTS, WITH_OFFICIALS, UnitKind
from core.work import Work

PROVIDER = "registry.units"

_GROUPS = dict.fromkeys(DEPARTMENTS, "department") | {
    UnitKind.TOWNSHIP: "township",
    UnitKind.SUBDISTRICT: "subdistrict",
}
_ORDER = ("township", "subdistrict", "department")

_Row = tuple[str, str, str, str | None]


async def unit_choices(work: Work) -> Choices:
    """Return the units with a leading team: townships, sub-districts, departments, each by position.

    A choice's name is the unit's code; its column ``group`` is ``township``, ``subdistrict`` or ``department``. Costs
    one small query: the list itself is made anew only after a unit changed.
    """
    own = tables.Unit
    query = select(own.code, own.kind, own.name, own.name_en).where(own.kind.in_(WITH_OFFICIALS))
    rows = await work.session.execute(query.order_by(own.position, own.code))
    return _choices(tuple(tuple(row) for row in rows))


@lru_cache(maxsize=4)
def _choices(rows: tuple[_Row, ...]) -> Choices:
    made = [_choice(*row) for row in rows]
    return Choices(sorted(made, key=lambda choice: _ORDER.index(choice.columns["group"])))


def _choice(code: str, kind: str, name: str, name_en: str | None) -> Choice:
    return Choice(code, {"zh_CN": name, "en": name_en or name}, {"group": _GROUPS[UnitKind(kind)], "kind": kind})
