"""Drafts of answers not yet submitted, sealed, keyed by a code that says nothing of the person.

A draft is found by an HMAC of channel and chat and opened by a key made of the process's draft key *and* the chat. For
the web the chat is a secret that lies in the person's cookie only: there, the process's key alone opens nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Self
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, Executable, Result, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant
from core.errors import Forged, Stale
from core.sealing import Context, ProcessKeys, open_box, seal_box
from core.work import Work

Content = Mapping[str, Any]
Kept = tuple["Draft", Content, timedelta | None]


class DraftRow(Base):
    """One conversation in progress. ``handle`` is an HMAC of channel and chat; nothing else says whose it is."""

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    handle: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes]
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


# Made once: every step of a conversation runs them, and to put one together costs more than to run it.
_TABLE = Base.metadata.tables[DraftRow.__tablename__]
_FIND = (
    select(_TABLE.c.id, _TABLE.c.handle, _TABLE.c.sealed, _TABLE.c.version)
    .where(_TABLE.c.handle.in_(bindparam("handles", expanding=True)), _TABLE.c.expires_at > bindparam("now"))
    .order_by(_TABLE.c.handle)  # two who lock several lock them in the same order
)
_FIND_LOCKED = _FIND.with_for_update()
_CHANGE = update(_TABLE).where(_TABLE.c.id == bindparam("same_id"), _TABLE.c.version == bindparam("same_version"))

_DISCARD = delete(_TABLE).where(_TABLE.c.id == bindparam("same_id"))


def _adding(insert: sqlite.Insert | postgresql.Insert) -> Executable:
    """Add a draft, in the place of one that has expired."""
    new = {column.name: insert.excluded[column.name] for column in _TABLE.c}
    over = _TABLE.c.expires_at <= bindparam("now")
    added = insert.on_conflict_do_update(index_elements=[_TABLE.c.handle], set_=new, where=over)
    return added.execution_options(preserve_rowcount=True)


_ADD = {"postgresql": _adding(postgresql.insert(_TABLE)), "sqlite": _adding(sqlite.insert(_TABLE))}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was read, or a new one (``version`` 0). ``content`` is any JSON object."""

    channel: str
    chat: str = field(repr=False)
    content: Content = field(repr=False, default_factory=dict)
    version: int = 0
    id: UUID = field(default_factory=uuid4)

    def at(self, version: int) -> Self:
        """Return the draft if it is still at the version that a page was made from; raise `Stale` otherwise."""
        if self.version != version:
            raise Stale("draft_changed")
        return self


def handle(keys: ProcessKeys, channel: str, chat: str) -> tuple[bytes, ...]:
    """Return the 32-byte codes under which a draft may lie: by the present key first, then by older ones."""
    return tuple(_mix(key, b"jingshi handle", channel, chat) for key in keys.all("drafts-hmac"))


async def load(work: Work, channel: str, chat: str, *, lock: bool = True) -> Draft | None:
    """Return the draft of a chat, if there is one that has not expired; raise `Forged` when it does not open.

    With ``lock`` nobody else reads it with a lock until this piece of work ends, so that two tabs take turns.
    """
    return (await load_all(work, channel, [chat], lock=lock)).get(chat)


async def load_all(work: Work, channel: str, chats: Sequence[str], *, lock: bool = True) -> Mapping[str, Draft]:
    """Return the drafts of several chats, by chat, with one statement; the rest is as for `load`."""
    chat_of = {code: chat for chat in chats for code in handle(work.keys, channel, chat)}
    given = {"handles": list(chat_of), "now": work.now()}
    rows = (await work.connection.execute(_FIND_LOCKED if lock else _FIND, given)).all()
    found: dict[str, Draft] = {}
    for row in sorted(rows, key=lambda row: row.version):  # where one lies under an older key, too, the later counts
        chat = chat_of[row.handle]
        found[chat] = Draft(channel, chat, _open(work, row.id, row.sealed, channel, chat), row.version, row.id)
    return found


async def save(work: Work, draft: Draft, content: Content, *, ttl: timedelta | None = None) -> Draft:
    """Keep ``content`` as the next version of a draft, sealed with the present keys, and return that version.

    It is kept for ``ttl`` from now, or for as long as the policy keeps a draft. Raises `Stale` (``draft_changed``) when
    somebody saved or discarded it since it was read; then nothing was changed.
    """
    (saved,) = await save_all(work, [(draft, content, ttl)])
    return saved


async def save_all(work: Work, kept: Sequence[Kept]) -> Sequence[Draft]:
    """Keep several drafts, each a draft, its content and for how long, as `save` does; all of them, or none."""
    saved = [replace(draft, content=content, version=draft.version + 1) for draft, content, _ in kept]
    rows = [_row(work, draft, ttl) for draft, (_, _, ttl) in zip(saved, kept, strict=True)]
    new = [{"now": work.now(), **row} for row in rows if row["version"] == 1]
    old = [{"same_id": row.pop("id"), "same_version": row["version"] - 1, **row} for row in rows if row["version"] > 1]
    for statement, given in ((_ADD[work.connection.dialect.name], new), (_CHANGE, old)):
        if given and _count(await work.connection.execute(statement, given)) < len(given):
            raise Stale("draft_changed")
    return saved


async def discard(work: Work, draft: Draft) -> None:
    """Forget a draft; a second time changes nothing."""
    await work.connection.execute(_DISCARD, {"same_id": draft.id})


async def drop(work: Work, channel: str, chat: str) -> None:
    """Forget whatever lies under a chat, also what does not open any more."""
    await work.session.execute(delete(DraftRow).where(DraftRow.handle.in_(handle(work.keys, channel, chat))))


async def oldest(work: Work) -> datetime | None:
    """Return before when no draft that is still kept was sealed, to the hour; ``None`` when none is kept."""
    query = select(func.min(DraftRow.changed_at)).where(DraftRow.expires_at > work.now())
    found: datetime | None = await work.session.scalar(query)
    return found


async def expire(work: Work) -> int:
    """Delete every draft whose time is over and return how many there were."""
    return _count(await work.session.execute(delete(DraftRow).where(DraftRow.expires_at <= work.now())))


def _row(work: Work, draft: Draft, ttl: timedelta | None) -> dict[str, Any]:
    hour = work.hour()
    return {
        "id": draft.id,
        "handle": handle(work.keys, draft.channel, draft.chat)[0],
        "sealed": _seal(work, draft),
        "version": draft.version,
        "changed_at": hour,
        "expires_at": hour + (ttl if ttl is not None else timedelta(days=work.policy.days("draft_kept"))),
    }


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _seal(work: Work, draft: Draft) -> bytes:
    key = _mix(work.keys.current("draft"), b"jingshi draft", draft.channel, draft.chat)
    return seal_box(json.dumps(dict(draft.content)).encode(), key=key, context=_place(draft.id))


def _open(work: Work, draft_id: UUID, sealed: bytes, channel: str, chat: str) -> Content:
    for secret in work.keys.all("draft"):
        try:
            text = open_box(sealed, key=_mix(secret, b"jingshi draft", channel, chat), context=_place(draft_id))
        except Forged:
            continue
        content: Content = json.loads(text)
        return content
    raise Forged("draft_does_not_open")


def _place(draft_id: UUID) -> Context:
    return Context("draft", "sealed", draft_id)


def _mix(secret: bytes, purpose: bytes, channel: str, chat: str) -> bytes:
    """Return 32 bytes that need the secret, the channel and the chat; keyed BLAKE2b (RFC 7693) is a MAC by itself."""
    return blake2b(f"{channel}\0{chat}".encode(), digest_size=32, key=secret, person=purpose).digest()
