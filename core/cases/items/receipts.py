"""What the holder of a receipt may read: the state in plain words, and the thread of questions and answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select

from core.cases.items.intake import asked_to_withdraw, find_by_receipt, handed_on, put_away
from core.cases.items.retaliation import complaints
from core.cases.items.signatures import check_reply
from core.cases.items.stages import stage_of_item
from core.cases.items.tables import Fact, Item, Reply
from core.cases.rules.lifecycle import may
from core.cases.rules.stages import Stage
from core.sealing import Context, KeyPair, Receipt, open_envelope
from core.work import Work

_IN_A_CASE: Final = frozenset({"accepted", "merged"})
_SAYS_SO: Final = frozenset({"withdrawn", "minimised_out"})  # their words say already that the content is gone


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the thread. Of facts added (``kind`` ``facts``) the text cannot be shown again: it is sealed."""

    kind: str
    at: datetime
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, as its reporter sees it: nothing of the person reported, and nothing of other reports.

    ``state`` is one of the item's, but for ``merged``, which reads ``accepted``; or `Stage`, once its case is looked at
    (``since`` then says from when); ``withdrawal_asked``; ``handed_on`` once the upper level was given it.
    ``complaints`` are those of retaliation that were made with the same receipt.
    """

    state: str
    body: str
    received_at: datetime
    thread: Sequence[Message]
    may_add: bool
    may_withdraw: bool
    since: datetime | None = None
    complaints: Sequence["Standing"] = ()


async def standing(work: Work, receipt: Receipt) -> Standing:
    """Return how the report behind a receipt stands; raise `NotFound` when there is none."""
    own = [await _standing(work, one) for one in await complaints(work, receipt)]
    return replace(await _standing(work, receipt), complaints=own)


async def _standing(work: Work, receipt: Receipt) -> Standing:
    item = await find_by_receipt(work, receipt)
    state, since = await _state(work, item)
    is_open = state not in {"withdrawn", "withdrawal_asked", "handed_on"}
    return Standing(
        state=state,
        body=item.body,
        received_at=item.received_at,
        thread=await _thread(work, item, receipt.box),
        may_add=is_open and not await put_away(work, item),
        may_withdraw=is_open and may(item.state, "T26"),
        since=since,
    )


async def _state(work: Work, item: Item) -> tuple[str, datetime | None]:
    """Return the state that the reporter is told and, where the case has come further than the item, since when."""
    if item.state != "withdrawn" and await asked_to_withdraw(work, item):
        return "withdrawal_asked", None
    if item.state == "routed_up":
        return ("handed_on" if await handed_on(work, item.id) else item.state), None
    if item.state in _IN_A_CASE and (stage := await stage_of_item(work, item.id)) is not None:
        return stage.stage, stage.since
    if item.envelope is None and item.state not in _SAYS_SO:
        return Stage.PUT_AWAY, None
    return "accepted" if item.state == "merged" else item.state, None


async def _thread(work: Work, item: Item, key: KeyPair) -> Sequence[Message]:
    facts = (await work.session.scalars(select(Fact).where(Fact.item_id == item.id))).all()
    replies = (await work.session.scalars(select(Reply).where(Reply.item_id == item.id))).all()
    entries = [(fact.place, Message("facts", fact.added_at, None)) for fact in facts]
    for reply in replies:
        check_reply(work, reply)
        text = open_envelope(reply.envelope, key=key, context=Context("reply", "envelope", reply.id)).decode()
        entries.append((reply.place, Message(reply.kind, reply.sent_at, text)))
    return [message for _, message in sorted(entries, key=lambda entry: entry[0])]
