"""What the figures of a round promise: whoever was left out, told too often or too fast is told as a miss."""

from typing import Any, Final

import pytest

from bench.rounds import Prompted, longest_run, prompting_figures

FOUND: Final[dict[str, Any]] = {
    "stations": 1_000,
    "people": 1_800,
    "kills": 20,
    "early": 7,
    "seed": 1,
    "unreached": 0,
    "left_out": 0,
    "copies": 2,
    "twice": 30,
    "doubled": 0,
    "most": 29,
    "refused": 0,
    "moments": [number / 26 for number in range(200)],
    "replies": [0.02, 0.9],
}


def missed(**changes: object) -> list[str]:
    lines = prompting_figures("SQLite", Prompted(**{**FOUND, **changes}))
    return [each.name.partition("kill -9: ")[2] for each in lines if each.met is False]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"unreached": 2}, []),
        ({"unreached": 2, "left_out": 1}, ["people left out"]),
        ({"copies": 3}, ["most copies of one prompt"]),
        ({"doubled": 1}, ["obligations and reminders doubled"]),
        ({"moments": [number / 24 for number in range(200)]}, ["sent"]),
        ({"most": 31}, ["most in any second"]),
        ({"refused": 1}, ["refused by the platform"]),
        ({"replies": [0.02, 1.0]}, ["slowest answer meanwhile"]),
    ],
)
def test_what_goes_wrong_in_a_round_is_told(changes: dict[str, object], expected: list[str]) -> None:
    assert missed(**changes) == expected


def test_the_pace_is_that_of_the_longest_run_without_a_pause() -> None:
    killed = [number / 26 for number in range(60)]
    last = [10 + number / 27 for number in range(100)]
    repeated = [40.0, 40.1]
    assert longest_run([*repeated, *last, *killed]) == last
    assert Prompted(**FOUND | {"moments": [*killed, *last, *repeated]}).rate == pytest.approx(27)
