"""A member of staff at the console: how they sign in, open what came, and pass it on."""

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from admin_api.texts import speak
from tests.browser.house import Account
from tests.browser.person import Person


@dataclass
class Member(Person):
    """Somebody of the staff."""

    def t(self, message_id: str, **placeholders: object) -> str:
        return speak(self.language)(message_id, **placeholders)

    @property
    def notice(self) -> Locator:
        """What the page says of what was just done; it says apart who else is reading."""
        return self.page.locator(".notice[role=status]")

    def fill(self, message_id: str, value: str) -> None:
        """Fill in the field that has these words as its label."""
        self.page.get_by_label(self.t(message_id), exact=True).fill(value)

    def choose(self, message_id: str) -> None:
        """Choose what has these words as its label."""
        self.page.get_by_label(self.t(message_id), exact=True).check()

    def sign_in(self, account: Account, *, looks: bool = False) -> None:
        """Sign in with the password and a one-time code, and unlock the key; ``looks``: at both pages."""
        self.page.goto("/console")
        if looks:
            self.watch.look(self.page)
        self.fill("sign_in.username", account.username)
        self.fill("sign_in.password", account.password)
        self.fill("sign_in.totp", account.code())
        self.press("sign_in.go")
        if looks:
            self.watch.look(self.page)
        self.fill("unlock.passphrase", account.passphrase)
        self.press("unlock.go")
        expect(self.notice).to_have_text(self.t("said.unlocked"))

    def find_new(self, channel: str = "") -> str:
        """Return the number of the newest item in the list that nobody has answered, of a channel by its words."""
        rows = self.page.locator("[data-list] tbody tr", has_text=self.t("turn.new")).filter(has_text=channel)
        return rows.first.locator("th").inner_text()

    def open_item(self, number: str, why: str, note: str = "", *, looks: bool = True) -> None:
        """Choose an item of the list and give a reason; ``looks``: at the page that asks for it."""
        self.turn(self.page.locator("[data-list] tbody tr", has_text=number).locator("th a"))
        if looks:
            self.watch.look(self.page)
        self.choose(f"reason.{why}")
        self.fill("sealed.note", note)
        self.press("sealed.go")
