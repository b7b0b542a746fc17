"""Words that verbs write to reporters and about them, in the language of the report."""

from pathlib import Path
from typing import Final

from core.cases.items.replies import send
from core.cases.items.reports import decode
from core.cases.items.tables import Item
from core.sealing import Context, KeyPair, open_envelope
from core.texts import Translate, translator
from core.work import Staff, Work

_WORDS: Final = Path(__file__).parent / "told"


def words(language: str) -> Translate:
    """Return the words in a language."""
    return translator(language, (_WORDS,))


async def tell_receiver(work: Work, item: Item, key: KeyPair, staff: Staff, receiver: str) -> None:
    """Tell the reporter to which body their report was passed on (T5), with the item's key."""
    content = decode(open_envelope(item.envelope or b"", key=key, context=Context("item", "envelope", item.id)))
    await send(work, item, staff, "answer", words(content.language)("transferred.to", receiver=receiver))
