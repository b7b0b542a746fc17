"""What is asked of every page that anybody meets, and the pictures that are taken on the way."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

WIDTHS: Final = (360, 1440)  # a telephone, and the screen of an office
BUDGET: Final = 100 * 1024  # bytes of a page with its stylesheet and script
PICTURE: Final = 200 * 1024  # bytes
_HEAD: Final = 300  # bytes of headers, as Resource Timing counts them
_LOADED: Final = """() => {
  const entries = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  const [page] = performance.getEntriesByType("navigation");
  return [entries.map((one) => one.encodedBodySize), page.responseStart - page.requestStart];
}"""
_GIVEN_UP: Final = "net::ERR_ABORTED"  # by the browser: the page was left while its icon came, or the answer is a file
_OVERFLOW: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE: Final[str] = Axe().axe_script
_BARRIERS: Final = "(options) => axe.run(options).then((found) => found.violations)"


@dataclass
class Watch:
    """Looks at pages, and keeps what they weighed and how long the server took."""

    folder: Path
    weights: dict[str, int] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def look(self, page: Page, picture: str = "", *, runs_axe: bool = True) -> None:
        """Require everything of the page that is shown; ``picture`` names the picture to take of it."""
        self._weigh(page)
        own = page.viewport_size or {"width": 1440, "height": 900}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": own["height"]})
            assert page.evaluate(_OVERFLOW) <= 0, f"{page.url} is wider than {width} px"
        page.set_viewport_size(own)
        if runs_axe:
            _look_for_barriers(page)
        if picture:
            self.take(page, picture)

    def take(self, page: Page, picture: str) -> None:
        """Save a picture of what is shown, in fewer colours where it would grow too large."""
        content = page.screenshot(caret="hide")
        path = self.folder / f"{picture}.png"
        if len(content) < PICTURE:
            path.write_bytes(content)
        else:
            Image.open(BytesIO(content)).convert("RGB").quantize(128).save(path, optimize=True)
        assert path.stat().st_size < PICTURE, picture

    def _weigh(self, page: Page) -> None:
        sizes, seconds = page.evaluate(_LOADED)
        kind = _kind(page.url)
        weight = sum(size + _HEAD for size in sizes)
        assert weight < BUDGET, f"{page.url} weighs {weight} bytes"
        self.weights[kind] = max(weight, self.weights.get(kind, 0))
        self.times[kind].append(seconds)


def follow(context: BrowserContext, origin: str, faults: list[str]) -> None:
    """Write down whatever the pages of ``context`` ask elsewhere or complain of."""

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:")):
            faults.append(f"asked elsewhere: {request.url}")

    def complained(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            faults.append(message.text)

    def failed(request: Request) -> None:
        if request.failure != _GIVEN_UP:
            faults.append(f"not loaded: {request.url}")

    context.on("request", asked)
    context.on("console", complained)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("requestfailed", failed)


def _look_for_barriers(page: Page) -> None:
    """Run axe in light, and its rule of contrast in dark."""
    page.evaluate(_AXE)
    in_light = page.evaluate(_BARRIERS, {})
    assert in_light == [], f"{page.url}\n{json.dumps(in_light, ensure_ascii=False, indent=1)}"
    page.emulate_media(color_scheme="dark")
    in_dark = page.evaluate(_BARRIERS, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    assert in_dark == [], f"{page.url} in dark\n{json.dumps(in_dark, ensure_ascii=False, indent=1)}"


def _kind(url: str) -> str:
    """Return the path with what differs from item to item left out."""
    return "/".join("…" if len(part) == 36 else part for part in urlsplit(url).path.split("/"))
