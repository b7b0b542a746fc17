"""What every answer carries, and what no page contains: scripts, third parties, cookies beyond the draft's."""

import re
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bots.web.app import PAGES, create
from bots.web.headers import HEADERS
from core.app import App
from tests.bots.web import walks
from tests.bots.web.person import Person

ROUTES = [*PAGES, "/static/style.css", "/healthz", "/readyz", "/no/such/page"]
POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def test_every_route_is_among_those_that_are_tried(site: Starlette) -> None:
    paths = {route.path for route in site.routes if isinstance(route, Route)}
    assert paths == {*ROUTES, "/static/{name}"} - {"/static/style.css", "/no/such/page"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
async def test_every_answer_of_every_route_carries_the_headers(somebody: Person, method: str) -> None:
    for path in ROUTES:
        answer = await somebody.client.request(method, path)
        expected = dict(HEADERS)
        if path.startswith("/static") and answer.status_code == 200:
            expected["cache-control"] = "public, max-age=31536000, immutable"
        assert {name: answer.headers.get(name) for name in expected} == expected, path
        assert set(answer.headers["content-security-policy"].split("; ")) == POLICY
        assert "server" not in answer.headers
        assert answer.status_code < 500, path


async def test_a_page_sets_no_cookie_before_a_draft_is_begun(somebody: Person) -> None:
    for path in ("/", "/report", "/report/whole", "/receipt", "/report/erased"):
        await somebody.open(path)
        assert not somebody.client.cookies


@pytest.mark.parametrize("secure", [False, True])
async def test_the_cookie_of_a_draft_is_for_this_session_and_these_pages_only(intake: App, secure: bool) -> None:  # noqa: FBT001 - a case
    intake.settings = replace(intake.settings, secure_cookies=secure)
    async with Person.at(create(intake)) as person:
        answer = await person.client.post("/report")
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert re.fullmatch(r"draft=[\w-]{43}", name)
    wanted = {"httponly", "path=/report", "samesite=strict", *(["secure"] if secure else [])}
    assert {attribute.lower() for attribute in attributes} == wanted


async def test_no_page_has_a_script_an_inline_style_or_anything_from_elsewhere(somebody: Person) -> None:
    seen = []
    await walks.walk_to(somebody, "attachments")
    seen.append(somebody.reading)
    await walks.report(somebody)
    seen.append(somebody.reading)
    code = walks.receipt_on(somebody)
    await somebody.send("/receipt", {"receipt": code})
    seen.append(somebody.reading)
    for path in ("/", "/report", "/report/whole", "/receipt", "/nothing"):
        await somebody.open(path)
        seen.append(somebody.reading)
        assert len(somebody.answer.content) < 100_000, path
    for page in seen:
        for tag, given in page.tags:
            assert tag not in {"script", "style", "iframe", "object", "embed", "base", "img"}
            assert "style" not in given
            assert not any(name.startswith("on") for name in given)
            for name in ("href", "src", "action"):
                assert not (given.get(name) or "/").startswith(("http", "//", "javascript:", "data:")), given


@pytest.mark.parametrize(
    ("wanted", "code"), [("zh-CN,en;q=0.5", "zh-CN"), ("en-GB", "en"), ("fr", "zh-CN"), ("", "zh-CN")]
)
async def test_a_page_speaks_the_language_of_the_browser_and_says_which(
    site: Starlette, wanted: str, code: str
) -> None:
    async with Person.at(site, language=wanted) as person:
        await person.open("/")
    assert ("html", {"lang": code}) in person.reading.tags


async def test_the_language_asked_for_is_carried_along_in_every_link(somebody: Person) -> None:
    await somebody.open("/?lang=en")
    inner = [link for link in somebody.reading.links if link.startswith("/") and "lang=zh_CN" not in link]
    assert inner
    assert all("lang=en" in link for link in inner)


async def test_every_page_has_one_heading_and_every_field_a_label(somebody: Person) -> None:
    pages = []
    for path in ("/", "/report", "/report/whole", "/receipt", "/report/erased", "/nothing"):
        await somebody.open(path)
        pages.append(somebody.reading)
    for question in walks.STEPS:
        await walks.walk_to(somebody, question)
        pages.append(somebody.reading)
    for page in pages:
        assert [tag for tag, _ in page.tags].count("h1") == 1
        labelled = {given.get("for") for tag, given in page.tags if tag == "label"}
        fields = [given for tag, given in page.tags if tag in {"input", "textarea", "select"}]
        free = [given for given in fields if given.get("type") not in {"hidden", "radio", "checkbox"}]
        assert {given["id"] for given in free} <= labelled
        ids = [given["id"] for _, given in page.tags if "id" in given]
        assert len(ids) == len(set(ids))


async def test_static_files_are_named_by_their_content(somebody: Person) -> None:
    await somebody.open("/")
    address = next(given["href"] for tag, given in somebody.reading.tags if given.get("rel") == "stylesheet")
    assert address
    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]{12}", address)
    assert (await somebody.client.get(address)).headers["content-type"] == "text/css; charset=utf-8"
    assert (await somebody.client.get("/static/nothing.css")).status_code == 404
