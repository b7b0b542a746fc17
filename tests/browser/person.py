"""What residents and staff do alike: they press what has known words, and the next page comes."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from playwright.sync_api import BrowserContext, Locator, Page

from tests.browser.watch import Watch


@dataclass
class Person(ABC):
    """Somebody at a browser, in one language."""

    page: Page
    language: str
    watch: Watch

    @classmethod
    def at(cls, context: BrowserContext, language: str, watch: Watch) -> Self:
        return cls(context.new_page(), language, watch)

    @abstractmethod
    def t(self, message_id: str, **placeholders: object) -> str:
        """Return the words of the catalogue that this person's pages use."""

    def named(self, message_id: str, **placeholders: object) -> Locator:
        """Return the button or the link that has these words of the catalogue."""
        words = self.t(message_id, **placeholders)
        button = self.page.get_by_role("button", name=words, exact=True)
        return button.or_(self.page.get_by_role("link", name=words, exact=True))

    def turn(self, control: Locator) -> None:
        """Press what leads to another page, and wait until that page is loaded: a click waits for its head at most."""
        with self.page.expect_navigation():
            control.click()

    def press(self, message_id: str, **placeholders: object) -> None:
        """Press what has these words and leads to another page."""
        self.turn(self.named(message_id, **placeholders))

    def download(self, message_id: str) -> bytes:
        """Press what has these words and leads to a file; the page stays."""
        with self.page.expect_download() as begun:
            self.named(message_id).click()
        return Path(begun.value.path()).read_bytes()
