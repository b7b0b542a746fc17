"""The residents' pages on a fresh home with three units, and a person who reads them without a script."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from starlette.applications import Starlette

from bots.web.app import create
from core.app import App, registry
from core.work import System
from tests.bots.web.person import Person

UNITS = (
    ("construction", "district_department", "云汀区建设局", "Construction bureau"),
    ("education", "district_department", "云汀区教育局", "Education bureau"),
    ("southgate", "subdistrict", "南门街道", "South Gate sub-district"),
)


@pytest.fixture
async def site(desk: App, intake: App) -> Starlette:
    async with desk.work(System("init"), "cli") as work:
        for position, (code, kind, name, name_en) in enumerate(UNITS):
            await registry.add_unit(work, code=code, kind=kind, name=name, name_en=name_en, position=position)
    return create(intake)


@pytest.fixture
async def somebody(site: Starlette) -> AsyncIterator[Person]:
    async with Person.at(site) as person:
        yield person


@pytest.fixture
async def somebody_else(site: Starlette) -> AsyncIterator[Person]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(Person.at(site, address="198.51.100.9"))
