"""Documents made of a case: inquiries, minutes, what is served of a measure, and a case sealed for a competent body."""

from core.documents.archives import LARGEST_FILE, MANIFEST, READABLE, Archive, export_case, open_archive
from core.documents.filling import MEDIA_TYPE
from core.documents.leaving import Taken, taken_from
from core.documents.letters import Letter, inquiry
from core.documents.measures import MeasurePaper, measure, served, written
from core.documents.meetings import WrittenMinutes, minutes

__all__ = [
    "LARGEST_FILE",
    "MANIFEST",
    "MEDIA_TYPE",
    "READABLE",
    "Archive",
    "Letter",
    "MeasurePaper",
    "Taken",
    "WrittenMinutes",
    "export_case",
    "inquiry",
    "measure",
    "minutes",
    "open_archive",
    "served",
    "taken_from",
    "written",
]
