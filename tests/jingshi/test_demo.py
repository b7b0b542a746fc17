"""What ``jingshi demo`` says before it serves; the district itself is tested beside this."""

from pathlib import Path

import pytest

from tests.jingshi.conftest import Processes, embedded

TOKEN, SERVER = "123456:planted-ABC_def", "http://127.0.0.1:8081"


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    """A folder that the command takes for a demo home that is there already."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "demo-home").touch()
    (home / "accounts.json").write_text("[]")
    return home


@embedded
def test_the_addresses_of_a_demo_name_the_bot_when_it_is_on(processes: Processes, laid: Path) -> None:
    assert "bot" not in processes.run("demo", "--fill-only").out
    polling = processes.run("demo", "--fill-only", JINGSHI_INFORMANT_TOKEN=TOKEN, JINGSHI_TELEGRAM_API=SERVER)
    assert f"informant bot   by long polling, of {SERVER}\n" in polling.out
    hooked = processes.run("demo", "--fill-only", JINGSHI_INFORMANT_TOKEN=TOKEN, JINGSHI_PUBLIC_URL=SERVER)
    assert f"informant bot   by {SERVER}/telegram/informant, of https://api.telegram.org\n" in hooked.out
    assert "planted" not in polling.out + polling.err + hooked.out + hooked.err
