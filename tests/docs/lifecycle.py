"""The page ``docs/lifecycle.md``, made from the table of transitions: ``python -m tests.docs.lifecycle`` writes it."""

from collections.abc import Sequence
from typing import Final

from core.cases.rules.lifecycle import CASE_TRANSITIONS, ITEM_TRANSITIONS, NOTHING, Transition
from core.warnings.rules.lifecycle import MEASURE_TRANSITIONS
from tests.docs.pages import ROOT

PAGE: Final = ROOT / "docs" / "lifecycle.md"

_HEAD: Final = """# How an item, a case and a measure go on

This page is made from the tables in `core/cases/rules/lifecycle.py` and `core/warnings/rules/lifecycle.py`, and a test
compares them. The names of the steps of items and cases are the numbers of the rules, with a letter where one row of
the rules is several steps; those of measures begin with W. A step that is not here cannot be taken.

- No measure comes into force without a finding signed by both officers and two meetings: T11, T15 and T16 come first,
  and again after a case was taken up anew (T21).
- From T4 on a person makes every step. The clock alone may only end the wait for an explanation (T10), and silence is
  not an admission; and end the term of a measure (W5), whether or not it was assessed.
- *Who* lists the roles that have a hand in a step. Where two persons or signatures are needed, one of them alone does
  not make it.
- *2020 Rules* are the Rules on Handling Reports and Accusations 2020, *PIPL* is the Personal Information Protection
  Law, S-numbers are the phrases of the source document.
"""


def page() -> str:
    """Return the whole page."""
    item = ["## Information item", diagram(ITEM_TRANSITIONS), legend(ITEM_TRANSITIONS)]
    case = ["## Case", diagram(CASE_TRANSITIONS), legend(CASE_TRANSITIONS)]
    measure = ["## Measure", diagram(MEASURE_TRANSITIONS), legend(MEASURE_TRANSITIONS)]
    return "\n".join([_HEAD, *item, *case, *measure])


def diagram(rows: Sequence[Transition]) -> str:
    """Return the Mermaid diagram of some rows: one arrow between two states, with every step that goes there."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for state in _in_order(row, rows):
            arrows.setdefault((state, row.target), []).append(row.name)
    lines = [f"    {before or '[*]'} --> {after}: {', '.join(names)}" for (before, after), names in arrows.items()]
    left = frozenset().union(*(row.sources for row in rows))
    ends = dict.fromkeys(f"    {row.target} --> [*]" for row in rows if row.target not in left)
    return "\n".join(["", "```mermaid", "stateDiagram-v2", *lines, *ends, "```", ""])


def legend(rows: Sequence[Transition]) -> str:
    """Return the table of some rows: from where to where, who, what is needed, and why."""
    lines = ["| step | from | to | who | needed | source |", "|---|---|---|---|---|---|"]
    for row in rows:
        before = ", ".join(state or "–" for state in _in_order(row, rows))
        cells = (row.name, before, row.target, ", ".join(sorted(row.roles)), ", ".join(row.needs), row.source)
        lines.append(f"| {' | '.join(cell.replace('_', ' ') for cell in cells)} |")
    return "\n".join([*lines, ""])


def _in_order(row: Transition, rows: Sequence[Transition]) -> list[str]:
    states = [NOTHING, *dict.fromkeys(each.target for each in rows)]
    return sorted(row.sources, key=states.index)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
