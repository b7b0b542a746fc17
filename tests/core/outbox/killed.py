"""A worker that sends one message and waits to be killed before it can note that it did.

``python -m tests.core.outbox.killed HOME KEYS URL EFFECTS``: each message is a line in the file EFFECTS.
"""

import asyncio
import sys
from pathlib import Path
from uuid import UUID

from core import outbox
from core.app import App
from core.outbox.sender import Sender
from core.settings import Settings


class LastWords:
    """Sends by writing a line, and never comes back."""

    def __init__(self, effects: Path) -> None:
        self._effects = effects

    async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
        with self._effects.open("a") as target:
            target.write(f"{address.chat} {template}\n")
        print("sent", flush=True)  # noqa: T201 - whoever kills us waits for it
        return await asyncio.Future[outbox.Outcome]()


async def main(home: str, keys: str, url: str, effects: str) -> None:
    settings = Settings(home=Path(home), keys=Path(keys), database_url=url)
    worker = App.for_process(settings, "worker")
    await Sender("informant", LastWords(Path(effects)), asyncio.Event()).send_due(worker)
    print("nothing is due", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
