"""``python -m bench.document``: put the last results of each part into ``docs/performance.md``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import RESULTS, Figure, table

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN: Final = "<!-- results: written by `python -m bench.document` -->"
END: Final = "<!-- end of results -->"


PARTS: Final[Mapping[str, str]] = {
    "reports": "Reports on the pages",
    "chats": "Reports in a chat, and messages that are owed",
    "cases": "Cases, entries and eligibility",
    "terms": "Terms of measures",
    "rounds": "A round of the stations",
    "stations": "Pages of the stations",
}
"""The parts in the order of the page, and what each is called there."""


def renewed(page: str, parts: Mapping[str, tuple[Sequence[Figure], Mapping[str, Any]]]) -> str:
    """Return ``page`` with the results of these parts between its two marks; each part has its lines and its machine.

    Raises `ValueError` when the page lacks a mark. Pure.
    """
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("the page lacks the marks between which results go")
    shown = [f"### {PARTS[name]}\n\n{results(*parts[name])}" for name in PARTS if name in parts]
    return f"{before}{BEGIN}\n\n" + "\n\n".join(shown) + f"\n\n{END}{after}"


def results(figures: Sequence[Figure], machine: Mapping[str, Any]) -> str:
    """Return machine, table and raw figures as Markdown. Pure."""
    where = "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items())
    rounded = as_rounded(figures)
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in rounded)
    shown = table([Figure(**each) for each in rounded])  # what is rounded twice may differ in its last digit
    return f"Measured on: {where}.\n\n{shown}\n\nThe same as JSON:\n\n```json\n[\n{lines}\n]\n```"


def as_rounded(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the figures as written, with six significant digits. Pure."""

    def short(value: float | None) -> float | None:
        return None if value is None else float(f"{value:.6g}")

    return [
        {
            "name": each.name,
            "value": short(each.value),
            "unit": each.unit,
            "reference": short(each.reference),
            "target": each.target,
            "met": each.met,
        }
        for each in figures
    ]


def main() -> None:
    """Renew the page."""
    parts = {name: _read(name) for name in PARTS if (RESULTS / f"{name}.json").exists()}
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")


def _read(part: str) -> tuple[Sequence[Figure], Mapping[str, Any]]:
    figures = [Figure(**line) for line in json.loads((RESULTS / f"{part}.json").read_text(encoding="utf-8"))]
    machine: Mapping[str, Any] = json.loads((RESULTS / f"{part}.raw.json").read_text(encoding="utf-8"))["machine"]
    return figures, machine


if __name__ == "__main__":
    main()
