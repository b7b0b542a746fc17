"""One's own account at the console, the language, the registers, and the frame around every page."""

import re

from core.app import App
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import form_of
from tests.builders import Member, a_member, sign_in


async def test_passwords_passphrases_sessions_and_tokens_are_ones_own_to_change(
    desk: App, clerk: Member, browse: Connect
) -> None:
    browser = browse(clerk)

    async def post(path: str, **fields: str) -> str:
        form = form_of(await browser.get("/console/account"), f"/console/account/{path}")
        sent = await browser.post(f"/console/account/{path}", data={**form, **fields})
        return (await browser.get("/console/account")).text if sent.status_code == 303 else sent.text

    new = "quite another phrase"
    assert "The two entries differ" in await post("password", old=clerk.password, new=new, again="not the same")
    assert "current password is wrong" in await post("password", old="not the present", new=new, again=new)
    assert "password was changed" in await post("password", old=clerk.password, new=new, again=new)
    other = "yet another phrase"
    assert "The passphrase is wrong" in await post("passphrase", old="not the present", new=other, again=other)
    assert "passphrase was changed" in await post("passphrase", old=clerk.passphrase, new=other, again=other)
    made = await post("tokens", name="统计接口", days="30")
    assert re.search(r"<code>jt_[\w-]+</code>", made)
    assert "jt_" not in (await browser.get("/console/account")).text
    token = re.findall(r'action="/console/account/(sessions/[0-9a-f-]+/end)"', made)[0]
    assert "It has ended and can no longer be used" in await post(token)


async def test_the_language_is_kept_in_the_browser(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    assert '<html lang="en">' in (await browser.get("/console")).text
    await browser.post("/console/language", data={"language": "zh_CN", "next": "/console"})
    page = (await browser.get("/console")).text
    assert '<html lang="zh-CN">' in page
    assert "反映列表" in page


async def test_registers_list_posts_and_nothing_of_reports(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    assert "The register is empty" in (await browser.get("/console/officials")).text
    assert "Nothing matches." in (await browser.get("/console/officials?name=某")).text
    assert (await browser.get("/console/officials?unit=x")).status_code == 422
    assert "某单位" in (await browser.get("/console/units")).text


async def test_only_sections_that_exist_for_the_person_are_shown(desk: App, clerk: Member, browse: Connect) -> None:
    auditor = await sign_in(desk, await a_member(desk, "auditor"))
    links = {
        member.person_id: set(re.findall(r'<li><a href="([^"]+)"', (await browse(member).get("/console")).text))
        for member in (clerk, auditor)
    }
    shared = {"/console", "/console/keys", "/console/units", "/console/account"}
    of_a_clerk = {"/console/items", "/console/entries", "/console/registers", "/console/cases", "/console/officials"}
    assert links[clerk.person_id] == shared | of_a_clerk
    assert links[auditor.person_id] == shared | {"/console/audit", "/console/registers"}


async def test_the_stylesheet_and_the_script_are_ours_and_kept_until_they_change(
    clerk: Member, browse: Connect
) -> None:
    browser = browse(clerk)
    page = (await browser.get("/console")).text
    for address in re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page):
        answer = await browser.get(address)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
    assert not re.findall(r'(?:href|src)="(?:https?:)?//', page)
    assert not re.findall(r"<style|style=|<script>|onclick=", page)


async def test_a_problem_is_told_as_a_page_that_leads_back(clerk: Member, browse: Connect) -> None:
    page = await browse(clerk).get("/console/nothing")
    assert page.status_code == 404
    assert 'href="/console"' in page.text
