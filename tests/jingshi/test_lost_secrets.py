"""What the commands do for somebody who has lost a secret, and what they say of keys that nobody holds."""

from io import StringIO
from pathlib import Path

import pytest

from tests.jingshi.conftest import Terminal
from tests.jingshi.test_commands import add, real_home

__all__ = ["real_home"]

KEY = "intake:leading_group_office"


def test_another_key_says_what_must_be_granted_anew(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk", "--escrow", escrow_file)
    monkeypatch.setattr("sys.stdin", StringIO("another passphrase of some length\n"))
    answer = jingshi("staff", "new-key", "clerk", "--secrets-stdin")
    assert (answer.code, answer.out.splitlines()) == (
        0,
        [
            "clerk has another key",
            f"lost key   {KEY}: a holder grants it anew, or: jingshi keys recover",
            "lost items 0",
        ],
    )
    assert f"{KEY}     nobody: jingshi keys grant" in jingshi("keys", "list").out


def test_with_the_escrow_key_the_shared_keys_come_back_at_once(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk", "--escrow", escrow_file)
    monkeypatch.setattr("sys.stdin", StringIO("another passphrase of some length\n"))
    answer = jingshi("staff", "new-key", "clerk", "--secrets-stdin", "--escrow", escrow_file)
    assert answer.out.splitlines() == ["clerk has another key", f"holds key  {KEY}", "lost items 0"]
    assert f"{KEY}     clerk" in jingshi("keys", "list").out


def test_the_list_of_keys_advises_no_command_that_cannot_be_given(jingshi: Terminal, real_home: Path) -> None:
    lines = {line.split()[0]: line for line in jingshi("keys", "list").out.splitlines()}
    assert lines["identity"].split(maxsplit=1)[1] == (
        "nobody yet: escrow holds it; its holders, the custodians, come with the opening of identities"
    )
    assert lines["audit"].endswith("nobody: jingshi keys grant")
