"""Items and what becomes of them: from a report through its receipt to the answers of staff."""

from core.cases.bundles import OpenedPacket, open_bundle, read_file, stream_bundle
from core.cases.conflicts import routing
from core.cases.destruction import carry_out_withdrawals, destroy
from core.cases.files import OpenedFile, open_file
from core.cases.gate import gate
from core.cases.intake import Submitted, add_facts, refuse, submit, tell_here, withdraw
from core.cases.lifecycle import ITEM_STATES
from core.cases.packets import (
    Export,
    PacketSummary,
    confirm_handed_over,
    erase_packets,
    export_packet,
    overdue_packets,
    packets,
)
from core.cases.queries import Counts, ItemSummary, OpenedItem, Page, counts, inbox, open_item, summary
from core.cases.receipts import Message, Standing, standing
from core.cases.reports import Answered, Content, Report, from_dialogue, subject_of
from core.cases.service import answer, ask_back, grant, revoke

__all__ = [
    "ITEM_STATES",
    "Answered",
    "Content",
    "Counts",
    "Export",
    "ItemSummary",
    "Message",
    "OpenedFile",
    "OpenedItem",
    "OpenedPacket",
    "PacketSummary",
    "Page",
    "Report",
    "Standing",
    "Submitted",
    "add_facts",
    "answer",
    "ask_back",
    "carry_out_withdrawals",
    "confirm_handed_over",
    "counts",
    "destroy",
    "erase_packets",
    "export_packet",
    "from_dialogue",
    "gate",
    "grant",
    "inbox",
    "open_bundle",
    "open_file",
    "open_item",
    "overdue_packets",
    "packets",
    "read_file",
    "refuse",
    "revoke",
    "routing",
    "standing",
    "stream_bundle",
    "subject_of",
    "submit",
    "summary",
    "tell_here",
    "withdraw",
]
