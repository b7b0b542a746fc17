"""Every method takes a valid request, and refuses every mutation of it that follows from the description."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import chain

import aiohttp
import pytest

from tests.peer.checking import Given, Upload, check
from tests.peer.client import Bot, Peer
from tests.peer.description import METHODS, SUBTYPES, TYPES, Json, Refused, item
from tests.peer.examples import requests
from tests.peer.mutations import mutations, seen

pytestmark = pytest.mark.unmeasured  # the peer is none of the product

ALL = sorted(METHODS)


def as_given(request: Json, *, form: bool) -> Given:
    """Put a request as a library would: as JSON, or as a form with JSON in its strings."""
    uploads = {name: value for name, value in request.items() if isinstance(value, Upload)}
    values = {name: value for name, value in request.items() if name not in uploads}
    if form:
        values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    return Given(values, uploads, form=form)


@pytest.fixture
async def http(peer: Peer, bot: Bot) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"{peer.url}/bot{bot.token}/") as session:
        yield session


async def ask(http: aiohttp.ClientSession, method: str, given: Given) -> tuple[int, Json]:
    if given.uploads:
        form = aiohttp.FormData({name: str(value) for name, value in given.values.items()})
        for name, file in given.uploads.items():
            form.add_field(name, file.data, filename=file.name, content_type=file.mime)
        body: Mapping[str, object] = {"data": form}
    else:
        body = {"data": given.values} if given.form else {"json": given.values}
    async with http.post(method, **body) as answer:  # type: ignore[arg-type]
        return answer.status, await answer.json()


def test_the_examples_use_every_parameter_and_every_field_of_every_type() -> None:
    used = set(chain.from_iterable(seen(method, request) for method in ALL for request in requests(method)))

    reachable, todo = set(), [kind for fields in METHODS.values() for field in fields.values() for kind in field.types]
    while todo:
        kind = todo.pop()
        kind = item(kind) or kind
        if item(kind) or (kind in TYPES and kind not in reachable):
            reachable.add(kind)
            todo += [item(kind) or "", *SUBTYPES.get(kind, ())]
            todo += [each for field in TYPES.get(kind, {}).values() for each in field.types]
    wanted = {(method, name) for method in ALL for name in METHODS[method]}
    wanted |= {(kind, name) for kind in reachable for name in TYPES.get(kind, {})}
    assert used == wanted


@pytest.mark.parametrize("form", [True, False], ids=["form", "json"])
@pytest.mark.parametrize("method", ALL)
def test_accepts_every_valid_request(method: str, form: bool) -> None:  # noqa: FBT001 - pytest gives it
    for request in requests(method):
        if form or not any(isinstance(value, Upload) for value in request.values()):
            assert check(method, as_given(request, form=form)) == request


@cache
def wrong_requests(method: str, *, form: bool) -> dict[tuple[str, str], Given]:
    """Return one wrong request for everything that can be wrong with this method."""
    wrong: dict[tuple[str, str], Given] = {}
    for request in requests(method):
        for mutation in mutations(method, request, form=form):
            given = as_given(mutation.request, form=form)
            if form or not given.uploads:
                wrong.setdefault((mutation.where, mutation.what), given)
    return wrong


@pytest.mark.parametrize("form", [True, False], ids=["form", "json"])
@pytest.mark.parametrize("method", ALL)
def test_refuses_every_mutation_at_any_depth(method: str, form: bool) -> None:  # noqa: FBT001 - pytest gives it
    accepted = []
    for what, given in wrong_requests(method, form=form).items():
        with suppress(Refused):
            check(method, given)
            accepted.append(what)

    assert not accepted


@pytest.mark.parametrize("form", [True, False], ids=["form", "json"])
@pytest.mark.parametrize("method", ALL)
async def test_answers_400_to_every_mutation_of_a_parameter_and_lists_it(
    method: str,
    form: bool,  # noqa: FBT001 - pytest gives it
    peer: Peer,
    http: aiohttp.ClientSession,
) -> None:
    found = wrong_requests(method, form=form)
    wrong = {what: given for what, given in found.items() if not set(what[0]) & set(".[")}
    answers = [await ask(http, method, given) for given in wrong.values()]

    faults = await peer.faults()

    assert {status for status, _ in answers} <= {400}
    assert [fault.description for fault in faults] == [answer["description"] for _, answer in answers]
    assert {(fault.method, fault.kind) for fault in faults} <= {(method, "malformed")}
