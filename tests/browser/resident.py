"""A resident at a browser: what they write, and how they go through the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import FilePayload, expect

from bots.web.site import texts
from tests.browser.person import Person

CHOSEN: Final[Mapping[str, str]] = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "unit": "department.justice",
    "topic": "M5",
    "context": "on_duty",
    "evidence": "own_observation",
    "identity_mode": "anonymous",
    "may_ask": "yes",
}
WRITTEN: Final[Mapping[str, Mapping[str, str]]] = {
    "zh_CN": {
        "subject": "分管窗口的副局长",
        "what": "办证窗口让人白跑好几趟",
        "happened_when": "九月中旬",
        "happened_where": "政务大厅二楼",
        "facts": "九月十五日上午去补办证明，窗口说少一份复印件。\n"
        "第二天带齐了再去，又说还要盖章，先前没有人提过。来回一共跑了四趟。",
    },
    "en": {
        "subject": "the deputy head in charge of the counter",
        "what": "Sent away from the counter several times",
        "happened_when": "in the middle of September",
        "happened_where": "the service hall, second floor",
        "facts": "On 15 September I went to renew a certificate and was told that a copy was missing.\n"
        "The next day I had it, and then a stamp was needed, which nobody had named. I went there four times.",
    },
}


@dataclass
class Resident(Person):
    """Somebody who reports."""

    def t(self, message_id: str, **placeholders: object) -> str:
        return texts(self.language)(message_id, **placeholders)

    @property
    def asked(self) -> str:
        """The name of the question on the page."""
        return self.page.locator("input[name=question]").input_value()

    def begin(self) -> None:
        """Go from the first page to the first question."""
        self.page.goto("/")
        self.press("home.report_go")
        self.press("start.steps")
        expect(self.page.locator("input[name=question]")).to_have_value("about_official")

    def answer(self, files: Mapping[str, bytes]) -> None:
        """Answer the question on the page and go on; every file is a photograph."""
        name, written = self.asked, WRITTEN[self.language]
        if name == "attachments":
            self.page.locator("#answer").set_input_files(photographs(files))
        elif name in written:
            self.page.locator("#answer").fill(written[name])
        elif self.page.locator("select#answer").count():
            self.page.locator("#answer").select_option(CHOSEN[name])
        else:
            self.page.locator(f"input[name=answer][value={CHOSEN[name]}]").check()
        self.press("question.next")

    def walk_to(self, name: str, files: Mapping[str, bytes]) -> None:
        """Answer every question before ``name``; ``""`` stands for the summary."""
        while (asked := self.asked) != name:
            self.watch.look(self.page)
            self.answer(files)
            if self.page.url.endswith("/report/review"):
                return
            assert self.asked != asked, self.page.locator("main").inner_text()

    def return_with(self, receipt: str) -> None:
        """Open the page for receipts and enter one."""
        self.page.goto("/")
        self.press("home.receipt_go")
        self.page.locator("#receipt").fill(receipt)
        self.press("return.go")


def photographs(files: Mapping[str, bytes]) -> list[FilePayload]:
    """Return files as a browser chooses them."""
    return [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files.items()]
