"""Faults that a test switches on: errors, delays, lost connections, lost answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self

Effect = Literal["answer", "delay", "drop_before", "drop_after", "cut"]


@dataclass(slots=True)
class Trouble:
    """What happens to the next ``times`` requests of certain methods (all, if none is named), in one chat or in all.

    ``answer`` answers an error; ``delay`` waits first; ``drop_before`` and ``drop_after`` close the connection before
    or after the request is carried out; ``cut`` breaks off in the middle of a download (method ``file``).
    """

    effect: Effect
    methods: frozenset[str] = frozenset()
    times: int = 1
    chat: int | None = None
    seconds: float = 0.0
    code: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, *, methods: Iterable[str] = (), **more: Any) -> Self:  # noqa: ANN401 - as they come by the wire
        return cls(methods=frozenset(name.lower() for name in methods), **more)


class Switches:
    """The troubles of one bot that are still to come."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.lost_answers = 0
        self.calmed = 0  # how often

    def calm(self) -> None:
        """End all troubles, also a delay that somebody waits for."""
        self.troubles.clear()
        self.lost_answers = 0
        self.calmed += 1

    def take(self, method: str, chat: object) -> list[Trouble]:
        """Return what happens to this request, and count it."""
        if not self.troubles:
            return []
        found = [
            trouble
            for trouble in self.troubles
            if (not trouble.methods or method.lower() in trouble.methods) and trouble.chat in {None, chat}
        ]
        for trouble in found:
            trouble.times -= 1
        self.troubles = [trouble for trouble in self.troubles if trouble.times > 0]
        return found

    def lose_answer(self) -> bool:
        """Say whether the bot's answer to this update is to be treated as if it had not come."""
        if self.lost_answers <= 0:
            return False
        self.lost_answers -= 1
        return True
