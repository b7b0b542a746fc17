"""Chats that stand somewhere already: a test that is about one place need not walk there first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bots.forms import Forms
from bots.informant.chat import Chat
from bots.informant.turn import CHANNEL
from core.app import App, cases, drafts
from core.cases.items.tables import Item
from core.dialogue import Aborted, Dialogue, FileRef, Question, State
from core.sealing import Receipt
from core.work import Reporter
from tests.bots.informant.conftest import Informing
from tests.bots.informant.talk import Talk
from tests.bots.web.walks import rows

FORM: Final = Forms().form
ANSWERS: Final[Mapping[str, str]] = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "unit": "construction",
    "subject": "分管窗口的副局长",
    "topic": "M5",
    "context": "on_duty",
    "what": "让人白跑好几趟",
    "happened_when": "九月中旬",
    "happened_where": "政务大厅",
    "evidence": "own_observation",
    "facts": "第一天说少一份复印件。",
    "attachments": "",
    "identity_mode": "anonymous",
    "may_ask": "yes",
}
"""What is answered on the way to a question; blank passes it over."""
REVIEW: Final = ""


async def at(it: Informing, question: str, *, language: str = "zh_CN", **answers: str) -> Talk:
    """Return somebody whose report stands at a question (`REVIEW`: at the summary); the bot has not spoken yet."""
    talk = await it.somebody(language)
    await put(
        it, talk, Chat(language, place="form", tag="t", state=await state_at(it.app, question, language, answers))
    )
    return talk


async def put(it: Informing, talk: Talk, chat: Chat) -> None:
    """Let a chat stand where ``chat`` says."""
    number = str(talk.person.id)
    async with it.app.work(Reporter(), CHANNEL) as work:
        await drafts.drop(work, CHANNEL, number)
        await drafts.save(work, drafts.Draft(CHANNEL, number), chat.to_json())


async def kept(it: Informing, talk: Talk) -> Chat | None:
    """Return what is kept of a chat."""
    async with it.app.work(Reporter(), CHANNEL, write=False) as work:
        draft = await drafts.load(work, CHANNEL, str(talk.person.id), lock=False)
    return None if draft is None else Chat.from_json(draft.content)


async def answers_of(it: Informing, talk: Talk) -> Mapping[str, Any]:
    """Return the answers of the report that is under way in a chat."""
    chat = await kept(it, talk)
    return chat.state.answers if chat and chat.state else {}


async def state_at(app: App, question: str, language: str, changes: Mapping[str, str]) -> State:
    """Walk through the form as the engine does, up to a question."""
    async with app.work(Reporter(), CHANNEL, write=False) as work:
        dialogue: Dialogue = await Forms().dialogue(work)
    step, answers = dialogue.start(language), {**ANSWERS, **changes}
    while isinstance(step, Question) and step.name != question:
        step = dialogue.advance(step.state, answers[step.name])
    assert not isinstance(step, Aborted)
    return step.state


def asked(text: str, language: str = "zh_CN") -> str:
    """Return the question that a message of the bot asks; `REVIEW` for the summary, and for anything else."""
    lines = text.splitlines()
    if any(line.startswith("▪") for line in lines):
        return REVIEW
    return next((field.name for field in FORM.fields if field.asks and field.label[language] in lines), REVIEW)


async def at_question(talk: Talk) -> str:
    """Return the question that the newest message of the bot asks."""
    return asked((await talk.last()).text, talk.language)


async def items(it: Informing) -> int:
    """Return how many reports there are."""
    return len(await rows(it.app, Item))


async def standing(app: App, receipt: Receipt) -> cases.Standing:
    """Return how a report stands, as its holder sees it."""
    async with app.work(Reporter(), CHANNEL, write=False) as work:
        return await cases.standing(work, receipt)


def with_file(state: State, file: FileRef) -> State:
    """Return the state with a file at the question where it stands."""
    return replace(state, answers={**state.answers, state.at or "": (file,)})
