"""The messages that the system begins by itself, as data. Pure. Their texts lie in the catalogue of the bot.

A template that is repeatable may be sent once more when nobody can tell whether it was sent. A notice of a decision
never is: a person looks first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Template:
    """Which bot sends it, and whether it may be sent once more."""

    bot: str
    is_repeatable: bool


REPLY_WAITING: Final = "reply_waiting"
"""There is an answer or a question for the holder of a receipt; which one, it does not say."""

ROUND: Final = (
    "round_prompt",
    "round_first",
    "round_second",
    "round_due",
    "round_grace",
    "round_escalated",
    "record_to_sign",
    "record_returned",
    "record_signed",
)
"""What people of a station are told of a round, each about one obligation of their station."""

HEADS_MEETING: Final = "heads_meeting"
"""The heads of the stations meet: when and where."""

TEMPLATES: Final[Mapping[str, Template]] = MappingProxyType(
    {
        REPLY_WAITING: Template(bot="informant", is_repeatable=True),
        **dict.fromkeys((*ROUND, HEADS_MEETING), Template(bot="liaison", is_repeatable=True)),
    },
)


def is_repeatable(name: str) -> bool:
    """Tell whether a message may be sent once more; one that this version does not know may not."""
    return name in TEMPLATES and TEMPLATES[name].is_repeatable
