"""Entries and register books at the interface and at the console, up to the paper slip and the workbook."""

import re
from html import unescape
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
from openpyxl import load_workbook

from admin_api.books import COLUMNS, printable
from admin_api.console.books import REASONS
from admin_api.texts import known, speak
from core.access.limits import SHORTEST_REASON
from core.app import App, cases
from core.cases import REGISTERS, WAYS
from core.sealing import Escrow, Receipt
from core.work import Reporter
from tests.admin_api.conftest import Connect
from tests.admin_api.pages import form_of, give_reason
from tests.builders import Member
from tests.core.cases.items.entries import (
    COMMISSION,
    OFFICE,
    TEXT,
    WHO,
    a_coded_unit,
    a_register_clerk,
    an_auditor,
    an_entry,
    entered,
    inputs_for,
)

BOOK = f"/console/registers/{OFFICE}/telephone/2026"
API = "/api/v1/registers/telephone/2026"
INJECTIONS = ("=1+1", "+86 000", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x.invalid","看")', "'=1", "#N/A", "2026-09-30")


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Member:
    await a_coded_unit(desk, "luting")
    return await a_register_clerk(desk, escrow)


def given(way: str = "telephone", *, text: str = TEXT, **changes: str) -> dict[str, object]:
    return {"way": way, "inputs": inputs_for(way, **changes), "text": text}


async def posted(client: httpx.AsyncClient, body: dict[str, object], key: str = "") -> httpx.Response:
    return await client.post("/api/v1/entries", json=body, headers={"idempotency-key": key or uuid4().hex})


async def opened(client: httpx.AsyncClient, body: str = OFFICE) -> str:
    """The address of a book that was opened with a reason."""
    answer = await client.post(f"{API}/openings", params={"body": body}, json={"reason": "核对当天的登记"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["content"])


async def test_an_entry_gives_a_number_and_a_receipt_that_works(clerk: Member, intake: App, connect: Connect) -> None:
    answer = await posted(connect(clerk), given())
    made = answer.json()
    assert (answer.status_code, made["register"], made["year"], made["number"]) == (201, "telephone", 2026, 1)
    async with intake.work(Reporter(), "web") as work:
        standing = await cases.standing(work, Receipt.parse(made["receipt"]))
    assert (standing.state, standing.body) == ("acknowledged", OFFICE)


async def test_a_repeated_entry_is_one_entry_and_its_receipt_is_kept_nowhere(clerk: Member, connect: Connect) -> None:
    client, key = connect(clerk), uuid4().hex
    first, second = [(await posted(client, given(), key)).json() for _ in range(2)]
    assert first.pop("receipt") is not None
    assert second.pop("receipt") is None
    assert first == second
    other = await posted(client, given(text="另一件事"), key)
    assert (other.status_code, other.json()["type"]) == (409, "urn:jingshi:problem:idempotency_key_reused")
    assert len((await client.get(await opened(client))).json()["lines"]) == 1


async def test_what_the_gate_refuses_is_a_problem_and_counted_once(clerk: Member, connect: Connect) -> None:
    client, key = connect(clerk), uuid4().hex
    for _ in range(2):
        answer = await posted(client, given(category="family"), key)
        assert (answer.status_code, answer.json()["type"], answer.json()["reason"]) == (
            422, "urn:jingshi:problem:refused_at_gate", "family",
        )  # fmt: skip
    assert (await client.get(await opened(client))).json()["lines"] == []


async def test_what_does_not_fit_names_its_input(clerk: Member, connect: Connect) -> None:
    answer = await posted(connect(clerk), given(unit=""))
    assert (answer.status_code, answer.json()["type"], answer.json()["field"]) == (
        422, "urn:jingshi:problem:input_missing", "unit",
    )  # fmt: skip
    assert (await posted(connect(clerk), {"way": "fax", "inputs": {}, "text": TEXT})).status_code == 422


async def test_the_ways_are_told_with_what_they_ask(clerk: Member, connect: Connect) -> None:
    told = (await connect(clerk).get("/api/v1/entries/ways")).json()
    assert {each["name"]: [one["name"] for one in each["inputs"]] for each in told} == {
        name: [each.name for each in way.inputs] for name, way in WAYS.items()
    }


async def test_a_register_is_paged_and_says_what_each_line_says(desk: App, clerk: Member, connect: Connect) -> None:
    for number in range(3):
        await entered(desk, clerk, an_entry(text=f"第{number}件"))
    client = connect(clerk)
    page = (await client.get(await opened(client), params=None)).json()
    assert [line["content"]["what"] for line in page["lines"]] == ["第0件", "第1件", "第2件"]
    first = (await client.get(f"{await opened(client)}&limit=2")).json()
    rest = (await client.get(first["next"])).json()
    assert ([line["number"] for line in rest["lines"]], rest["next"], rest["missing"]) == ([3], None, [])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{API}?body={COMMISSION}", 403, "register_of_another_body"),
        (f"/api/v1/registers/diary/2026?body={OFFICE}", 404, "register_unknown"),
        (f"{API}?body={OFFICE}", 403, "reason_needed"),
        (f"{API}.xlsx?body={OFFICE}", 403, "reason_needed"),
    ],
)
async def test_a_register_is_not_read_without_right_and_reason(
    clerk: Member, connect: Connect, path: str, status: int, code: str
) -> None:
    answer = await connect(clerk).get(f"{path}&opening={uuid4()}")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:jingshi:problem:{code}")


async def test_in_the_workbook_every_cell_is_the_text_that_stands_in_the_book(
    desk: App, clerk: Member, escrow: Escrow, connect: Connect
) -> None:
    for text in INJECTIONS:
        await entered(desk, clerk, an_entry(text=text, subject=text))
    auditor = connect(await an_auditor(desk, escrow, OFFICE))
    address = (await opened(auditor)).replace("/2026?", "/2026.xlsx?")
    answer = await auditor.get(address, headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["content-disposition"]) == (
        200, 'attachment; filename="telephone-2026.xlsx"',
    )  # fmt: skip
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    shown = [[cell.value for cell in row] for row in rows]
    assert [(row[0], row[5]) for row in shown] == list(enumerate(INJECTIONS, start=1))
    assert [row[1:4] for row in shown] == [["2026-09-30", "Telephone", "Anonymous"]] * len(INJECTIONS)
    assert [row[4] for row in shown] == [f"芦汀乡 {text}" for text in INJECTIONS]
    assert {cell.data_type for row in rows for cell in row[1:]} == {"s"}
    assert [bool(row[5].quotePrefix) for row in rows] == [text[0] in "=+-@" for text in INJECTIONS]


def test_control_characters_do_not_get_into_a_workbook() -> None:
    assert printable("\t=1\r\n\x00\x1b二\u202e\ud800\ufffe三") == " =1  二三"


async def test_the_console_asks_how_it_came_and_shows_the_fields_of_that_way(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    ways = re.findall(r'href="/console/entries/(\w+)"', (await browser.get("/console/entries")).text)
    assert sorted(ways) == sorted(WAYS)
    for way in ways:
        page = await browser.get(f"/console/entries/{way}")
        fields = re.findall(r'<(?:input|select|textarea) id="(\w+)" name="\1"', page.text)
        assert fields == [*(each.name for each in WAYS[way].inputs), "text"], way
        assert "entry." not in page.text, way
    assert (await browser.get("/console/entries/fax")).status_code == 404


async def test_at_the_console_the_receipt_is_shown_once_to_be_handed_over(
    clerk: Member, intake: App, browse: Connect
) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console/entries/telephone"), "/console/entries/telephone")
    data = {**form, **inputs_for("telephone", **WHO), "text": TEXT}
    page = await browser.post("/console/entries/telephone", data=data)
    assert "No. 1 of 2026 in the Telephone log" in page.text
    code = "".join(re.findall(r"<span>(\w{3})</span>", page.text))
    async with intake.work(Reporter(), "web") as work:
        assert (await cases.standing(work, Receipt.parse(code))).state == "acknowledged"
    assert not [word for word in (*WHO.values(), TEXT.splitlines()[1]) if word in page.text]
    again = await browser.post("/console/entries/telephone", data=data)
    assert "entered already" in again.text
    assert code[:3] not in re.findall(r"<span>(\w{3})</span>", again.text)


async def test_where_nobody_reports_no_receipt_is_handed_over(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console/entries/term_audit"), "/console/entries/term_audit")
    page = await browser.post("/console/entries/term_audit", data={**form, **inputs_for("term_audit"), "text": TEXT})
    assert "there is no receipt to hand over" in page.text
    assert re.findall(r"<span>(\w{3})</span>", page.text) == []


async def test_what_was_typed_comes_back_to_be_mended_and_is_entered_then(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console/entries/visit"), "/console/entries/visit")
    typed = {**form, **inputs_for("visit", subject="副主任<1>"), "text": "令狐听雨来访", **WHO}
    back = await browser.post("/console/entries/visit", data=typed)
    assert (back.status_code, "The reporter’s name or contact stands here" in back.text) == (422, True)
    assert '<option value="luting" selected>' in back.text
    assert 'value="副主任&lt;1&gt;"' in back.text
    mended = await browser.post("/console/entries/visit", data={**typed, "text": TEXT})
    assert (mended.status_code, "No. 1 of 2026" in mended.text) == (200, True)


@pytest.mark.parametrize(("category", "setting"), [("on_duty:M5", "on_duty"), ("gifts_or_banquets", "off_duty")])
async def test_an_entry_says_who_wrote_it_and_its_card_begins_with_what_was_chosen(
    category: str, setting: str, desk: App, clerk: Member, browse: Connect
) -> None:
    made = await entered(desk, clerk, an_entry(category=category, evidence="told"))
    item = await give_reason(browse(clerk), made.item_id)
    assert "As the clerk who entered it wrote it down." in item.text
    opening = re.search(r"opening=([0-9a-f-]{36})", item.text)
    assert opening is not None
    page = await browse(clerk).get(f"/console/items/{made.item_id}/card", params={"opening": opening[1]})
    assert f'<option value="{category}" selected>' in page.text
    for name, value in (("setting", setting), ("evidence", "told")):
        assert re.findall(rf'name="{name}" value="(\w+)" required checked', page.text) == [value]


async def test_what_is_above_this_house_gets_a_receipt_and_no_number(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console/entries/letter"), "/console/entries/letter")
    inputs = inputs_for("letter", subject_kind="leading_group_member", unit="")
    page = await browser.post("/console/entries/letter", data={**form, **inputs, "text": TEXT})
    assert "Sealed to the upper level" in page.text
    assert len(re.findall(r"<span>(\w{3})</span>", page.text)) == 7


async def test_private_life_is_a_click_and_says_that_nothing_was_kept(clerk: Member, browse: Connect) -> None:
    browser = browse(clerk)
    form = form_of(await browser.get("/console/entries/telephone"), "/console/entries/telephone")
    page = await browser.post("/console/entries/telephone", data={**form, **inputs_for("telephone", category="health")})
    assert (page.status_code, "Refused: Physical or mental health." in page.text) == (200, True)


async def test_a_book_opens_with_a_reason_prints_and_is_taken_out(desk: App, clerk: Member, browse: Connect) -> None:
    await entered(desk, clerk, an_entry(subject="<副主任>", **WHO))
    browser = browse(clerk)
    assert f'href="{BOOK}"' in (await browser.get("/console/registers")).text
    sealed = await browser.get(BOOK)
    assert "借阅窗口" not in sealed.text
    form = form_of(sealed, f"{BOOK}/open")
    short = await browser.post(f"{BOOK}/open", data={**form, "why": "other", "note": ""})
    assert short.status_code == 422
    sent = await browser.post(f"{BOOK}/open", data={**form, "why": "check"})
    page = await browser.get(sent.headers["location"])
    cells = [unescape(each) for each in re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", page.text)][len(COLUMNS) :]
    assert cells[:6] == [
        "1",
        "2026-09-30",
        "Telephone",
        "Named (the name is sealed)",
        "芦汀乡 <副主任>",
        "借阅窗口常关着",
    ]
    found = re.search(rf'href="({re.escape(BOOK)}/book\.xlsx\?opening=[\w-]+)"', page.text)
    assert found is not None
    assert (await browser.get(found[1])).content[:2] == b"PK"
    expired = await browser.get(f"{BOOK}?opening={UUID(int=1)}")
    assert "more than 30 minutes old" in expired.text


def test_every_suggested_reason_is_one_that_is_accepted() -> None:
    for language in ("zh_CN", "en"):
        assert all(len(speak(language)(f"book.reason.{each}")) >= SHORTEST_REASON for each in REASONS[:-1])


def test_every_word_of_the_forms_and_the_books_is_there_in_both_languages() -> None:
    ids = {f"channel.{way.name}" for way in WAYS.values()} | {f"register.{each}" for each in REGISTERS}
    ids |= {f"entry.identity.{way.identity_mode}" for way in WAYS.values()} | {"entry.identity.named"}
    for each in (one for way in WAYS.values() for one in way.inputs):
        ids |= {f"entry.{each.name}", *(f"entry.{each.name}.{choice}" for choice in each.choices)}
    for language in ("zh_CN", "en"):
        assert {each for each in ids if not known(speak(language), each)} == set()


async def test_the_pages_are_there_for_those_who_may(desk: App, clerk: Member, escrow: Escrow, browse: Connect) -> None:
    auditor = await an_auditor(desk, escrow, OFFICE, COMMISSION)
    for member, entries in ((clerk, True), (auditor, False)):
        page = (await browse(member).get("/console")).text
        assert ('href="/console/entries"' in page) == entries
        assert 'href="/console/registers"' in page
    assert "Nothing has been entered yet" in (await browse(auditor).get("/console/registers")).text
