"""Who accepts a channel abroad is recorded by a command, and shown by it and by the doctor."""

import json
from collections.abc import Sequence

import pytest

from tests.jingshi.conftest import Terminal, embedded
from tests.jingshi.test_commands import real_home

__all__ = ["real_home"]

TOKEN = "123456:planted-ABC_def"
BY, ASSESSMENT = "闾丘知微，区委办公室主任", "影响评估（虚构〔2026〕3号）"
ACCEPT = ("channels", "accept", "telegram", "--by", BY, "--assessment", ASSESSMENT)


def test_a_channel_is_accepted_listed_and_ended(jingshi: Terminal, real_home: object) -> None:
    assert jingshi("channels", "list").out == ""
    assert jingshi(*ACCEPT).out == "telegram is accepted; restart intake and worker\n"
    assert jingshi(*ACCEPT).err == "jingshi: channel already accepted\n"
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


def said(jingshi: Terminal, **environment: str) -> dict[str, list[tuple[str, str]]]:
    """What the doctor says of each thing: level and text."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in json.loads(jingshi("doctor", "--json", **environment).out):
        found.setdefault(each["about"], []).append((each["level"], each["text"]))
    return found


@embedded
def test_doctor_says_why_a_bot_is_off(jingshi: Terminal, real_home: object) -> None:
    found = said(jingshi)
    assert found["informant bot"] == [("ok", "off: this environment has no JINGSHI_INFORMANT_TOKEN")]
    assert found["liaison bot"] == [("ok", "off: this environment has no JINGSHI_LIAISON_TOKEN")]
    assert found["channels"] == [("ok", "no channel abroad is accepted")]
    assert (found["outbox"], found["jobs"]) == ([("ok", "empty")], [("ok", "none failed")])
    ((level, text),) = said(jingshi, JINGSHI_INFORMANT_TOKEN=TOKEN)["informant bot"]
    assert (level, text.startswith("off: ")) == ("warn", True)
    assert text.endswith("run: jingshi channels accept telegram")
    assert said(jingshi, JINGSHI_LIAISON_TOKEN=TOKEN)["liaison bot"][0][0] == "warn"


@embedded
def test_doctor_says_how_a_bot_gets_its_messages_and_who_answers_for_the_channel(
    jingshi: Terminal, real_home: object
) -> None:
    assert jingshi(*ACCEPT).code == 0
    found = said(jingshi, JINGSHI_INFORMANT_TOKEN=TOKEN)
    assert found["informant bot"] == [("ok", "on, by long polling")]
    ((level, text),) = found["channels"]
    assert (level, BY in text, ASSESSMENT in text) == ("ok", True, True)
    public = {"JINGSHI_INFORMANT_TOKEN": TOKEN, "JINGSHI_PUBLIC_URL": "https://report.example.invalid"}
    hook = "https://report.example.invalid/telegram/informant"
    assert said(jingshi, **public)["informant bot"] == [("ok", f"on, by webhook at {hook}")]
    assert said(jingshi, JINGSHI_LIAISON_TOKEN=TOKEN)["liaison bot"] == [("ok", "on, by long polling")]


@embedded
def test_a_server_on_this_machine_needs_the_acceptance_too(jingshi: Terminal, real_home: object) -> None:
    near = {"JINGSHI_INFORMANT_TOKEN": TOKEN, "JINGSHI_TELEGRAM_API": "http://127.0.0.1:8081"}
    ((level, text),) = said(jingshi, **near)["informant bot"]
    assert (level, text.startswith("off: ")) == ("warn", True)


@embedded
def test_in_a_demo_a_bot_is_on_without_an_acceptance(jingshi: Terminal, home: object) -> None:
    assert said(jingshi, JINGSHI_INFORMANT_TOKEN=TOKEN)["informant bot"] == [("ok", "on, by long polling")]


@embedded
def test_no_command_shows_a_token(jingshi: Terminal, real_home: object) -> None:
    for token in (TOKEN, f"{TOKEN} "):
        answer = jingshi("doctor", JINGSHI_INFORMANT_TOKEN=token, JINGSHI_LIAISON_TOKEN=token)
        assert "planted" not in answer.out + answer.err
        assert len(answer.lines) == (token != TOKEN)
