"""The golden transcripts of the report form, held in a chat: the same questions, choices, summary and end."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pytest

from bots.informant.texts import texts
from bots.texts import problem_text
from core.app import App, registry
from core.cases.items.tables import Item, Refusal
from core.dialogue import Problem
from core.texts import LANGUAGES
from core.work import System
from tests.bots.conftest import UNITS
from tests.bots.informant.conftest import Inform, Informing
from tests.bots.informant.places import FORM
from tests.bots.informant.talk import Talk
from tests.bots.web.walks import rows
from tests.core.dialogue.golden import TRANSCRIPTS, Transcript
from tests.peer.client import Attachment
from tests.peer.transcript import Shown

IN_A_CHAT: Final = [
    path
    for path in TRANSCRIPTS
    if path.stem.startswith("report_") and not any(said.startswith("/all") for said, _ in Transcript.read(path).turns)
]
QUESTION: Final = re.compile(r"\[(\d+)/(\d+)\]( \[edit\])? (.*?)( \(skip\))?")
OPTION: Final = re.compile(r"  (\d+) (.*?)( \*)?")
LINE: Final = re.compile(r"\d+\. (.*)")
ABORTED: Final = re.compile(r"\[aborted \S+ (\S+)\] (.*)")
LISTED: Final = re.compile(r"(\d+)\. (.+)")
WAYS: Final = frozenset(
    texts(language)(f"question.{name}")
    for language in LANGUAGES
    for name in ("keep", "done", "skip", "anew", "back", "leave_edit")
)
"""The words of the buttons below the choices."""
LONG: Final = {field.name for field in FORM.fields if "multiline" in field.appearance}


@pytest.fixture
async def laid(desk: App) -> App:
    """The desk's core on a home whose units stand in the order of the transcripts: they are chosen by number."""
    async with desk.work(System("init"), "cli") as work:
        for position, (code, _, name, name_en) in enumerate(UNITS):
            await registry.add_unit(work, code=code, kind="subdistrict", name=name, name_en=name_en, position=position)
    return desk


class Chatting:
    """Somebody who does in a chat what is written down, and looks at what comes back."""

    def __init__(self, it: Informing, talk: Talk) -> None:
        self.it = it
        self.talk = talk
        self.seen = 0

    async def does(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        self.seen = (await self.talk.last()).id
        match command:
            case "/back":
                await self._presses_or_says(("question.back", "question.leave_edit"), "word.back")
            case "/skip":
                await self._presses_or_says(("question.skip",), "word.skip")
            case "/keep":
                await self._presses_or_says(("question.keep", "question.done"), "word.next")
            case "/edit":
                await self.talk.presses("review.change", f"short.{rest}")
            case "/file":
                name, mime, size = rest.split()
                await self.talk.sends(Attachment(b"\xff\xd8\xff\xe0".ljust(int(size), b"x"), name, mime))
            case "/speak":
                await self.talk.says(f"/language {rest}")
                self.talk.language = rest
            case "/submit":
                await self._submits()
            case _:
                await self._answers(line)

    async def _submits(self) -> None:
        """Press the button if there is one: a chat offers it at the summary alone."""
        if [self.talk.t("review.submit")] in (await self.talk.last()).buttons:
            await self.talk.presses("review.submit")
        else:
            self.seen = 0

    async def _answers(self, text: str) -> None:
        """Type an answer; a story is over when its writer says so."""
        asked = (await self.talk.last()).text
        await self.talk.says(text)
        if any(FORM.by_name[name].label[self.talk.language] in asked.splitlines() for name in LONG):
            await self.talk.presses("question.done")

    async def _presses_or_says(self, buttons: Iterable[str], word: str) -> None:
        offered = [label for row in (await self.talk.last()).buttons for label in row]
        for button in buttons:
            if self.talk.t(button) in offered:
                await self.talk.presses(button)
                return
        await self.talk.says(self.talk.t(word).split("|")[0])

    async def sees(self, told: Sequence[str]) -> None:
        """Check that the chat shows what is written down."""
        shown = [message for message in (await self.talk.sees()).from_bot if message.id > self.seen]
        text = "\n".join(message.text for message in shown)
        if told[0] == "[review]":
            assert summary(text) == [self._line(line) for line in told[1:]]
        elif found := ABORTED.fullmatch(told[0]):
            assert found[2] in text
            assert [row.category for row in await rows(self.it.app, Refusal)] == [found[1]]
        elif told[0].startswith("[done]"):
            await self.talk.receipt()
            assert len(await rows(self.it.app, Item)) == 1
        else:
            await self._sees_question(told, text, shown[-1])

    async def _sees_question(self, told: Sequence[str], text: str, last: Shown) -> None:
        t, found = self.talk.t, QUESTION.fullmatch(told[0])
        assert found is not None, told[0]
        number, total, editing, label, optional = found.groups()
        asides = [t("question.editing")] if editing else []
        asides += [t("question.optional")] if optional else []
        lines = text.splitlines()
        assert " · ".join([t("question.progress", number=number, total=total), *asides]) in lines
        assert label in lines
        options = [match.groups() for line in told[1:] if (match := OPTION.fullmatch(line))]
        if options:
            assert await self._offered(last) == [(text, bool(star)) for _, text, star in options]
        for line in told[1:]:
            if line.startswith("  = "):
                names = line.removeprefix("  = ").split(" / ")
                assert t("files.held", number=len(names), names="、".join(names)) in lines
            elif line.startswith("  ! "):
                assert problem_text(t, Problem(line.removeprefix("  ! "))) in lines

    async def _offered(self, shown: Shown) -> list[tuple[str, bool]]:
        """Return the choices that are offered, on all pages, and which of them is chosen."""
        first, offered = choices(shown), list[tuple[str, bool]]()
        while True:
            offered += choices(shown)
            if [self.talk.t("page.before"), self.talk.t("page.after")] not in shown.buttons:
                return offered
            await self.talk.presses("page.after")
            shown = await self.talk.last()
            if choices(shown) == first:
                return offered

    def _line(self, line: str) -> str:
        """Return a line of a summary as the chat writes it."""
        found = LINE.fullmatch(line)
        assert found is not None
        labels = (field.label[self.talk.language] for field in FORM.fields if field.asks)
        label = next(label for label in labels if found[1].startswith(label))
        value = found[1].removeprefix(label).strip().replace(" / ", "、")
        return f"▪ {label}\n{self.talk.t('review.blank') if value == '-' else value}"


def summary(text: str) -> list[str]:
    """Return the lines of the summary that a message shows: question and answer."""
    return [block for block in text.split("\n\n") if block.startswith("▪ ")]


def choices(shown: Shown) -> list[tuple[str, bool]]:
    """Return the choices on one page: listed in the message where a button cannot hold them, or else on buttons."""
    labels = [label for row in shown.buttons for label in row]
    chosen = [label.removeprefix("✔ ").split(" ")[0] for label in labels if label.startswith("✔ ")]
    if listed := [found.groups() for line in shown.text.splitlines() if (found := LISTED.fullmatch(line))]:
        return [(label, number in chosen) for number, label in listed]
    return [(label.removeprefix("✔ "), label.startswith("✔ ")) for label in labels if label not in WAYS]


@pytest.mark.parametrize("path", IN_A_CHAT, ids=lambda path: path.stem)
async def test_a_conversation_in_a_chat_goes_as_it_is_written_down(inform: Inform, path: Path) -> None:
    written = Transcript.read(path)
    async with inform() as it:
        chatting = Chatting(it, await it.somebody(written.language))
        await chatting.talk.begins()
        await chatting.sees(written.opening)
        for said, told in written.turns:
            await chatting.does(said)
            await chatting.sees(told)


def test_there_are_conversations_to_hold() -> None:
    assert len(IN_A_CHAT) >= 8
