"""Whoever works on a case at the console: they open it with a reason, fill in its forms, and go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from playwright.sync_api import Locator, expect

from tests.browser.member import Member


@dataclass
class Colleague(Member):
    """Somebody with a part in a case. ``places`` has the address at which each thing was opened, by its number."""

    places: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Their name, as the console shows it."""
        return self.page.locator("a.me").inner_text()

    def go_to_task(self, task: str, thing: str = "") -> None:
        """Go from my day to what waits with these words: to ``thing``, or to whatever is first."""
        self.page.goto("/console")
        row = self.page.locator("section", has=self.page.locator("#mine-title")).locator("tr", has_text=self.t(task))
        link = row.locator("th a")
        self.turn(row.get_by_role("link", name=thing, exact=True) if thing else link.first)

    def give_reason(self, why: str) -> None:
        """Say why the thing on the page is read."""
        self.choose(f"reason.{why}")
        self.press("sealed.go")

    def go_to_case(self, number: str, task: str) -> None:
        """Return to a case, or go from my day to it, where it waits with these words, and open it."""
        if number in self.places:
            self.return_to(number)
            return
        self.go_to_task(task, self.t("case.title", number=number))
        self.give_reason("case_next")
        self.keep(number)

    def keep(self, number: str) -> None:
        """Keep the address of what was opened: the reason holds for half an hour."""
        self.places[number] = self.page.url

    def return_to(self, number: str) -> None:
        """Return to what was opened before."""
        self.page.goto(self.places[number])

    def form(self, name: str) -> Locator:
        """Return the form of a step, unfolded."""
        details = self.page.locator(f"#form-{name}")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        return details

    def step(self, name: str, fields: Mapping[str, str] | None = None, *, said: str = "case") -> None:
        """Fill in one form of the case, or of the measure (``said``), that is open, and send it."""
        form = self.form(name)
        self.fill_in(form, fields or {})
        self.turn(form.get_by_role("button", name=self.t(f"case.do.{name}"), exact=True))
        expect(self.notice).to_have_text(self.t(f"said.{said}.{name}"))

    def fill_in(self, form: Locator, fields: Mapping[str, str]) -> None:
        """Fill in a form by the names of its fields; a choice by its value, or by its words where it is a list."""
        for name, value in fields.items():
            control = form.locator(f"[name='{name}']")
            kind = control.first.evaluate("(one) => one.type")
            if kind in ("radio", "checkbox"):
                form.locator(f"[name='{name}'][value='{value}']").check()
            elif kind == "select-one":
                control.select_option(value)
            else:
                control.fill(value)

    def person_in(self, form: str, field: str, name: str) -> str:
        """Return the value of the choice of a person by name."""
        option = self.form(form).locator(f"select[name={field}] option", has_text=name)
        return option.get_attribute("value") or ""

    def show(self, picture: str, languages: tuple[str, ...] = ("en", "zh_CN")) -> None:
        """Look at the page, and take its picture in each language; the last one stays."""
        for language in languages:
            cookie = {"name": "jingshi_language", "value": language, "url": urljoin(self.page.url, "/")}
            self.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain mapping will do
            self.page.reload()
            self.watch.look(self.page, f"{picture}.{language}", runs_axe=language == self.language)
