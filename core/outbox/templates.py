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

TEMPLATES: Final[Mapping[str, Template]] = MappingProxyType(
    {REPLY_WAITING: Template(bot="informant", is_repeatable=True)},
)


def is_repeatable(name: str) -> bool:
    """Tell whether a message may be sent once more; one that this version does not know may not."""
    return name in TEMPLATES and TEMPLATES[name].is_repeatable
