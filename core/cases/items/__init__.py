"""What came in: items from report to receipt, answers, facts, withdrawal, packets for the upper level."""

from core.cases.items.bundles import OpenedPacket, open_bundle, read_file, stream_bundle
from core.cases.items.destruction import carry_out_withdrawals, destroy, erase
from core.cases.items.files import OpenedFile, open_file
from core.cases.items.fitting import Entry, NewEntry, clean
from core.cases.items.fitting import fit as fit_entry
from core.cases.items.intake import Submitted, add_facts, refuse, submit, tell_here, withdraw
from core.cases.items.lines import LineContent
from core.cases.items.listing import Counts, ItemSummary, Page, counts, inbox, summary
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
from core.cases.items.queries import (
    OpenedItem,
    has_identity,
    load_genuine,
    lock_item,
    open_identity_envelope,
    open_item,
)
from core.cases.items.receipts import Message, Standing, standing
from core.cases.items.registers import Book, BookName, BookSummary, Line, begin_reading, books
from core.cases.items.registers import book as read_book
from core.cases.items.registers import export as export_book
from core.cases.items.replies import answer, ask_back, grant, revoke, send
from core.cases.items.reports import Answered, Content, Report, from_dialogue, subject_of
from core.cases.items.retaliation import complain
from core.cases.items.signatures import check_item
from core.cases.items.stages import set_stage
from core.cases.items.tables import Item
from core.cases.items.telling import tell_receiver

__all__ = [
    "LOCALE",
    "Answered",
    "Book",
    "BookName",
    "BookSummary",
    "Content",
    "Counts",
    "Entered",
    "Entry",
    "Export",
    "Item",
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
    "add_facts",
    "answer",
    "ask_back",
    "begin_reading",
    "books",
    "carry_out_withdrawals",
    "check_item",
    "clean",
    "complain",
    "confirm_handed_over",
    "counts",
    "destroy",
    "enter",
    "erase",
    "erase_packets",
    "export_book",
    "export_packet",
    "fit_entry",
    "from_dialogue",
    "grant",
    "has_identity",
    "inbox",
    "load_genuine",
    "lock_item",
    "open_bundle",
    "open_file",
    "open_identity_envelope",
    "open_item",
    "overdue_packets",
    "packets",
    "read_book",
    "read_file",
    "refuse",
    "revoke",
    "send",
    "set_stage",
    "standing",
    "stream_bundle",
    "subject_of",
    "submit",
    "summary",
    "tell_here",
    "tell_receiver",
    "withdraw",
]
