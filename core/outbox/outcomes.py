"""What brings a message to a chat, what can come of it, and what the ledger says then. Pure."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

ATTEMPTS: Final = 16
"""With the pauses between them, a little more than a day."""

_PAUSE: Final = timedelta(seconds=30)
_LONGEST_PAUSE: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """A chat of one of our bots, and the language in which to speak there."""

    bot: str
    chat: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The platform took nothing and wishes the whole bot to be quiet for some seconds (429 with ``retry_after``)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The platform was not reached, or took nothing because of a fault of its own (5xx)."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The chat is gone or wants nothing from us (403, or 400 for a chat that is not found)."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was sent: the chat has a new id."""

    chat: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The request left and no answer came: whether it was sent, nobody can tell."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform refuses the bot itself: its token was revoked (401)."""


Outcome = Sent | Halted | TryAgain | Unreachable | Moved | Uncertain | Refused


class Carrier(Protocol):
    """What brings a message to a chat; each bot has its own."""

    async def carry(self, address: ChatAddress, template: str, about: UUID) -> Outcome:
        """Send the text of ``template`` in the language of ``address``, once, and return what came of it.

        ``about`` is the item or the obligation that it is about.
        It waits for the platform no longer than some seconds. Whatever it raises counts as `Uncertain`.
        """


@dataclass(frozen=True, slots=True)
class Standing:
    """How a delivery stands after an attempt; a queued one is due after ``pause``."""

    state: str
    attempt: int
    repeated: bool
    pause: timedelta = timedelta(0)


def settled(outcome: Outcome, *, attempt: int, repeated: bool, repeatable: bool) -> Standing:
    """Return how a delivery stands after its attempt number ``attempt``.

    ``repeated`` says that an earlier attempt ended uncertain. One that is ``repeatable`` is then sent once more, and
    never a second time; any other stays ``unknown`` until a person looks.
    """
    state = "queued"
    match outcome:
        case Sent():
            state = "sent"
        case Unreachable():
            state = "unreachable"
        case Halted() | Refused():
            attempt -= 1  # the message was not looked at
        case TryAgain() | Moved() if attempt >= ATTEMPTS:
            state = "failed"
        case Uncertain() if repeatable and not repeated:
            repeated = True
        case Uncertain():
            state = "unknown"
    return Standing(state, attempt, repeated, _pause(outcome, attempt))


def _pause(outcome: Outcome, attempt: int) -> timedelta:
    match outcome:
        case Halted(seconds):
            return timedelta(seconds=seconds)
        case TryAgain():
            return backoff(attempt)
        case Uncertain():
            return _PAUSE
        case _:
            return timedelta(0)


def backoff(attempt: int) -> timedelta:
    """Return the pause after attempt number ``attempt`` failed: 30 seconds, doubled each time, up to four hours."""
    return min(_PAUSE * (1 << (attempt - 1)), _LONGEST_PAUSE)
