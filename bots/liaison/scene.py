"""What a screen is made from, and what is said of an obligation everywhere. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bots.liaison.chat import Chat
from bots.liaison.texts import quarter, texts
from bots.texting import short_code
from core.app import stations
from core.dialogue import Step


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to show. ``name`` is whom the chat stands for, nobody if it is empty.

    ``phone`` is where somebody answers; ``leads`` tells whether somebody unknown is told what this is for; ``belongs``
    tells whether they have a role at a station today.
    """

    chat: Chat
    language: str
    name: str
    today: date
    phone: str | None = None
    belongs: bool = True
    duties: Sequence[stations.Duty] = ()
    record: stations.Record | None = field(default=None, repr=False)
    step: Step | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()
    page: int = 1
    leads: bool = True

    def t(self, message_id: str, **placeholders: object) -> str:
        """Return a text of the catalogues."""
        return texts(self.language)(message_id, **placeholders)

    @property
    def here(self) -> str:
        """A code of the place, by which its buttons are known."""
        chat = self.chat
        at = chat.state.at or "" if chat.state else ""
        return short_code(chat.tag, chat.place, *(each.hex if each else "" for each in (chat.duty, chat.entry)), at)


def last_day(duty: stations.Duty) -> date:
    """Return the last day on which a record can be filed, as far as it is known."""
    return duty.grace_until or duty.due_on


def title(language: str, about: stations.Duty | stations.Named) -> str:
    """Return which station and quarter it is about."""
    name = about.station_name_en or about.station_name if language == "en" else about.station_name
    return texts(language)("duty.title", station=name, quarter=quarter(language, about.quarter))
