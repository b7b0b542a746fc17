"""Whoever works on a case at the console: they open it with a reason, fill in its forms, and go on."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.member import Member


@dataclass
class Colleague(Member):
    """Somebody with a part in a case."""

    @property
    def name(self) -> str:
        """Their name, as the console shows it."""
        return self.page.locator("a.me").inner_text()

    def go_to_task(self, task: str) -> None:
        """Go from my day to the thing that waits with these words."""
        self.page.goto("/console")
        row = self.page.locator("section", has=self.page.locator("#mine-title")).locator("tr", has_text=self.t(task))
        self.turn(row.first.locator("th a"))

    def give_reason(self, why: str) -> None:
        """Say why the thing on the page is read."""
        self.choose(f"reason.{why}")
        self.press("sealed.go")

    def open_case(self, task: str) -> None:
        """Go from my day to a case that waits, and open it."""
        self.go_to_task(task)
        self.give_reason("case_next")

    def form(self, name: str) -> Locator:
        """Return the form of a step, unfolded."""
        details = self.page.locator(f"#form-{name}")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        return details

    def step(self, name: str, fields: Mapping[str, str] | None = None) -> None:
        """Fill in one form of the case that is open, and send it."""
        form = self.form(name)
        for field, value in (fields or {}).items():
            control = form.locator(f"[name={field}]").first
            kind = control.evaluate("(one) => one.type")
            if kind in ("radio", "checkbox"):
                form.locator(f"[name={field}][value={value}]").check()
            elif kind == "select-one":
                control.select_option(value)
            else:
                control.fill(value)
        self.turn(form.get_by_role("button", name=self.t(f"case.do.{name}"), exact=True))
        expect(self.page.get_by_role("status")).to_have_text(self.t(f"said.case.{name}"))

    def person_in(self, form: str, field: str, name: str) -> str:
        """Return the value of the choice of a person by name."""
        option = self.form(form).locator(f"select[name={field}] option", has_text=name)
        return option.get_attribute("value") or ""

    def show(self, picture: str, languages: tuple[str, ...] = ("en", "zh_CN")) -> None:
        """Look at the page, and take its picture in each language; the last one stays."""
        for language in languages:
            cookie = {"name": "jingshi_language", "value": language, "url": self.page.url}
            self.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain mapping will do
            self.page.reload()
            self.watch.look(self.page, f"{picture}.{language}", runs_axe=language == self.language)
