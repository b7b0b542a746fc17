"""A clerk at the desk's interface, who has planted words in everything that staff can send, and errs like anybody."""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final, Self

import httpx
import pyotp

from core.access.totp import real_now
from tests.leaks.house import CLERK, House
from tests.leaks.planted import PLANTED, SOURCE, words
from tests.leaks.resident import headers

_numbers: Final = count()


class Clerk:
    """The intake clerk of the office."""

    def __init__(self, house: House, totp_secret: str) -> None:
        self.web = httpx.Client(
            base_url=f"http://127.0.0.1:{house.port + 1}/api/v1",
            headers=headers(),
            transport=httpx.HTTPTransport(local_address=SOURCE),
            timeout=30,
        )
        self._code = pyotp.TOTP(totp_secret).at(real_now())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.web.close()

    def err_at_the_door(self) -> None:
        """Sign in with everything wrong that can be."""
        wrong = f"{(int(self._code) + 1) % 1_000_000:06}"
        assert self._sign_in(CLERK, words("wrong password"), self._code).status_code == 401
        assert self._sign_in(CLERK, words("password"), wrong).status_code == 401
        assert self._sign_in(words("password as user name"), words("wrong password"), self._code).status_code == 401
        assert self.web.post("/sessions", content=f'{{"password": "{words("password")}"').status_code == 422
        mistaken = {"user": CLERK, "password": words("password"), "passphrase": [words("passphrase")]}
        assert self.web.post("/sessions", json=mistaken).status_code == 422
        assert self.web.get("/items", headers={"authorization": f"Bearer {words('wrong password')}"}).status_code == 401

    def enter(self) -> None:
        """Sign in, and unlock the key at the second try."""
        begun = self._sign_in(CLERK, words("password"), self._code)
        assert begun.status_code == 201, begun.text
        PLANTED["session"] = begun.json()["token"]
        self.web.headers["authorization"] = f"Bearer {begun.json()['token']}"
        assert self.web.post("/session/unlock", json={"passphrase": words("wrong passphrase")}).status_code == 422
        assert self.web.post("/session/unlock", json={"passphrase": words("passphrase")}).status_code == 204

    def newest(self) -> str:
        """Return the id of the newest item."""
        found: str = self.web.get("/items").json()["items"][0]["id"]
        return found

    def open(self, item: str) -> Mapping[str, Any]:
        """Give a reason and return what an item says."""
        answer = self.read(item)
        assert answer.status_code == 200, answer.text
        content: Mapping[str, Any] = answer.json()
        return content

    def read(self, item: str) -> httpx.Response:
        """Give a reason and ask for what an item says."""
        opening = self.web.post(f"/items/{item}/openings", json={"reason": words("reason")})
        self.opening = opening.json()["id"]
        return self.web.get(f"/items/{item}/content", params={"opening": self.opening})

    def fetch_files(self, item: str, content: Mapping[str, Any]) -> None:
        """Fetch each file of an item as it is and, if it can be, clean."""
        for file in content["attachments"]:
            for kind in ("original", "clean") if file["can_be_cleaned"] else ("original",):
                address = f"/items/{item}/attachments/{file['id']}/{kind}"
                assert self.web.get(address, params={"opening": self.opening}).status_code == 200

    def reply(self, item: str, kind: str) -> None:
        """Send the reporter an answer or a question; then something else under the same key, by mistake."""
        key = {"idempotency-key": f"{words('idempotency key')}-{next(_numbers)}"}
        address = f"/items/{item}/replies"
        assert self.web.post(address, json={"kind": kind, "text": words(kind)}, headers=key).status_code == 201
        assert self.web.post(address, json={"kind": kind, "text": words(kind) * 2}, headers=key).status_code == 409
        assert self.web.post(address, json={"kind": words(kind), "text": 1}, headers=key).status_code == 422

    def _sign_in(self, username: str, password: str, code: str) -> httpx.Response:
        return self.web.post("/sessions", json={"username": username, "password": password, "totp": code})
