"""What the environment may say, and what is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.settings import TELEGRAM_API, Settings

TOKEN = "123456:planted-ABC_def"


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
        "JINGSHI_INFORMANT_TOKEN": TOKEN,
        "JINGSHI_LIAISON_TOKEN": "43:other",
        "JINGSHI_LIAISON_NAME": "@jingshi_liaison_bot",
        "JINGSHI_STATIONS_PHONE": " 025-8888 0000  转 12 ",
        "JINGSHI_TELEGRAM_API": "http://127.0.0.1:8081/",
        "PORT": "9000",
    }
    settings = Settings.from_environment(told)
    assert (settings.home, settings.keys, settings.database_url) == (Path("/h"), Path("/k"), "postgresql://x/y")
    assert (settings.public_port, settings.staff_port, settings.secure_cookies) == (9000, 9001, True)
    assert settings.now is not None
    assert settings.now.utcoffset() == timedelta(hours=8)
    assert (settings.informant_token, settings.liaison_token) == (TOKEN, "43:other")
    assert (settings.liaison_name, settings.stations_phone) == ("jingshi_liaison_bot", "025-8888 0000 转 12")
    assert (settings.telegram_api, settings.public_url) == ("http://127.0.0.1:8081", "https://example.invalid")


@pytest.mark.parametrize("port", ["", "0", "65535", "80a", "-1", "８０"])
def test_a_port_that_is_none_is_refused_in_one_line(port: str) -> None:
    with pytest.raises(Misconfigured, match="PORT"):
        Settings.from_environment({"PORT": port})


@pytest.mark.parametrize("number", ["ask at the office", "12", "８８８８００００", "025-8888 0000\x07", "1" * 40])
def test_a_telephone_number_that_is_none_is_refused_in_one_line(number: str) -> None:
    with pytest.raises(Misconfigured, match="JINGSHI_STATIONS_PHONE"):
        Settings.from_environment({"JINGSHI_STATIONS_PHONE": number})


@pytest.mark.parametrize("name", ["bot", "联络员机器人", "a/../b?start=x", "1bots", "b" * 33])
def test_a_name_that_no_bot_can_have_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(Misconfigured, match="JINGSHI_LIAISON_NAME"):
        Settings.from_environment({"JINGSHI_LIAISON_NAME": name})


@pytest.mark.parametrize("now", ["yesterday", "2026-09-30", "2026-09-30T09:00:00", "2026-13-01T00:00:00+08:00"])
def test_a_moment_that_is_none_is_refused_in_one_line(now: str) -> None:
    with pytest.raises(Misconfigured, match="JINGSHI_NOW"):
        Settings.from_environment({"JINGSHI_NOW": now})


def test_without_tokens_both_bots_are_off_and_the_platform_is_the_official_one() -> None:
    settings = Settings.from_environment({"JINGSHI_INFORMANT_TOKEN": ""})
    assert settings.informant_token is settings.liaison_token is None
    assert settings.telegram_api == TELEGRAM_API
    assert settings.webhook("informant") is None


def test_a_public_url_makes_webhooks_under_it() -> None:
    settings = Settings.from_environment({"JINGSHI_PUBLIC_URL": "https://example.invalid/house/"})
    assert settings.webhook("informant") == "https://example.invalid/house/telegram/informant"


def test_a_house_with_a_public_url_may_poll_and_keeps_its_secure_cookies() -> None:
    told = {"JINGSHI_PUBLIC_URL": "https://example.invalid", "JINGSHI_POLLING": "1"}
    settings = Settings.from_environment(told)
    assert (settings.webhook("liaison"), settings.secure_cookies) == (None, True)
    assert Settings.from_environment({**told, "JINGSHI_POLLING": "0"}).webhook("liaison") is not None
    with pytest.raises(Misconfigured, match="JINGSHI_POLLING must be 1 or 0, not 'yes'"):
        Settings.from_environment({**told, "JINGSHI_POLLING": "yes"})


def test_settings_that_are_printed_show_no_token() -> None:
    settings = Settings.from_environment({"JINGSHI_INFORMANT_TOKEN": TOKEN, "JINGSHI_LIAISON_TOKEN": TOKEN})
    assert "planted" not in f"{settings!r} {settings}"


@pytest.mark.parametrize("name", ["JINGSHI_INFORMANT_TOKEN", "JINGSHI_LIAISON_TOKEN"])
@pytest.mark.parametrize(
    "token", ["planted", "planted:42", "42:", f"{TOKEN}\n", f" {TOKEN}", f'"{TOKEN}"', "４２:planted"]
)
def test_a_token_that_is_none_is_refused_in_one_line_that_does_not_show_it(name: str, token: str) -> None:
    with pytest.raises(Misconfigured, match=name) as refused:
        Settings.from_environment({name: token})
    assert "planted" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["JINGSHI_PUBLIC_URL", "JINGSHI_TELEGRAM_API"])
@pytest.mark.parametrize(
    "url",
    [
        "example.invalid",
        "ftp://example.invalid",
        "https://",
        "https://me:planted@example.invalid",
        "https://example.invalid/?planted",
        "https://example.invalid/#planted",
        "https://example.invalid:port",
        "https://example.invalid:0",
        "https://[::1",
        "https://example .invalid",
        "https://example.invalid\n",
        "http://example.invalid",
        "http://127.0.0.1.example.invalid",
        "http://192.168.0.2:8081",
    ],
)
def test_a_url_that_is_none_or_would_travel_in_clear_is_refused_in_one_line(name: str, url: str) -> None:
    with pytest.raises(Misconfigured, match=name) as refused:
        Settings.from_environment({name: url})
    assert "planted" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8081", "http://localhost:8081", "http://[::1]:8081"])
def test_a_server_on_this_machine_may_be_spoken_to_in_clear(url: str) -> None:
    settings = Settings.from_environment({"JINGSHI_TELEGRAM_API": url, "JINGSHI_PUBLIC_URL": url})
    assert (settings.telegram_api, settings.public_url) == (url, url)


def test_an_onion_address_needs_no_certificate() -> None:
    url = f"http://{'a' * 56}.onion"
    assert Settings.from_environment({"JINGSHI_PUBLIC_URL": url}).public_url == url
