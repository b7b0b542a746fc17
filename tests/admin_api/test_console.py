"""The console as a browser without JavaScript meets it: the day, items, replies, grants, files, keys, the trail."""

import re
from datetime import timedelta
from uuid import uuid4

from core.app import App, cases
from core.sealing import Escrow
from core.work import Reporter
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import form_of, give_reason
from tests.builders import Member, a_clerk, a_member, hand_key, sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import a_file, submitted


async def test_my_day_shows_what_is_new_and_what_was_added(intake: App, clerk: Member, browse: Connect) -> None:
    new, added = await submitted(intake), await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, added.receipt, "又看到一次")
    page = (await browse(clerk).get("/console")).text
    supplemented, _, fresh = page.partition("<h2>New reports")
    assert added.item_id.hex[:8].upper() in supplemented
    assert new.item_id.hex[:8].upper() in fresh


async def test_an_empty_list_says_what_would_be_there(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    assert "will appear here, newest first" in (await browser.get("/console/items")).text
    assert "Nothing matches the filter" in (await browser.get("/console/items?state=withdrawn")).text


async def test_content_shows_only_after_a_reason_and_says_that_it_is_unverified(
    intake: App, clerk: Member, browse: Connect
) -> None:
    item, browser = await submitted(intake), browse(clerk)
    sealed = await browser.get(f"/console/items/{item.item_id}")
    assert "三楼茶水间有人打扑克" not in sealed.text
    opened = await give_reason(browser, item.item_id)
    assert "三楼茶水间有人打扑克" in opened.text
    number = item.item_id.hex[:8].upper()
    assert f"<title>Report {number} (unverified)" in opened.text


async def test_a_reason_of_ones_own_must_be_written(intake: App, clerk: Member, browse: Connect) -> None:
    item, browser = await submitted(intake), browse(clerk)
    address = f"/console/items/{item.item_id}"
    form = form_of(await browser.get(address), f"{address}/open")
    refused = await browser.post(f"{address}/open", data={**form, "why": "other", "note": ""})
    assert (refused.status_code, "at least 5 characters" in refused.text) == (422, True)


async def test_when_the_reason_has_expired_the_page_asks_for_another(
    intake: App, clerk: Member, browse: Connect, clock: FixedClock
) -> None:
    item, browser = await submitted(intake), browse(clerk)
    opened = await give_reason(browser, item.item_id)
    clock.move(timedelta(minutes=16))
    await browser.get("/console")
    clock.move(timedelta(minutes=16))
    later = await browser.get(str(opened.url))
    assert "more than 30 minutes old" in later.text
    assert "三楼茶水间有人打扑克" not in later.text


async def test_with_a_locked_key_the_item_leads_to_the_passphrase(desk: App, intake: App, browse: Connect) -> None:
    item = await submitted(intake)
    browser = browse(await sign_in(desk, await a_member(desk, "intake_clerk"), unlocked=False))
    page = await browser.get(f"/console/items/{item.item_id}?opening={uuid4()}")
    assert f"/console/unlock?next=/console/items/{item.item_id}" in page.text


async def test_a_reply_is_looked_at_first_and_sent_once(intake: App, clerk: Member, browse: Connect) -> None:
    item, browser = await submitted(intake), browse(clerk)
    address = f"/console/items/{item.item_id}"
    opened = await give_reason(browser, item.item_id)
    form = {**form_of(opened, f"{address}/reply"), "kind": "answer", "text": "已收到 <b>& 正在了解</b>"}
    preview = await browser.post(f"{address}/reply", data=form)
    assert "已收到 &lt;b&gt;&amp; 正在了解&lt;/b&gt;" in preview.text
    sent = {**form_of(preview, f"{address}/reply/send"), "text": form["text"]}
    for _ in range(2):
        assert (await browser.post(f"{address}/reply/send", data=sent)).status_code == 303
    page = await browser.get(f"{address}?opening={form['opening']}")
    assert "The answer was sent." in page.text
    assert "Added: 0; replies: 1" in page.text
    assert "The answer was sent." not in (await browser.get(f"{address}?opening={form['opening']}")).text


async def test_an_empty_reply_comes_back_to_be_written(intake: App, clerk: Member, browse: Connect) -> None:
    item, browser = await submitted(intake), browse(clerk)
    address = f"/console/items/{item.item_id}"
    form = form_of(await give_reason(browser, item.item_id), f"{address}/reply")
    page = await browser.post(f"{address}/reply", data={**form, "kind": "answer", "text": "  "})
    assert "Nothing has been written yet." in page.text
    assert f"{address}/reply/send" not in page.text


async def test_a_reply_to_what_has_changed_meanwhile_is_not_sent(intake: App, clerk: Member, browse: Connect) -> None:
    item, browser = await submitted(intake), browse(clerk)
    address = f"/console/items/{item.item_id}"
    form = {**form_of(await give_reason(browser, item.item_id), f"{address}/reply"), "kind": "answer", "text": "一"}
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "又看到一次")
    refused = await browser.post(f"{address}/reply/send", data=form)
    assert (refused.status_code, "Something was added" in refused.text) == (412, True)


async def test_a_colleague_is_granted_only_by_typing_their_name(
    desk: App, intake: App, clerk: Member, browse: Connect
) -> None:
    item, browser = await submitted(intake), browse(clerk)
    officer = await sign_in(desk, await a_member(desk, "case_officer_org"))
    address = f"/console/items/{item.item_id}"
    opened = await give_reason(browser, item.item_id)
    page = await browser.get(f"{address}/grants", params={"opening": form_of(opened, f"{address}/reply")["opening"]})
    form = {**form_of(page, f"{address}/grants"), "person_id": str(officer.person_id), "reason": "请他一起核实"}
    refused = await browser.post(f"{address}/grants", data={**form, "typed_name": "别人"})
    assert refused.status_code == 422
    assert (await browse(officer).get(address)).status_code == 404
    granted = await browser.post(f"{address}/grants", data={**form, "typed_name": "澹台听雨"})
    assert "Granted to 澹台听雨." in (await browser.get(granted.headers["location"])).text
    assert "三楼茶水间有人打扑克" in (await give_reason(browse(officer), item.item_id)).text
    path = f"{address}/grants/{officer.person_id}/revoke"
    form = form_of(await browser.get(granted.headers["location"]), path)
    await browser.post(path, data={**form, "reason": "已经办理完毕"})
    assert (await browse(officer).get(address)).status_code == 404


async def test_files_are_offered_as_a_copy_beside_the_original_and_its_digest(
    intake: App, clerk: Member, browse: Connect
) -> None:
    stored = await a_file(intake, b"%PDF-1.7 notice")
    item, browser = await submitted(intake, files=(stored,)), browse(clerk)
    page = (await give_reason(browser, item.item_id)).text
    assert stored.sha256.hex() in page
    original = re.findall(r'href="(/console/items/[^"]+/original\?[^"]+)"', page)[0]
    assert (await browser.get(original)).content == b"%PDF-1.7 notice"
    assert re.search(r'href="/console/items/[^"]+/clean\?', page)


async def test_a_key_is_handed_on_by_typing_the_colleagues_name(desk: App, clerk: Member, browse: Connect) -> None:
    colleague = await a_clerk(desk)
    browser, purpose = browse(clerk), "intake:leading_group_office"
    assert "waiting for you to hand a key on: 1" in (await browser.get("/console")).text
    path = f"/console/keys/{purpose}/grant"
    form = form_of(await browser.get("/console/keys"), path)
    assert form["person_id"] == str(colleague.person_id)
    assert (await browser.post(path, data={**form, "typed_name": "别人"})).status_code == 422
    assert (await browser.post(path, data={**form, "typed_name": "澹台听雨"})).status_code == 303
    assert "The key was handed on" in (await browser.get("/console/keys")).text


async def test_auditors_read_reasons_once_they_hold_the_key_and_that_is_recorded(
    desk: App, intake: App, clerk: Member, browse: Connect, escrow: Escrow
) -> None:
    item = await submitted(intake)
    await give_reason(browse(clerk), item.item_id)
    auditor = await a_member(desk, "auditor")
    browser = browse(await sign_in(desk, auditor))
    before = (await browser.get("/console/audit")).text
    assert "First reading, to propose how to deal with it" not in before
    assert "You do not hold the audit key yet" in before
    await hand_key(desk, "audit", auditor.person_id, escrow)
    page = await browser.get("/console/audit", params={"subject": str(item.item_id)})
    assert "First reading, to propose how to deal with it" in page.text
    assert "Content read" in page.text
    assert "Reasons read" in (await browser.get("/console/audit")).text


async def test_the_trail_is_paged_through_without_loss(desk: App, intake: App, browse: Connect) -> None:
    for _ in range(60):
        await submitted(intake)
    browser = browse(await sign_in(desk, await a_member(desk, "auditor")))
    address, seen = "/console/audit", list[str]()
    while address:
        page = (await browser.get(address)).text
        seen += re.findall(r'title="([^"]+)"', page)
        more = re.findall(r'href="(/console/audit\?after=[^"]+)"', page)
        address = more[0] if more else ""
    assert len([subject for subject in seen if subject in set(seen)]) >= 60
    assert len(set(seen)) >= 60
