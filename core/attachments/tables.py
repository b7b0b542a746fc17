"""Rows of attachments; the bytes lie sealed in files named by the row's id."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant


class Attachment(Base):
    """One sealed file. Until its item is submitted ``item_id`` is empty and its key lies in the draft.

    ``envelope`` holds name, media type, size, digest and key, sealed to the item; a piece of evidence has ``case_id``
    and is sealed to the case. A clean copy points at its original and carries the desk's signature.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_unclaimed", "item_id", "stored_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    original_id: Mapped[UUID | None] = mapped_column(index=True)
    stored_at: Mapped[datetime] = mapped_column(Instant)
    envelope: Mapped[bytes | None]
    signature: Mapped[bytes | None]
