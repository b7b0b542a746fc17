"""Documents: inquiries, minutes, what is served of a measure, a case sealed for a body, what the stations leave."""

from core.documents.archives import LARGEST_FILE, MANIFEST, READABLE, Archive, export_case, open_archive
from core.documents.filling import MEDIA_TYPE
from core.documents.leaving import Taken, taken_from
from core.documents.letters import Letter, inquiry
from core.documents.measures import MeasurePaper, measure, served, written
from core.documents.meetings import WrittenMinutes, minutes
from core.documents.stations import WrittenBook, heads_minutes, record_book

__all__ = [
    "LARGEST_FILE",
    "MANIFEST",
    "MEDIA_TYPE",
    "READABLE",
    "Archive",
    "Letter",
    "MeasurePaper",
    "Taken",
    "WrittenBook",
    "WrittenMinutes",
    "export_case",
    "heads_minutes",
    "inquiry",
    "measure",
    "minutes",
    "open_archive",
    "record_book",
    "served",
    "taken_from",
    "written",
]
