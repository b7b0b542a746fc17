"""What ``jingshi doctor`` says, line by line."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
Said = tuple[Level, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``text`` says what is, and what to do unless all is well."""

    level: Level
    about: str
    text: str
