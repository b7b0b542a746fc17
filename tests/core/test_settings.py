"""What the environment may say, and what is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.settings import Settings


def test_an_empty_environment_means_the_embedded_default() -> None:
    settings = Settings.from_environment({})
    assert settings.home == Path("var").absolute()
    assert settings.keys == Path("var-keys").absolute()
    assert settings.database_url.endswith("/var/jingshi.sqlite3")
    assert (settings.public_port, settings.staff_port, settings.now) == (8000, 8001, None)


def test_the_keys_lie_beside_the_home_and_never_in_it() -> None:
    settings = Settings.from_environment({"JINGSHI_HOME": "/srv/jingshi"})
    assert settings.keys == Path("/srv/jingshi-keys")
    assert settings.home not in settings.keys.parents


def test_every_variable_is_heard() -> None:
    told = {
        "JINGSHI_HOME": "/h",
        "JINGSHI_KEYS": "/k",
        "JINGSHI_DATABASE_URL": "postgresql://x/y",
        "JINGSHI_NOW": "2026-09-30T09:00:00+08:00",
        "JINGSHI_PUBLIC_URL": "https://example.invalid",
        "PORT": "9000",
    }
    settings = Settings.from_environment(told)
    assert (settings.home, settings.keys, settings.database_url) == (Path("/h"), Path("/k"), "postgresql://x/y")
    assert (settings.public_port, settings.staff_port, settings.secure_cookies) == (9000, 9001, True)
    assert settings.now is not None
    assert settings.now.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("port", ["", "0", "65535", "80a", "-1", "８０"])
def test_a_port_that_is_none_is_refused_in_one_line(port: str) -> None:
    with pytest.raises(Misconfigured, match="PORT"):
        Settings.from_environment({"PORT": port})


@pytest.mark.parametrize("now", ["yesterday", "2026-09-30", "2026-09-30T09:00:00", "2026-13-01T00:00:00+08:00"])
def test_a_moment_that_is_none_is_refused_in_one_line(now: str) -> None:
    with pytest.raises(Misconfigured, match="JINGSHI_NOW"):
        Settings.from_environment({"JINGSHI_NOW": now})
