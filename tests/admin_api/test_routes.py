"""Every route asks for a row of the permission matrix, and lets nobody else through."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from admin_api.api.gate import needs
from admin_api.gate import GuardedRoute, permission_of
from core import access, registry
from core.app import App
from tests.admin_api.conftest import Connect
from tests.builders import a_member, an_appointment, sign_in

WORDS = {
    "purpose": "audit",
    "version": "1",
    "name": "console.css",
    "csrf": "x",
    "username": "x",
    "password": "x",
    "totp": "1",
    "passphrase": "x",
    "reason": "某个具体的理由",
    "kind": "answer",
    "text": "x",
    "why": "reply",
    "days": 1,
    "language": "en",
    "old": "x",
    "new": "x",
    "again": "x",
    "once": "x",
    "seen": "",
    "typed_name": "x",
    "way": "telephone",
    "body": "leading_group_office",
    "register": "telephone",
    "year": "2026",
}


@dataclass(frozen=True)
class Row:
    """A route as it can be asked for, and the permission that it asks for."""

    path: str
    methods: frozenset[str]
    permission: str | None
    is_described: bool


def routes(app: FastAPI) -> list[Row]:
    """Every route, those that end a session last."""
    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        assert isinstance(route, APIRoute), f"{context.path} is a route that the gate does not see"
        assert context.path is not None
        is_described = route.include_in_schema and not context.path.startswith("/console")
        found.append(Row(context.path, frozenset(route.methods or ()), permission_of(route), is_described))
    return sorted(found, key=lambda row: (row.permission == "session.end", row.path.endswith("sign-out")))


def test_every_route_asks_for_a_permission_that_the_matrix_has(site: FastAPI) -> None:
    rows = routes(site)
    assert len(rows) > 50
    assert [row for row in rows if row.permission not in access.PERMISSIONS] == []


def test_openapi_tells_the_permission_of_every_operation(site: FastAPI) -> None:
    listed = {
        (path, method): operation.get("x-permission")
        for path, methods in site.openapi()["paths"].items()
        for method, operation in methods.items()
    }
    rows = [row for row in routes(site) if row.is_described]
    assert listed == {(row.path, method.lower()): row.permission for row in rows for method in row.methods}


def test_a_route_without_a_permission_cannot_be_made() -> None:
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(TypeError, match="/open asks for no permission"):
        router.add_api_route("/open", lambda: None)


def test_a_permission_that_the_matrix_lacks_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError):
        needs("item.burn")


def requests_of(app: FastAPI, prefix: str) -> Iterator[tuple[str, str, str]]:
    for route in routes(app):
        if route.path.startswith(prefix):
            path = re.sub(r"{(\w+)}", lambda found: str(WORDS.get(found[1], uuid4())), route.path)
            for method in sorted(route.methods):
                yield method, path, str(route.permission)


def outcome(answer: httpx.Response) -> str:
    """What the gate said: ``nobody``, ``denied``, or ``passed``."""
    if "urn:jingshi:problem:not_permitted" in answer.text:
        assert answer.status_code == 403
        return "denied"
    if answer.status_code == 303 and answer.headers["location"].startswith("/console/sign-in"):
        return "passed" if 'jingshi_desk=""' in answer.headers.get("set-cookie", "") else "nobody"  # signing out
    return "nobody" if "urn:jingshi:problem:not_signed_in" in answer.text else "passed"


async def tried(client: httpx.AsyncClient, app: FastAPI, prefix: str, *, every: bool = True) -> dict[str, str]:
    found: dict[str, str] = {}
    asked: set[str] = set()
    for method, path, permission in requests_of(app, prefix):
        if permission in asked and not every:
            continue
        asked.add(permission)
        csrf = client.headers.get("x-csrf", "")
        ids = {name: str(uuid4()) for name in ("person_id", "opening")}
        form = {**WORDS, **ids, "csrf": csrf, "name": "x"}
        given = {"data": form} if prefix == "/console" else {"json": _body(path, form)}
        headers = {"idempotency-key": uuid4().hex}
        answer = await client.request(method, path, headers=headers, **given if method != "GET" else {})
        found[f"{method} {permission} {path}"] = outcome(answer)
    return found


def _body(path: str, form: dict[str, object]) -> dict[str, object]:
    ending = path.rpartition("/")[2]
    fields = {
        "sessions": ["username", "password", "totp"],
        "unlock": ["passphrase"],
        "tokens": ["name", "days"],
        "openings": ["reason"],
        "replies": ["kind", "text"],
        "grants": ["person_id"] if "shared-keys" in path else ["person_id", "reason"],
    }
    return {name: form[name] for name in fields.get(ending, ["reason"] if "/grants/" in path else [])}


async def test_nobody_passes_only_what_is_public(site: FastAPI, nobody: httpx.AsyncClient) -> None:
    wrong = []
    for request, said in (await tried(nobody, site, "/api/v1")).items():
        if said != ("passed" if access.may(None, request.split()[1]) else "nobody"):
            wrong.append((request, said))
    assert wrong == []


async def test_at_the_console_nobody_finds_more_than_the_way_in(desk: App, site: FastAPI, browse: Connect) -> None:
    client = browse(await a_member(desk))
    found = await tried(client, site, "/console")
    assert {request.split()[2] for request, said in found.items() if said == "passed"} == {
        "/console/static/1/console.css",
        "/console/sign-in",
        "/console/language",
    }


def alike() -> list[list[str]]:
    """The roles in groups that hold the same permissions, after an account without a role."""
    groups = defaultdict(list)
    for role in sorted(access.ROLES - registry.UNAPPOINTED):
        groups[frozenset(name for name, row in access.PERMISSIONS.items() if role in row.held_by)].append(role)
    return [[], *groups.values()]


@pytest.mark.parametrize("roles", alike(), ids=lambda roles: next(iter(roles), "no_role"))
async def test_each_role_passes_what_the_matrix_gives_it_and_nothing_else(
    desk: App, site: FastAPI, connect: Connect, browse: Connect, roles: list[str]
) -> None:
    member = await a_member(desk)
    for role in roles:  # together: if one of them let through more than the others, its holder would pass
        await an_appointment(desk, member.person_id, role)
    wrong = []
    for step, (client, prefix) in enumerate(((connect, "/api/v1"), (browse, "/console"))):
        signed = await sign_in(desk, member, step=step)
        staff, caller = await signed.staff(desk), client(signed)
        if prefix == "/console":
            page = await caller.get("/console/account")
            caller.headers["x-csrf"] = re.findall(r'name="csrf" value="(\w+)"', page.text)[0]
        # every route is asked by nobody and by somebody without a role; the gate asks the matrix, so that once a
        # permission is enough for each role
        every = not roles and desk.database.is_sqlite
        for request, said in (await tried(caller, site, prefix, every=every)).items():
            if said != ("passed" if access.may(staff, request.split()[1]) else "denied"):
                wrong.append((request, said))
    assert wrong == []
