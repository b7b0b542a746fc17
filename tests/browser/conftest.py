"""The demo, the browser, and what is asked of every page. They end with this folder: others bring their own loop."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, StorageState, expect, sync_playwright

from tests.browser.house import House, demo
from tests.browser.member import Member
from tests.browser.watch import Watch, follow

CHROMIUM: Final = "/usr/bin/chromium"
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE: Final = 20_000  # milliseconds; machines are busy
LOCALES: Final = {"zh_CN": "zh-CN", "en": "en-GB"}

Visitor = Callable[..., BrowserContext]
SessionOf = Callable[[str], StorageState]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demo(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """Pictures go to the folder that JINGSHI_PICTURES names; what was measured is printed at the end."""
    wanted = os.environ.get("JINGSHI_PICTURES")
    watching = Watch(Path(wanted) if wanted else tmp_path_factory.mktemp("pictures"))
    watching.folder.mkdir(parents=True, exist_ok=True)
    yield watching
    for kind, weight in sorted(watching.weights.items()):
        times = watching.times[kind]
        print(f"{kind:44}{weight / 1024:6.1f} KiB {median(times):6.0f} ms {max(times):6.0f} ms {len(times):3}")  # noqa: T201


@pytest.fixture(scope="package")
def session_of(house: House, chromium: Browser, watch: Watch) -> SessionOf:
    """Sign somebody in, and once for this folder: a one-time code is good for one time."""

    @cache
    def sign_in(username: str) -> StorageState:
        with chromium.new_context(base_url=house.staff, locale=LOCALES["zh_CN"]) as context:
            context.set_default_timeout(_PATIENCE)
            Member.at(context, "zh_CN", watch).sign_in(house.accounts[username])
            return context.storage_state()

    return sign_in


@pytest.fixture
def visitor(chromium: Browser, house: House) -> Iterator[Visitor]:
    """Open a browser of somebody's own; at the end, nothing may have gone elsewhere or been complained of."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def come(origin: str, language: str, **options: Any) -> BrowserContext:  # noqa: ANN401 - what Playwright takes
        size = options.pop("viewport", {"width": 900, "height": 800})
        context = chromium.new_context(
            base_url=origin, locale=LOCALES[language], reduced_motion="reduce", viewport=size, **options
        )
        context.set_default_timeout(_PATIENCE)
        follow(context, origin, faults)
        contexts.append(context)
        return context

    yield come
    for context in contexts:
        context.close()
    assert faults == []
