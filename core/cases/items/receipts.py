"""What the holder of a receipt may read: the state in plain words, and the thread of questions and answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from core.cases.items.intake import asked_to_withdraw, find_by_receipt, handed_on
from core.cases.items.signatures import check_reply
from core.cases.items.tables import Fact, Item, Reply
from core.cases.rules.lifecycle import may
from core.sealing import Context, KeyPair, Receipt, open_envelope
from core.work import Work


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the thread. Of facts added (``kind`` ``facts``) the text cannot be shown again: it is sealed."""

    kind: str
    at: datetime
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, as its reporter sees it.

    ``state`` is one of the item's, ``withdrawal_asked``, or ``handed_on`` once the upper level was given it.
    """

    state: str
    body: str
    received_at: datetime
    thread: Sequence[Message]
    may_add: bool
    may_withdraw: bool


async def standing(work: Work, receipt: Receipt) -> Standing:
    """Return how the report behind a receipt stands; raise `NotFound` when there is none."""
    item = await find_by_receipt(work, receipt)
    asked = await asked_to_withdraw(work, item)
    withdrawn = asked or item.state == "withdrawn"
    gone_up = item.state == "routed_up" and await handed_on(work, item.id)
    return Standing(
        state="withdrawal_asked" if asked and item.state != "withdrawn" else "handed_on" if gone_up else item.state,
        body=item.body,
        received_at=item.received_at,
        thread=await _thread(work, item, receipt.box),
        may_add=not withdrawn and not gone_up,
        may_withdraw=not withdrawn and may(item.state, "T26"),
    )


async def _thread(work: Work, item: Item, key: KeyPair) -> Sequence[Message]:
    facts = (await work.session.scalars(select(Fact).where(Fact.item_id == item.id))).all()
    replies = (await work.session.scalars(select(Reply).where(Reply.item_id == item.id))).all()
    entries = [(fact.place, Message("facts", fact.added_at, None)) for fact in facts]
    for reply in replies:
        check_reply(work, reply)
        text = open_envelope(reply.envelope, key=key, context=Context("reply", "envelope", reply.id)).decode()
        entries.append((reply.place, Message(reply.kind, reply.sent_at, text)))
    return [message for _, message in sorted(entries, key=lambda entry: entry[0])]
