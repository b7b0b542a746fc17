"""Drafts of answers not yet submitted, sealed, keyed by a code that says nothing of the person."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant


class Draft(Base):
    """One conversation in progress. ``handle`` is an HMAC of channel and chat; nothing else says whose it is."""

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    handle: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes]
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
