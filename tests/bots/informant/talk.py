"""A person in a chat with the bot, one thing at a time: each waits until the bot has answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from bots.informant.texts import texts
from core.sealing import Receipt
from tests.peer.client import PATIENCE, Attachment, Person
from tests.peer.transcript import Shown, View

JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 100
ANSWERS = (
    "建设",
    "分管窗口的副局长",
    "M5",
    "1",
    "让人白跑好几趟",
    "九月中旬",
    "政务大厅",
    "1",
    "第一天说少一份复印件。",
)
"""What is typed from the question for the unit to the one for the facts."""


@dataclass
class Talk:
    """Somebody who talks to the bot in a language."""

    person: Person
    language: str = "zh_CN"
    patience: float = PATIENCE

    def t(self, message_id: str, **placeholders: object) -> str:
        return texts(self.language)(message_id, **placeholders)

    async def says(self, *texts_: str) -> int:
        message = 0
        for text in texts_:
            message = await self.person.says(text)
            await self.settled()
        return message

    async def presses(self, *message_ids: str) -> None:
        """Press buttons by the ids of their words."""
        for message_id in message_ids:
            await self.person.presses(self.t(message_id))
            await self.settled()

    async def chooses(self, label: str) -> None:
        """Press the button of the newest message whose label holds ``label``."""
        buttons = [button for row in (await self.last()).buttons for button in row]
        await self.person.presses(next(button for button in buttons if label in button))
        await self.settled()

    async def sends(self, *files: Attachment) -> None:
        for file in files:
            await self.person.sends("document", file)
            await self.settled()

    async def settled(self) -> None:
        await self.person.bot.peer.settled(self.patience)

    async def sees(self) -> View:
        return await self.person.sees()

    async def last(self) -> Shown:
        return (await self.sees()).last

    async def begins(self) -> None:
        """Go to the first question."""
        await self.says(self.t("word.report").split("|")[0])
        await self.presses("notice.begin")

    async def goes_to_files(self, answers: Iterable[str] = ANSWERS) -> None:
        """Answer everything before the question for files."""
        await self.begins()
        await self.chooses("是")
        await self.chooses("某个单位的一位干部")
        await self.says(*answers)
        await self.presses("question.done")

    async def goes_to_review(self) -> None:
        """Answer everything; no file, no name."""
        await self.goes_to_files()
        await self.presses("question.skip")
        await self.says("不留", "可以")

    async def reports(self) -> Receipt:
        """Report something and return the receipt that is shown."""
        await self.goes_to_review()
        await self.presses("review.submit")
        return await self.receipt()

    async def receipt(self) -> Receipt:
        """Return the receipt that the newest message shows."""
        text = (await self.last()).text
        return Receipt.parse(next(line for line in text.splitlines() if line.count("-") == 6))
