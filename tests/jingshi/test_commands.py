"""The commands of everyday: staff, keys, audit, doctor, backups, forms, officials, counts."""

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete

from core import drafts, registry
from core.app import App
from core.dialogue import REPORT
from core.sealing import load_process_keys, new_escrow
from core.settings import Settings
from core.stations.tables import Obligation, Round
from core.work import Clock, Reporter, System
from jingshi.worker import TICKS, turn
from tests.conftest import FixedClock
from tests.jingshi.conftest import Answer, Terminal, embedded

SECRETS = "a password of some length\na passphrase of some length\n"


@pytest.fixture
def real_home(jingshi: Terminal, escrow_file: Path, tmp_path: Path) -> Path:
    """A home that is not a demo: with its two bodies, and an upper level."""
    upper = new_escrow().recipient
    words = ["--escrow-out", escrow_file, "--upper-level-recipient", upper]
    assert jingshi("init", "--district", "某区", *words).code == 0
    return tmp_path / "home"


def add(jingshi: Terminal, monkeypatch: pytest.MonkeyPatch, username: str, *words: object) -> Answer:
    monkeypatch.setattr("sys.stdin", StringIO(SECRETS))
    unit = ["--unit", "leading_group_office", "--secrets-stdin"]
    return jingshi("staff", "add", username, "--name", "澹台听雨", *unit, *words)


def test_the_first_clerk_gets_the_intake_key_from_escrow(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk", "--escrow", escrow_file)
    assert added.code == 0, added.err
    assert "holds key  intake:leading_group_office" in added.out
    assert "otpauth://totp/" in added.out
    assert "a password" not in added.out + added.err
    listed = jingshi("staff", "list").out
    assert " ".join(listed.split()) == "clerk open 澹台听雨: intake_clerk in leading_group_office"
    assert "intake:leading_group_office     clerk" in jingshi("keys", "list").out


def test_a_second_holder_is_granted_the_key_by_escrow(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk")
    purpose = ["--purpose", "intake:leading_group_office"]
    assert jingshi("keys", "grant", *purpose, "--to", "clerk", "--escrow", escrow_file).code == 0
    foreign = jingshi("keys", "grant", "--purpose", "audit", "--to", "clerk", "--escrow", escrow_file)
    assert (foreign.code, foreign.err) == (1, "jingshi: not entitled (purpose audit)\n")
    assert jingshi("keys", "recover", "--to", "clerk", "--escrow", escrow_file).out == (
        "clerk holds intake:leading_group_office\nclerk holds register:leading_group_office\n"
    )


def test_an_escrow_key_of_another_house_gives_nothing(
    jingshi: Terminal, real_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk")
    assert jingshi("keys", "escrow", "new", tmp_path / "other.txt").out.startswith("age1")
    answer = jingshi("keys", "recover", "--to", "clerk", "--escrow", tmp_path / "other.txt")
    assert (answer.code, answer.err) == (1, "jingshi: escrow does not open\n")


@pytest.mark.parametrize("content", ["", "hello\n", "AGE-SECRET-KEY-1A\nAGE-SECRET-KEY-1B\n"])
@embedded
def test_a_file_that_holds_no_identity_is_one_clear_line(
    jingshi: Terminal, real_home: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "notes.txt").write_text(content)
    answer = jingshi("keys", "recover", "--to", "clerk", "--escrow", tmp_path / "notes.txt")
    assert answer.err == f"jingshi: {tmp_path / 'notes.txt'} does not hold an age identity (AGE-SECRET-KEY-1…)\n"


def test_roles_come_and_go_and_keys_with_them(
    jingshi: Terminal, real_home: Path, escrow_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk", "--escrow", escrow_file)
    post = ["--role", "supervisor", "--unit", "leading_group_office"]
    assert jingshi("staff", "appoint", "clerk", *post).code == 0
    assert jingshi("staff", "appoint", "clerk", *post).err == "jingshi: appointment overlaps\n"
    assert jingshi("staff", "end", "clerk", "--role", "intake_clerk", "--unit", "leading_group_office").code == 0
    assert "intake:leading_group_office     nobody" in jingshi("keys", "list").out
    nothing = jingshi("staff", "end", "clerk", "--role", "auditor", "--unit", "leading_group_office")
    assert nothing.err == "jingshi: appointment unknown\n"


@embedded
def test_totp_and_password_are_replaced_and_an_account_is_closed(
    jingshi: Terminal, real_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = add(jingshi, monkeypatch, "clerk", "--role", "intake_clerk").out.split()[3]
    second = jingshi("staff", "reset-totp", "clerk").out.split()[1]
    assert len(second) == 32
    assert first != second
    add(jingshi, monkeypatch, "other", "--role", "auditor")
    assert jingshi("staff", "disable", "clerk").code == 0
    assert "clerk                   closed" in jingshi("staff", "list").out


@embedded
def test_secrets_that_are_missing_or_too_short_make_no_account(
    jingshi: Terminal, real_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["staff", "add", "clerk", "--name", "某人", "--role", "auditor", "--unit", "leading_group_office"]
    for typed, said in (("only one line\n", "the passphrase is missing"), ("short\nshorter\n", "secret too short")):
        monkeypatch.setattr("sys.stdin", StringIO(typed))
        answer = jingshi(*words, "--secrets-stdin")
        assert answer.code == 1
        assert said in answer.err
    assert jingshi("staff", "list").out == ""


@embedded
def test_the_draft_key_is_renewed_but_not_twice_in_a_week(jingshi: Terminal, real_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "intake" / "draft.key"
    first = path.read_text()
    assert jingshi("keys", "rotate", "draft").code == 0
    assert path.read_text().splitlines()[1] == first.strip()
    again = jingshi("keys", "rotate", "draft")
    assert (again.code, len(again.lines)) == (1, 1)
    assert "less than 7 days ago" in again.err
    assert path.read_text().splitlines()[1] == first.strip()


async def a_record_lies(settings: Settings, *, signed: bool) -> None:
    """Let a station have a record of a round that has been open for a month."""
    app = App.for_process(settings, "desk")
    async with app.work(System("test"), "cli") as work:
        await work.session.execute(delete(Obligation))
        await work.session.execute(delete(Round))
        unit = await registry.add_unit(work, code=f"s{uuid4().hex}", kind="liaison_station", name="某站")
        opened = work.now() - timedelta(days=30)
        row = Round(id=uuid4(), quarter="2026Q3", due_on=date(2026, 9, 30), opened_at=opened)
        work.session.add(row)
        await work.session.flush()
        lies = Obligation(id=uuid4(), round_id=row.id, station_id=unit.id, state="draft", changed_at=opened)
        lies.sealed_draft = None if signed else b"sealed"
        work.session.add(lies)
    await app.close()


@embedded
def test_the_draft_key_is_not_renewed_twice_while_a_record_of_a_station_lies_unsigned(
    jingshi: Terminal, real_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "keys" / "intake" / "draft.key"
    assert jingshi("keys", "rotate", "draft").code == 0
    ten_days_ago = path.stat().st_mtime - 10 * 86_400
    os.utime(path, (ten_days_ago, ten_days_ago))
    settings = Settings.from_environment(jingshi.environment)
    asyncio.run(a_record_lies(settings, signed=False))
    refused = jingshi("keys", "rotate", "draft")
    assert (refused.code, len(refused.lines)) == (1, 1)
    assert "not signed yet" in refused.err
    asyncio.run(a_record_lies(settings, signed=True))
    assert jingshi("keys", "rotate", "draft").code == 0


async def a_draft_is_kept(settings: Settings, *, ttl: timedelta) -> None:
    """Let an entry lie in a chat that was last touched ten days ago."""
    app = App(
        settings, load_process_keys(settings.keys, "intake"), clock=FixedClock(Clock().now() - timedelta(days=10))
    )
    async with app.work(Reporter(), "liaison") as work:
        await drafts.drop(work, "liaison", "7013370009")
        await drafts.save(work, drafts.Draft("liaison", "7013370009"), {"what": "an entry"}, ttl=ttl)
    await app.close()


@embedded
@pytest.mark.parametrize("name", ["draft", "drafts-hmac"])
def test_no_secret_is_renewed_twice_while_a_draft_that_is_kept_for_long_needs_the_one_before(
    jingshi: Terminal, real_home: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "keys" / "intake" / f"{name}.key"
    assert jingshi("keys", "rotate", name).code == 0
    eight_days_ago = path.stat().st_mtime - 8 * 86_400
    os.utime(path, (eight_days_ago, eight_days_ago))
    settings = Settings.from_environment(jingshi.environment)
    asyncio.run(a_draft_is_kept(settings, ttl=timedelta(days=40)))
    refused = jingshi("keys", "rotate", name)
    assert (refused.code, len(refused.lines)) == (1, 1)
    assert "still kept" in refused.err
    asyncio.run(a_draft_is_kept(settings, ttl=timedelta(days=7)))
    assert jingshi("keys", "rotate", name).code == 0


async def chain(settings: Settings) -> None:
    app = App.for_process(settings, "worker")
    await turn(app, TICKS[0])
    await app.close()


def forge(database: Path) -> None:
    """Change who did what in the third entry, as somebody could who has the database."""
    with closing(sqlite3.connect(database)) as opened, opened:
        third = opened.execute("SELECT entry_id FROM audit_link WHERE seq = 3").fetchone()
        opened.execute("UPDATE audit_entry SET actor = 'nobody' WHERE id = ?", third)


@embedded
def test_audit_verify_names_the_first_broken_entry_also_in_a_copy(
    jingshi: Terminal, real_home: Path, tmp_path: Path
) -> None:
    asyncio.run(chain(Settings.from_environment(jingshi.environment)))
    assert "the trail is whole" in jingshi("audit", "verify").out
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes((real_home / "jingshi.sqlite3").read_bytes())
    forge(copy)
    assert jingshi("audit", "verify").code == 0
    broken = jingshi("audit", "verify", "--database-url", f"sqlite:///{copy}")
    assert broken.code == 1
    assert "BROKEN: changed: entry 3 " in broken.out


def levels(answer: Answer) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in json.loads(answer.out):
        found.setdefault(each["about"], set()).add(each["level"])
    return found


def test_doctor_finds_what_a_fresh_home_lacks(jingshi: Terminal, real_home: Path) -> None:
    answer = jingshi("doctor", "--json")
    assert answer.code == 1
    found = levels(answer)
    assert {name for name, seen in found.items() if "fail" in seen} == {"shared keys", "bodies"}
    assert {"backups", "audit head"} <= {name for name, seen in found.items() if "warn" in seen}
    for name in ("home", "key files", "escrow", "upper level", "database", "audit trail", "machine clock", "clock"):
        assert found[name] == {"ok"}


@embedded
def test_doctor_asks_for_a_new_head_in_a_real_home_alone(jingshi: Terminal, real_home: Path) -> None:
    heads = real_home / "audit-heads"
    heads.mkdir(exist_ok=True)
    (heads / "2020-01-01.json").touch()
    assert levels(jingshi("doctor", "--json"))["audit head"] == {"fail"}


@embedded
def test_doctor_lets_the_clock_of_a_demo_begin_anew(jingshi: Terminal, home: Path) -> None:
    heads = home / "audit-heads"
    heads.mkdir(exist_ok=True)
    (heads / "2020-01-01.json").touch()
    assert levels(jingshi("doctor", "--json"))["audit head"] == {"ok"}


@embedded
def test_doctor_sees_open_permissions_and_a_missing_database(
    jingshi: Terminal, real_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "keys" / "desk" / "totp.key").chmod(0o640)
    real_home.chmod(0o755)
    for path in real_home.glob("jingshi.sqlite3*"):
        path.unlink()
    found = levels(jingshi("doctor", "--json"))
    assert found["key files"] == found["home"] == found["database"] == {"fail"}
    assert "shared keys" not in found


@embedded
def test_doctor_is_content_with_a_backup_and_says_when_a_clock_is_moved(
    jingshi: Terminal, home: Path, tmp_path: Path
) -> None:
    moved = {"JINGSHI_NOW": "2026-10-01T09:00:00+08:00"}
    assert jingshi("backup", "--out", tmp_path / "b.age", **moved).code == 0
    found = levels(jingshi("doctor", "--json", **moved))
    assert found["backups"] == {"ok"}
    assert found["clock"] == found["calendar"] == {"warn"}
    assert levels(jingshi("doctor", "--json", JINGSHI_NOW="2026-09-30T09:00:00+08:00"))["calendar"] == {"ok"}


def test_a_home_is_backed_up_and_restored_by_the_commands(
    jingshi: Terminal, real_home: Path, escrow_file: Path, tmp_path: Path, second_url: str
) -> None:
    out = tmp_path / "b.age"
    assert "sealed to 1 keys" in jingshi("backup", "--out", out).out
    assert jingshi("backup", "--out", out).err == f"jingshi: {out} exists and is not overwritten\n"
    refused = jingshi("restore", out, "--identity", escrow_file)
    assert (refused.code, "is not empty" in refused.err) == (1, True)
    real_home.rename(tmp_path / "lost")
    back = jingshi("restore", out, "--identity", escrow_file, JINGSHI_DATABASE_URL=second_url)
    assert back.code == 0, back.err
    assert "0 items destroyed again" in back.out
    assert jingshi("keys", "fingerprints", JINGSHI_DATABASE_URL=second_url).code == 0


@embedded
def test_a_backup_that_cannot_be_written_is_one_clear_line(jingshi: Terminal, real_home: Path, tmp_path: Path) -> None:
    answer = jingshi("backup", "--out", tmp_path / "no" / "such" / "folder" / "b.age")
    assert (answer.code, len(answer.lines)) == (1, 1)
    assert jingshi("backup", "--prune", tmp_path).out == ""


@embedded
def test_forms_and_rules_are_checked(jingshi: Terminal, tmp_path: Path) -> None:
    assert jingshi("forms", "check", REPORT).code == 0
    (tmp_path / "form.md").write_text("| survey |\n")
    assert jingshi("forms", "check", tmp_path / "form.md").code == 1
    (tmp_path / "cases.json").write_text("{}")
    assert jingshi("rules", "check", tmp_path / "cases.json").code == 2


def test_officials_are_imported_whole_or_not_at_all(jingshi: Terminal, real_home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "officials.csv"
    empty.write_text("")
    answer = jingshi("officials", "import", empty)
    assert answer.code == 1
    assert answer.err.startswith(f"jingshi: {empty}: ")
    assert "import." not in answer.err


def test_counts_are_exported_without_small_cells(jingshi: Terminal, real_home: Path) -> None:
    assert jingshi("export").out == "month,channel,count\n"
    assert json.loads(jingshi("export", "--format", "json").out) == []
