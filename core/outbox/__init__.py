"""The outbox: where somebody wishes to be told, and the ledger of the messages that are owed to them."""

from core.outbox import tables

__all__ = ["tables"]
