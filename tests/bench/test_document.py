"""The page about speed shows what was measured, and nothing else."""

import json

import pytest

from bench.__main__ import PARTS as MEASURED
from bench.document import BEGIN, END, PAGE, PARTS, renewed
from bench.figures import Figure, Target, figure, table

LINES = [figure("a", 1.5, "ms", reference=1.0, target=Target("<", 1)), figure("b", 3, "MiB")]


def test_results_replace_those_that_stood_there_and_leave_the_rest() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    new = renewed(page, {"cases": (LINES, {"cores": 2})})
    assert new.startswith("before\n")
    assert new.endswith("after\n")
    assert "old" not in new
    assert "cores 2" in new
    assert table(LINES) in new
    assert renewed(new, {"cases": (LINES, {"cores": 2})}) == new


def test_a_page_without_a_place_for_results_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        renewed("nothing here", {})


def test_each_table_in_the_documentation_is_the_one_of_the_figures_below_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    blocks = [each.partition("```")[0] for each in page.split("```json")[1:]]
    assert blocks
    for block in blocks:
        assert table([Figure(**line) for line in json.loads(block)]) in page


def test_what_can_be_measured_has_its_place_on_the_page() -> None:
    assert PARTS.keys() == MEASURED.keys()
