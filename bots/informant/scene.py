"""What a screen is made from: the chat, the step of its dialogue, the report that is open, the house's facts."""

from dataclasses import dataclass, field
from typing import Any

from bots.informant.chat import Chat
from bots.informant.texts import texts
from bots.texting import short_code
from core.app import cases
from core.dialogue import Step


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for everybody: the district, the address of the pages (may be empty), limits."""

    district: str
    is_demo: bool
    address: str
    days: int
    mebibytes: int
    characters: int


@dataclass(frozen=True, slots=True)
class Scene:
    """One chat at one moment. ``step`` is there at the place ``form``, ``standing`` where a report is open.

    ``notes`` are said before anything else, once; ``page`` is the page of a long list of choices. ``body`` decides
    about the report that is being confirmed.
    """

    chat: Chat
    house: House
    step: Step | None = None
    standing: cases.Standing | None = field(default=None, repr=False)
    body: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)
    page: int = 1

    def t(self, message_id: str, **placeholders: Any) -> str:  # noqa: ANN401 - whatever a text names
        """Return a text of the catalogues in the language of the chat."""
        return texts(self.chat.language)(message_id, **placeholders)

    @property
    def here(self) -> str:
        """The code of the place: the same only for the same question, confirmation or report.

        Where nothing is under way there is no tag: of such a chat nothing is kept, and its buttons work all the same.
        """
        chat = self.chat
        tag = chat.tag if chat.place != "home" or chat.asks else ""
        return short_code(tag, chat.place, chat.asks, (chat.state.at or "") if chat.state else "")
