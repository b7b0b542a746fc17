"""Files on the way into sealed storage, and bodies that are too large or damaged."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.web.uploads import MAX_TEXT
from core.app import App, attachments
from core.attachments.tables import Attachment
from core.cases.items.tables import Item
from core.sealing import Receipt
from core.settings import Settings
from tests.bots.web import walks
from tests.bots.web.person import Person

MARKER = b"a plain byte that must not lie anywhere"
JPEG = ("photo.jpg", b"\xff\xd8\xff" + MARKER * 5_000, "image/jpeg")
PDF = ("notice.pdf", b"%PDF-1.7 " + MARKER, "application/pdf")
LIMIT = 50 * 2**20


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_files_go_with_the_report_and_no_plain_byte_touches_the_disk(
    somebody: Person, intake: App, settings: Settings, tmp_path: Path
) -> None:
    await walks.walk_to(somebody, "attachments")
    await somebody.press("action", "next", files=[("answer", JPEG), ("answer", PDF)])
    assert walks.asked(somebody) == "identity_mode"
    await walks.answer(somebody, "anonymous")
    await walks.answer(somebody, "yes")
    assert "photo.jpg" in somebody.text
    await somebody.press(to="/report/submit")
    item = (await walks.rows(intake, Item))[0]
    assert [row.item_id for row in await walks.rows(intake, Attachment)] == [item.id, item.id]
    assert len(on_disk(settings.attachments)) == 2
    assert not any(MARKER in path.read_bytes() for path in on_disk(tmp_path))


async def test_a_file_can_be_added_and_taken_away_before_going_on(somebody: Person, intake: App) -> None:
    await walks.walk_to(somebody, "attachments")
    await somebody.press("action", "add", files=[("answer", JPEG)])
    await somebody.press("action", "add", files=[("answer", PDF)])
    assert walks.asked(somebody) == "attachments"
    assert "photo.jpg" in somebody.text
    assert "notice.pdf" in somebody.text
    remove = next(value for name, value in somebody.reading.forms[0].buttons if name == "remove")
    await somebody.press("remove", remove, files=[])
    assert "photo.jpg" not in somebody.text
    assert len(await walks.rows(intake, Attachment)) == 1


async def test_a_file_can_be_taken_away_from_the_summary(somebody: Person, intake: App) -> None:
    await somebody.send("/report/whole", walks.WHOLE, files=[("attachments", JPEG), ("attachments", PDF)])
    assert somebody.path == "/report/review"
    remove = next(value for name, value in somebody.reading.forms[0].buttons if name == "remove")
    await somebody.press("remove", remove)
    assert somebody.path == "/report/review"
    assert "photo.jpg" not in somebody.text
    assert "notice.pdf" in somebody.text
    assert len(await walks.rows(intake, Attachment)) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "这个文件是空的"),
        ("photo.jpg", b"MZ\x90\x00 a program", "文件的内容和名字的后缀对不上"),
        ("papers.zip", b"PK\x03\x04" + b"x" * 100, "不收这一类文件"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_told_and_nothing_else_is_lost(
    somebody: Person, settings: Settings, name: str, content: bytes, said: str
) -> None:
    wrong = ("attachments", (name, content, "application/octet-stream"))
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1"}, files=[("attachments", PDF), wrong])
    assert somebody.answer.status_code == 422
    assert said in somebody.text
    assert f"“{name}”没有加上" in somebody.text
    assert "notice.pdf" in somebody.text
    assert ("facts", walks.WHOLE["facts"]) in somebody.reading.forms[0].fields
    assert len(on_disk(settings.attachments)) == 1
    await somebody.press("confirm", "1", files=[])
    assert walks.receipt_on(somebody)


async def test_a_file_of_fifty_one_megabytes_is_refused_and_what_was_typed_stays(
    somebody: Person, settings: Settings
) -> None:
    large = ("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(51 * 2**20), "video/mp4")
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1"}, files=[("attachments", large)])
    assert somebody.answer.status_code == 422
    assert "超过了 50 MB" in somebody.text
    assert ("facts", walks.WHOLE["facts"]) in somebody.reading.forms[0].fields
    assert on_disk(settings.attachments) == []


async def test_the_eleventh_file_is_told_and_the_ten_stay(somebody: Person) -> None:
    files = [("attachments", (f"{number}.pdf", PDF[1], PDF[2])) for number in range(11)]
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1"}, files=files)
    assert somebody.answer.status_code == 422
    assert "最多放 10 个文件" in somebody.text
    assert "9.pdf" in somebody.text


async def test_files_in_another_place_than_a_question_for_files_are_not_kept(
    somebody: Person, settings: Settings, intake: App
) -> None:
    await walks.walk_to(somebody, "what")
    await somebody.send(
        "/report/question", {"question": "what", "action": "next"}, files=[("answer", PDF), ("elsewhere", PDF)]
    )
    assert await walks.count(intake, Attachment) == 0
    await somebody.send("/report/whole", walks.WHOLE, files=[("facts", PDF)])
    assert await walks.count(intake, Attachment) == 0


async def test_a_body_that_says_it_is_too_large_is_answered_before_it_comes(somebody: Person) -> None:
    async def never_read() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    answer = await somebody.client.post(
        "/report/whole",
        content=never_read(),
        headers={"content-length": str(11 * LIMIT), "content-type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert "一次传得太多了" in answer.text


@pytest.mark.parametrize("multipart", [True, False])
async def test_more_text_than_a_form_can_hold_is_refused(somebody: Person, multipart: bool) -> None:  # noqa: FBT001 - a case
    files = [("attachments", PDF)] if multipart else None
    await somebody.send("/report/whole", {"facts": "x" * (3 * MAX_TEXT + 1)}, files=files)
    assert somebody.answer.status_code == 413


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="what"\r\n\r\ncut off'),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"no boundary at all"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: nothing\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, b""),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", "名=值".encode()),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(300))),
    ],
)
async def test_a_damaged_body_is_answered_with_a_page_that_says_what_to_do(
    somebody: Person, content_type: str, body: bytes
) -> None:
    for path in ("/reply/write", "/receipt/facts", "/report/whole"):
        answer = await somebody.client.post(path, content=body, headers={"content-type": content_type})
        assert answer.status_code == 400
        assert "这一页没有传完整" in answer.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/receipt/facts", {"receipt": Receipt.new().text, "facts": "见附件"}),
        ("/receipt/facts", {"facts": "见附件"}),
        ("/report/question", {"question": "attachments", "action": "next"}),
    ],
)
async def test_a_file_that_belongs_to_nothing_is_not_read(
    somebody: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str, fields: dict[str, str]
) -> None:
    begun: list[object] = []
    monkeypatch.setattr(attachments.Vault, "write", lambda *given, **_: begun.append(given))
    name = "files" if "facts" in path else "answer"
    await somebody.send(path, fields, files=[(name, PDF)])
    assert not begun
    assert not on_disk(settings.attachments)


@pytest.mark.parametrize(
    ("path", "fields", "name"),
    [
        ("/report/whole", {**walks.WHOLE, "topic": "health"}, "attachments"),
        ("/report/question", {"question": "unit", "action": "next"}, "answer"),
    ],
)
async def test_a_file_that_was_not_kept_leaves_the_disk_with_the_answer(
    somebody: Person, settings: Settings, path: str, fields: dict[str, str], name: str
) -> None:
    await walks.begin(somebody)
    await somebody.send(path, fields, files=[(name, PDF)])
    assert not on_disk(settings.attachments)


async def test_a_file_of_facts_that_are_sent_twice_lies_there_once(somebody: Person, settings: Settings) -> None:
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1"})
    fields = {"receipt": walks.receipt_on(somebody), "facts": "见附件", "form_token": "t" * 43}
    for _ in range(2):
        await somebody.send("/receipt/facts", fields, files=[("files", PDF)])
        assert "补充的内容已经封存" in somebody.text
    assert len(on_disk(settings.attachments)) == 1
