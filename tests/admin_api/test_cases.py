"""A case through the JSON interface: the whole way, the other ends, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.app import App
from core.cases.proceedings.tables import CaseFile
from core.cases.rules.lifecycle import CASE_STATES, TRANSITIONS
from core.cases.rules.registers import WAYS
from core.sealing import Escrow
from core.work import Staff
from tests.admin_api.callers import CLASSIFICATION, FINDING, Callers, code, the_callers
from tests.admin_api.conftest import Connect
from tests.builders import an_appointment, sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.cases.items.entries import a_coded_unit, inputs_for
from tests.core.cases.offices import FEEDBACK, analysed, called, confirmed, opened, verified, verifying

REASON = {"reason": "初次阅看，提出办理意见"}


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def _received(callers: Callers, intake: App, way: str) -> UUID:
    """An item that a resident sent, or that a clerk entered as it came one way or another."""
    if way == "web":
        return (await submitted(intake)).item_id
    await a_coded_unit(callers.offices.desk, "luting")
    given = {"way": way, "inputs": inputs_for(way), "text": "上班时间在茶水间打扑克"}
    return UUID((await callers.done(callers.offices.clerk, "/entries", given))["item_id"])


async def _accepted(callers: Callers, intake: App, way: str = "web") -> UUID:
    """An item from its card to acceptance, by the interface."""
    offices, item = callers.offices, await _received(callers, intake, way)
    made = await callers.done(offices.clerk, f"/items/{item}/card", callers.card())
    assert (made["year"], made["item_id"]) == (2026, str(item))
    proposal = {"outcome": "accepted", "reason": "属于受理范围，有可查的事实"}
    await callers.done(offices.clerk, f"/items/{item}/triage", proposal)
    decided = await callers.done(offices.supervisor, f"/items/{item}/triage/decision", {"approved": True})
    assert decided["state"] == "accepted"
    return item


async def _meet(callers: Callers, kind: str, case_id: str, members: tuple[Staff, ...]) -> None:
    supervisor, today = callers.offices.supervisor, callers.offices.desk.clock.today().isoformat()
    given = {"kind": kind, "body": "leading_group_office", "held_on": today, "case_ids": [case_id]}
    meeting = await callers.done(supervisor, "/meetings", given)
    decision = {
        "case_id": case_id,
        "votes_for": 3,
        "votes_against": 0,
        "abstained": 0,
        "recommendation": "talk",
        "form": "talk_reminder",
        "reasons": "事实清楚，同意谈话提醒",
    }
    minutes = {"present": [str(one.person_id) for one in members], "decisions": [decision]}
    path = f"/meetings/{meeting['id']}"
    assert (await callers.done(members[0], f"{path}/minutes", minutes))["state"] == "held"
    shown = (await callers.get(members[1], path)).json()
    assert (shown["case_ids"], {seat["is_present"] for seat in shown["seats"]}) == ([case_id], {True})


ONE_OF_EACH = {way.channel: name for name, way in reversed(list(WAYS.items()))}.values()


@pytest.mark.parametrize("way", ["web", *(pytest.param(name, marks=pytest.mark.walk) for name in ONE_OF_EACH)])
async def test_a_report_by_each_channel_becomes_a_confirmed_finding_through_the_interface(
    intake: App, callers: Callers, way: str
) -> None:
    offices = callers.offices
    first, second = await _accepted(callers, intake, way), await _accepted(callers, intake)
    case = await callers.done(offices.clerk, f"/items/{first}/case")
    case_id, base = case["case_id"], f"/cases/{case['case_id']}"
    suggested = (await callers.get(offices.clerk, f"/items/{second}/suggestions")).json()
    assert [each["id"] for each in suggested] == [case_id]
    seen = case["etag"]

    async def step(staff: Staff, path: str, given: object = None) -> dict[str, Any]:
        nonlocal seen
        answer = await callers.done(staff, base + path, given, seen=seen)
        seen = answer["etag"] or seen
        return answer

    await step(offices.clerk, "/items", {"item_id": str(second), "reason": "反映的是同一件事"})
    org, disc = offices.org.person_id, offices.disc.person_id
    await step(offices.supervisor, "/officers", {"officer_org": str(org), "officer_disc": str(disc)})
    for officer in (offices.org, offices.disc):
        seen = (await callers.get(officer, base)).headers["etag"]
        declared = await step(officer, "/declarations", {"relation": "none"})
        assert declared["answer"] == "may_act"
    seen = (await callers.get(offices.supervisor, base)).headers["etag"]
    assert (await step(offices.supervisor, "/assignment"))["state"] == "verifying"
    await step(offices.org, "/plans", {"text": "先查值班记录"})
    await step(offices.org, "/notes", {"text": "已联系值班人员"})
    await step(offices.disc, "/evidence", {"text": "值班登记表", "source": "document", "exculpatory": False})
    await step(offices.org, "/interviews", {"with_whom": "值班人员", "held_on": "2026-09-29", "text": "谈话内容"})
    draft = await step(offices.org, "/inquiries", {"substance": "请说明三月二日上午的情况"})
    sent = await step(offices.disc, f"/inquiries/{draft['id']}/signature")
    assert sent["state"] == "awaiting_explanation"
    await step(offices.org, "/replies", {"text": "说明如下", "received_on": "2026-09-30"})
    await step(offices.supervisor, "/extensions", {"clock": "verification", "reason": "取证需要时间"})
    await step(offices.supervisor, "/holds", {"reason": "本人住院"})
    assert (await step(offices.supervisor, "/resumption", {"reason": "已经出院"}))["state"] == "verifying"
    refused = await step(offices.org, "/findings", FINDING)
    await step(offices.disc, f"/drafts/{refused['id']}/refusal", {"reason": "第二点不清"})
    finding = await step(offices.org, "/findings", FINDING)
    assert (await step(offices.disc, f"/findings/{finding['id']}/signature"))["state"] == "verified"
    assert (await step(offices.org, "/classifications", CLASSIFICATION))["state"] == "classified"
    assert (await step(offices.supervisor, "/analysis", {"text": "建议谈话提醒"}))["state"] == "analysed"
    await _meet(callers, "department_meeting", case_id, offices.department)
    await _meet(callers, "leading_group_meeting", case_id, offices.group)
    seen = (await callers.get(offices.group[0], base)).headers["etag"]
    assert (await step(offices.group[0], "/confirmation", {"text": "同意"}))["state"] == "confirmed"
    thread = await callers.thread(offices.group[1], case_id)
    kinds = [each["kind"] for each in thread["entries"]]
    assert [kind for kind in kinds if kind != "issued"] == [  # papers are numbered beside the steps
        "opened", "merged", "nominated", "declared", "declared", "assigned", "plan", "note", "evidence", "interview",
        "inquiry", "signed", "reply", "clock", "held", "resumed", "finding", "declined", "finding", "signed",
        "classified", "analysed", "heard", "heard", "confirmed",
    ]  # fmt: skip
    assert (thread["case"]["state"], thread["case"]["origins"], len(thread["items"])) == ("confirmed", 2, 2)
    assert next(each for each in thread["entries"] if each["kind"] == "classified")["says"]["allowed"] == [
        "talk_reminder"
    ]


async def test_a_card_is_read_with_a_reason_and_what_was_proposed_can_be_taken_back(
    intake: App, callers: Callers
) -> None:
    clerk, supervisor = callers.offices.clerk, callers.offices.supervisor
    item = (await submitted(intake)).item_id
    await callers.done(clerk, f"/items/{item}/card", callers.card(few_knew=True))
    assert (await callers.post(clerk, f"/items/{item}/card/corrections", {"text": "应为三月三日"})).status_code == 204
    proposal = {"outcome": "transferred", "reason": "属于其他机关受理", "receiver": "区信访局"}
    await callers.done(clerk, f"/items/{item}/triage", proposal)
    assert code(await callers.post(clerk, f"/items/{item}/triage", proposal)) == (409, "triage_pending")
    assert code(await callers.post(supervisor, f"/items/{item}/triage", method="DELETE")) == (403, "not_permitted")
    assert (await callers.post(clerk, f"/items/{item}/triage", method="DELETE")).status_code == 204
    await callers.done(clerk, f"/items/{item}/triage", {"outcome": "insufficient", "reason": "没有可查的事实"})
    bare = await callers.post(supervisor, f"/items/{item}/triage/decision", {"approved": False})
    assert code(bare) == (422, "text_missing")
    returned = {"approved": False, "reason": "请补充时间、地点"}
    decided = await callers.done(supervisor, f"/items/{item}/triage/decision", returned)
    assert decided["state"] == "carded"
    assert code(await callers.get(supervisor, f"/items/{item}/card?opening={uuid4()}")) == (403, "reason_needed")
    opening = await callers.done(supervisor, f"/items/{item}/openings", REASON)
    card = (await callers.get(supervisor, f"/items/{item}/card?opening={opening['id']}")).json()
    assert (card["subject"]["name"], card["few_knew"]) == ("公冶望舒", True)
    assert [each["text"] for each in card["corrections"]] == ["应为三月三日"]
    assert [(each["outcome"], each["approved"]) for each in card["proposals"]] == [("insufficient", False)]
    assert [each["return_reason"] for each in card["proposals"]] == [returned["reason"]]


async def test_the_other_ends_of_a_case_are_reached_through_the_interface(
    desk: App, intake: App, callers: Callers, clock: FixedClock
) -> None:
    offices, one = callers.offices, callers.done
    malicious = await verified(offices, intake, "unfounded")
    given: dict[str, object] = {"reason": "捏造事实", "approval_document": "清纪审〔2026〕3号"}
    made = await one(offices.org, f"/cases/{malicious}/malicious", given)
    ended = await one(offices.disc, f"/cases/{malicious}/malicious/{made['id']}/signature")
    assert ended["state"] == "closed_malicious"
    referred = await verified(offices, intake)
    made = await one(offices.supervisor, f"/cases/{referred}/referrals", {"reason": "已达处分程度"})
    await one(offices.receiver, f"/cases/{referred}/referrals/{made['id']}/refusal", {"reason": "请补充材料"})
    made = await one(offices.supervisor, f"/cases/{referred}/referrals", {"reason": "材料已经补充"})
    ended = await one(offices.receiver, f"/cases/{referred}/referrals/{made['id']}/signature")
    assert ended["state"] == "referred_discipline"
    catch_all = await verified(offices, intake)
    given = {**CLASSIFICATION, "manifestation": "M8", "reasons": "其他需要警示的情形"}
    made = await one(offices.org, f"/cases/{catch_all}/classifications", given)
    ended = await one(offices.disc, f"/cases/{catch_all}/classifications/{made['id']}/signature")
    assert ended["state"] == "classified"
    concluded = await confirmed(offices, intake)
    given = {"how": "minor_advice", "reasons": "情节轻微，提出改进建议"}
    ended = await one(offices.group[1], f"/cases/{concluded}/conclusion", given)
    assert ended["state"] == "closed_without_form"
    again = await one(offices.group[1], f"/cases/{concluded}/reopening", {"new_evidence": "新的值班录像"})
    assert again["state"] == "verifying"
    closed = await verified(offices, intake, "unfounded")
    given = {"reason": "反映失实", "clarification": True}
    assert (await one(offices.org, f"/cases/{closed}/closing", given))["state"] == "closed_unfounded"
    owed = await callers.post(offices.clerk, f"/cases/{closed}/putting-away", {"reason": "办结归档"})
    assert code(owed) == (409, "feedback_owed")
    await callers.done(offices.clerk, f"/cases/{closed}/feedback", {"text": FEEDBACK})
    assert (await one(offices.clerk, f"/cases/{closed}/putting-away", {"reason": "办结归档"}))["state"] == "sealed"
    listed = (await callers.get(callers.archivist, "/cases")).json()["cases"]
    assert [each["id"] for each in listed] == [str(closed)]  # of what is put away they know that it is there
    early = await callers.post(offices.clerk, f"/cases/{closed}/destruction", {"reason": "保存期满"})
    assert code(early) == (409, "kept_longer")
    clock.move(timedelta(days=3 * 366))
    for staff in (offices.clerk, callers.archivist):
        member = await sign_in(desk, callers.members[staff.person_id], step=1)
        callers.clients[staff.person_id].headers["authorization"] = f"Bearer {member.secret}"
    made = await one(offices.clerk, f"/cases/{closed}/destruction", {"reason": "保存期满"})
    listed = (await callers.get(callers.archivist, f"/cases/{closed}")).json()["destruction_id"]
    assert listed == made["id"]
    assert (await callers.get(offices.clerk, f"/cases/{closed}")).json()["destruction_id"] is None
    ended = await one(callers.archivist, f"/cases/{closed}/destruction/{listed}/signature")
    assert ended["state"] == "expunged"


async def test_the_district_committee_is_told_and_who_read_it_is_noted(intake: App, callers: Callers) -> None:
    offices, case_id = callers.offices, await verifying(callers.offices, intake)
    given = {"facts": "某镇副主任被反映上班时间打扑克，尚未核实", "harm": True}
    made = await callers.done(offices.supervisor, f"/cases/{case_id}/notices", given)
    assert (await callers.get(offices.supervisor, f"/cases/{case_id}")).json()["is_important"]
    nothing = await callers.post(offices.supervisor, f"/cases/{case_id}/notices", {"facts": "一般情况"})
    assert code(nothing) == (409, "no_criterion")
    path = f"/notices/{made['id']}"
    assert code(await callers.get(offices.supervisor, path)) == (403, "not_permitted")
    read = (await callers.get(callers.reader, path)).json()
    assert (read["facts"], read["criteria"], read["is_unverified"]) == (given["facts"], ["harm"], True)
    for staff in (offices.supervisor, callers.reader):
        listed = (await callers.get(staff, "/notices")).json()["notices"]
        assert [(each["id"], each["readers"][0]["read_at"] is not None) for each in listed] == [(made["id"], True)]
    assert code(await callers.get(callers.reader, f"/notices/{uuid4()}")) == (404, "notice_not_found")
    assert code(await callers.get(callers.reader, f"/cases/{case_id}")) == (403, "not_permitted")


async def test_reporters_are_told_what_came_of_it_and_nobody_is_named_to_them(intake: App, callers: Callers) -> None:
    offices, case_id = callers.offices, await verifying(callers.offices, intake)
    told = {"text": "您反映的情况正在核实。"}
    assert (await callers.done(offices.org, f"/cases/{case_id}/feedback", told))["state"] == "verifying"
    naming = await callers.post(offices.org, f"/cases/{case_id}/feedback", {"text": "公冶望舒的情况正在核实。"})
    assert code(naming) == (422, "feedback_names_person")


async def test_an_officer_who_steps_aside_can_do_nothing_more_in_whatever_role(
    desk: App, intake: App, callers: Callers
) -> None:
    offices, case_id = callers.offices, await opened(callers.offices, intake)
    base = f"/cases/{case_id}"
    org, disc = offices.org.person_id, offices.disc.person_id
    await callers.done(offices.supervisor, f"{base}/officers", {"officer_org": str(org), "officer_disc": str(disc)})
    assert (await callers.done(offices.org, f"{base}/declarations", {"relation": "spouse"}))["answer"] == "recuse"
    await an_appointment(desk, org, "supervisor")
    assert code(await callers.post(offices.org, f"{base}/notes", {"text": "还想看看"})) == (403, "recused")
    assert code(await callers.post(offices.org, f"{base}/holds", {"reason": "换一个身份"})) == (403, "recused")
    assert code(await callers.get(offices.org, base)) == (404, "case_not_found")
    due = (await callers.get(offices.org, "/deadlines")).json()["deadlines"]
    assert str(case_id) not in {each["subject_id"] for each in due}
    given = {"person_id": str(disc), "reason": "回避申请成立"}
    taken_off = await callers.done(offices.supervisor, f"{base}/recusals", given)
    assert taken_off["version"] == 4
    assert code(await callers.post(offices.disc, f"{base}/declarations", {"relation": "none"})) == (403, "recused")


async def test_a_step_after_somebody_elses_is_refused_and_a_repeated_one_is_taken_once(
    intake: App, callers: Callers
) -> None:
    offices, case_id = callers.offices, await verifying(callers.offices, intake)
    base = f"/cases/{case_id}"
    seen = (await callers.get(offices.org, base)).headers["etag"]
    assert (await callers.get(offices.org, base, **{"if-none-match": seen})).status_code == 304
    first = await callers.post(offices.org, f"{base}/notes", {"text": "一"}, key="once", seen=seen)
    again = await callers.post(offices.org, f"{base}/notes", {"text": "一"}, key="once", seen=seen)
    assert (first.status_code, first.json(), first.headers["etag"]) == (201, again.json(), again.headers["etag"])
    assert (await callers.get(offices.org, base, **{"if-none-match": seen})).headers["etag"] == first.headers["etag"]
    other = await callers.post(offices.org, f"{base}/notes", {"text": "二"}, key="once")
    assert code(other) == (409, "idempotency_key_reused")
    stale = await callers.post(offices.disc, f"{base}/notes", {"text": "三"}, seen=seen)
    assert code(stale) == (412, "case_changed")
    kinds = [each["kind"] for each in (await callers.thread(offices.org, case_id))["entries"]]
    assert kinds.count("note") == 1


async def test_a_case_is_not_there_for_whoever_has_no_part_in_it(intake: App, callers: Callers) -> None:
    offices, case_id = callers.offices, await opened(callers.offices, intake)
    steps = {
        "/openings": {"reason": "只是看一看"},
        "/notes": {"text": "一"},
        "/closing": {"reason": "一", "clarification": True},
    }
    for path, given in steps.items():
        assert code(await callers.post(offices.org, f"/cases/{case_id}{path}", given)) == (404, "case_not_found")
    for stranger in (offices.org, offices.group[0], offices.receiver, callers.archivist):
        assert code(await callers.get(stranger, f"/cases/{case_id}")) == (404, "case_not_found")
        assert (await callers.get(stranger, "/cases")).json() == {"cases": [], "next": None}
        assert (await callers.get(stranger, "/deadlines")).json() == {"deadlines": [], "next": None}
    today = offices.desk.clock.today().isoformat()
    given = {
        "kind": "department_meeting",
        "body": "discipline_commission",
        "held_on": today,
        "case_ids": [str(case_id)],
    }
    assert code(await callers.post(offices.receiver, "/meetings", given)) == (404, "case_not_found")


async def test_a_meeting_is_moved_and_called_off_through_the_interface(intake: App, callers: Callers) -> None:
    offices, case_id = callers.offices, str(await analysed(callers.offices, intake))
    today = offices.desk.clock.today()
    given = {"kind": "department_meeting", "body": "leading_group_office", "held_on": today.isoformat()}
    made = await callers.done(offices.supervisor, "/meetings", {**given, "case_ids": [case_id]})
    path, later = f"/meetings/{made['id']}", (today + timedelta(days=2)).isoformat()
    again = await callers.post(offices.supervisor, "/meetings", {**given, "case_ids": [case_id]})
    assert code(again) == (409, "on_another_agenda")
    assert (await callers.done(offices.supervisor, f"{path}/move", {"held_on": later}))["state"] == "called"
    assert (await callers.get(offices.department[0], path)).json()["held_on"] == later
    off = {"reason": "参会人员出差，另行安排"}
    assert code(await callers.post(offices.receiver, f"{path}/call-off", off)) == (404, "meeting_not_found")
    assert code(await callers.post(offices.department[0], f"{path}/call-off", off)) == (403, "not_permitted")
    assert (await callers.done(offices.supervisor, f"{path}/call-off", off))["state"] == "called_off"
    assert code(await callers.post(offices.supervisor, f"{path}/move", {"held_on": later})) == (
        409,
        "meeting_called_off",
    )
    assert code(await callers.get(offices.department[0], f"/cases/{case_id}")) == (404, "case_not_found")


async def test_a_thread_is_read_with_a_reason_of_ones_own_for_this_case_alone(intake: App, callers: Callers) -> None:
    offices = callers.offices
    case_id, other = await opened(offices, intake), await opened(offices, intake)
    assert (await callers.get(offices.clerk, f"/cases/{case_id}/thread")).status_code == 422
    opening = (await callers.done(offices.clerk, f"/cases/{other}/openings", REASON))["id"]
    for staff, given in ((offices.clerk, uuid4()), (offices.clerk, opening), (offices.supervisor, opening)):
        answer = await callers.get(staff, f"/cases/{case_id}/thread?opening={given}")
        assert code(answer) == (403, "reason_needed")
    assert (await callers.get(offices.clerk, f"/cases/{other}/thread?opening={opening}")).status_code == 200


async def test_text_comes_back_as_it_was_written_or_is_refused(intake: App, callers: Callers) -> None:
    offices, case_id = callers.offices, await verifying(callers.offices, intake)
    telling = '<script>alert("1")</script>\r\n\t& \u202e逆序 \x07\x1b[0m =cmd 🀄'
    await callers.done(offices.org, f"/cases/{case_id}/notes", {"text": telling})
    entries = (await callers.thread(offices.disc, case_id))["entries"]
    assert [each["says"] for each in entries if each["kind"] == "note"] == [{"text": telling}]
    for refused, expected in (
        ("有\0空", "fields_do_not_fit"),
        ("  \r\n", "text_missing"),
        ("字" * 10_001, "text_too_long"),
    ):
        answer = await callers.post(offices.org, f"/cases/{case_id}/notes", {"text": refused})
        assert code(answer) == (422, expected)


async def walked(callers: Callers, staff: Staff, address: str | None, name: str) -> list[dict[str, Any]]:
    """What a list has on all its pages, one after the other."""
    found = list[dict[str, Any]]()
    while address:
        page = (await callers.get(staff, address)).json()
        found += page[name]
        address = page["next"]
    return found


async def test_lists_go_on_where_they_ended_and_those_of_one_day_keep_their_order(
    intake: App, callers: Callers, clock: FixedClock
) -> None:
    offices, made = callers.offices, [str(await analysed(callers.offices, intake)) for _ in range(3)]
    meetings, notices = [], []
    for case_id in made:
        meetings.append(str(await called(offices, UUID(case_id), "department_meeting")))
        clock.move(timedelta(minutes=1))
        given = {"facts": "涉及安全生产", "harm": True}
        notices.append((await callers.done(offices.supervisor, f"/cases/{case_id}/notices", given))["id"])
    cases = await walked(callers, offices.supervisor, "/cases?limit=2&mine=true", "cases")
    assert sorted(each["id"] for each in cases) == sorted(made)
    for name, expected in (("meetings", meetings), ("notices", notices)):
        found = await walked(callers, offices.supervisor, f"/{name}?limit=2", name)
        assert [each["id"] for each in found] == expected[::-1]
    due = await walked(callers, offices.supervisor, "/deadlines?limit=2", "deadlines")
    assert len(due) > 2
    whole = (await callers.get(offices.supervisor, "/deadlines?limit=200")).json()["deadlines"]
    assert due == whole == sorted(whole, key=lambda each: (each["due_on"], each["id"]))
    for name in ("meetings", "notices", "deadlines"):
        assert code(await callers.get(offices.supervisor, f"/{name}?after=x")) == (422, "cursor_malformed")


async def test_what_is_due_can_be_asked_for_by_kind(intake: App, callers: Callers) -> None:
    await verifying(callers.offices, intake)
    path = "/deadlines?kind=verification&kind=assignment"
    due = (await callers.get(callers.offices.org, path)).json()["deadlines"]
    assert [(each["kind"], each["subject_kind"], each["is_overdue"]) for each in due] == [
        ("verification", "case", False)
    ]


WAITS_FOR = {  # a step that takes what is not there is refused for that, before the state is asked
    "T9": "nothing_to_sign",
    "T10": "not_being_verified",
    "T11": "nothing_to_sign",
    "T24e": "not_sealed",
    "T25": "nothing_to_sign",
}


def asks(callers: Callers) -> dict[str, tuple[Staff, str, object]]:
    """For each transition of a case, who asks for it, where, and with what; below the case."""
    offices, why, none = callers.offices, {"reason": "某个具体的理由"}, uuid4()
    closing = {"reason": "查无实据", "clarification": False}
    return {
        "T8": (offices.supervisor, "/assignment", None),
        "T9": (offices.disc, f"/inquiries/{none}/signature", None),
        "T10": (offices.org, "/replies", {"text": "说明", "received_on": "2026-09-30"}),
        "T11": (offices.disc, f"/findings/{none}/signature", None),
        "T12": (offices.supervisor, "/referrals", why),
        "T13": (offices.org, "/classifications", CLASSIFICATION),
        "T14": (offices.supervisor, "/analysis", {"text": "分析"}),
        "T16c": (offices.group[0], "/confirmation", {"text": "同意"}),
        "T20n": (offices.org, "/closing", closing),
        "T21": (offices.group[0], "/reopening", {"new_evidence": "新的证据"}),
        "T22": (offices.group[0], "/conclusion", {"how": "minor_advice", "reasons": "情节轻微"}),
        "T23": (offices.supervisor, "/holds", why),
        "T23b": (offices.supervisor, "/resumption", why),
        "T24": (offices.clerk, "/putting-away", why),
        "T24e": (offices.clerk, "/destruction", why),
        "T25": (offices.disc, f"/malicious/{none}/signature", None),
    }


LATE = ("T10", "verifying")  # an explanation that comes late is taken as well, and moves nothing
# these are asked for at one address: what is possible by either is possible
TOGETHER = {"T12": ("T12", "T28"), "T20n": ("T20n", "T20u"), "T24": ("T24", "T27"), "T24e": ("T24e", "T27d")}


async def test_a_step_that_the_table_does_not_have_is_a_conflict_with_its_code(
    desk: App, intake: App, callers: Callers
) -> None:
    offices, case_id = callers.offices, await confirmed(callers.offices, intake)
    today = desk.clock.today().isoformat()
    asked = 0  # a third of the pairs, each step in many states; the rules themselves are held to all of them
    for place, state in enumerate(CASE_STATES):
        async with desk.work(offices.supervisor, "console") as work:
            case = await work.session.get_one(CaseFile, case_id)
            case.state, case.finding = state, "unfounded"
        for number, (name, (staff, path, given)) in enumerate(asks(callers).items()):
            if (place + number) % 3:
                continue
            possible = {each for one in TOGETHER.get(name, (name,)) for each in TRANSITIONS[one].sources}
            if state in possible or (name, state) == LATE:
                continue
            expected = WAITS_FOR.get(name, "transition_not_allowed")
            answer = await callers.post(staff, f"/cases/{case_id}{path}", given)
            assert code(answer) == (409, expected), (state, name, answer.text)
            asked += 1
        for name, kind in (("T15", "department_meeting"), ("T16", "leading_group_meeting")):
            if state in TRANSITIONS[name].sources or place % 3:
                continue
            meeting = {"kind": kind, "body": "leading_group_office", "held_on": today, "case_ids": [str(case_id)]}
            assert code(await callers.post(offices.supervisor, "/meetings", meeting)) == (409, "transition_not_allowed")
            asked += 1
    assert asked > 90
    assert (await offices.summary(case_id)).version == 13
