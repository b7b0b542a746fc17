"""Measures through the JSON interface: the whole way, the other ends, and what is refused."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from core import access, registry, warnings
from core.access.tables import Repeat
from core.app import App
from core.cases import proceedings
from core.errors import Forged, NotFound
from core.sealing import Escrow, Receipt
from core.warnings.tables import ServedCode
from core.work import Reporter, System
from tests.admin_api.callers import code
from tests.admin_api.conftest import Connect
from tests.admin_api.deciders import PROOF, Deciding, a_draft, the_deciding
from tests.builders import OPERATOR
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.warnings.offices import OFFICE, move_on

GOOD = {"record": "考核期内遵守纪律，整改到位", "grounds": ["conduct", "correction"], "corrected": True}
TALK = {"talked_by": "部长", "reasons": "说明了原因", "view": "本人认识到不足", "corrections": "立即改正"}


@pytest.fixture
async def deciding(desk: App, escrow: Escrow, connect: Connect) -> Deciding:
    return await the_deciding(desk, escrow, connect)


async def test_an_admonition_from_its_draft_to_its_lifting_through_the_interface(
    intake: App, worker: App, deciding: Deciding
) -> None:
    case_id = await deciding.confirmed(intake, "admonition")
    unit = (await deciding.callers.get(deciding.one("supervisor"), "/units")).json()[0]["id"]
    made = await deciding.drafted(case_id, "admonition", ancillary=["written_self_criticism"])
    base, seen = f"/measures/{made['measure_id']}", made["etag"]

    async def step(name: str, path: str, given: object = None) -> dict[str, Any]:
        nonlocal seen
        answer = await deciding.done(name, base + path, given, seen=seen)
        assert answer["etag"] == f'"{answer["version"]}"'
        seen = answer["etag"]
        return answer

    assert await waiting(deciding, "disc") == ["check"]
    await step("disc", "/check")
    assert (await step("issuer", "/approvals", {"capacity": "management_authority"}))["state"] == "approved"
    served = await step("issuer", "/service", {"served_on": deciding.today, "proof": PROOF, "told": [unit]})
    assert (served["state"], served["code_shown_before"], Receipt.parse(served["code"]).text) == (
        "active",
        False,
        served["code"],
    )
    shown = await deciding.callers.get(deciding.one("org"), base)
    assert (shown.headers["etag"], shown.json()["last_day"]) == (seen, served["last_day"])
    unchanged = await deciding.callers.get(deciding.one("org"), base, **{"if-none-match": seen})
    assert unchanged.status_code == 304
    report = {"what": "self_criticism", "text": "书面检查", "received_on": deciding.today}
    await step("org", "/reports", report)
    await move_on(worker, 200)
    seen = (await deciding.callers.get(deciding.one("org"), base)).headers["etag"]
    assert await waiting(deciding, "org") == ["assess"]
    bad = {**GOOD, "grounds": ["conduct", "complaint"]}
    refused = await deciding.callers.post(deciding.one("org"), f"{base}/assessments", bad)
    assert code(refused) == (422, "rejected_ground")
    assert (await step("org", "/assessments", GOOD))["state"] == "assessed"
    assert (await step("issuer", "/outcome", {"outcome": "lifted", "reasons": "确已改正"}))["state"] == "closed"
    content = await deciding.read("supervisor", base)
    kinds = [each["kind"] for each in content["entries"]]
    assert kinds == [
        "measure_drafted", "measure_checked", "measure_approved", "measure_issued", "measure_served", "report_taken",
        "assessment_opened", "term_ended", "measure_assessed", "outcome_decided", "paper_issued", "measure_closed",
    ]  # fmt: skip
    assert (content["document"]["name"], content["document"]["number"], content["parts"]) == (
        "公冶望舒",
        1,
        ["supervisor"],
    )
    assert {each["subject_kind"] for each in content["deadlines"]} == {"measure"}
    thread = await deciding.callers.thread(deciding.one("supervisor"), case_id)
    assert (thread["case"]["state"], "measure_assessed" in {each["kind"] for each in thread["entries"]}) == (
        "closed",
        True,
    )
    listed = (await deciding.callers.get(deciding.one("supervisor"), f"/cases/{case_id}/measures")).json()
    assert [(each["state"], each["outcome"]) for each in listed] == [("closed", "lifted")]


async def waiting(deciding: Deciding, name: str) -> list[str]:
    return [each["what"] for each in (await deciding.callers.get(deciding.one(name), "/measures/waiting")).json()]


async def test_a_suspension_is_assessed_by_its_panel_and_followed_by_a_new_decision(
    intake: App, worker: App, deciding: Deciding
) -> None:
    case_id = await deciding.confirmed(intake, "suspension")
    base = await deciding.served(case_id, "suspension")
    panel = [str(deciding.one(name).person_id) for name in ("first", "second", "third")]
    small = await deciding.callers.post(deciding.one("supervisor"), f"{base}/panel", {"people": panel[:2]})
    assert code(small) == (409, "panel_too_small")
    await deciding.done("supervisor", f"{base}/panel", {"people": panel})
    await move_on(worker, 365)
    await deciding.done(
        "org", f"{base}/reports", {"what": "self_report", "text": "自述", "received_on": deciding.today}
    )
    assert code(await deciding.callers.post(deciding.one("first"), f"{base}/assessments", GOOD)) == (
        422,
        "answer_missing",
    )
    found = {**GOOD, "excellent": True, "results": True, "recognised": True}
    assert (await deciding.done("first", f"{base}/assessments", found))["state"] == "active"
    own = await deciding.callers.post(deciding.one("first"), f"{base}/assessments/signature")
    assert code(own) == (403, "own_work")
    await deciding.done("second", f"{base}/assessments/signature")
    assert (await deciding.done("third", f"{base}/assessments/signature"))["state"] == "assessed"
    await deciding.done("issuer", f"{base}/outcome", {"outcome": "restore_post", "reasons": "表现优秀"})
    after = await deciding.served(case_id, "restore_post", follows=base.rpartition("/")[2])
    states = [(await deciding.callers.get(deciding.one("org"), one)).json()["state"] for one in (base, after)]
    assert states == ["closed", "served"]
    assert (await deciding.done("supervisor", f"{after}/closing", {"reason": "已经执行"}))["state"] == "closed"


async def test_a_suspension_is_neither_approved_nor_served_once_the_policy_has_none(
    desk: App, intake: App, deciding: Deciding
) -> None:
    async def switch(profile: str) -> None:
        async with desk.work(System("init"), "cli") as work:
            (await registry.installation(work.session)).profile = profile
        await desk.open()

    drafted = await deciding.drafted(await deciding.confirmed(intake, "suspension"), "suspension")
    base = f"/measures/{drafted['measure_id']}"
    await deciding.done("disc", f"{base}/check")
    capacity = {"capacity": (await deciding.read("issuer", base))["next_capacity"]}
    service = {"served_on": deciding.today, "proof": PROOF}
    for path, given in (("/approvals", capacity), ("/service", service)):
        await switch("modern")
        assert code(await deciding.callers.post(deciding.one("issuer"), base + path, given)) == (409, "suspension_off")
        await switch("seed")
        if path == "/approvals":
            await deciding.done("issuer", base + path, given)
    await switch("modern")
    back = await deciding.done("issuer", f"{base}/returns", {"reason": "现行政策不采用待岗"})
    assert back["state"] == "returned"


async def test_an_upheld_appeal_revokes_the_measure_and_all_who_were_told_are_told_again(
    intake: App, worker: App, deciding: Deciding
) -> None:
    base = await deciding.approved(await deciding.confirmed(intake, "admonition"), "admonition")
    unit = (await deciding.callers.get(deciding.one("supervisor"), "/units")).json()[0]["id"]
    await deciding.done("issuer", f"{base}/service", {"served_on": deciding.today, "proof": PROOF, "told": [unit]})
    wish = {"kind": "appeal", "text": "申诉理由", "received_on": deciding.today}
    early = await deciding.callers.post(deciding.one("supervisor"), f"{base}/remedies", wish)
    assert code(early) == (409, "appeal_not_open")
    await move_on(worker, 90)
    late = await deciding.done(
        "supervisor", f"{base}/remedies", {"kind": "review", "text": "复核理由", "received_on": deciding.today}
    )
    assert (late["is_late"], late["admitted"]) == (True, None)
    review = f"/remedies/{late['id']}"
    ruling = {"ruling": "dismissed", "reasons": "原决定事实清楚"}
    assert code(await deciding.callers.post(deciding.one("reviewer"), f"{review}/decision", ruling)) == (
        409,
        "remedy_not_admitted",
    )
    admitted = await deciding.done("reviewer", f"{review}/admission", {"admitted": True, "reason": "有正当理由"})
    for touched in ("supervisor", "issuer"):
        assert code(await deciding.callers.post(deciding.one(touched), f"{review}/decision", ruling)) == (
            403,
            "not_permitted",
        )
    assert code(await deciding.callers.post(deciding.one("reviewer"), f"{review}/decision", ruling, seen='"1"')) == (
        412,
        "measure_changed",
    )
    await deciding.done("reviewer", f"{review}/decision", ruling, seen=admitted["etag"])
    appeal = await deciding.done("supervisor", f"{base}/remedies", {**wish, "received_on": deciding.today})
    upheld = {"ruling": "upheld", "reasons": "主要事实不清"}
    decided = await deciding.done("appeal", f"/remedies/{appeal['id']}/decision", upheld)
    assert (decided["state"], decided["ruling"]) == ("revoked", "upheld")
    content = await deciding.read("supervisor", base)
    assert [each["ruling"] for each in content["remedies"]] == ["dismissed", "upheld"]
    assert [(each["unit_id"], each["delivery"]) for each in content["told"]] == [(unit, "due")]
    notice = f"/told/{content['told'][0]['id']}/delivery"
    assert (await deciding.done("issuer", notice, {"delivery": "unknown"}))["delivery"] == "unknown"
    await deciding.done("supervisor", notice, {"delivery": "delivered"}, seen=f'"{content["measure"]["version"] + 1}"')
    again = await deciding.callers.post(deciding.one("supervisor"), notice, {"delivery": "delivered"})
    assert code(again) == (409, "notice_not_due")
    given = {"consent": True, "scope": "本单位", "text": "原决定已经撤销，现予以澄清"}
    assert (await deciding.done("supervisor", f"{base}/name-clearing", given))["state"] == "revoked"


async def test_what_rests_on_a_revoked_measure_is_revoked_with_it_and_the_person_is_free_again(
    intake: App, worker: App, deciding: Deciding
) -> None:
    first = await deciding.served(await deciding.confirmed(intake, "admonition"), "admonition")
    asked = {"official": str(deciding.callers.offices.official_id), "action": "promotion", "on": deciding.today}
    assert await eligible(deciding, asked) == "blocked"
    await deciding.done(
        "org", f"{first}/reports", {"what": "self_report", "text": "自述", "received_on": deciding.today}
    )
    await move_on(worker, 200)
    await deciding.done("org", f"{first}/assessments", {**GOOD, "corrected": False})
    await deciding.done("issuer", f"{first}/outcome", {"outcome": "demotion", "reasons": "考核期内没有改正"})
    case_id = (await deciding.read("supervisor", first))["case"]["id"]
    after = await deciding.approved(case_id, "demotion", follows=first.rpartition("/")[2])
    unit = (await deciding.callers.get(deciding.one("supervisor"), "/units")).json()[0]["id"]
    service = {"served_on": deciding.today, "proof": PROOF, "told": [unit]}
    served = await deciding.done("issuer", f"{after}/service", service)
    wish = {"kind": "review", "text": "复核理由", "received_on": deciding.today}
    await deciding.done("supervisor", f"{after}/remedies", wish)
    review = f"/remedies/{(await deciding.done('supervisor', f'{first}/remedies', wish))['id']}"
    await deciding.done("reviewer", f"{review}/admission", {"admitted": True, "reason": "有正当理由"})
    await deciding.done("reviewer", f"{review}/decision", {"ruling": "upheld", "reasons": "主要事实不清"})
    assert await eligible(deciding, asked) == "allowed"
    content = await deciding.read("supervisor", after)
    assert (content["measure"]["state"], [each["delivery"] for each in content["told"]]) == ("revoked", ["due"])
    assert [each["ruling"] for each in content["remedies"]] == ["upheld"]
    assert [each["kind"] for each in content["deadlines"] if each["done_on"] is None] == []
    async with intake.work(Reporter(), "web", write=False) as work:
        standing = await warnings.read_code(work, Receipt.parse(served["code"]))
    assert [(each.kind, each.text) for each in standing.told] == [("upheld", "主要事实不清")]
    assert "consent" in standing.may_send


async def eligible(deciding: Deciding, asked: dict[str, str]) -> str:
    """What is answered about the official on a day."""
    answer = await deciding.callers.get(deciding.one("issuer"), "/eligibility?" + urlencode(asked))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["answer"])


async def test_letters_and_talks_reach_their_ends_through_the_interface(intake: App, deciding: Deciding) -> None:
    letter = await deciding.served(await deciding.confirmed(intake, "letter"), "letter")
    closing = await deciding.callers.post(deciding.one("supervisor"), f"{letter}/closing", {"reason": "办结"})
    assert code(closing) == (409, "measure_running")
    reading = {"outcome": "explained", "reasons": "说明清楚"}
    assert (await deciding.done("org", f"{letter}/letter-readings", reading))["state"] == "served"
    assert (await deciding.done("disc", f"{letter}/letter-readings", reading))["state"] == "closed"
    talk = await deciding.approved(await deciding.confirmed(intake, "talk_reminder"), "talk_reminder")
    served = await deciding.callers.post(
        deciding.one("issuer"), f"{talk}/service", {"served_on": deciding.today, "proof": PROOF}
    )
    assert code(served) == (422, "talk_needs_record")
    held = await deciding.done("issuer", f"{talk}/talk", {**TALK, "held_on": deciding.today, "dissent": "有不同意见"})
    assert (held["state"], held["last_day"]) == ("served", None)
    note = {"outcome": "improved", "reasons": "作风转变"}
    assert (await deciding.done("org", f"{talk}/follow-up", note))["state"] == "closed"


async def test_what_was_not_assessed_in_time_lapses(intake: App, worker: App, deciding: Deciding) -> None:
    base = await deciding.served(await deciding.confirmed(intake, "admonition"), "admonition")
    await move_on(worker, 190)
    why = {"reason": "逾期未考核"}
    early = await deciding.callers.post(deciding.one("supervisor"), f"{base}/lapse", why)
    assert code(early) == (409, "assessment_not_overdue")
    await move_on(worker, 40)
    assert (await deciding.done("supervisor", f"{base}/lapse", why))["state"] == "lapsed"


async def test_the_served_code_is_told_once_and_kept_nowhere(
    desk: App, intake: App, deciding: Deciding, caplog: pytest.LogCaptureFixture
) -> None:
    base = await deciding.approved(await deciding.confirmed(intake, "admonition"), "admonition")
    given, key = {"served_on": deciding.today, "proof": PROOF}, uuid4().hex
    first = await deciding.callers.post(deciding.one("issuer"), f"{base}/service", given, key=key)
    again = await deciding.callers.post(deciding.one("issuer"), f"{base}/service", given, key=key)
    told = first.json()["code"]
    assert (again.status_code, again.headers["etag"]) == (first.status_code, first.headers["etag"])
    assert again.json() == {**first.json(), "code": None, "code_shown_before": True}
    other = await deciding.callers.post(deciding.one("issuer"), f"{base}/service", {**given, "proof": "邮寄"}, key=key)
    assert code(other) == (409, "idempotency_key_reused")
    second = await deciding.callers.post(deciding.one("issuer"), f"{base}/service", given)
    assert code(second) == (409, "transition_not_allowed")
    async with desk.work(deciding.one("issuer"), "api", write=False) as work:
        kept = "".join(await work.session.scalars(select(Repeat.result)))
    assert told not in kept + caplog.text + str(await deciding.read("issuer", base))


async def test_whoever_lost_a_code_gets_another_that_opens_the_same_and_the_lost_one_ends(
    desk: App, intake: App, deciding: Deciding
) -> None:
    base = await deciding.approved(await deciding.confirmed(intake, "admonition"), "admonition")
    why, key = {"reason": "本人来访，称编码遗失"}, uuid4().hex
    early = await deciding.callers.post(deciding.one("issuer"), f"{base}/codes", why)
    assert code(early) == (404, "document_without_code")
    served = await deciding.done("issuer", f"{base}/service", {"served_on": deciding.today, "proof": PROOF})
    wish = {"kind": "review", "text": "复核理由", "received_on": deciding.today}
    review = await deciding.done("supervisor", f"{base}/remedies", wish)
    ruling = {"ruling": "dismissed", "reasons": "维持"}
    await deciding.done("reviewer", f"/remedies/{review['id']}/decision", ruling)
    lost = Receipt.parse(served["code"])
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, lost, "explanation", "当天在外开会")
        before = await warnings.read_code(work, lost)
    assert [each.kind for each in before.told] == ["dismissed"]
    assert code(await deciding.callers.post(deciding.one("supervisor"), f"{base}/codes", why)) == (403, "not_permitted")
    assert code(await deciding.callers.post(deciding.one("issuer"), f"{base}/codes", {"reason": " "}))[0] == 422
    first = await deciding.callers.post(deciding.one("issuer"), f"{base}/codes", why, key=key)
    again = await deciding.callers.post(deciding.one("issuer"), f"{base}/codes", why, key=key)
    assert again.json() == {**first.json(), "code": None, "code_shown_before": True}
    async with intake.work(Reporter(), "web", write=False) as work:
        with pytest.raises(NotFound, match="code_unknown"):
            await warnings.read_code(work, lost)
        assert await warnings.read_code(work, Receipt.parse(first.json()["code"])) == before
    async with desk.work(OPERATOR, "cli") as work:  # the lost one, brought back in the database, is refused
        await work.session.execute(update(ServedCode).where(ServedCode.ended_at.is_(None)).values(ended_at=work.now()))
        old = ServedCode.lookup_hash == lost.lookup_hash
        await work.session.execute(update(ServedCode).where(old).values(ended_at=None))
    async with intake.work(Reporter(), "web", write=False) as work:
        with pytest.raises(Forged):
            await warnings.read_code(work, lost)
    content = await deciding.read("issuer", base)
    assert (content["entries"][-1]["kind"], content["entries"][-1]["says"]["reason"]) == ("code_renewed", why["reason"])


async def test_one_draft_is_approved_once_and_never_by_whoever_stepped_aside(intake: App, deciding: Deciding) -> None:
    callers, offices = deciding.callers, deciding.callers.offices
    case_id = await deciding.confirmed(intake, "admonition")
    first = await deciding.drafted(case_id, "admonition")
    base, capacity = f"/measures/{first['measure_id']}", {"capacity": "management_authority"}
    open_already = await callers.post(offices.supervisor, f"/cases/{case_id}/measures", a_draft("admonition"))
    assert code(open_already) == (409, "measure_open")
    assert code(await callers.post(deciding.one("issuer"), f"{base}/approvals", capacity)) == (
        409,
        "transition_not_allowed",
    )
    checked = await deciding.done("disc", f"{base}/check")
    stale = await callers.post(deciding.one("issuer"), f"{base}/approvals", capacity, seen=first["etag"])
    assert code(stale) == (412, "measure_changed")
    wrong = await callers.post(deciding.one("issuer"), f"{base}/approvals", {"capacity": "unit_leader"})
    assert code(wrong) == (409, "not_this_capacity")
    approved = await callers.post(deciding.one("issuer"), f"{base}/approvals", capacity, seen=checked["etag"])
    assert approved.status_code == 200
    twice = await callers.post(deciding.one("issuer"), f"{base}/approvals", capacity)
    assert code(twice) == (409, "transition_not_allowed")
    await deciding.done("supervisor", f"{base}/returns", {"reason": "事实表述有误"})
    again = await deciding.drafted(case_id, "admonition")
    base = f"/measures/{again['measure_id']}"
    await deciding.done("org", f"{base}/check")
    issuer = deciding.one("issuer").person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.recuse(work, case_id, issuer, reason="与本人有利害关系")
    )
    for path, given in (("/approvals", capacity), ("/returns", {"reason": "退回"})):
        assert code(await callers.post(deciding.one("issuer"), base + path, given)) == (403, "recused")
    assert (await callers.get(deciding.one("issuer"), base)).status_code == 404


async def test_lists_go_on_from_where_they_ended_and_name_nobody(
    intake: App, deciding: Deciding, nobody: httpx.AsyncClient
) -> None:
    bases = [await deciding.served(await deciding.confirmed(intake, "admonition"), "admonition") for _ in range(3)]
    ids = [base.rpartition("/")[2] for base in bases]
    supervisor = deciding.one("supervisor")
    found = await paged(deciding, "/measures?state=active&limit=2", "measures")
    assert [each["id"] for each in found] == sorted(ids, reverse=True)
    terms = await paged(deciding, "/terms?limit=2", "terms")
    assert [each["id"] for each in terms] == sorted(ids)
    assert (await deciding.callers.get(supervisor, "/terms?until=2026-10-01")).json()["terms"] == []
    assert code(await deciding.callers.get(supervisor, "/measures?after=x")) == (422, "cursor_malformed")
    feed = await deciding.callers.get(supervisor, "/terms.ics", **{"accept-language": "en"})
    assert feed.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    assert {str(each["UID"]) for each in events} == set(ids)
    assert {each.decoded("DTSTART").isoformat() for each in events} == {each["last_day"] for each in terms}
    assert "admonition 2026-1: last day of its term" in {str(each["SUMMARY"]) for each in events}
    assert "公冶望舒" not in feed.text + str(found) + str(terms)
    by_address = await deciding.callers.clients[supervisor.person_id].get(
        "/api/v1/terms.ics?token=x", headers={"authorization": ""}
    )
    assert code(by_address) == (401, "not_signed_in")


async def paged(deciding: Deciding, path: str, name: str) -> list[dict[str, Any]]:
    """Every line of a list, page by page."""
    found: list[dict[str, Any]] = []
    address: str | None = path
    while address:
        page = (await deciding.callers.get(deciding.one("supervisor"), address)).json()
        found += page[name]
        address = page["next"]
    return found


async def test_who_can_no_longer_assess_or_hear_is_replaced_and_what_was_signed_stays(
    desk: App, intake: App, worker: App, deciding: Deciding
) -> None:
    offices, supervisor = deciding.callers.offices, deciding.one("supervisor")
    case_id = await deciding.confirmed(intake, "suspension")
    base = await deciding.served(case_id, "suspension")
    panel = [str(deciding.one(name).person_id) for name in ("first", "second", "third")]
    await deciding.done("supervisor", f"{base}/panel", {"people": panel})
    await move_on(worker, 365)
    report = {"what": "self_report", "text": "自述", "received_on": deciding.today}
    await deciding.done("org", f"{base}/reports", report)
    found = {**GOOD, "excellent": True, "results": True, "recognised": True}
    await deciding.done("first", f"{base}/assessments", found)
    new = await a_colleague(desk, "assessor", "personnel_department")
    given = {"leaves": panel[2], "joins": str(new.person_id), "reason": "任期届满"}
    assert code(await deciding.callers.post(supervisor, f"{base}/replacements", given)) == (409, "member_still_able")
    third = deciding.one("third").person_id
    await offices.do(offices.supervisor, lambda work: proceedings.recuse(work, case_id, third, reason="利害关系"))
    assert (await deciding.done("second", f"{base}/assessments/signature"))["state"] == "active"
    assert (await deciding.read("supervisor", base))["vacancies"] == [
        {"person_id": panel[2], "part": "assessor", "able": [str(new.person_id)]}
    ]
    same_body = await a_colleague(desk, "assessor", "discipline_commission")
    for joins, refused in ((same_body.person_id, "panel_too_small"), (third, "stand_in_unfit")):
        answer = await deciding.callers.post(supervisor, f"{base}/replacements", {**given, "joins": str(joins)})
        assert code(answer) == (409, refused)
    await deciding.done("supervisor", f"{base}/replacements", given)
    signed = await offices.do(new, lambda work: warnings.sign_assessment(work, UUID(base.rpartition("/")[2])))
    assert signed.state == "assessed"


async def test_a_review_goes_on_when_whoever_hears_it_is_not_appointed_any_more(
    desk: App, intake: App, deciding: Deciding, clock: FixedClock
) -> None:
    offices, reviewer = deciding.callers.offices, deciding.one("reviewer").person_id
    base = await deciding.served(await deciding.confirmed(intake, "admonition"), "admonition")
    wish = {"kind": "review", "text": "复核理由", "received_on": deciding.today}
    review = await deciding.done("supervisor", f"{base}/remedies", wish)
    async with desk.work(OPERATOR, "cli") as work:
        held = await registry.appointments_of(work, reviewer, on=work.clock.today())
        for each in held:
            await access.end_appointment(work, each.id, on=work.clock.today())
    clock.move(timedelta(days=1))
    new = await a_colleague(desk, "review_officer", OFFICE)
    strange = await a_colleague(desk, "review_officer", "discipline_commission")
    given = {"leaves": str(reviewer), "joins": str(new.person_id), "reason": "任期届满"}
    unfit = {**given, "joins": str(strange.person_id)}
    refused = await deciding.callers.post(deciding.one("supervisor"), f"{base}/replacements", unfit)
    assert code(refused) == (409, "stand_in_unfit")
    await deciding.done("supervisor", f"{base}/replacements", given)
    assert (await deciding.read("supervisor", base))["vacancies"] == []
    decided = await offices.do(
        new, lambda work: warnings.decide_remedy(work, UUID(review["id"]), ruling="upheld", reasons="事实不清")
    )
    assert decided.ruling == "upheld"
