"""One update, applied to one chat within one transaction: what was done, understood, and what follows from it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bots.files import Files
from bots.forms import Forms, units_of
from bots.informant.chat import Chat
from bots.informant.incoming import Incoming
from bots.informant.scene import House, Scene
from bots.informant.screens import screen_of
from bots.informant.texts import texts
from bots.texting import Screen
from bots.throttle import Throttle
from core.app import cases
from core.dialogue import Aborted, Dialogue, Review, Step
from core.work import Work

CHANNEL: Final = "telegram"
BOT: Final = "informant"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files of one update that were sealed, and why others were not (in the person's language)."""

    files: Files = field(default_factory=dict)
    refused: tuple[str, ...] = ()


@dataclass
class Turn:
    """What the verbs of a chat work on. They change ``chat`` and say things; nothing is sent here.

    ``notes`` are said before the next screen, ``alert`` on the button that was pressed; ``is_old`` tells that the
    button is of no use any more. ``chosen`` is the label of the button that was pressed, if it did something.
    """

    work: Work
    chat: Chat
    incoming: Incoming
    forms: Forms
    dialogue: Dialogue
    house: House
    throttle: Throttle
    fetched: Fetched = field(default_factory=Fetched)
    step: Step | None = None
    notes: list[str] = field(default_factory=list)
    alert: str = ""
    is_old: bool = False
    chosen: str = ""
    page: int = 1

    def t(self, message_id: str, **placeholders: Any) -> str:  # noqa: ANN401 - whatever a text names
        """Return a text of the catalogues in the language of the chat."""
        return texts(self.chat.language)(message_id, **placeholders)

    def say(self, message_id: str, **placeholders: Any) -> None:  # noqa: ANN401 - as above
        """Say something before the next screen."""
        self.notes.append(self.t(message_id, **placeholders))

    def set(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the chat
        """Change the chat."""
        self.chat = replace(self.chat, **changes)

    async def screen(self) -> Screen:
        """Return what the chat shows now."""
        chat = self.chat
        step = self._current() if chat.place == "form" else None
        standing = None
        if chat.place == "thread" and chat.receipt is not None:
            standing = await cases.standing(self.work, chat.receipt)
        body = ""
        if isinstance(step, Review):
            body = cases.routing(cases.subject_of(step.state.answers, units_of(self.dialogue))).decided_by
        return screen_of(Scene(chat, self.house, step, standing, body, tuple(self.notes), self.page))

    def _current(self) -> Step | None:
        """Return the step at which the form stands: what the last verb led to, or what the state says."""
        if self.step is not None or self.chat.state is None:
            return self.step
        return self.dialogue.current(self.chat.state)

    async def go(self, step: Step) -> None:
        """Go to where the dialogue leads; an end that keeps nothing is counted, and nothing is under way then (R12)."""
        if isinstance(step, Aborted):
            await cases.refuse(self.work, category=step.category, channel=CHANNEL)
            self.step = None
            self.chat = replace(self.chat.at_home(keeps_traces=True), place="noted" if self.chat.traces else "home")
            self.notes += [step.label, self.t("stopped.nothing")]
            return
        self.step = step
        self.set(state=step.state, place="form", asks="")


Verb = Callable[[Turn, str], Awaitable[None]]
Verbs = Mapping[str, Verb]
