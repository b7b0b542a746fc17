"""Brings updates to a bot, by webhook or by long polling, in the order and with the patience of the official server."""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from tests.peer.description import Json, Refused
from tests.peer.state import World

Reply = Callable[[str, bytes], Awaitable[None]]  # content type and body of the bot's answer to an update

_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # sent only when asked for
_LONGEST_PAUSE = 64.0
_WEEK = 7 * 86_400  # of silence, after which ids begin anew at random
_PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass(slots=True)
class Update:
    """An update that the bot has not confirmed."""

    id: int
    kind: str
    body: Json
    queue: tuple[str, int]
    expires: float
    failures: int = 0

    @property
    def json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery: status 0 is no answer at all, ``lost`` an answer that was treated so."""

    at: float
    update_id: int
    status: int
    lost: bool
    pause: float


@dataclass(slots=True)
class Webhook:
    """Where to and how."""

    url: str
    secret: str
    connections: int
    last_error: str = ""
    last_error_at: int = 0


class Delivery:
    """The updates of one bot.

    Those of a queue go one at a time, the next only after a 2xx; queues go side by side, up to the number of
    connections. Anything else is tried again at once, then after 2, 4, 8 … seconds, or as ``Retry-After`` says.
    ``pace`` is how long such a second lasts.
    """

    def __init__(self, world: World, *, lost: Callable[[], bool], is_down: Callable[[], bool]) -> None:
        self.world = world
        self.pending: dict[int, Update] = {}
        self.webhook: Webhook | None = None
        self.allowed: frozenset[str] = frozenset()
        self.attempts: deque[Attempt] = deque(maxlen=100_000)
        self.pace = 1.0
        self.reply: Reply | None = None
        self.session: aiohttp.ClientSession | None = None
        self._lost = lost
        self._is_down = is_down
        self._last = 100_000
        self._last_at = world.clock.now()
        self._queues: dict[tuple[str, int], deque[Update]] = defaultdict(deque)
        self._running: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._free = asyncio.Semaphore(1)
        self._poll = 0

    def wants(self, kind: str) -> bool:
        """Say whether the bot asked for updates of this type."""
        return kind in self.allowed if self.allowed else kind not in _UNASKED

    def add(self, kind: str, body: Json, queue: tuple[str, int], lasts: float) -> int:
        """Queue an update; return its id."""
        now = self.world.clock.now()
        self._last = secrets.randbelow(2**30) if now - self._last_at > _WEEK else self._last + 1
        self._last_at = now
        update = Update(self._last, kind, body, queue, now + lasts)
        self.pending[update.id] = update
        if self.webhook is not None:
            self._enqueue(update)
        self.world.changes.tell()
        return update.id

    def allow(self, given: Json) -> None:
        """Take over ``allowed_updates``; without it, the previous ones stay."""
        if "allowed_updates" in given:
            self.allowed = frozenset(given["allowed_updates"])

    async def set_webhook(self, webhook: Webhook | None, *, drop: bool) -> None:
        """Begin to deliver to another place, or to none; what is pending goes there."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*(task for task in running if task is not asyncio.current_task()), return_exceptions=True)
        self._running.clear()
        self._queues.clear()
        self.webhook = webhook
        if drop:
            self.pending.clear()
        if webhook is not None:
            self._free = asyncio.Semaphore(webhook.connections)
            for update in list(self.pending.values()):
                self._enqueue(update)
        self.world.changes.tell()

    def drop_expired(self) -> None:
        """Forget what is too old; what is on its way is forgotten when it comes back."""
        now = self.world.clock.now()
        for update in [update for update in self.pending.values() if update.expires < now]:
            self._done(update)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Answer ``getUpdates``: confirm what comes before the offset, wait for more; raises ``Refused``."""
        if self.webhook is not None:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(f"Conflict: {words}", 409, kind="state")
        self._poll += 1
        mine = self._poll
        self._confirm(offset)
        self.world.changes.tell()
        if not self.pending:
            await self.world.changes.until(lambda: bool(self.pending) or self._poll != mine, seconds)
        if self._poll != mine:
            words = "terminated by other getUpdates request; make sure that only one bot instance is running"
            raise Refused(f"Conflict: {words}", 409, kind="state")
        self.drop_expired()
        return [update.json for update in list(self.pending.values())[:limit]]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = [0, *self.pending][offset:][0]
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]

    def _enqueue(self, update: Update) -> None:
        self._queues[update.queue].append(update)
        if update.queue not in self._running:
            self._running[update.queue] = asyncio.create_task(self._drain(update.queue))

    def _done(self, update: Update) -> None:
        self.pending.pop(update.id, None)
        self.world.changes.tell()

    async def _drain(self, key: tuple[str, int]) -> None:
        queue = self._queues[key]
        while queue:
            update = queue[0]
            if update.id in self.pending and update.expires >= self.world.clock.now():
                async with self._free:
                    pause = await self._attempt(update)
                if pause is not None and self.world.clock.now() + pause <= update.expires:
                    await self._rest(update, pause)
                    continue
            queue.popleft()
            self._done(update)
        del self._queues[key], self._running[key]

    async def _rest(self, update: Update, pause: float) -> None:
        """Wait before the next attempt; an update that expires meanwhile is not waited for."""

        def gone() -> bool:
            return update.id not in self.pending

        await self.world.changes.until(gone, pause * self.pace)
        await self.world.changes.until(lambda: gone() or not self._is_down())

    async def _attempt(self, update: Update) -> float | None:
        """Deliver once; return after how many seconds to try again, or nothing when it was taken."""
        if self._is_down():
            return 0.0
        status, pause, body, mime = await self._post(update)
        taken = 200 <= status <= 299
        lost = taken and self._lost()
        if taken and not lost:
            pause = 0.0
        elif not pause:
            pause = min(2.0**update.failures, _LONGEST_PAUSE) if update.failures else 0.0
        self.attempts.append(Attempt(self.world.clock.now(), update.id, status, lost, pause))
        if taken and not lost:
            if body and self.reply is not None:
                await self.reply(mime, body)
            return None
        update.failures += 1
        return pause

    async def _post(self, update: Update) -> tuple[int, float, bytes, str]:
        """Return the status, the ``Retry-After``, the body and its type."""
        webhook = self.webhook
        if webhook is None or self.session is None:
            raise RuntimeError("an update is delivered to a webhook that there is not")
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        error = "Webhook connection closed"
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            data = json.dumps(update.json).encode()
            async with self.session.post(webhook.url, data=data, headers=headers, timeout=_PATIENCE) as answer:
                body = await answer.read()
                if 200 <= answer.status <= 299:
                    return answer.status, 0.0, body, answer.headers.get("Content-Type", "")
                error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                retry_after = answer.headers.get("Retry-After", "")
                webhook.last_error, webhook.last_error_at = error, int(self.world.clock.now())
                return answer.status, float(retry_after) if retry_after.isdigit() else 0.0, b"", ""
        webhook.last_error, webhook.last_error_at = error, int(self.world.clock.now())
        return 0, 0.0, b"", ""
