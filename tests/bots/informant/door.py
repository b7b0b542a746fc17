"""Updates brought to the door of the webhook by hand: as the platform would, or as nobody should."""

from itertools import count

import httpx

from bots.informant.turn import BOT
from bots.webhook import webhook_secret
from jingshi.chats import PATH
from tests.bots.informant.conftest import Informing
from tests.bots.informant.talk import Talk
from tests.peer.client import NO_TLS
from tests.peer.description import Json

_numbers = count(900_000)


def secret_of(it: Informing) -> str:
    return webhook_secret(it.app.keys, BOT)


def message(talk: Talk, **content: object) -> Json:
    """Return an update in which somebody sends a message."""
    number = next(_numbers)
    person = {"id": talk.person.id, "is_bot": False, "first_name": "Lin"}
    chat = {"id": talk.person.id, "type": "private", "first_name": "Lin"}
    return {"update_id": number, "message": {"message_id": number, "date": 1, "chat": chat, "from": person, **content}}


async def deliver(it: Informing, update: Json | bytes, *, secret: str | None = None) -> httpx.Response:
    """Bring an update; ``secret`` is said instead of the right one, ``""`` is none at all."""
    said = secret_of(it) if secret is None else secret
    headers = {"x-telegram-bot-api-secret-token": said} if said else {}
    async with httpx.AsyncClient(base_url=it.pages, timeout=30, verify=NO_TLS) as platform:
        if isinstance(update, bytes):
            return await platform.post(PATH, content=update, headers=headers)
        return await platform.post(PATH, json=update, headers=headers)
