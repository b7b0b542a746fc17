"""The outbox: where somebody wishes to be told, and the ledger of the messages that are owed to them."""

from core.outbox.addresses import ChatAddress, carry_out_forgettings, erase_addresses, forget, tell_here
from core.outbox.service import queue
from core.outbox.templates import REPLY_WAITING

__all__ = [
    "REPLY_WAITING",
    "ChatAddress",
    "carry_out_forgettings",
    "erase_addresses",
    "forget",
    "queue",
    "tell_here",
]
