"""The desk as its callers see it: people sign in, unlock their keys, and ask over connections that stay open."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, Self

import pyotp

from bench.client import Answer, Connection
from bench.homes import Clerk
from bench.processes import Server

API: Final = "/api/v1"
SERVE: Final = ("jingshi", "serve", "--only", "desk")
CREATED: Final = 201


class Desk:
    """A desk process that answers, with everybody signed in and their keys unlocked, by role."""

    def __init__(self, connection: Connection, port: int, tokens: Mapping[str, str]) -> None:
        self.port = port
        self._connection = connection
        self._tokens = tokens

    @classmethod
    async def of(cls, server: Server, people: Mapping[str, Clerk]) -> Self:
        """Wait until the process answers, and sign everybody in; raises `ValueError` when somebody is not let in."""
        await server.answers("/healthz")
        connection = await Connection.to(server.port)
        return cls(connection, server.port, {role: await _token(connection, known) for role, known in people.items()})

    async def send(self, request: bytes) -> Answer:
        """Return the answer to a request; raises `ConnectionError`."""
        return await self._connection.send(request)

    def request(self, role: str, path: str, given: object = None, *, key: str = "") -> bytes:
        """Return the request of somebody: of the console as a browser sends it, else as a machine does."""
        token = self._tokens[role]
        whose = f"Cookie: jingshi_desk={token}" if path.startswith("/console") else f"Authorization: Bearer {token}"
        return _request(path, given, [whose, f"Idempotency-Key: {key}"] if key else [whose])


async def _token(connection: Connection, known: Clerk) -> str:
    given = {"username": known.username, "password": known.password, "passphrase": known.passphrase}
    given["totp"] = pyotp.TOTP(known.totp_secret).now()
    answer = await connection.send(_request(f"{API}/sessions", given, []))
    if answer.status != CREATED:
        raise ValueError(f"{known.username} was not let in: {answer.status}")
    return str(json.loads(answer.body)["token"])


def _request(path: str, given: object, words: Sequence[str]) -> bytes:
    lines = [f"{'GET' if given is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1", *words]
    body = b"" if given is None else json.dumps(given, ensure_ascii=False).encode()
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
