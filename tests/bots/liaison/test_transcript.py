"""A quarter in a chat, word for word as ``docs/stations-in-a-chat.md`` shows it, and how little it takes.

With ``JINGSHI_PICTURES``, the folder of the pictures, the page is written anew and its pictures are taken.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.async_api import ViewportSize, async_playwright

from bots.liaison.carrier import Carrier
from core import registry
from core.app import App
from tests.bots.liaison.conftest import OFFICIAL, Station, Stationed, Talk
from tests.bots.liaison.test_a_record import carrier, prompted
from tests.browser.phone import page as drawn
from tests.builders import OPERATOR

__all__ = ["carrier"]

PAGE: Final = Path(__file__).parents[3] / "docs" / "stations-in-a-chat.md"
FOLDER: Final = os.environ.get("JINGSHI_PICTURES")
NAME: Final = "云川社区联络站（虚构）"
_TELEPHONE: Final[ViewportSize] = {"width": 400, "height": 640}
_CHROMIUM: Final = "/usr/bin/chromium"


@dataclass
class Script:
    """What was done and shown in a chat, and pictures of it as names and pages."""

    talk: Talk
    lines: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)

    async def shows(self, picture: str = "", *, newest: int = 1) -> None:
        """Write down the newest message of the bot, and draw so many of the newest messages."""
        shown = await self.talk.last()
        self.lines += ["", *(f"    {line}".rstrip() for line in shown.text.split("\n"))]
        self.lines += [f"    [ {label} ]" for row in shown.buttons for label in row]
        if picture:
            messages = (await self.talk.person.sees()).messages[-newest:]
            self.pages[picture] = drawn("联络站", messages, "zh_CN")

    async def taps(self, label: str, picture: str = "", *, newest: int = 1) -> None:
        wanted = self.talk.t(label)
        pressed = next(each for each in await self.talk.buttons() if wanted in each)
        self.lines += ["", f"› 点：{pressed}"]
        await self.talk.presses(label)
        await self.shows(picture, newest=newest)

    async def types(self, text: str, picture: str = "", *, newest: int = 1) -> None:
        self.lines += ["", f"› 打字：{text}"]
        await self.talk.says(text)
        await self.shows(picture, newest=newest)


async def nothing_to_report(it: Stationed, carrier: Carrier) -> Script:
    script = Script(await it.paired())
    await prompted(it, carrier, script.talk)
    await script.shows("stations.prompt.zh_CN")
    await script.taps("duty.nil", "stations.nil.zh_CN", newest=2)
    await script.taps("nil.yes", "stations.thanks.zh_CN", newest=3)
    assert script.talk.t("thanks.nil") in (await script.talk.last()).text
    assert script.talk.taps == 2, "from the prompt to the thanks"
    await script.talk.presses("duty.take_back")
    return script


async def one_entry(it: Stationed, carrier: Carrier) -> Script:
    script = Script(await it.paired())
    await prompted(it, carrier, script.talk, "round_first")
    await script.shows()
    await script.taps("duty.write", "stations.who.zh_CN", newest=2)
    await script.taps(OFFICIAL, "stations.matter.zh_CN")
    await script.types("2")
    await script.types("七月的两个周末，用单位的车接送亲戚。")
    await script.types("11月12日", "stations.source.zh_CN", newest=2)
    await script.taps("听别人说的", "stations.review.zh_CN")
    await script.taps("review.submit", "stations.noted.zh_CN")
    await script.taps("duty.file")
    assert script.talk.t("thanks.filed") in (await script.talk.last()).text
    assert script.talk.taps <= 8, "for one entry"
    return script


async def the_head_signs(it: Stationed, carrier: Carrier) -> Script:
    script = Script(await it.paired(it.head_id))
    await prompted(it, carrier, script.talk, "record_to_sign")
    await script.shows()
    await script.taps("duty.show", "stations.to_sign.zh_CN")
    await script.taps("duty.hurry", "stations.hurry.zh_CN")
    await script.taps("hurry.not")
    await script.taps("duty.sign")
    await script.taps("sign.yes")
    return script


async def test_a_quarter_reads_in_a_chat_as_the_page_says(station: Station, carrier: Carrier, desk: App) -> None:
    async with station() as it:
        async with desk.work(OPERATOR, "cli") as work:
            await registry.rename_unit(work, it.network.station_id, name=NAME, name_en=None)
        scripts = [await each(it, carrier) for each in (nothing_to_report, one_entry, the_head_signs)]
    said = ["\n".join(script.lines).strip("\n") for script in scripts]
    text = PAGE.read_text(encoding="utf-8")
    if FOLDER:
        text = _written(text, said)
        PAGE.write_text(text, encoding="utf-8")
        await _take({name: page for script in scripts for name, page in script.pages.items()}, Path(FOLDER))
    assert re.findall(r"```text\n(.*?)\n```", text, re.DOTALL) == said


def _written(text: str, said: list[str]) -> str:
    waiting = iter(said)
    return re.sub(r"```text\n.*?```", lambda _: f"```text\n{next(waiting)}\n```", text, flags=re.DOTALL)


async def _take(pages: dict[str, str], folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = await browser.new_context(viewport=_TELEPHONE, locale="zh-CN")
        tab = await context.new_page()
        for name, page in pages.items():
            await tab.set_content(page)
            await tab.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
            await tab.screenshot(path=folder / f"{name}.png")
        await browser.close()
