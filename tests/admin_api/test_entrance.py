"""The way in and out of the console, and what keeps others out."""

from dataclasses import replace

import pytest

from core.app import App
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import form_of
from tests.builders import Member, a_clerk, a_member, sign_in


async def test_signing_in_leads_by_the_passphrase_to_the_page_asked_for(desk: App, browse: Connect) -> None:
    member = await a_member(desk, "intake_clerk")
    browser = browse(member)
    away = await browser.get("/console/units")
    assert (away.status_code, away.headers["location"]) == (303, "/console/sign-in?next=%2Fconsole%2Funits")
    form = form_of(await browser.get(away.headers["location"]), "/console/sign-in")
    given = {**form, "username": member.username, "password": member.password, "totp": member.code()}
    signed = await browser.post("/console/sign-in", data=given)
    cookie = signed.headers["set-cookie"]
    assert all(part in cookie for part in ("jingshi_desk=js_", "HttpOnly", "SameSite=strict", "Path=/"))
    unlock = await browser.get(signed.headers["location"])
    assert "The password shows who you are" in unlock.text
    form = form_of(unlock, "/console/unlock")
    assert form["next"] == "/console/units"
    done = await browser.post("/console/unlock", data={**form, "passphrase": member.passphrase})
    assert done.headers["location"] == "/console/units"
    assert "Key unlocked" in (await browser.get("/console/units")).text


async def test_a_wrong_code_shows_the_form_again_with_the_name_kept_and_no_secret(desk: App, browse: Connect) -> None:
    member = await a_member(desk, "intake_clerk")
    given = {"username": member.username, "password": member.password, "totp": "000000"}
    again = await browse(member).post("/console/sign-in", data=given)
    assert again.status_code == 401
    assert member.username in again.text
    assert member.password not in again.text
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("onward", ["https://elsewhere.test/", "//elsewhere.test", "/consoles", "/console/\\elsewhere"])
async def test_no_form_leads_out_of_the_house(desk: App, browse: Connect, onward: str) -> None:
    page = await browse(await a_member(desk)).get("/console/sign-in", params={"next": onward})
    assert form_of(page, "/console/sign-in")["next"] == "/console"


async def test_a_wrong_passphrase_asks_again(desk: App, browse: Connect) -> None:
    browser = browse(await sign_in(desk, await a_member(desk, "intake_clerk"), unlocked=False))
    form = form_of(await browser.get("/console/unlock"), "/console/unlock")
    again = await browser.post("/console/unlock", data={**form, "passphrase": "not this one"})
    assert (again.status_code, "The passphrase is wrong" in again.text) == (422, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "http://x.test"},
    ],
)
async def test_another_site_changes_nothing(clerk: Member, browse: Connect, headers: dict[str, str]) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console"), "/console/sign-out")
    refused = await browser.post("/console/sign-out", data=form, headers=headers)
    assert refused.status_code == 403
    assert (await browser.get("/console")).status_code == 200


async def test_a_form_of_another_session_changes_nothing(desk: App, clerk: Member, browse: Connect) -> None:
    form = form_of(await browse(await a_clerk(desk)).get("/console"), "/console/sign-out")
    browser = browse(clerk)
    for token in (form["csrf"], "", "é"):
        assert (await browser.post("/console/sign-out", data={"csrf": token})).status_code == 403
    assert (await browser.get("/console")).status_code == 200


async def test_signing_out_ends_the_session(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console"), "/console/sign-out")
    assert (await browser.post("/console/sign-out", data=form)).headers["location"] == "/console/sign-in"
    stolen = browse(clerk)
    assert (await stolen.get("/console")).headers["location"].startswith("/console/sign-in")


@pytest.mark.parametrize("word", ["35", "6e756c6c", "5b5d", "zz", b'["\\ud800", "done", {}]'.hex()])
async def test_a_notice_that_is_none_of_ours_is_not_shown(desk: App, clerk: Member, browse: Connect, word: str) -> None:
    browser = browse(clerk)
    browser.cookies.set("jingshi_said", word)
    assert (await browser.get("/console/account")).status_code == 200


async def test_the_page_asked_for_goes_on_whole(desk: App, browse: Connect) -> None:
    member = await a_member(desk, "intake_clerk")
    given = {"username": member.username, "password": member.password, "totp": member.code()}
    signed = await browse(member).post("/console/sign-in", data={**given, "next": "/console/units?a=1&next=/x#y"})
    assert signed.headers["location"] == "/console/unlock?next=%2Fconsole%2Funits%3Fa%3D1%26next%3D%2Fx%23y"


async def test_under_tls_the_session_cookie_is_bound_to_this_host(desk: App, browse: Connect) -> None:
    desk.settings = replace(desk.settings, secure_cookies=True)
    member = await a_member(desk, "intake_clerk")
    given = {"username": member.username, "password": member.password, "totp": member.code()}
    cookie = (await browse(member).post("/console/sign-in", data=given)).headers["set-cookie"]
    assert cookie.startswith("__Host-jingshi_desk=js_")
    assert all(part in cookie for part in ("Secure", "Path=/"))
    assert "Domain" not in cookie
    secret = cookie.partition("=")[2].partition(";")[0]
    browser = browse(member)
    shown = await browser.get("/console/unlock", headers={"cookie": f"__Host-jingshi_desk={secret}"})
    planted = await browser.get("/console/unlock", headers={"cookie": f"jingshi_desk={secret}"})
    assert (shown.status_code, planted.status_code) == (200, 303)
