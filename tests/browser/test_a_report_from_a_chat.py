"""A report from a chat: written to the bot, read and answered at the console, told in the chat, read there and here."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from core.sealing import Receipt
from tests.bots.informant.talk import Talk
from tests.browser.chatting import Chatting, chatting
from tests.browser.conftest import LOCALES
from tests.browser.house import House, demo
from tests.browser.member import Member
from tests.browser.phone import page as drawn
from tests.browser.resident import WRITTEN, Resident
from tests.browser.watch import Watch
from tests.peer.running import process

# all that they reach is measured in other tests
pytestmark = [pytest.mark.timeout(300), pytest.mark.unmeasured, pytest.mark.walk]

_PUSHED: Final = 30.0  # seconds; the worker looks once a second
_TELEPHONE: Final[ViewportSize] = {"width": 420, "height": 860}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh_CN": {
        "unit": "司法",
        "answer": "您反映的情况已经收到。我们会向有关单位了解，十五个工作日内在这里告诉您进展。谢谢您。",
        "title": "反映情况",
    },
    "en": {
        "unit": "Justice",
        "answer": "We have received your report. We shall ask the body concerned and tell you here how it stands "
        "within fifteen working days. Thank you.",
        "title": "Report something",
    },
}
_CLERKS: Final = {"zh_CN": "intake-clerk-office-1", "en": "intake-clerk-office-2"}


@pytest.fixture(scope="module")
def peer_url() -> Iterator[str]:
    with process() as url:
        yield url


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that both tests run, one after the other."""
    return tmp_path_factory.mktemp("chats")


@pytest.mark.parametrize(
    ("way", "language", "token"),
    [("polling", "zh_CN", "100:peer"), ("webhook", "en", "200:peer")],
)
def test_a_report_from_a_chat_is_answered_and_told(
    way: str, language: str, token: str, peer_url: str, home: Path, chromium: Browser, watch: Watch
) -> None:
    more = {"JINGSHI_INFORMANT_TOKEN": token, "JINGSHI_TELEGRAM_API": peer_url}
    if way == "webhook":
        more["JINGSHI_PUBLIC_URL"] = "http://127.0.0.1:{port}"
    with chatting(peer_url, token) as chat, demo(home, more=more) as house:
        talk = chat.somebody(language)
        receipt = _report(chat, talk, chromium, watch)
        _answer(house, chromium, watch, language)
        _read_in_the_chat(chat, talk, receipt, chromium, watch)
        _read_on_the_page(house, chromium, watch, language, receipt)


def _report(chat: Chatting, talk: Talk, chromium: Browser, watch: Watch) -> Receipt:
    """Report in the chat, and wish to be told there."""
    written, language = WRITTEN[talk.language], talk.language
    answers = [_WORDS[language]["unit"], written["subject"], "M5", "1", written["what"], written["happened_when"]]
    answers += [written["happened_where"], "1", written["facts"]]
    chat.do(talk.begins())
    _picture(chat, talk, chromium, watch, f"chat.begin.{language}")
    chat.do(talk.says("1", "1", *answers))
    _picture(chat, talk, chromium, watch, f"chat.facts.{language}")
    chat.do(talk.presses("question.done", "question.skip"))
    chat.do(talk.says("1", "1"))
    chat.do(talk.presses("review.submit"))
    receipt = chat.do(talk.receipt())
    _picture(chat, talk, chromium, watch, f"chat.receipt.{language}")
    chat.do(talk.presses("here.go", "receipt.noted", "purge.leave"))
    return receipt


def _answer(house: House, chromium: Browser, watch: Watch, language: str) -> None:
    """Read the report at the console and answer it."""
    with chromium.new_context(base_url=house.staff, locale=LOCALES[language]) as context:
        clerk = Member.at(context, language, watch)
        clerk.sign_in(house.accounts[_CLERKS[language]])
        clerk.press("nav.inbox")
        clerk.open_item(clerk.find_new(), "first_reading", "")
        expect(clerk.page.locator("dl.said")).to_contain_text(WRITTEN[language]["what"])
        clerk.fill("reply.text", _WORDS[language]["answer"])
        clerk.press("reply.preview")
        clerk.press("preview.send.answer")
        expect(clerk.notice).to_have_text(clerk.t("said.answer"))


def _read_in_the_chat(chat: Chatting, talk: Talk, receipt: Receipt, chromium: Browser, watch: Watch) -> None:
    owed = talk.t("owed.reply_waiting")
    chat.do(talk.person.sees_when(lambda view: owed in view.last.text, _PUSHED))
    chat.do(talk.says(talk.t("word.receipt").split("|")[0], receipt.text))
    assert _WORDS[talk.language]["answer"] in chat.do(talk.last()).text
    _picture(chat, talk, chromium, watch, f"chat.answer.{talk.language}")


def _read_on_the_page(house: House, chromium: Browser, watch: Watch, language: str, receipt: Receipt) -> None:
    with chromium.new_context(base_url=house.public, locale=LOCALES[language]) as context:
        resident = Resident.at(context, language, watch)
        resident.return_with(receipt.text)
        expect(resident.page.locator(".message.answer")).to_contain_text(_WORDS[language]["answer"])


def _picture(chat: Chatting, talk: Talk, chromium: Browser, watch: Watch, name: str) -> None:
    """Draw what the chat shows now, as far as it fits on a telephone."""
    messages = chat.do(talk.sees()).messages
    with chromium.new_context(viewport=_TELEPHONE, locale=LOCALES[talk.language]) as context:
        page = context.new_page()
        page.set_content(drawn(_WORDS[talk.language]["title"], messages[-4:], talk.language))
        page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
        watch.take(page, name)
