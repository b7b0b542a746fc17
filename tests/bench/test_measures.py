"""What is measured of measures: answers that are answers, and terms counted as the threads have them."""

import json

import pytest

from bench import eligibility, terms
from bench.client import Answer


def test_a_question_that_was_not_answered_is_noticed() -> None:
    assert eligibility.require_answer(Answer(200, json.dumps({"answer": "blocked"}).encode())) == "blocked"
    with pytest.raises(ValueError, match="503"):
        eligibility.require_answer(Answer(503, b"{}"))


def test_the_slowest_of_a_hundred_answers_is_judged_beside_those_of_a_small_store() -> None:
    asked = eligibility.Questions(100_000, 1_000, [0.004] * 98 + [0.02] * 2, [0.003] * 100, blocked=50)
    lines = {each.name.rpartition(" ")[2]: each for each in eligibility.figures("SQLite", asked)}
    assert (lines["p50"].value, lines["p50"].target) == (4, None)
    assert (lines["p99"].value, lines["p99"].reference, lines["p99"].met) == (20, 3, False)


@pytest.mark.parametrize(("ended", "twice", "lost"), [(10, 0, 0), (10, 1, 0), (9, 0, 1)])
def test_a_term_that_was_ended_twice_or_lost_is_told(ended: int, twice: int, lost: int) -> None:
    found = terms.Carried(10, ended, {"term_ended": twice}, {"term_ended": lost}, reminding_s=1, ending_s=2)
    met = [each.met for each in terms.carrying_figures("SQLite", found) if each.target]
    assert met == [ended == 10, twice == 0, lost == 0]
