"""Forms that may not succeed: what was typed is kept and shown again, with what was wrong."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request

from admin_api.gate import Caller
from admin_api.problems import Problem, describe
from admin_api.texts import language_of
from core.errors import Invalid, JingshiError, NotSignedIn
from core.work import Work

_LONGEST = 12_000  # characters of one field; a finding takes 10,000


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody typed into one form of a page, and what was wrong with it."""

    form: str
    typed: Mapping[str, str] = field(repr=False)
    problem: Problem
    code: str


async def typed(request: Request) -> Mapping[str, str]:
    """Return the text fields of a form as they were sent; raise `Invalid` (``text_too_long``)."""
    given = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    for name, value in given.items():
        if len(value) > _LONGEST:
            raise Invalid("text_too_long", field=name, limit=_LONGEST, length=len(value))
    return empty_where_missing({name: value for name, value in given.items() if name != "csrf"})


def empty_where_missing(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return fields in which what was not sent is empty, as templates ask for every one."""
    return defaultdict(str, given)


def kept_in(kept: Kept | None) -> Callable[[str], Mapping[str, str]]:
    """Return what gives a template the fields that were typed into one of its forms."""
    return lambda form: kept.typed if kept and kept.form == form else empty_where_missing({})


async def attempt(
    request: Request,
    caller: Caller,
    form: str,
    given: Mapping[str, str],
    act: Callable[[Work], Awaitable[object]],
) -> Kept | None:
    """Carry ``act`` out in a piece of work of its own; what fails is undone and comes back with what was typed."""
    try:
        async with caller.begin() as work:
            await act(work)
    except NotSignedIn:
        raise
    except JingshiError as error:
        return Kept(form, given, describe(error, language_of(request)), error.code)
    return None
