"""One request of a person: their language, what they sent, and how a page is answered."""

import re
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, suppress
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bots.web import uploads
from bots.web.site import CHANNEL, REPORTER, Site, texts
from bots.web.uploads import Gate, Posted
from core.app import attachments
from core.errors import Unavailable
from core.registry import Installation
from core.texts import LANGUAGES, choose_language
from core.work import SHANGHAI, Work

COOKIE: Final = "draft"
COOKIE_PATH: Final = "/report"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{22,86}", re.ASCII)
_DATE_FORMS: Final = {"zh_CN": ("zh_CN", "y年M月d日"), "en": ("en_GB", "d MMMM y")}
_WEEKDAY_FORMS: Final = {"zh_CN": ("zh_CN", "M月d日（EEEE）"), "en": ("en_GB", "EEEE d MMMM")}
_HTML_LANGUAGES: Final = {"zh_CN": "zh-CN", "en": "en"}


class Elsewhere(Exception):
    """What was asked for is found on another page of ours."""

    def __init__(self, path: str, **query: str) -> None:
        super().__init__(path)
        self.path = path
        self.query = query


class Visit:
    """One request. ``posted`` is what has been read of its body so far, so that a fault loses nothing of it."""

    def __init__(self, request: Request, installation: Installation | None = None) -> None:
        self.request = request
        self.site: Site = request.app.state.site
        self.installation = installation
        asked = request.query_params.get("lang")
        self.asked = asked if asked in LANGUAGES else None
        self.language = self.asked or choose_language(request.headers.get("accept-language"))
        self.posted = Posted()
        self.me = ""  # the name of somebody of a station, at their pages

    @property
    def cookie(self) -> str | None:
        """The secret of the draft, if the browser holds one."""
        return self.held(COOKIE)

    def held(self, name: str) -> str | None:
        """Return the secret that the browser holds under a name, if it is one."""
        return secret_of(self.request.cookies.get(name, ""))

    @property
    def token(self) -> str | None:
        """The one-time secret in a page's form, if it is one."""
        return secret_of(self.posted.text("form_token"))

    @property
    def at_station(self) -> bool:
        """Whether this is one of the pages for people of the stations."""
        return self.request.url.path.split("/")[1:2] == ["station"]

    @property
    def is_foreign(self) -> bool:
        """Whether a page of another site made the browser send this (Fetch Metadata; RFC 6454 for older browsers).

        Scripts send neither header. ``Origin: null`` is what older browsers send from our own pages, since these pass
        on no address (``Referrer-Policy: no-referrer``).
        """
        headers = self.request.headers
        if (site := headers.get("sec-fetch-site")) is not None:
            return site not in {"same-origin", "none"}
        origin = headers.get("origin", "null")
        return origin != "null" and urlsplit(origin).netloc != headers.get("host")

    @property
    def source(self) -> str:
        """Where the connection comes from; for the throttle alone, and never kept. Forwarded headers are ignored."""
        return self.request.client.host if self.request.client else ""

    def t(self, message_id: str, **placeholders: object) -> str:
        """Return a text of the catalogue."""
        return texts(self.language)(message_id, **placeholders)

    def speak(self, language: str) -> None:
        """Go on in the language of a draft, unless the person asked for another on this page."""
        if self.asked is None:
            self.language = language

    def href(self, path: str, **query: str) -> str:
        """Return a link to a page of ours that keeps the language asked for."""
        if self.asked:
            query["lang"] = self.asked
        return f"{path}?{urlencode(query)}" if query else path

    def day(self, at: datetime) -> str:
        """Return the civil date of a moment, in words."""
        return self.civil(at.astimezone(SHANGHAI).date())

    def civil(self, on: date) -> str:
        """Return a civil date in words."""
        locale, form = _DATE_FORMS[self.language]
        return format_date(on, form, locale=locale)

    def weekday(self, on: date) -> str:
        """Return a date of about now in words, with the day of the week."""
        locale, form = _WEEKDAY_FORMS[self.language]
        return format_date(on, form, locale=locale)

    def work(self, *, write: bool = True) -> AbstractAsyncContextManager[Work]:
        """Begin a piece of work of somebody outside; nothing but this is known about them."""
        return self.site.core.work(REPORTER, CHANNEL, write=write)

    async def read(self, *, files_of: Collection[str] = (), max_files: int = 0, gate: Gate | None = None) -> Posted:
        """Read what the page sent; see `uploads.read`."""
        vault = self.site.vault
        await uploads.read(self.request, self.posted, vault=vault, files_of=files_of, max_files=max_files, gate=gate)
        return self.posted

    async def tidy(self) -> None:
        """Delete the files of this request that nothing refers to; when that cannot be known, the sweep will do it."""
        if not self.posted.file_ids:
            return
        with suppress(Unavailable):
            async with self.work(write=False) as work:
                await attachments.remove_unregistered(work, self.site.vault, self.posted.file_ids)

    def page(self, template: str, *, status: int = 200, **context: object) -> Response:
        """Return a page."""
        other = next(language for language in LANGUAGES if language != self.language)
        switch = f"{self.request.url.path}?lang={other}" if self.request.method == "GET" and status < 400 else None  # noqa: PLR2004 - the first status of an error
        html = self.site.template(template).render(
            t=texts(self.language),
            href=self.href,
            day=self.day,
            civil=self.civil,
            language=self.language,
            html_language=_HTML_LANGUAGES[self.language],
            switch=switch,
            installation=self.installation,
            phone=self.site.core.settings.stations_phone,
            me=self.me,
            **context,
        )
        return HTMLResponse(html, status)

    def go(self, path: str, **query: str) -> Response:
        """Send the person on to another page of ours."""
        return RedirectResponse(self.href(path, **query), 303)

    def remember(self, response: Response, secret: str) -> Response:
        """Let the browser hold the secret of the draft until it is closed."""
        secure = self.site.core.settings.secure_cookies
        response.set_cookie(COOKIE, secret, path=COOKIE_PATH, httponly=True, samesite="strict", secure=secure)
        return response

    def forget(self, response: Response) -> Response:
        """Take the secret of the draft from the browser."""
        secure = self.site.core.settings.secure_cookies
        response.delete_cookie(COOKIE, path=COOKIE_PATH, httponly=True, samesite="strict", secure=secure)
        return response


Handler = Callable[[Visit], Awaitable[Response]]


def secret_of(text: str) -> str | None:
    """Return a text if it can be one of our secrets."""
    return text if _SECRET.fullmatch(text) else None
