"""The clerk at the desk's pages, where secrets travel in forms and cookies."""

import re
from typing import Final

import httpx
import pyotp

from core.access.totp import real_now
from tests.leaks.house import CLERK, House
from tests.leaks.planted import PLANTED, SOURCE, words
from tests.leaks.resident import headers

_CSRF: Final = re.compile(r'name="csrf" value="([0-9a-f]+)"')
_SEEN: Final = re.compile(r'name="seen" value="([^"]+)"')
_OPENING: Final = re.compile(r"opening=([0-9a-f-]{36})")


def sit_down(house: House, totp_secret: str, item: str) -> None:
    """Sign in and unlock, each at the second try; open an item, look a reply over, and send it too late."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{house.port + 1}/console",
        headers={**headers(), "sec-fetch-site": "same-origin"},
        transport=httpx.HTTPTransport(local_address=SOURCE),
        follow_redirects=True,
        timeout=30,
    ) as web:
        _come_in(web, pyotp.TOTP(totp_secret).at(real_now(), counter_offset=1))  # that of now was used at the interface
        page = f"/items/{item}"
        csrf = {"csrf": _field(_CSRF, web.get(page))}
        opened = web.post(f"{page}/open", data={**csrf, "why": "other", "note": words("reason")})
        assert words("report: facts") in opened.text
        told = {"kind": "answer", "once": words("idempotency key"), "seen": _field(_SEEN, opened)}
        reply = {**csrf, **told, "opening": _field(_OPENING, str(opened.url)), "text": words("answer")}
        assert words("answer") in web.post(f"{page}/reply", data=reply).text
        assert web.post(f"{page}/reply/send", data={**reply, "seen": "long ago"}).status_code == 412


def _come_in(web: httpx.Client, code: str) -> None:
    given = {"username": CLERK, "totp": code}
    web.post("/sign-in", data={**given, "password": words("wrong password")})
    entered = web.post("/sign-in", data={**given, "password": words("password")})
    PLANTED["session of the pages"] = web.cookies["jingshi_desk"]
    csrf = {"csrf": _field(_CSRF, entered)}
    PLANTED["word of the forms"] = csrf["csrf"]
    web.post("/unlock", data={**csrf, "passphrase": words("wrong passphrase")})
    assert web.post("/unlock", data={**csrf, "passphrase": words("passphrase")}).status_code == 200


def _field(pattern: re.Pattern[str], page: httpx.Response | str) -> str:
    found = pattern.search(page if isinstance(page, str) else page.text)
    assert found is not None
    return found[1]
