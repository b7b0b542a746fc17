"""Nothing is lost and nothing is reported twice in a chat: redeliveries, and intake killed midway."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.chats import Site, require_receipts
from bench.conversations import LENGTH, chat_of, prepared
from bench.deliveries import Deliveries
from bench.figures import Figure, Target, figure
from bench.holding import read_by_both
from bench.processes import Server
from bench.speed import INTAKE

_AT_ONCE: Final = 64
_AGAIN_EVERY: Final = 10
_FIRST: Final = 1_000_000  # numbers of the conversations of this part; those of the rounds begin at 0


@dataclass(frozen=True, slots=True)
class ChatLoss:
    """Conversations that were held to the confirmation, and what came of them.

    ``accepted`` are those whose receipt reached the platform, ``read`` those of them that a second process reads from
    both sides, ``kept`` the items that are there; ``cut_off`` are deliveries that had no answer when intake was killed.
    """

    held: int
    cut_off: int
    accepted: int
    read: int
    kept: int

    @property
    def lost(self) -> int:
        """Accepted, and not there."""
        return self.accepted - self.read

    @property
    def in_excess(self) -> int:
        """Items beyond one for each conversation; below zero where some are missing."""
        return self.kept - self.held


async def loss(site: Site, conversations: int) -> ChatLoss:
    """Hold ``conversations``, deliver every tenth update twice, kill intake midway; read in a second process.

    Raises `ValueError` unless every conversation ended in one receipt of its own.
    """
    numbers = range(_FIRST, _FIRST + conversations)
    with Server.running(INTAKE, site.environment, site.home.port) as intake:
        await intake.answers()
        told = prepared(numbers, secret=site.secret)
        deliveries = Deliveries(site.home.port, told, at_once=_AT_ONCE, again_every=_AGAIN_EVERY)
        talking = asyncio.ensure_future(deliveries.finish())
        midway = asyncio.ensure_future(deliveries.reached(conversations * LENGTH // 2))
        await asyncio.wait({talking, midway}, return_when=asyncio.FIRST_COMPLETED)
        midway.cancel()
        intake.kill()
        intake.start()
        run = await talking
    receipts = await site.receipts()
    require_receipts(receipts, numbers)
    given = {number: receipts[chat_of(number)][0] for number in numbers}
    found = await asyncio.to_thread(read_by_both, site.home, given)
    read = set(found.by_receipt) & set(found.by_staff)
    kept = sum(number in numbers for number in found.by_staff)
    return ChatLoss(conversations, run.unanswered, len(given), len(read), kept)


def loss_figures(name: str, found: ChatLoss) -> Iterator[Figure]:
    """Yield the lines of the kill."""
    label = f"{name}, {found.held:,} conversations, kill -9 midway"
    yield figure(f"{label}: receipts that reached the platform", found.accepted, "reports")
    yield figure(f"{label}: updates cut off and delivered again", found.cut_off, "updates")
    yield figure(f"{label}: read in a second process", found.read, "reports")
    yield figure(f"{label}: lost", found.lost, "reports", target=Target("=", 0))
    yield figure(f"{label}: items beyond one a conversation", found.in_excess, "items", target=Target("=", 0))
