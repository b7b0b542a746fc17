"""What the figures of the benchmark promise: right numbers, an honest table, files of the agreed shape."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import __main__ as bench
from bench import figures, holding, speed
from bench.client import Run
from bench.figures import Figure, Target, as_json, figure, percentile, table

SAMPLES = st.lists(st.floats(0, 1e6), min_size=1)


def a_round(*latencies: float, seconds: float = 1.0) -> speed.Round:
    run = Run(list(latencies), dict.fromkeys(range(len(latencies)), b""), seconds=seconds, client_cpu=0.01)
    return speed.Round(run, cpu=0.5, rss=100.0)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_a_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


@given(SAMPLES, st.floats(0, 1))
def test_a_percentile_is_a_sample_that_the_share_does_not_exceed(samples: list[float], share: float) -> None:
    found = percentile(samples, share)
    assert found in samples
    assert sum(sample <= found for sample in samples) >= share * len(samples)


def test_no_samples_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target("≥", 100), 100, True),
        (Target("≥", 100), 99.9, False),
        (Target("<", 250), 250, False),
        (Target("<", 250), 249, True),
        (Target("≤", 30), 30, True),
        (Target("≤", 30), 31, False),
        (Target("=", 0), 0, True),
        (Target("=", 0), 1, False),
    ],
)
def test_a_target_is_met_or_said_to_be_missed(target: Target, value: float, met: bool) -> None:  # noqa: FBT001 - a column of the table
    found = figure("x", value, "ms", target=target)
    assert found.met is met
    assert ("| yes |" if met else "| no ") in table([found])


def test_the_table_shows_three_digits_and_no_powers_of_ten() -> None:
    shown = table([Figure("a", 0.000123456, "s", reference=12345.678), Figure("b", 1.5, "s"), Figure("c", 0, "s")])
    assert [line.split("|")[2].strip() for line in shown.splitlines()[2:]] == ["0.000123", "1.50", "0"]
    assert "12,346" in shown
    assert len({len(line) for line in shown.splitlines()}) == 1


def test_rounds_are_compared_pair_by_pair() -> None:
    found = speed.Rounds(16, [a_round(0.1, 0.1), a_round(0.1, 0.1, seconds=0.5)], [a_round(0.2), a_round(0.3)])
    lines = {each.name.partition(": ")[2]: each for each in speed.figures("SQLite", found)}
    assert (lines["reports"].value, lines["reports"].reference) == (1.0, 2.0)
    assert lines["reports"].met is False
    assert lines["share of the reference's rate"].value == 0.25
    assert (lines["p99"].value, lines["p99"].reference, lines["p99"].met) == (300.0, 100.0, False)
    assert lines["CPU of intake"].value == 0.5


def test_a_receipt_given_twice_is_noticed() -> None:
    page = b"<p id=receipt>000-000-000-000-000-000-000</p>"
    twice = speed.Round(Run([0.1, 0.1], {0: page, 1: page}), 0, 0)
    with pytest.raises(ValueError, match="one receipt"):
        speed.require_receipts([speed.Rounds(1, [], [twice])])


def test_what_was_accepted_and_is_not_read_is_lost() -> None:
    lines = list(holding.loss_figures("SQLite", holding.Loss(2_000, 1_990, 10, 0, 1_989)))
    assert (lines[-1].value, lines[-1].target, lines[-1].met) == (1, "= 0", False)


@pytest.mark.parametrize("plan", [bench.FULL, bench.QUICK])
def test_either_plan_measures_the_same_concurrencies_and_names_how_much_it_did(plan: bench.Plan) -> None:
    assert list(plan.reports) == [1, 16, 64]
    (growth,) = holding.growth_figures("SQLite", *plan.growth, (100.0, 101.0))
    assert f"report {plan.growth[0]:,} to {plan.growth[1]:,}" in growth.name
    lines = list(holding.loss_figures("SQLite", holding.Loss(plan.killed, plan.killed, 0, 0, plan.killed)))
    assert all(f"of {plan.killed:,}" in line.name for line in lines)


def test_the_results_are_a_list_of_six_named_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    lines = [figure("a", 1.5, "ms", reference=1.0, target=Target("<", 2)), figure("b", 3, "MiB")]
    figures.write("cases", lines, {"plan": {}})
    written = json.loads((tmp_path / "results" / "cases.json").read_text(encoding="utf-8"))
    assert written == as_json(lines)
    assert [list(line) for line in written] == [["name", "value", "unit", "reference", "target", "met"]] * 2
    assert json.loads((tmp_path / "results" / "cases.raw.json").read_text(encoding="utf-8")) == {"plan": {}}
