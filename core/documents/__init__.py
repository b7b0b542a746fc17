"""Documents made of a case: the letter of inquiry, minutes of meetings, and one case sealed for a competent body."""

from core.documents.archives import LARGEST_FILE, MANIFEST, READABLE, Archive, export_case, open_archive
from core.documents.filling import MEDIA_TYPE
from core.documents.leaving import Taken, taken_from
from core.documents.letters import Letter, inquiry
from core.documents.meetings import WrittenMinutes, minutes

__all__ = [
    "LARGEST_FILE",
    "MANIFEST",
    "MEDIA_TYPE",
    "READABLE",
    "Archive",
    "Letter",
    "Taken",
    "WrittenMinutes",
    "export_case",
    "inquiry",
    "minutes",
    "open_archive",
    "taken_from",
]
