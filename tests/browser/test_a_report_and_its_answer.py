"""One report, all the way: written, sealed, read, answered, passed on, looked over, and come back to."""

import re
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import expect

from bots.web.app import PAGES
from core.sealing import Receipt
from tests.browser.conftest import SessionOf, Visitor
from tests.browser.house import House
from tests.browser.member import Member
from tests.browser.resident import WRITTEN, Resident, photographs
from tests.browser.watch import Watch

# all that they reach is measured in other tests
pytestmark = [pytest.mark.timeout(300), pytest.mark.unmeasured, pytest.mark.walk]

_GPS: Final = 0x8825
_DESK: Final = {"viewport": {"width": 1440, "height": 900}}
_SUFFIX: Final = {"zh_CN": "1", "en": "2"}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh_CN": {
        "note": "按登记顺序第一次阅看",
        "answer": "您反映的情况已经收到并登记。我们会向有关单位了解，十五个工作日内在这里告诉您进展。谢谢您。",
        "why": "请核实窗口的收件情况",
        "facts": "补充一点：第三次去是九月十八日，窗口说系统升级，没有办成。",
    },
    "en": {
        "note": "next in order of arrival",
        "answer": "We have received your report and entered it. We shall ask the body concerned and tell you here how "
        "it stands within fifteen working days. Thank you.",
        "why": "to verify what the counter received",
        "facts": "One thing more: the third time was 18 September, when the system was being renewed.",
    },
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_report_is_sealed_read_answered_and_come_back_to(
    language: str, house: House, visitor: Visitor, watch: Watch, session_of: SessionOf
) -> None:
    words = _WORDS[language]
    photograph = _photograph_with_place()
    receipt = _report(Resident.at(visitor(house.public, language), language, watch), photograph)

    clerk = Member.at(visitor(house.staff, language, **_DESK), language, watch)
    officer = Member.at(visitor(house.staff, language, **_DESK), language, watch)
    audits = visitor(house.staff, language, **_DESK, storage_state=session_of("auditor-1"))
    auditor = Member.at(audits, language, watch)

    clerk.sign_in(house.accounts[f"intake-clerk-office-{_SUFFIX[language]}"], looks=True)
    number = _read_it(clerk, photograph, words["note"])
    _answer_it(clerk, words["answer"])
    officer.sign_in(house.accounts[f"case-officer-org-office-{_SUFFIX[language]}"])
    _grant_it(clerk, officer.page.locator("a.me").inner_text(), words["why"])
    _read_what_was_granted(officer, number)
    _come_back(Resident.at(visitor(house.public, language), language, watch), receipt, words)
    _look_where_codes_are_entered(Resident.at(visitor(house.public, language), language, watch))
    _see_what_was_added(clerk, number, words["facts"])
    _look_it_over(auditor, words["note"])
    _look_at_the_other_pages(clerk)
    ours = {path for path, (shown, _) in PAGES.items() if shown and not path.startswith("/station")}
    assert {path for path in ours if not path.endswith(".txt")} <= set(watch.weights)


def _look_where_codes_are_entered(resident: Resident) -> None:
    """The pages of the person concerned, before a code is known; the walk of measures has one."""
    resident.page.goto("/")
    resident.page.get_by_role("link", name=resident.t("home.served_go")).click()
    resident.watch.look(resident.page, f"code.{resident.language}")
    resident.page.get_by_role("link", name=resident.t("reply.help")).click()
    resident.watch.look(resident.page)


def _report(resident: Resident, photograph: bytes) -> Receipt:
    """Report one question a page; return the receipt that was copied."""
    page, watch, language = resident.page, resident.watch, resident.language
    page.goto("/")
    watch.look(page, f"home.{language}")
    resident.press("home.report_go")
    watch.look(page)
    resident.press("start.whole")
    watch.look(page)
    page.go_back()
    resident.press("start.steps")
    resident.walk_to("topic", {})
    resident.press("question.back")
    expect(page.locator("input[name=question]")).to_have_value("subject")
    expect(page.locator("#answer")).to_have_value(WRITTEN[language]["subject"])
    resident.press("question.next")
    watch.look(page)
    resident.walk_to("context", {})
    watch.look(page, f"report.{language}")
    resident.press("question.later")
    watch.look(page)
    resident.press("later.go_on")
    resident.walk_to("attachments", {})
    page.locator("#answer").set_input_files(photographs({"窗口.jpg": photograph}))
    resident.press("files.add")
    expect(page.locator(".file-name")).to_have_text("窗口.jpg")
    watch.look(page)
    resident.press("question.next")
    resident.walk_to("", {})
    watch.look(page, f"review.{language}")
    _edit(resident)
    resident.press("review.submit")
    return _keep_the_receipt(resident)


def _edit(resident: Resident) -> None:
    """Change one line from the summary."""
    page = resident.page
    resident.turn(page.locator("button[name=edit][value=happened_where]"))
    resident.watch.look(page)
    page.locator("#answer").fill("1 - 2")
    resident.press("question.keep_edit")
    expect(page.locator(".line", has=page.locator("button[value=happened_where]"))).to_contain_text("1 - 2")


def _keep_the_receipt(resident: Resident) -> Receipt:
    page, language = resident.page, resident.language
    expect(page.get_by_role("img", name=resident.t("receipt.picture"))).to_be_visible()
    resident.watch.look(page, f"receipt.{language}")
    saved = resident.download("receipt.download").decode("utf-8-sig")
    page.locator("#receipt").click()
    page.keyboard.press("Control+c")
    resident.press("receipt.done")
    resident.watch.look(page)
    page.goto("/report/question")
    expect(page.get_by_text(resident.t("start.gone"))).to_be_visible()
    page.goto("/receipt")
    page.locator("#receipt").press("Control+v")
    copied = page.locator("#receipt").input_value()
    assert copied in saved
    return Receipt.parse(copied)


def _read_it(clerk: Member, photograph: bytes, note: str) -> str:
    """Find the report, open it with a reason, and compare; return its number."""
    page, watch, language = clerk.page, clerk.watch, clerk.language
    watch.look(page)
    clerk.press("nav.inbox")
    watch.look(page, f"inbox.{language}")
    number = clerk.find_new()
    clerk.open_item(number, "first_reading", note)
    for written in WRITTEN[language].values():
        if written != WRITTEN[language]["happened_where"]:
            expect(page.locator("dl.said")).to_contain_text(written)
    expect(page.locator(".hash code")).to_have_text(sha256(photograph).hexdigest())
    watch.look(page, f"item.{language}")
    clean = clerk.download("files.clean")
    assert _place(photograph)
    assert not _place(clean)
    assert clerk.download("files.original") == photograph
    return number


def _answer_it(clerk: Member, answer: str) -> None:
    clerk.fill("reply.text", answer)
    clerk.press("reply.preview")
    expect(clerk.page.locator(".letter")).to_contain_text(answer)
    clerk.watch.look(clerk.page, f"reply.{clerk.language}")
    clerk.press("preview.send.answer")
    expect(clerk.notice).to_have_text(clerk.t("said.answer"))
    clerk.watch.look(clerk.page)


def _grant_it(clerk: Member, name: str, why: str) -> None:
    page = clerk.page
    clerk.press("grants.add")
    page.locator(".choice", has_text=name).get_by_role("radio").check()
    clerk.fill("grant.reason", why)
    clerk.fill("grant.typed_name", name)
    clerk.watch.look(page)
    clerk.press("grant.go")
    expect(clerk.notice).to_have_text(clerk.t("said.granted", name=name))


def _read_what_was_granted(officer: Member, number: str) -> None:
    officer.press("nav.inbox")
    expect(officer.page.locator("[data-list] tbody tr")).to_have_count(1)
    officer.open_item(number, "first_reading")
    expect(officer.page.locator("dl.said")).to_contain_text(WRITTEN[officer.language]["what"])
    officer.watch.look(officer.page)


def _come_back(resident: Resident, receipt: Receipt, words: Mapping[str, str]) -> None:
    page, language = resident.page, resident.language
    resident.return_with(receipt.text)
    expect(page.locator(".message.answer")).to_contain_text(words["answer"])
    resident.watch.look(page, f"thread.{language}")
    page.get_by_label(resident.t("thread.facts")).fill(words["facts"])
    resident.press("thread.send")
    expect(page.get_by_role("status")).to_have_text(resident.t("thread.facts_added"))
    resident.watch.look(page)


def _see_what_was_added(clerk: Member, number: str, facts: str) -> None:
    clerk.press("nav.day")
    clerk.watch.look(clerk.page)
    clerk.open_item(number, "supplement")
    expect(clerk.page.locator(".thread")).to_contain_text(facts)
    clerk.watch.look(clerk.page)


def _look_it_over(auditor: Member, note: str) -> None:
    page, language = auditor.page, auditor.language
    page.goto("/console")
    auditor.press("nav.audit")
    expect(page.locator("[data-list]")).to_contain_text(note)
    auditor.turn(page.locator("[data-list] tr", has_text=note).locator("a[href*='subject=']").first)
    for action in ("item.received", "item.opened", "item.read", "item.answered", "item.granted", "item.facts_added"):
        expect(page.locator("[data-list]")).to_contain_text(auditor.t(f"action.{action}"))
    auditor.watch.look(page, f"audit.{language}")


def _look_at_the_other_pages(clerk: Member) -> None:
    for name in ("keys", "officials", "units", "account"):
        clerk.turn(clerk.page.locator(f"nav.side a[href$='/{name}']"))
        clerk.watch.look(clerk.page)
    clerk.press("key.lock")
    clerk.watch.look(clerk.page)
    clerk.press("sign_out")
    expect(clerk.page).to_have_url(re.compile("/console/sign-in$"))


def _photograph_with_place() -> bytes:
    """Return a JPEG that tells where it was taken, as a telephone makes one."""
    exif = Image.Exif()
    exif.get_ifd(_GPS).update({1: "N", 2: (33.0, 30.0, 0.0), 3: "E", 4: (113.0, 30.0, 0.0)})
    target = BytesIO()
    Image.new("RGB", (480, 320), "#9fb4c0").save(target, "JPEG", exif=exif)
    return target.getvalue()


def _place(photograph: bytes) -> Mapping[int, object]:
    """Return what a picture tells of the place."""
    image: Image.Image = Image.open(BytesIO(photograph))
    return image.getexif().get_ifd(_GPS)
