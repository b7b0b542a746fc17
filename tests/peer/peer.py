"""The peer as a whole: a world, and the bots in it."""

import asyncio

import aiohttp

from tests.peer.bot import Bot
from tests.peer.description import Json
from tests.peer.state import World


class Peer:
    """All bots of one process, by token."""

    def __init__(self, *, pace: float = 1.0) -> None:
        self.world = World()
        self.bots: dict[str, Bot] = {}
        self.pace = pace
        self._session: aiohttp.ClientSession | None = None
        self._last_person = 5_000_000_000
        self._last_group = -4_000_000

    async def open(self) -> None:
        """Prepare for deliveries."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """End all deliveries."""
        for bot in self.bots.values():
            await bot.delivery.set_webhook(None, drop=True)
        if self._session is not None:
            await self._session.close()

    def make_bot(self, token: str, *, username: str, reads_groups: bool) -> Bot:
        """Make a bot, or the same one anew."""
        bot = Bot(self.world, token, username=username, reads_groups=reads_groups)
        bot.delivery.session = self._session
        bot.delivery.pace = self.pace
        self.bots[token] = bot
        return bot

    def make_person(self, given: Json) -> int:
        """Make a person; return their id."""
        self._last_person += 1
        number = int(given.get("id") or self._last_person)
        named = {name: given.get(name, "") for name in ("first_name", "last_name", "username", "language_code")}
        self.world.people[number] = {"id": number, "is_bot": False, **named}
        return number

    def group_number(self) -> int:
        """Return the id of a new group."""
        self._last_group -= 1
        return self._last_group

    async def settled(self, seconds: float) -> bool:
        """Wait until no bot has an update pending or a request in flight."""

        def idle() -> bool:
            return not any(bot.busy for bot in self.bots.values())

        while await self.world.changes.until(idle, seconds):
            await asyncio.sleep(0)  # what the last answer set off in this process comes first
            if idle():
                return True
        return False
