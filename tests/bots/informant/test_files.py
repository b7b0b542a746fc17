"""Files in a chat: taken where they are asked for, sealed once, refused in words; no plain or orphaned byte is left."""

from pathlib import Path

import pytest

from core.attachments.tables import Attachment
from core.cases.items.tables import Item
from core.settings import Settings
from tests.bots.informant.conftest import Inform, Informing
from tests.bots.informant.places import REVIEW, answers_of, asked, at, at_question
from tests.bots.informant.talk import JPEG, Talk
from tests.bots.web.walks import rows
from tests.peer.client import Attachment as Sent
from tests.peer.client import Kind

PICTURE = Sent(JPEG, "窗口.jpg", "image/jpeg")
OGG, MP4, MP3 = b"OggS\0\x02" + b"a voice" * 90, b"\0\0\0\x18ftypmp42" + b"a film" * 90, b"ID3\x04\0" + b"a song" * 90
LARGEST = 20 * 2**20


def on_disk(settings: Settings) -> list[Path]:
    return [path for path in settings.attachments.rglob("*") if path.is_file()]


async def names(it: Informing, talk: Talk) -> list[str]:
    """Return the names of the files that are held at the question for them."""
    return [file.name for file in (await answers_of(it, talk)).get("attachments", ())]


@pytest.mark.parametrize(
    ("kind", "file", "name"),
    [
        ("document", PICTURE, "窗口.jpg"),
        ("photo", PICTURE, "照片.jpg"),
        ("voice", Sent(OGG, "v", "audio/ogg"), "录音.ogg"),
        ("video", Sent(MP4, "v", "video/mp4"), "录像.mp4"),
        ("video_note", Sent(MP4, "v", "video/mp4"), "录像.mp4"),
        ("audio", Sent(MP3, "v", "audio/mpeg"), "录音"),
    ],
    ids=["document", "photo", "voice", "video", "video_note", "audio"],
)
async def test_files_of_every_kind_are_held_under_a_name_until_the_report_is_submitted(
    inform: Inform, settings: Settings, kind: Kind, file: Sent, name: str
) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.person.sends(kind, file)
        await talk.settled()
        assert name in (await talk.last()).text
        assert (await names(it, talk))[0].startswith(name)
        assert len(on_disk(settings)) == len(await rows(it.app, Attachment)) == 1
        assert file.data not in on_disk(settings)[0].read_bytes()


async def test_files_of_a_report_are_its_own_once_it_is_submitted(inform: Inform, settings: Settings) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.sends(PICTURE, Sent(b"%PDF-1.7 notice", "通报.pdf", "application/pdf"))
        await talk.presses("files.drop")
        await talk.sends(Sent(b"%PDF-1.7 another", "另一份.pdf", "application/pdf"))
        assert await names(it, talk) == ["窗口.jpg", "另一份.pdf"]
        await talk.presses("question.done")
        await talk.says("不留", "可以")
        assert "窗口.jpg、另一份.pdf" in (await talk.last()).text
        await talk.presses("review.submit")
        item = (await rows(it.app, Item))[0]
        assert [row.item_id for row in await rows(it.app, Attachment)] == [item.id, item.id]


async def test_an_album_is_one_answer_with_one_message_that_is_kept_up_to_date(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.person.sends_album([PICTURE] * 5, caption="五张都是")
        await talk.settled()
        assert len(await names(it, talk)) == 5
        shown = (await talk.sees()).from_bot
        assert len(shown) == 1
        assert talk.t("files.held", number=5, names="、".join(["照片.jpg"] * 5)) in shown[0].text
        assert talk.t("question.done") in shown[0].buttons[0]


async def test_an_album_that_nobody_asked_for_is_answered_once_and_not_fetched(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        await talk.person.sends_album([PICTURE] * 5)
        await talk.settled()
        assert len((await talk.sees()).from_bot) == 1
        assert talk.t("files.not_here") in (await talk.last()).text
        assert await it.bot.requests("getFile", "file") == []


async def test_a_file_at_a_question_for_text_is_not_even_fetched(inform: Inform, settings: Settings) -> None:
    async with inform() as it:
        for place in ("what", "topic", "facts", REVIEW):
            talk = await at(it, place)
            await talk.sends(PICTURE)
            assert talk.t("files.not_here") in (await talk.last()).text
            assert await at_question(talk) == place
        assert await it.bot.requests("getFile", "file") == []
        assert on_disk(settings) == []


async def test_a_caption_is_said_not_to_be_noted(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.person.sends("document", PICTURE, caption="第一天拍的")
        await talk.settled()
        assert talk.t("files.caption") in (await talk.last()).text
        assert await names(it, talk) == ["窗口.jpg"]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (Sent(JPEG, "大.jpg", "image/jpeg", LARGEST + 1), "20 MB"),
        (Sent(b"PK\x03\x04 an archive", "假.jpg", "image/jpeg"), "后缀"),
        (Sent(b"PK\x03\x04 an archive", "包.zip", "application/zip"), "压缩包"),
        (Sent(b"", "空.pdf", "application/pdf"), "空的"),
    ],
    ids=["too_large", "false_type", "archive", "empty"],
)
async def test_a_file_that_cannot_be_taken_is_refused_by_name_with_the_way_out_and_nothing_is_stored(
    inform: Inform, settings: Settings, file: Sent, why: str
) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "attachments")
        await talk.sends(file)
        text = (await talk.last()).text
        assert f"“{file.name}”" in text
        assert why in text
        assert talk.t("files.address", address=it.pages) in text
        assert await at_question(talk) == "attachments"
        assert await names(it, talk) == []
        assert on_disk(settings) == []
        assert await rows(it.app, Attachment) == []


async def test_a_download_that_breaks_off_is_done_again_and_the_file_is_there_once(
    inform: Inform, settings: Settings
) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "attachments")
        await it.bot.trouble("cut", "file", times=2)
        await it.bot.lose_answers(1)
        await talk.sends(Sent(JPEG * 1_000, "窗口.jpg", "image/jpeg"))
        assert [line["status"] for line in await it.bot.attempts()] == [503, 503, 200, 200]
        assert await names(it, talk) == ["窗口.jpg"]
        assert len(on_disk(settings)) == len(await rows(it.app, Attachment)) == 1


async def test_a_file_that_cannot_be_had_is_given_up_with_words_and_the_chat_goes_on(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "attachments")
        await it.bot.trouble("cut", "file", times=50)
        await talk.sends(PICTURE)
        assert talk.t("files.not_fetched") in (await talk.last()).text
        await talk.presses("question.skip")
        assert await at_question(talk) == "identity_mode"


async def test_more_files_than_fit_are_refused_and_none_of_them_stays_behind(
    inform: Inform, settings: Settings
) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.person.sends_album([PICTURE] * 12)
        await talk.settled()
        assert len(await names(it, talk)) == 10
        assert "10" in (await talk.last()).text
        assert asked((await talk.last()).text) == "attachments"
        assert len(on_disk(settings)) == len(await rows(it.app, Attachment)) == 10


@pytest.mark.parametrize("typed", ["没有", "没有了。", "无", "None", "no", "Nothing"])
async def test_who_has_no_file_says_so_in_either_language(inform: Inform, typed: str) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.says("有一张，等一下")
        assert talk.t("files.typed") in (await talk.last()).text
        await talk.says(typed)
        assert await at_question(talk) == "identity_mode"
