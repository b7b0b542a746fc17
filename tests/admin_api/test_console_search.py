"""The search page of the console."""

import pytest

from core.app import App
from core.sealing import Escrow
from tests.admin_api.colleagues import Colleagues, the_colleagues
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import fill
from tests.core.cases.offices import verified


@pytest.fixture
async def colleagues(desk: App, escrow: Escrow, browse: Connect) -> Colleagues:
    return await the_colleagues(desk, escrow, browse)


async def test_words_are_found_with_a_reason_and_what_does_not_fit_keeps_what_was_typed(
    intake: App, colleagues: Colleagues
) -> None:
    case_id = await verified(colleagues.offices, intake)
    browser, path = colleagues.at("org"), "/console/search"
    page = await browser.get(path)
    found = await fill(browser, page, path, words="扑克", reason="查找同类情况作参考")
    assert (found.status_code, f'href="/console/cases/{case_id}"' in found.text) == (200, True)
    short = await fill(browser, page, path, words="扑", reason="查找同类情况作参考")
    assert (short.status_code, 'value="扑"' in short.text, 'role="alert"' in short.text) == (422, True, True)
    nothing = await fill(browser, page, path, words="<b>没有", reason="查找同类情况作参考")
    assert "&lt;b&gt;没有" in nothing.text
    assert f'href="/console/cases/{case_id}"' not in nothing.text
