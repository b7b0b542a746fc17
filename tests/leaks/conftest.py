"""One week for each database: it takes a while, so all tests look at the same one."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.databases import BACKENDS, FAST, Cluster
from tests.leaks.house import House
from tests.leaks.week import Week, live_through


@pytest.fixture(scope="module", params=BACKENDS)
def week(request: pytest.FixtureRequest) -> Iterator[Week]:
    with TemporaryDirectory(prefix="jingshi-leaks-") as folder:
        house, data = Path(folder, "house"), Path(folder, "postgresql")
        house.mkdir()
        if request.param == "sqlite":
            yield _lived(House(house, f"sqlite:///{house / 'home' / 'jingshi.sqlite3'}"), None)
            return
        data.mkdir()
        with Cluster.start(data, options=FAST) as cluster, cluster.database() as url:  # its log as Debian sets it up
            yield _lived(House(house, url), data)


def _lived(house: House, cluster: Path | None) -> Week:
    try:
        return live_through(house, cluster)
    finally:
        house.end()
