"""How much of a case a receipt tells, and what may not stand in a feedback."""

import pytest

from core.cases.rules.feedback import withheld
from core.cases.rules.lifecycle import CASE_STATES, CASE_TRANSITIONS
from core.cases.rules.stages import Stage, stage_of
from core.policy.profile import SEED

TERMS = SEED.names("feedback_withheld")
PLAIN = "您反映的事已经核实，属实的部分已经按规定处理，谢谢您的监督。"


def test_every_state_of_a_case_but_the_first_has_a_stage() -> None:
    assert [state for state in CASE_STATES if stage_of(state) is None] == ["opened"]


def test_a_receipt_goes_back_only_where_a_case_is_taken_up_anew_and_never_to_having_no_stage() -> None:
    order = [None, *Stage]
    back = {
        row.name
        for row in CASE_TRANSITIONS
        for source in row.sources
        if source and order.index(stage_of(row.target)) < order.index(stage_of(source))
    }
    assert back == {"T21"}


def test_ends_that_differ_in_what_they_say_of_the_person_read_the_same() -> None:
    ends = ("confirmed", "referred_discipline", "closed_unfounded", "closed_not_established", "closed_malicious")
    assert {stage_of(state) for state in ends} == {Stage.CONCLUDED}


@pytest.mark.parametrize(
    "text",
    [
        "已给予其诫勉。",
        "已给予其诫 勉。",
        "给予诫\u200b勉",
        "处 分",
        "He got an ADMONITION.",
        "a letter  of inquiry went out",
    ],
)
def test_a_measure_is_found_however_it_is_written(text: str) -> None:
    assert withheld(text, TERMS) is not None


def test_what_may_be_told_passes() -> None:
    assert withheld(PLAIN, TERMS) is None
    assert withheld("It was looked into, and what was right in it has been dealt with.", TERMS) is None
    assert withheld("anything", ["", "  "]) is None
