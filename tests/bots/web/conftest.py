"""The residents' pages on a fresh home, and a person who reads them without a script."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.applications import Starlette

from bots.web.app import create
from core.app import App
from tests.bots.web.person import Person


@pytest.fixture
async def site(laid: App, intake: App) -> Starlette:
    return create(intake)


@pytest.fixture
async def somebody(site: Starlette) -> AsyncIterator[Person]:
    async with Person.at(site) as person:
        yield person


@pytest.fixture
async def somebody_else(site: Starlette) -> AsyncIterator[Person]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(Person.at(site, address="198.51.100.9"))
