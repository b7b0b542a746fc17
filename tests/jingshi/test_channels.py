"""Who accepts a channel abroad is recorded by a command, and shown by it and by the doctor."""

from collections.abc import Sequence

import pytest

from tests.jingshi.conftest import Terminal, embedded
from tests.jingshi.test_commands import real_home

__all__ = ["real_home"]

BY, ASSESSMENT = "闾丘知微，区委办公室主任", "影响评估（虚构〔2026〕3号）"
ACCEPT = ("channels", "accept", "telegram", "--by", BY, "--assessment", ASSESSMENT)


def test_a_channel_is_accepted_listed_and_ended(jingshi: Terminal, real_home: object) -> None:
    assert jingshi("channels", "list").out == ""
    assert jingshi(*ACCEPT).out == "telegram is accepted; restart intake and worker\n"
    assert jingshi(*ACCEPT).err == "jingshi: channel accepted\n"
    channel, _day, until, *rest = jingshi("channels", "list").out.rstrip("\n").split("\t")
    assert (channel, until, rest) == ("telegram", "holds", [BY, ASSESSMENT])
    assert jingshi("channels", "end", "telegram").code == 0
    _, since, until, *_ = jingshi("channels", "list").out.split("\t")
    assert since == until
    assert jingshi("channels", "end", "telegram").err == "jingshi: channel not accepted\n"


@pytest.mark.parametrize("words", [ACCEPT[:3], ACCEPT[:5], ("channels", "accept", "pigeon", *ACCEPT[3:])])
@embedded
def test_who_answers_for_what_on_what_ground_must_be_said(
    jingshi: Terminal, real_home: object, words: Sequence[str]
) -> None:
    answer = jingshi(*words)
    assert (answer.code, len(answer.lines)) == (2, 1)
    assert jingshi("channels", "list").out == ""
