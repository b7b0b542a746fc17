"""What every test may ask for: a fresh home on either database, the processes' cores on it, a clock to move."""

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as examples
from xdist.remote import Producer  # type: ignore[import-untyped]  # it brings no types

from core.access import PURPOSES, create_shared_key
from core.app import App
from core.registry import Installation
from core.sealing import Escrow, create_key_files, load_process_keys, new_escrow
from core.settings import Settings
from core.work import SHANGHAI, Clock, System
from tests.databases import Cluster, sqlite_template
from tests.measuring import unmeasured
from tests.together import Together

examples.register_profile("suite", deadline=None)  # how long one takes says how busy the machine is
examples.load_profile("suite")

NOON = datetime(2026, 9, 30, 12, 0, tzinfo=SHANGHAI)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test marked ``unmeasured`` without coverage, fixtures too; pytest-cov's ``no_cover`` leaves those in."""
    with unmeasured() if item.get_closest_marker("unmeasured") else nullcontext():
        return (yield)


class FixedClock(Clock):
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    # not among pytest's folders: the server runs as another user, and a second run of pytest closes those to others
    with TemporaryDirectory(prefix="jingshi-postgresql-") as folder, Cluster.start(Path(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("sqlite"))


# what the tests on PostgreSQL run is not counted again: coverage takes as long as the tests themselves
@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.unmeasured)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of its own; the test runs once on each backend."""
    if request.param == "sqlite":
        path = tmp_path / "home" / "jingshi.sqlite3"
        path.parent.mkdir()
        path.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
        yield f"sqlite:///{path}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        with cluster.database() as url:
            yield url


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def escrow() -> Escrow:
    return new_escrow()


@pytest.fixture(scope="session")
def upper_level() -> Escrow:
    return new_escrow()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, escrow: Escrow, upper_level: Escrow) -> Settings:
    keys = tmp_path / "home-keys"
    create_key_files(keys, escrow_recipient=escrow.recipient, upper_level_recipient=upper_level.recipient)
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    return Settings(home=home, keys=keys, database_url=database_url)


Open = Callable[[str], App]


@pytest.fixture
async def open_app(settings: Settings, clock: FixedClock) -> AsyncIterator[Open]:
    """Put together the core of a process by name; all share the home and the clock."""
    apps: list[App] = []

    def open_process(process: str) -> App:
        app = App(settings, load_process_keys(settings.keys, process), clock=clock)
        apps.append(app)
        return app

    yield open_process
    for app in apps:
        await app.close()


@pytest.fixture
async def desk(open_app: Open) -> App:
    """The desk's core on an installation with its shared keys, which nobody holds yet."""
    app = open_app("desk")
    async with app.work(System("init"), "cli") as work:
        work.session.add(Installation(id=1, district="云汀区（虚构）", is_demo=True))
        for purpose in (*PURPOSES, "identity"):
            create_shared_key(work, purpose)
    app.forget_shared_keys()
    return app


@pytest.fixture
async def intake(desk: App, open_app: Open) -> App:
    return open_app("intake")


@pytest.fixture
async def worker(desk: App, open_app: Open) -> App:
    return open_app("worker")
