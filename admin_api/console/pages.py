"""From values to pages: the templates, what each of them may ask, and the page that tells a problem."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from admin_api.problems import Problem
from admin_api.texts import known, language_of, speak
from core.cases.rules.catalogue import VERSIONS
from core.texts import LANGUAGES
from core.work import SHANGHAI


class Numbered(Protocol):
    """What has a number of its year."""

    @property
    def year(self) -> int:
        """The year of the number."""

    @property
    def number(self) -> int:
        """The place in that year."""


_HERE: Final = Path(__file__).parents[1]
STATIC: Final = _HERE / "static"
STATIC_VERSION: Final = blake2b(
    b"".join(path.read_bytes() for path in sorted(STATIC.iterdir())), digest_size=6
).hexdigest()


def _moment(value: datetime) -> Markup:
    local = value.astimezone(SHANGHAI)
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="minutes"), local.strftime("%Y-%m-%d %H:%M")
    )


def number_of(item_id: UUID) -> str:
    """Return what an item is called by."""
    return item_id.hex[:8].upper()


def case_number(case: Numbered) -> str:
    """Return the number of a case, a card or a meeting, as people read and type it."""
    return f"{case.year}-{case.number}"


def _file_size(size: int) -> str:
    units = ("B", "KB", "MB", "GB")
    value, unit = float(size), 0
    while value >= 1024 and unit < len(units) - 1:  # noqa: PLR2004 - bytes in a kilobyte
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} {units[unit]}" if unit == 0 else f"{value:.1f} {units[unit]}"


_templates: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(moment=_moment, number=number_of, case_number=case_number, file_size=_file_size)


def render(language: str, template: str, values: Mapping[str, Any], status: int = HTTPStatus.OK) -> HTMLResponse:
    """Return a template as a page in ``language``; ``t`` translates in it, ``named`` falls back to the id."""
    translate = speak(language)

    def named(group: str, value: object) -> str:
        return known(translate, f"{group}.{value}") or str(value)

    def manifestation(name: str) -> str:
        return translate(VERSIONS[-1].text_id(name))

    page = _templates.get_template(template).render(
        t=translate,
        named=named,
        maybe=lambda message_id: known(translate, message_id) or "",
        manifestation=manifestation,
        language=language,
        languages=LANGUAGES,
        static=f"/console/static/{STATIC_VERSION}",
        **values,
    )
    return HTMLResponse(page, status)


def problem_page(request: Request, problem: Problem, headers: Mapping[str, str]) -> Response:
    """Return the page that says what went wrong and what to do about it."""
    page = render(language_of(request), "problem.html", {"problem": problem}, problem.status)
    page.headers.update(headers)
    return page
