"""Sends what is owed, for one bot: several messages on their way at once, never faster than the platform takes them."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from core import jobs
from core.errors import Unavailable
from core.outbox import ledger, turns
from core.outbox.ledger import Claimed
from core.outbox.outcomes import Carrier, Halted, Outcome, Refused, Uncertain
from core.outbox.pacing import Pacing
from core.work import System, Work

LOG: Final = logging.getLogger(__name__)
_ACTOR: Final = System("worker")
_ASKED: Final = timedelta(seconds=1)
_NUDGED_AGAIN: Final = 10.0  # seconds until a job is enqueued for the same attempt once more
_ON_THEIR_WAY: Final = 60  # with 26 a second: as many as leave before the first of a slow platform has arrived
_CLAIMED: Final = 8  # at once; a crash makes uncertain what is claimed
_AHEAD: Final = 4  # with fewer to send, more are claimed meanwhile
_EMPTY: Final = 0.5  # seconds until more is claimed after there was nothing
_REFUSED: Final = 600.0  # seconds until a bot that was refused is tried again
_RECORD_AGAIN: Final = (0.2, 1.0, 3.0)  # seconds; what was sent and not recorded is sent once more
_SECONDS_TO_FINISH: Final = 1.5  # for what is on its way when the worker is told to stop


class Time:
    """The monotonic clock of the loop, and sleep that ends early when the worker is told to stop."""

    def now(self) -> float:
        """Return the present second."""
        return asyncio.get_running_loop().time()

    async def rest(self, seconds: float, stop: asyncio.Event) -> None:
        """Wait for some seconds, or until ``stop`` is set."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await stop.wait()


class Sender:
    """What sends for one bot in this process. Of all processes one sends at a time; the others leave it to that one."""

    def __init__(self, bot: str, carrier: Carrier, stop: asyncio.Event, *, time: Time | None = None) -> None:
        self._bot = bot
        self._carrier = carrier
        self._stop = stop
        self._time = time or Time()
        self._pacing = Pacing()
        self._flying: set[asyncio.Task[None]] = set()
        self._claiming: set[asyncio.Task[Sequence[Claimed]]] = set()  # one at most
        self._claim_after = 0.0
        self._is_sending = self._is_refused = False

    def register(self, port: jobs.Jobs) -> None:
        """Let the worker's jobs send, and the worker's clock ask what is due."""
        port.handle(self._job, self.send_due)
        port.schedule(f"see to messages of {self._bot}", _ASKED, self.tick)

    async def tick(self, work: Work) -> None:
        """Enqueue a job when something is due and nobody here sends already.

        The job says that there is something; what it is, the ledger says when a message can leave. The time in its key
        lets a job that ended early be followed by another.
        """
        if self._is_sending:
            return
        first = await ledger.first_due(work, self._bot)
        if first is not None:
            delivery_id, attempt = first
            since = int(work.now().timestamp() / _NUDGED_AGAIN)
            await jobs.enqueue(work, self._job, f"{self._job}:{delivery_id}:{attempt}:{since}", delivery_id)

    async def send_due(self, context: jobs.Context, *_ids: UUID | int) -> None:
        """Send until nothing is due or the worker is told to stop; leave it to whoever has the turn already.

        Raises `Unavailable` when the database is away; what had left and could not be recorded is uncertain then.
        """
        is_due = True
        while is_due and not self._stop.is_set():
            async with turns.taken(context.database, self._bot) as turn:
                if turn is None:
                    return
                self._is_sending = True
                try:
                    await self._send(context, turn)
                finally:
                    self._is_sending = False
            async with context.work(_ACTOR, "worker", write=False) as work:  # what others left to us as we finished
                is_due = await ledger.first_due(work, self._bot) is not None

    @property
    def _job(self) -> str:
        return f"messages_{self._bot}"

    async def _send(self, context: jobs.Context, turn: turns.Turn) -> None:
        async with context.work(_ACTOR, "worker") as work:
            if count := await ledger.settle_abandoned(work, self._bot):
                LOG.warning("%d messages of %s may have been sent before a worker died", count, self._bot)
        self._pacing.begin(self._time.now())
        self._claim_after = 0.0
        stopping = asyncio.ensure_future(self._stop.wait())
        waiting: list[Claimed] = []
        try:
            while not self._stop.is_set() and await self._step(context, turn, waiting, stopping):
                continue
        finally:
            stopping.cancel()
            await self._finish(context, waiting)

    async def _step(
        self, context: jobs.Context, turn: turns.Turn, waiting: list[Claimed], stopping: asyncio.Task[Literal[True]]
    ) -> bool:
        """Let a message go, or wait until something can happen; return whether there may be more to do."""
        self._reap(waiting)
        if halted := self._pacing.halted(self._time.now()):
            await self._put_back(context, waiting)
            await self._time.rest(halted, self._stop)
            return True
        self._claim_ahead(context, turn, waiting)
        if self._start_one(context, waiting):
            return True
        now = self._time.now()
        pause = min((self._pacing.wait(now, each.address.chat) for each in waiting), default=None)
        if pause is not None and (pause <= self._pacing.wait(now) or not self._claiming):
            await self._time.rest(pause, self._stop)
            return True
        busy = self._claiming or self._flying  # what is being claimed may leave before the chats that wait
        if busy:
            await asyncio.wait({*busy, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return bool(busy)

    def _claim_ahead(self, context: jobs.Context, turn: turns.Turn, waiting: list[Claimed]) -> None:
        """Begin to claim more while there is still something to send, so that the pace does not wait for the store."""
        now = self._time.now()
        ready = [each for each in waiting if self._pacing.wait(now, each.address.chat) <= self._pacing.wait(now)]
        room = min(_CLAIMED, _ON_THEIR_WAY - len(self._flying) - len(waiting))
        if len(ready) < _AHEAD and room > 0 and now >= self._claim_after and not self._claiming:
            self._claiming.add(asyncio.create_task(self._claim(context, turn, room)))

    async def _claim(self, context: jobs.Context, turn: turns.Turn, limit: int) -> Sequence[Claimed]:
        await turn.check()
        async with context.work(_ACTOR, "worker") as work:
            return await ledger.claim(work, self._bot, limit)

    def _start_one(self, context: jobs.Context, waiting: list[Claimed]) -> bool:
        """Let a message go that may leave now; return whether there was one."""
        now = self._time.now()
        first = next((each for each in waiting if not self._pacing.wait(now, each.address.chat)), None)
        if first is None:
            return False
        waiting.remove(first)
        self._pacing.note(now, first.address.chat)
        self._flying.add(asyncio.create_task(self._carry(context, first)))
        return True

    async def _carry(self, context: jobs.Context, claimed: Claimed) -> None:
        try:
            outcome = await self._carrier.carry(claimed.address, claimed.template, claimed.about)
        except Exception as error:  # noqa: BLE001 - whatever it was, the message may have left
            LOG.error("a message of %s: %s", self._bot, type(error).__name__)  # noqa: TRY400 - its text may hold a chat
            outcome = Uncertain()
        self._heed(outcome)
        for pause in (*_RECORD_AGAIN, None):
            try:
                async with context.work(_ACTOR, "worker") as work:
                    await ledger.record(work, claimed.id, outcome)
            except Unavailable:
                if pause is None:
                    raise
                await self._time.rest(pause, self._stop)
            else:
                return

    def _heed(self, outcome: Outcome) -> None:
        now = self._time.now()
        if isinstance(outcome, Halted):
            self._pacing.halt(now + outcome.seconds)
        if isinstance(outcome, Refused):
            self._pacing.halt(now + _REFUSED)
            if not self._is_refused:
                LOG.error("the platform refuses the token of %s: its messages wait until it has a new one", self._bot)
        self._is_refused = isinstance(outcome, Refused)

    def _reap(self, waiting: list[Claimed]) -> None:
        """Let go of what is done, and take in what was claimed; raise what went wrong."""
        for task in [task for task in self._claiming if task.done()]:
            self._claiming.remove(task)
            waiting.extend(claimed := task.result())
            if not claimed:
                self._claim_after = self._time.now() + _EMPTY
        for sent in [task for task in self._flying if task.done()]:
            self._flying.remove(sent)
            sent.result()

    async def _finish(self, context: jobs.Context, waiting: list[Claimed]) -> None:
        """Wait for what is on its way, for a moment only when told to stop; put back what has not left."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=_SECONDS_TO_FINISH if self._stop.is_set() else None)
        for task in self._flying:
            task.cancel()
        await asyncio.gather(*self._flying, return_exceptions=True)
        self._flying.clear()
        await self._put_back(context, waiting)

    async def _put_back(self, context: jobs.Context, waiting: list[Claimed]) -> None:
        """Put back what has not left, and what is being claimed at this moment."""
        for claimed in await asyncio.gather(*self._claiming, return_exceptions=True):
            waiting.extend([] if isinstance(claimed, BaseException) else claimed)
        self._claiming.clear()
        if waiting:
            async with context.work(_ACTOR, "worker") as work:
                await ledger.release(work, [each.id for each in waiting])
            waiting.clear()
