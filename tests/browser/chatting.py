"""Somebody who talks to the bot while a browser is open: the browser has a loop of its own, so the chat has another."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from tests.bots.informant.talk import Talk
from tests.peer.client import Bot, Peer

T = TypeVar("T")
_PATIENCE = 60.0
_IDS = {"zh_CN": 5_000_000_101, "en": 5_000_000_102}  # two people: the home of both tests is the same


@dataclass
class Chatting:
    """A loop in a thread, and the platform's side of the bot in it."""

    loop: asyncio.AbstractEventLoop
    peer: Peer
    bot: Bot

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        """Do something in the chat, and return what came of it."""
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(_PATIENCE)

    def somebody(self, language: str) -> Talk:
        """Return a person in a private chat with the bot that runs."""

        async def come() -> Talk:
            person = await self.bot.person(language=language.replace("_", "-").lower(), user_id=_IDS[language])
            return Talk(person, language, patience=_PATIENCE)  # the bot starts after the pages

        return self.do(come())


@contextmanager
def chatting(url: str, token: str) -> Iterator[Chatting]:
    """Talk to the peer at an address from a thread of its own; a bad request of the bot fails at the end."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    opened = Peer.at(url)

    def do(what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, loop).result(_PATIENCE)

    try:
        peer = do(opened.__aenter__())
        yield Chatting(loop, peer, do(peer.bot(token)))
        do(opened.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
