"""How requests travel to the platform: as JSON. This bot sends no files, and a form costs more to make than to send."""

from typing import Final, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message
from aiohttp import ClientError, ClientTimeout

# Whoever asks for such a class makes it anew, unless somebody holds it: pydantic keeps them by weak references.
HELD: Final = (Response[Message], Response[bool], Response[Message | bool])

_JSON: Final = {"content-type": "application/json"}


class JsonSession(AiohttpSession):
    """A session of aiogram that posts JSON (Bot API: making requests)."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - the base class names it
    ) -> TelegramType:
        """Send a request and return its result; raises what aiogram's own session does."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = method.model_dump_json(exclude_unset=True, exclude_none=True, warnings=False)
        within = self.timeout if timeout is None else timeout
        try:
            async with session.post(url, data=body.encode(), headers=_JSON, timeout=ClientTimeout(within)) as answer:
                content = await answer.text()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="no answer in time") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        found = self.check_response(bot=bot, method=method, status_code=answer.status, content=content)
        return cast("TelegramType", found.result)


def bot_of(token: str, api: str, *, connections: int = 100) -> Bot:
    """Return the bot of ``token`` at the API server ``api``, with so many connections at most."""
    return Bot(token, session=JsonSession(api=TelegramAPIServer.from_base(api), limit=connections))
