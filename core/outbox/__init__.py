"""The outbox: where somebody wishes to be told, and the ledger of the messages that are owed to them.

Intake says where (`tell_here`, `forget`), the desk that there is something to tell (`queue`), the worker sends it: a
`Sender` for each bot, with the `Carrier` that the bot brings.
"""

from core.outbox.addresses import (
    carry_out_forgettings,
    erase_addresses,
    erase_kept,
    erase_unnamed,
    forget,
    keep,
    tell_here,
)
from core.outbox.ledger import doubt_all, drop_over
from core.outbox.outcomes import (
    Carrier,
    ChatAddress,
    Halted,
    Moved,
    Outcome,
    Refused,
    Sent,
    TryAgain,
    Uncertain,
    Unreachable,
)
from core.outbox.queries import Figures, figures, states_of
from core.outbox.sender import Sender
from core.outbox.service import owe, queue
from core.outbox.templates import REPLY_WAITING

__all__ = [
    "REPLY_WAITING",
    "Carrier",
    "ChatAddress",
    "Figures",
    "Halted",
    "Moved",
    "Outcome",
    "Refused",
    "Sender",
    "Sent",
    "TryAgain",
    "Uncertain",
    "Unreachable",
    "carry_out_forgettings",
    "doubt_all",
    "drop_over",
    "erase_addresses",
    "erase_kept",
    "erase_unnamed",
    "figures",
    "forget",
    "keep",
    "owe",
    "queue",
    "states_of",
    "tell_here",
]
