"""One update, applied to one chat within one transaction: what was done, and what the chat shows after it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from bots.forms import record_dialogue
from bots.liaison.chat import CHANNEL, Chat
from bots.liaison.incoming import Incoming
from bots.liaison.scene import Scene, last_day
from bots.liaison.screens import ABOUT_A_DUTY, anytime, every, screen_of
from bots.liaison.texts import number, texts
from bots.texting import Button, Screen
from bots.throttle import Throttle
from core.app import cases, stations
from core.dialogue import Aborted, Dialogue, Step
from core.errors import NotFound
from core.texts import choose_language
from core.work import Work

_CHANNEL_OF_REFUSALS = "liaison_station"


@dataclass
class Turn:
    """What the verbs of a chat work on. They change ``chat`` and say things; nothing is sent here.

    ``notes`` are said before the next screen, ``alert`` on the button that was pressed; ``is_old`` tells that the
    button is of no use any more. ``chosen`` is the label of the button that was pressed, if it did something. ``phone``
    is where somebody can be called. ``throttle`` counts words by chat, ``guesses`` six digits from all chats together.
    ``leads`` tells whether somebody unknown is told what this is for.
    """

    work: Work
    chat: Chat
    incoming: Incoming
    throttle: Throttle
    guesses: Throttle
    who: stations.Recognised | None
    phone: str | None = None
    notes: list[str] = field(default_factory=list)
    alert: str = ""
    is_old: bool = False
    chosen: str = ""
    page: int = 1
    leads: bool = True
    step: Step | None = None

    @property
    def language(self) -> str:
        """The language to speak."""
        return self.who.language if self.who else choose_language(self.incoming.language)

    @property
    def number(self) -> str:
        """The number to call, within a sentence."""
        return number(self.language, self.phone)

    def t(self, message_id: str, **placeholders: Any) -> str:  # noqa: ANN401 - whatever a text names
        """Return a text of the catalogues in the language of the chat."""
        return texts(self.language)(message_id, **placeholders)

    def say(self, message_id: str, **placeholders: Any) -> None:  # noqa: ANN401 - as above
        """Say something before the next screen."""
        self.notes.append(self.t(message_id, **placeholders))

    def set(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the chat
        """Change the chat."""
        self.chat = replace(self.chat, **changes)

    def recognised(self, who: stations.Recognised | None) -> None:
        """Go on as somebody of a station."""
        self.who = who
        if who is not None:
            self.work = replace(self.work, actor=who.liaison)

    async def dialogue(self, station_id: UUID) -> Dialogue:
        """Return a dialogue of today with the officials of a station."""
        return await record_dialogue(self.work, station_id)

    async def dialogue_here(self) -> Dialogue:
        """Return the dialogue of the entry that is being written."""
        assert self.chat.entry_of is not None, "an entry is written for an obligation"  # noqa: S101 - for the types
        record = await stations.record(self.work, self.chat.entry_of)
        return await self.dialogue(record.duty.station_id)

    async def go(self, step: Step) -> None:
        """Go to where the dialogue leads; an end that keeps nothing is counted (R12)."""
        if isinstance(step, Aborted):
            await cases.refuse(self.work, category=step.category, channel=_CHANNEL_OF_REFUSALS)
            self.set(place="duty", state=None, entry_of=None, answer=None)
            self.notes.append(step.label)
            return
        self.step = step
        self.set(place="form", state=step.state, answer=None)

    async def is_elsewhere(self) -> bool:
        """Tell whether the chat is at a record that is no business of theirs any more: another took their place."""
        return self.who is not None and self.chat.place in ABOUT_A_DUTY and await self._record(self.chat) is None

    async def kept_for(self) -> timedelta | None:
        """Return how long the chat is kept: an entry until its round is locked, and as long again as anything else."""
        if self.who is None or self.chat.state is None:
            return None
        duty = next(
            (each for each in await stations.duties(self.work) if each.obligation_id == self.chat.entry_of), None
        )
        if duty is None:
            return None
        left = last_day(duty) - self.work.clock.today()
        return max(left, timedelta(0)) + timedelta(days=self.work.policy.days("draft_kept"))

    async def pressed(self, data: str, screen: Screen) -> Button | None:
        """Return the button that was pressed, if it is one of this screen or one that works at any time."""
        found = screen.pressed(data)
        if found is None and self.who is not None:
            found = anytime(await stations.duties(self.work)).pressed(data)
        return found

    async def knows(self, data: str) -> bool:
        """Tell whether a button is about a record that is theirs to see to: it was pressed twice, or too late."""
        return self.who is not None and every(await stations.duties(self.work)).pressed(data) is not None

    async def screen(self) -> Screen:
        """Return what the chat shows now."""
        today, notes = self.work.clock.today(), tuple(self.notes)
        if self.who is None:
            return screen_of(Scene(self.chat, self.language, "", today, self.phone, notes=notes, leads=self.leads))
        duties = await stations.duties(self.work)
        chat = self.chat
        if chat.place == "home" and len(duties) == 1:
            chat = replace(chat, place="duty", duty=duties[0].obligation_id)
        record = None
        if chat.place in ABOUT_A_DUTY:
            record = await self._record(chat)
            chat = chat if record is not None else Chat()
        step = await self._current(chat) if chat.place in {"form", "change"} else None
        return screen_of(
            Scene(
                chat,
                self.language,
                self.who.person_name,
                today,
                self.phone,
                belongs=bool(self.who.liaison.held),
                duties=duties,
                record=record,
                step=step,
                notes=notes,
                page=self.page,
            )
        )

    async def _record(self, chat: Chat) -> stations.Record | None:
        about = chat.entry_of if chat.place in {"form", "change"} else chat.duty
        try:
            return await stations.record(self.work, about) if about else None
        except NotFound:  # somebody who is not of that station any more
            return None

    async def _current(self, chat: Chat) -> Step:
        if self.step is not None:
            return self.step
        assert chat.state is not None, "an entry that is being written has a state"  # noqa: S101 - for the types
        return (await self.dialogue_here()).current(chat.state)


__all__ = ["CHANNEL", "Turn"]
