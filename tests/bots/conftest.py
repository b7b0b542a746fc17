"""A fresh home with three units, as the front ends meet it."""

import pytest

from core.app import App, registry
from core.work import System

UNITS = (
    ("construction", "district_department", "云汀区建设局", "Construction bureau"),
    ("education", "district_department", "云汀区教育局", "Education bureau"),
    ("southgate", "subdistrict", "南门街道", "South Gate sub-district"),
)


@pytest.fixture
async def laid(desk: App) -> App:
    """The desk's core on a home whose units residents choose from."""
    async with desk.work(System("init"), "cli") as work:
        for position, (code, kind, name, name_en) in enumerate(UNITS):
            await registry.add_unit(work, code=code, kind=kind, name=name, name_en=name_en, position=position)
    return desk
