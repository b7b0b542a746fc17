"""Waiting for what happens in another process, of which nothing tells by itself."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(happened: Callable[[], Awaitable[object]], seconds: float = 20.0) -> None:
    """Ask again and again whether something has happened."""
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110 - what is asked lies in another process
            await asyncio.sleep(0.05)
