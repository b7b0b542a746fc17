"""A case of each channel that a clerk enters by hand, all the way to a confirmed finding, side by side (S65 to S96)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import expect

from core.cases.rules.registers import CHANNELS, WAYS
from tests.browser.casework import Matter, Team, go_all_the_way
from tests.browser.colleague import Colleague
from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.watch import Watch

pytestmark = [pytest.mark.timeout(600), pytest.mark.walk]

_TEAM: Final = "leading_team"
_BY_ITSELF: Final = "letters_and_visits"
"""The channel of which a report on the page is walked through elsewhere."""


@dataclass(frozen=True)
class Told:
    """What a clerk enters, and what comes of it: the substance for the card, the papers that are found, the reply."""

    way: str
    inputs: Mapping[str, str]
    text: str
    substance: str
    papers: str
    reply: str
    manifestation: str

    def matter(self) -> Matter:
        """Return what is written about it from its card on."""
        card = {"conduct_on": "2026-09-08", "substance": self.substance, "detriment": "possible"}
        return Matter(self.way, self.inputs["category"], card, self._steps(), self.inputs["subject_kind"] == _TEAM)

    def _steps(self) -> Mapping[str, Mapping[str, str]]:
        return {
            "plan": {"text": f"调取{self.papers}；听取所在单位的说明；向本人或者班子函询。"},
            "evidence": {"text": f"{self.papers}，已经核对原件。", "source": "document", "speaks": "against"},
            "inquiry": {"substance": f"{self.substance}请说明有关情况，以及已经采取的措施。"},
            "reply": {"received_on": "2026-09-30", "text": self.reply},
            "finding": {
                "finding": "substantiated",
                "facts": self.substance,
                "explanation": f"对方说明：{self.reply}与{self.papers}核对，说明部分属实。",
                "exculpatory": "收到函询后当天着手整改，没有谋取私利。",
            },
            "classify": {
                "manifestation": self.manifestation,
                "severity": "ordinary",
                "pattern": "incipient",
                "discipline": "no",
                "face_to_face": "yes",
                "reasons": "初次，影响有限，已经整改。",
            },
            "analyse": {"text": "事实清楚，情节一般，建议谈话提醒。"},
        }


def _about(unit: str, category: str, kind: str = "section_official", **more: str) -> Mapping[str, str]:
    return {"subject_kind": kind, "unit": f"department.{unit}", "category": category, **more}


_TOLD: Final = (
    Told(
        way="joint_meeting",
        inputs=_about(
            "transport",
            "on_duty:M3",
            _TEAM,
            meeting_number="2026年第3次",
            member_body="audit_bureau",
            pattern="tendency",
        ),
        text="两次检查都发现客运站台账不全\n联席会议通报：今年两次检查，站点的安全台账都缺了八月的记录。",
        substance="客运站点安全台账连续两次检查不全，班子没有督促补正。",
        papers="客运站点安全台账和两次检查记录",
        reply="台账由新来的同志接手，交接时有遗漏。",
        manifestation="M3",
    ),
    Told(
        way="organisation_staff",
        inputs=_about(
            "culture",
            "on_duty:M4",
            subject="分管场馆的副局长",
            evidence="told",
            received_on="2026-09-28",
            method="heart_to_heart",
        ),
        text="分工调整后不与班子其他成员商量\n谈心谈话时两位同志都说，场馆开放时间改了三次，都没有在会上提过。",
        substance="场馆开放时间三次调整没有提交班子会议。",
        papers="班子会议记录和场馆开放通知",
        reply="当时认为是日常安排，不需要上会。",
        manifestation="M4",
    ),
    Told(
        way="information_liaison",
        inputs=_about(
            "civil_affairs",
            "on_duty:M1",
            subject="分管救助的副局长",
            evidence="own_observation",
            liaison_meeting="2026年第3次",
            reporter_name="濮阳折柳",
        ),
        text="接待来访群众时态度生硬\n九月八日上午在接待室，一位老人话没有说完就被打断，请到走廊里等。",
        substance="接待来访群众时态度生硬，没有听完诉求。",
        papers="接待室当天的来访登记",
        reply="当天来访的人多，说话急了，事后已经向老人道歉。",
        manifestation="M1",
    ),
    Told(
        way="station_telephone",
        inputs=_about(
            "commerce",
            "office_vehicle_or_staff",
            subject="分管市场的副局长",
            evidence="own_observation",
            received_on="2026-09-28",
        ),
        text="周末公车停在农贸市场\n有居民打电话到联络站说，九月连着两个星期六看见单位的车停在市场门口装菜。",
        substance="两个星期六使用公车买菜。",
        papers="公车派车单和行驶记录",
        reply="其中一次是检查市场，另一次顺路带了东西，愿意补交费用。",
        manifestation="M6",
    ),
    Told(
        way="term_audit",
        inputs=_about(
            "education",
            "on_duty:M2",
            subject="分管财务的副局长",
            received_on="2026-09-25",
            finding_number="2026-8",
            due_on="2026-12-31",
        ),
        text="预算调整迟报两个月\n任期审计第八项：年中预算调整应在六月底前报送，实际八月底才报。",
        substance="年中预算调整迟报两个月。",
        papers="预算调整报送登记",
        reply="经办人请病假，没有安排别人接手。",
        manifestation="M2",
    ),
    Told(
        way="annual_appraisal",
        inputs=_about(
            "statistics",
            "on_duty:M7",
            subject="分管普查的副局长",
            year="2025",
            incompetent_votes="13",
            valid_votes="36",
        ),
        text="年度考核不称职票超过三分之一\n有效票三十六张，其中不称职十三张，意见集中在普查培训没有组织。",
        substance="普查培训没有按计划组织，年度考核不称职票超过三分之一。",
        papers="普查培训计划和签到表",
        reply="培训改成了线上，参加的人没有签到。",
        manifestation="M7",
    ),
    Told(
        way="public_appraisal",
        inputs=_about(
            "housing",
            "on_duty:M5",
            subject="分管物业的副局长",
            received_on="2026-09-24",
            appointing_body="peoples_congress",
            event="2026年物业管理工作评议",
        ),
        text="物业备案规则改动前没有听取意见\n评议中多位代表提出，备案材料从五样改成九样，小区都是事后才知道。",
        substance="备案规则改动前没有听取意见。",
        papers="备案规则的起草记录",
        reply="时间紧，只在网站上挂了三天。",
        manifestation="M5",
    ),
)


def test_a_case_of_every_channel_entered_by_hand_is_confirmed_by_two_meetings(
    house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    assert {WAYS[each.way].channel for each in _TOLD} == set(CHANNELS) - {_BY_ITSELF}
    team = Team.at_work(house, visitor, watch, session_of)
    for each in _TOLD:
        _enter(team.people["clerk"], each)
    go_all_the_way(team, [each.matter() for each in _TOLD])


def _enter(clerk: Colleague, told: Told) -> None:
    """Choose how it came, fill in the form of that way, and get a place in the book and, for a person, a receipt."""
    page = clerk.page
    clerk.press("nav.entries")
    if told is _TOLD[0]:
        clerk.watch.look(page)
    clerk.press(f"channel.{told.way}")
    clerk.watch.look(page)
    clerk.fill_in(page.locator("form.intake"), {**told.inputs, "text": told.text})
    clerk.press("entry.go")
    expect(clerk.notice).to_contain_text(clerk.t(f"register.{WAYS[told.way].register}"))
    expect(page.locator("#receipt")).to_have_count(int(WAYS[told.way].has_reporter))
    if told is _TOLD[0]:
        clerk.watch.look(page)
