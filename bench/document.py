"""``python -m bench.document``: put the results of the last full run into ``docs/performance.md``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import RESULTS, Figure, table

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN: Final = "<!-- results: written by `python -m bench.document` -->"
END: Final = "<!-- end of results -->"


def renewed(page: str, figures: Sequence[Figure], machine: Mapping[str, Any]) -> str:
    """Return ``page`` with these results between its two marks; raises `ValueError` when it lacks one. Pure."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("the page lacks the marks between which results go")
    return f"{before}{BEGIN}\n\n{results(figures, machine)}\n\n{END}{after}"


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
    figures = [Figure(**line) for line in json.loads((RESULTS / "latest.json").read_text(encoding="utf-8"))]
    machine = json.loads((RESULTS / "raw.json").read_text(encoding="utf-8"))["machine"]
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), figures, machine), encoding="utf-8")


if __name__ == "__main__":
    main()
