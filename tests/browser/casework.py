"""The way of cases at the console: each stage is made in every case before any of them goes on to the next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import expect

from tests.browser.colleague import Colleague
from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.watch import Watch

DESK: Final = {"viewport": {"width": 1440, "height": 900}}
LANGUAGE: Final = "zh_CN"
_PEOPLE: Final = {
    "clerk": "intake-clerk-office-1",
    "supervisor": "supervisor-office-1",
    "org": "case-officer-org-office-3",
    "disc": "case-officer-disc-commission-1",
    "department": "department-meeting-office-1",
    "group": "leading-group-1",
}
_OUTCOME: Final = "talk:talk_reminder"
_HEARD: Final = "事实清楚，同意谈话提醒。"


@dataclass
class Matter:
    """What one case is about.

    ``channel`` is how it came, ``category`` what the form of the card begins with. ``card`` and ``steps`` are what is
    filled in, the latter by step. The numbers of the item and of the case are known once there is one.
    """

    channel: str
    category: str
    card: Mapping[str, str]
    steps: Mapping[str, Mapping[str, str]]
    is_about_a_team: bool = False
    item: str = ""
    case: str = ""


@dataclass(frozen=True)
class Stage:
    """Steps that somebody makes in a case: what first brings them to it, and the picture to take afterwards."""

    who: str
    steps: tuple[str, ...]
    task: str = ""
    picture: str = ""


STAGES: Final = (
    Stage("supervisor", ("nominate",), task="day.task.assign"),
    Stage("org", ("declare",), task="day.task.declare"),
    Stage("disc", ("declare",), task="day.task.declare"),
    Stage("supervisor", ("assign",)),
    Stage("org", ("plan", "evidence", "inquiry")),
    Stage("disc", ("sign_inquiry",)),
    Stage("org", ("reply",), picture="case"),
    Stage("org", ("finding",)),
    Stage("disc", ("sign_finding",)),
    Stage("org", ("classify",)),
    Stage("supervisor", ("analyse",)),
)
"""From a case that was opened to one that waits for its first meeting (T8 to T14)."""

ALIKE: Final[Mapping[str, Mapping[str, str]]] = {
    "declare": {"relation": "none"},
    "sign_inquiry": {"no_trace": "yes"},
    "sign_finding": {"read": "yes"},
}
"""What is filled in alike in every case."""


@dataclass
class Team:
    """Everybody who has a part, each signed in; the pages are looked at, or pictures of them are taken as well."""

    people: Mapping[str, Colleague]
    takes_pictures: bool = False

    @classmethod
    def at_work(
        cls,
        house: House,
        visitor: Visitor,
        watch: Watch,
        session_of: SessionOf,
        *,
        takes_pictures: bool = False,
    ) -> "Team":
        people = {}
        for name, username in _PEOPLE.items():
            context = visitor(house.staff, LANGUAGE, **DESK, storage_state=session_of(username))
            people[name] = Colleague.at(context, LANGUAGE, watch)
            people[name].page.goto("/console")
        return cls(people, takes_pictures)

    def see(self, who: str, picture: str) -> None:
        """Look at the page that somebody is on, and take its picture where pictures are taken."""
        colleague = self.people[who]
        if self.takes_pictures:
            colleague.show(picture)
        else:
            colleague.watch.look(colleague.page)


def go_all_the_way(team: Team, matters: Sequence[Matter]) -> None:
    """Take every matter from an item that is new to a finding that both meetings confirmed."""
    _write_cards(team, matters)
    _approve(team, matters)
    _open_cases(team, matters)
    for stage in STAGES:
        _go_through(team, matters, stage)
    team.people["supervisor"].page.goto("/console")
    team.see("supervisor", "day")
    for who in ("department", "group"):
        _call_meeting(team, matters)
        _meet(team, who, matters)
    _confirm(team, matters)


def _write_cards(team: Team, matters: Sequence[Matter]) -> None:
    """Read each item, write its card, and propose that it is accepted."""
    clerk = team.people["clerk"]
    page = clerk.page
    for matter in matters:
        clerk.press("nav.inbox")
        matter.item = clerk.find_new(clerk.t(f"channel.{matter.channel}"))
        clerk.open_item(matter.item, "first_reading", looks=matter is matters[0])
        clerk.press("card.write")
        expect(page.locator("#category")).to_have_value(matter.category)
        if matter is matters[0]:
            team.see("clerk", "card")
        page.locator(".found .choice").nth(0 if matter.is_about_a_team else 1).get_by_role("radio").check()
        clerk.fill_in(page.locator("form", has=page.locator("#substance")), matter.card)
        clerk.press("card.save")
        expect(clerk.notice).to_have_text(clerk.t("said.carded"))
        page.locator("[name=outcome][value=accepted]").check()
        clerk.fill("triage.reason", "属于受理范围，有可以查证的事实")
        clerk.press("triage.propose")
        expect(clerk.notice).to_have_text(clerk.t("said.proposed"))
        clerk.keep(matter.item)
    clerk.watch.look(page)


def _approve(team: Team, matters: Sequence[Matter]) -> None:
    supervisor = team.people["supervisor"]
    for matter in matters:
        supervisor.go_to_task("day.task.decide", supervisor.t("day.item", number=matter.item))
        supervisor.give_reason("first_reading")
        supervisor.press("triage.approve")
        expect(supervisor.notice).to_have_text(supervisor.t("said.approved"))


def _open_cases(team: Team, matters: Sequence[Matter]) -> None:
    """Open a case on each item, and write down its number."""
    clerk = team.people["clerk"]
    for matter in matters:
        clerk.return_to(matter.item)
        clerk.turn(clerk.page.locator("#case").get_by_role("button", name=clerk.t("case.open"), exact=True))
        found = re.search(r"\d{4}-\d+", clerk.page.locator("article h1").inner_text())
        assert found is not None
        matter.case = found[0]


def _go_through(team: Team, matters: Sequence[Matter], stage: Stage) -> None:
    colleague = team.people[stage.who]
    for matter in matters:
        colleague.go_to_case(matter.case, stage.task)
        for step in stage.steps:
            colleague.step(step, _fields(team, matter, step))
    if stage.picture:
        team.see(stage.who, stage.picture)


def _fields(team: Team, matter: Matter, step: str) -> Mapping[str, str]:
    if step == "nominate":
        return {f"officer_{body}": team.people[body].name for body in ("org", "disc")}
    return ALIKE.get(step) or matter.steps.get(step, {})


def _call_meeting(team: Team, matters: Sequence[Matter]) -> None:
    """Call one meeting about everything that waits for one, and look how it could be moved or called off."""
    supervisor = team.people["supervisor"]
    supervisor.press("nav.meetings")
    supervisor.watch.look(supervisor.page)
    form = supervisor.page.locator("form.box", has=supervisor.page.locator("button.main"))
    expect(form.get_by_role("checkbox")).to_have_count(len(matters))
    supervisor.turn(form.locator("button.main"))
    expect(supervisor.notice).to_have_text(supervisor.t("said.meeting_called"))
    supervisor.page.locator("table.list tbody th a").first.click()
    supervisor.page.locator("summary", has_text=supervisor.t("meeting.change")).click()
    supervisor.watch.look(supervisor.page)
    supervisor.press("meeting.move")
    expect(supervisor.notice).to_have_text(supervisor.t("said.meeting_moved"))


def _meet(team: Team, who: str, matters: Sequence[Matter]) -> None:
    """Record that everybody was there, and for every matter on the agenda."""
    member = team.people[who]
    page = member.page
    member.go_to_task("day.task.meeting")
    member.press("meeting.open.called")
    if who == "department":
        team.see(who, "meeting")
    present = page.locator(".present input").count()
    expect(page.locator(".matter")).to_have_count(len(matters))
    for place in range(len(matters)):
        fields = {f"for-{place}": str(present), f"outcome-{place}": _OUTCOME, f"reasons-{place}": _HEARD}
        member.fill_in(page.locator(".matter").nth(place), fields)
    member.choose("meeting.true_record")
    member.press("meeting.record")
    expect(member.notice).to_have_text(member.t("said.meeting_recorded"))
    member.press("meeting.open.held")
    expect(page.locator(".minute", has_text=_HEARD)).to_have_count(len(matters))
    expect(page.locator(".minute h2")).to_contain_text([matter.case for matter in matters])
    member.watch.look(page)


def _confirm(team: Team, matters: Sequence[Matter]) -> None:
    member = team.people["group"]
    for matter in matters:
        member.go_to_case(matter.case, "day.task.confirm")
        member.step("confirm", {"text": "同意部长办公会和领导小组会的意见。", "typed_number": matter.case})
        expect(member.page.locator("article h1")).to_have_text(member.t("case.title", number=matter.case))
        expect(member.page.locator("article header .tag")).to_have_text(member.t("state.confirmed"))
    member.watch.look(member.page)
