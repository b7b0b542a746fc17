"""Problems: one shape, in the caller's language, with stable types that are documented."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from admin_api import problems
from admin_api.app import create
from admin_api.texts import known, speak
from core import errors
from core.app import App
from core.errors import JingshiError, Unavailable
from tests.admin_api.conftest import BASE, Connect
from tests.builders import Member, a_member, sign_in

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "problems.md"
# what the desk calls; the rest of the core speaks to residents and to the command line
SPOKEN = (
    "admin_api",
    "core/access",
    "core/attachments",
    "core/cases/items/queries.py",
    "core/cases/items/files.py",
    "core/cases/items/fitting.py",
    "core/cases/items/lines.py",
    "core/cases/items/packets.py",
    "core/cases/items/registers.py",
    "core/cases/items/replies.py",
    "core/cases/cards",
    "core/cases/proceedings",
    "core/cases/rules/catalogue.py",
    "core/cases/rules/conflicts.py",
    "core/cases/rules/lifecycle.py",
    "core/documents",
    "core/db.py",
    "core/deadlines.py",
    "core/registry/queries.py",
    "core/saved_filters.py",
    "core/stations/overview/calls.py",
    "core/stations/overview/exporting.py",
    "core/stations/overview/figures.py",
    "core/stations/books/attending.py",
    "core/stations/books/judging.py",
    "core/stations/records/entering.py",
    "core/stations/records/entries.py",
    "core/stations/people/links.py",
    "core/stations/books/meetings.py",
    "core/stations/overview/lists.py",
    "core/stations/people/pairing.py",
    "core/stations/people/roster.py",
    "core/stations/overview/courses.py",
    "core/stations/rounds/register.py",
    "core/stations/books/reviewing.py",
    "core/stations/rounds/running.py",
    "core/stations/rules/rounds.py",
    "core/stations/rules/schedule.py",
    "core/stations/overview/tree.py",
    "core/warnings",
)
ELSEWHERE = {
    "attachment_gone",
    "custodians_wrong",
    "not_a_case_archive",
    "archive_differs",
    "person_missing",
    "unknown_subject_kind",
    "draft_changed",
    "username_malformed",
    "username_taken",
    "account_exists",
    "shared_key_differs",
    "escrow_seal_missing",
    "unknown_form",
    "code_unknown",
    "answer_not_open",
    "messages_used_up",
    "sent_at_once",
    "invitation_used",
    "chat_paired_with_another",
    "personal_link_unknown",
    "unknown_language",
}


def error_classes() -> dict[str, type[JingshiError]]:
    classes = {**vars(errors), **vars(problems)}
    return {name: each for name, each in classes.items() if isinstance(each, type) and issubclass(each, JingshiError)}


def codes() -> Iterator[tuple[str, type[JingshiError]]]:
    """The code and class of every error that the desk can meet, read from the source."""
    classes = error_classes()
    for part in SPOKEN:
        place = ROOT / part
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
                    if node.func.id in {"Misconfigured", "RightMissing"}:
                        continue  # speaks to the operator, in words
                    first = node.args[0] if node.args else None
                    branches = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                    for each in branches:
                        if isinstance(each, ast.Constant) and each.value not in ELSEWHERE:
                            yield str(each.value), classes[node.func.id]


def _status(kind: type[JingshiError]) -> int:
    return next(problems.STATUS[each] for each in kind.__mro__ if each in problems.STATUS)


def table() -> str:
    """The table of docs/problems.md, as the code has it."""
    rows = []
    for code, status in sorted({(code, _status(kind)) for code, kind in codes()}):
        zh, en = (known(speak(language), f"error.{code}") for language in ("zh_CN", "en"))
        rows.append(f"| `{code}` | {status} | {en} | {zh} |")
    return "\n".join(rows)


def test_every_error_that_the_desk_can_meet_is_told_in_both_languages() -> None:
    missing = {
        code for code, _ in codes() for language in ("zh_CN", "en") if not known(speak(language), f"error.{code}")
    }
    assert missing == set()


def test_every_kind_of_error_has_a_title_and_a_status() -> None:
    for kind in error_classes().values():
        assert known(speak("zh_CN"), f"problem.{kind.kind}")
        assert kind is JingshiError or any(each in problems.STATUS for each in kind.__mro__)


def test_the_page_on_problems_lists_them_as_the_code_has_them() -> None:
    found = re.search(
        r"<!-- table -->\n\n.*?\n\|[-|]+\|\n(.*?)\n\n<!-- end -->", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    assert found[1] == table()


async def test_a_request_that_does_not_fit_names_the_fields_and_repeats_nothing(
    clerk: Member, connect: Connect
) -> None:
    given = {"username": "x", "password": "a telling word", "totp": 7, "more": "a telling word"}
    answer = await connect(clerk).post("/api/v1/sessions", json=given, headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert {each["field"]: each["code"] for each in answer.json()["errors"]} == {
        "totp": "string_type",
        "more": "extra_forbidden",
    }
    assert "telling" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/api/v1/nothing", 404, "page_not_found"), ("PUT", "/api/v1/items", 405, "method_not_allowed")],
)
async def test_what_is_not_there_is_a_problem_too(
    nobody: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await nobody.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:jingshi:problem:{code}")


async def test_a_body_that_is_too_large_is_refused(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.post("/api/v1/sessions", content=b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:jingshi:problem:body_too_large")


async def test_while_the_database_is_away_callers_hear_when_to_come_back(
    desk: App, nobody: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.database, "begin", _away)
    answer = await nobody.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (await nobody.get("/healthz")).status_code == 200


def _away(**_: object) -> None:
    raise Unavailable("database_unavailable")


async def test_an_unforeseen_fault_is_logged_by_class_and_place_alone(
    desk: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(**_: object) -> None:
        raise ZeroDivisionError("a telling word")

    monkeypatch.setattr(desk.database, "begin", break_down)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create(desk)), base_url=BASE) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:jingshi:problem:internal")
    assert re.fullmatch(r"ZeroDivisionError - test_problems:\d+", caplog.messages[-1])
    assert "telling" not in caplog.text + answer.text


async def test_every_answer_forbids_keeping_sniffing_and_framing(nobody: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/api/v1/items", "/console/sign-in", "/nothing"):
        headers = (await nobody.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_figures_are_for_an_administrator_and_name_no_id(desk: App, connect: Connect, clerk: Member) -> None:
    admin = connect(await sign_in(desk, await a_member(desk, "system_admin")))
    await connect(clerk).get(f"/api/v1/items/{clerk.person_id}")
    assert (await connect(clerk).get("/metrics")).status_code == 403
    figures = (await admin.get("/metrics")).text
    assert 'endpoint="admin_api.api.items.read_item",method="GET",status="404"' in figures
    assert str(clerk.person_id) not in figures


async def test_the_first_address_leads_to_the_console(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/console")


async def test_the_description_has_examples_and_the_shape_of_problems(nobody: httpx.AsyncClient) -> None:
    found = (await nobody.get("/api/v1/openapi.json")).json()
    assert found["openapi"].startswith("3.1")
    assert found["components"]["schemas"]["Problem"]["properties"]["type"]["examples"]
    assert found["components"]["schemas"]["NewReply"]["properties"]["text"]["examples"]


@pytest.mark.parametrize("name", ["username", "password", "totp", "passphrase"])
async def test_half_a_surrogate_pair_is_no_text(nobody: httpx.AsyncClient, name: str) -> None:
    given = {"username": "clerk", "password": "a password", "totp": "000000", name: "\\ud800"}
    body = json.dumps(given).replace("\\\\u", "\\u")
    refused = await nobody.post("/api/v1/sessions", content=body, headers={"content-type": "application/json"})
    assert refused.status_code == 422
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [(name, "string_unicode")]
