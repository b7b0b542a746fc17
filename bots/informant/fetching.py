"""Files that somebody sent: fetched from the platform and sealed as they come, before any transaction begins."""

from collections.abc import AsyncIterator
from typing import Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.methods import GetFile
from aiohttp import ClientError

from bots.informant.incoming import SentFile
from bots.informant.speaking import understood
from bots.informant.turn import Fetched
from bots.platform import Later
from bots.texts import problem_text
from core.app import attachments
from core.dialogue import Problem
from core.errors import Invalid, TooLarge
from core.texts import Translate

MOST_BYTES: Final = 20 * 2**20
"""A bot may fetch no more of one file (Bot API: getFile)."""

_SECONDS: Final = 60
_PIECE: Final = 2**16


async def fetch(bot: Bot, vault: attachments.Vault, sent: tuple[SentFile, ...], t: Translate) -> Fetched:
    """Return the files that were sealed, and in words why others were not; raises `Later` and `Unavailable`."""
    files, refused = {}, []
    for one in sent:
        name = one.name or t(f"name.{one.kind}")
        try:
            stored = await _seal(bot, vault, one, name)
            files[str(stored.id)] = stored
        except Invalid as error:
            why = problem_text(t, Problem(error.code, error.params))
            refused.append(t("files.refused", name=name[:120], why=why))
    return Fetched(files, tuple(refused))


async def _seal(bot: Bot, vault: attachments.Vault, sent: SentFile, name: str) -> attachments.StoredFile:
    if sent.size > MOST_BYTES:
        raise TooLarge("file_too_large", limit=MOST_BYTES)
    try:
        with understood():
            found = await bot(GetFile(file_id=sent.file_id))
    except TelegramBadRequest as error:
        raise TooLarge("file_too_large", limit=MOST_BYTES) from error
    pieces = _pieces(bot, found.file_path or "")
    return await attachments.store(vault, pieces, name=name, declared_type=sent.media_type)


async def _pieces(bot: Bot, path: str) -> AsyncIterator[bytes]:
    url = bot.session.api.file_url(bot.token, path)
    try:
        async for piece in bot.session.stream_content(url, timeout=_SECONDS, chunk_size=_PIECE):
            yield piece
    except (AiogramError, ClientError, OSError, TimeoutError):  # their words hold the address with the token
        raise Later from None
