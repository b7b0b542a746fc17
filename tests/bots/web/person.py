"""A person with a browser without scripts: follows links, fills in forms as the page gives them, presses buttons."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

from httpx import ASGITransport, AsyncClient, Response
from starlette.types import ASGIApp

Files = Sequence[tuple[str, tuple[str, bytes, str]]]


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send untouched, without the buttons."""

    action: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Reading(HTMLParser):
    """What a page says and offers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._select = ""
        self._area: str | None = None
        self._written = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        name, value = given.get("name") or "", given.get("value")
        if tag == "form":
            self.forms.append(Form(given["action"] or "", given.get("enctype") == "multipart/form-data"))
        elif tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "input" and self.forms:
            self._input(name, value, given)
        elif tag == "select":
            self._select = name
            self.forms[-1].names.add(name)
        elif tag == "option" and "selected" in given:
            self.forms[-1].fields.append((self._select, value or ""))
        elif tag == "textarea":
            self._area, self._written = name, ""
        elif tag == "button":
            self.forms[-1].buttons.append((name, value or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self.forms[-1].fields.append((self._area, self._written.removeprefix("\n")))
            self.forms[-1].names.add(self._area)
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._written += data
        self.text += data

    def _input(self, name: str, value: str | None, given: Mapping[str, str | None]) -> None:
        form = self.forms[-1]
        form.names.add(name)
        kind = given.get("type")
        if kind in {"radio", "checkbox"} and "checked" not in given:
            return
        if kind != "file":
            form.fields.append((name, value or ""))


class Person:
    """Somebody at a browser; cookies live as long as it is open."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.answer: Response
        self.reading: Reading

    @classmethod
    @asynccontextmanager
    async def at(cls, site: ASGIApp, *, language: str = "zh-CN", address: str = "192.0.2.7") -> AsyncIterator[Self]:
        transport = ASGITransport(site, client=(address, 50000))
        headers = {"accept-language": language, "user-agent": "a browser"}
        async with AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            yield cls(client)

    @property
    def path(self) -> str:
        return self.answer.url.path

    @property
    def text(self) -> str:
        return " ".join(self.reading.text.split())

    async def open(self, path: str) -> Response:
        return self._read(await self.client.get(path, follow_redirects=True))

    async def send(self, path: str, fields: Mapping[str, str] | None = None, *, files: Files | None = None) -> Response:
        return self._read(await self.client.post(path, data=fields or {}, files=files, follow_redirects=True))

    async def press(
        self,
        button: str = "",
        value: str = "",
        *,
        to: str = "",
        files: Files | None = None,
        fields: Mapping[str, str] | None = None,
        **more: str,
    ) -> Response:
        """Fill in the form of the page that has this button (and goes to ``to``), and press it."""
        form = next(
            form for form in self.reading.forms if (button, value) in form.buttons and (not to or to in form.action)
        )
        given = {**(fields or {}), **more}
        unknown = given.keys() - form.names
        assert not unknown, f"the page has no field {unknown}"
        pressed = {button: value} if button else {}
        return await self.send(form.action, {**dict(form.fields), **given, **pressed}, files=files)

    def _read(self, answer: Response) -> Response:
        self.answer = answer
        self.reading = Reading(answer.text)
        return answer
