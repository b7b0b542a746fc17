"""A form that is sent twice does what it does once, and gives its files to us once."""

import json
from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Final

from core.app import attachments, drafts
from core.sealing import Receipt
from core.work import Work

_TAKEN: Final = "web-facts"  # a draft of this channel is empty: it says that a form was taken, so that a second is not
_TAKEN_KEPT: Final = timedelta(hours=24)


async def is_first(
    work: Work, form: str, receipt: Receipt, token: str | None, text: str, files: Sequence[attachments.StoredFile]
) -> bool:
    """Tell whether a form comes for the first time, and then note it and its files."""
    if token is not None:
        chat = _same(token, form, receipt, text, files)
        if await drafts.load(work, _TAKEN, chat) is not None:
            return False
        await drafts.save(work, drafts.Draft(_TAKEN, chat), {}, ttl=_TAKEN_KEPT)
    for file in files:
        attachments.register(work, file)
    return True


def _same(token: str, form: str, receipt: Receipt, text: str, files: Sequence[attachments.StoredFile]) -> str:
    """Return a secret that is the same only for the same page with the same content under the same receipt. Pure."""
    content = [form, receipt.code, text, *(file.sha256.hex() for file in files)]
    return blake2b(json.dumps(content).encode(), key=token.encode()[:64], digest_size=32).hexdigest()
