"""What the commands do for somebody who has lost a secret, and what they say of keys that nobody holds."""

import asyncio
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import delete

from core.access.tables import SharedKeyRow
from core.db import Database
from core.settings import Settings
from tests.jingshi.conftest import Terminal
from tests.jingshi.test_commands import add, real_home

__all__ = ["real_home"]

KEY = "intake:leading_group_office"
BOOKS = "register:leading_group_office"


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
            *(f"lost key   {key}: a holder grants it anew, or: jingshi keys recover" for key in (KEY, BOOKS)),
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
    assert answer.out.splitlines() == [
        "clerk has another key",
        f"holds key  {KEY}",
        f"holds key  {BOOKS}",
        "lost items 0",
    ]
    assert f"{KEY}     clerk" in jingshi("keys", "list").out


def test_the_list_of_keys_advises_no_command_that_cannot_be_given(jingshi: Terminal, real_home: Path) -> None:
    lines = {line.split()[0]: line for line in jingshi("keys", "list").out.splitlines()}
    assert lines["identity"].endswith("nobody: jingshi keys custodians")
    assert lines["audit"].endswith("nobody: jingshi keys grant")


def test_the_key_of_identities_is_shared_out_among_three_custodians(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("wang", "zhao", "sun"):
        add(jingshi, monkeypatch, name, "--role", "identity_custodian")
    refused = jingshi("keys", "custodians", "wang", "zhao", "--escrow", escrow_file)
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert jingshi("keys", "custodians", "wang", "zhao", "sun", "--escrow", escrow_file).code == 0
    lines = {line.split()[0]: line for line in jingshi("keys", "list").out.splitlines()}
    assert lines["identity"].endswith("sun, wang, zhao")


def test_a_purpose_that_an_older_home_does_not_know_gets_its_key_with_its_first_holder(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk")
    asyncio.run(forget_key(jingshi, BOOKS))
    assert BOOKS not in jingshi("keys", "list").out
    assert jingshi("keys", "grant", "--purpose", BOOKS, "--to", "clerk", "--escrow", escrow_file).code == 0
    assert f"{BOOKS}   clerk" in jingshi("keys", "list").out


async def forget_key(jingshi: Terminal, purpose: str) -> None:
    database = Database(Settings.from_environment(jingshi.environment).database_url)
    async with database.transaction() as session:
        await session.execute(delete(SharedKeyRow).where(SharedKeyRow.purpose == purpose))
    await database.dispose()
