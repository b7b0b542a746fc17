"""Items and what becomes of them: from a report through its receipt, card and case to a confirmed finding."""

from core.cases import cards, proceedings
from core.cases.items.bundles import OpenedPacket, open_bundle, read_file, stream_bundle
from core.cases.items.destruction import carry_out_withdrawals, destroy
from core.cases.items.files import OpenedFile, open_file
from core.cases.items.fitting import NewEntry
from core.cases.items.fitting import fit as fit_entry
from core.cases.items.intake import Submitted, add_facts, refuse, submit, tell_here, withdraw
from core.cases.items.lines import LineContent
from core.cases.items.listing import UNDECIDED, Counts, ItemSummary, Page, counts, inbox, summary
from core.cases.items.manual import LOCALE, Entered, TurnedAway, enter
from core.cases.items.packets import (
    Export,
    PacketSummary,
    confirm_handed_over,
    erase_packets,
    export_packet,
    overdue_packets,
    packets,
)
from core.cases.items.queries import OpenedItem, open_item
from core.cases.items.receipts import Message, Standing, standing
from core.cases.items.registers import Book, BookName, BookSummary, Line, begin_reading, books
from core.cases.items.registers import book as read_book
from core.cases.items.registers import export as export_book
from core.cases.items.replies import answer, ask_back, grant, revoke
from core.cases.items.reports import Answered, Content, Report, from_dialogue, subject_of
from core.cases.items.retaliation import complain
from core.cases.rules.conflicts import routing
from core.cases.rules.gate import gate
from core.cases.rules.lifecycle import ITEM_STATES
from core.cases.rules.registers import REGISTERS, WAYS, Way

__all__ = [
    "ITEM_STATES",
    "LOCALE",
    "REGISTERS",
    "UNDECIDED",
    "WAYS",
    "Answered",
    "Book",
    "BookName",
    "BookSummary",
    "Content",
    "Counts",
    "Entered",
    "Export",
    "ItemSummary",
    "Line",
    "LineContent",
    "Message",
    "NewEntry",
    "OpenedFile",
    "OpenedItem",
    "OpenedPacket",
    "PacketSummary",
    "Page",
    "Report",
    "Standing",
    "Submitted",
    "TurnedAway",
    "Way",
    "add_facts",
    "answer",
    "ask_back",
    "begin_reading",
    "books",
    "cards",
    "carry_out_withdrawals",
    "complain",
    "confirm_handed_over",
    "counts",
    "destroy",
    "enter",
    "erase_packets",
    "export_book",
    "export_packet",
    "fit_entry",
    "from_dialogue",
    "gate",
    "grant",
    "inbox",
    "open_bundle",
    "open_file",
    "open_item",
    "overdue_packets",
    "packets",
    "proceedings",
    "read_book",
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
