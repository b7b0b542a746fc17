"""What may be attached: a closed list of types, told by a file's first bytes and its name. Pure; nothing is parsed.

The list is that of what people have on their phones and desks: pictures, documents, sound and film. Archives and
programs are not on it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import Invalid

NAME_LENGTH: Final = 120

_HEIF = rb"(?:hei[cxms]|hev[cx]|mif1|msf1)"
_SIGNS: Final[Mapping[str, re.Pattern[bytes]]] = {
    family: re.compile(sign, re.DOTALL)
    for family, sign in {
        "jpeg": rb"\xff\xd8\xff",
        "png": rb"\x89PNG\r\n\x1a\n",
        "gif": rb"GIF8[79]a",
        "webp": rb"RIFF.{4}WEBP",
        "wav": rb"RIFF.{4}WAVE",
        "heif": rb".{4}ftyp" + _HEIF,
        "film": rb".{4}(?:ftyp(?!" + _HEIF + rb")|moov|mdat|wide|free|skip)",
        "pdf": rb"%PDF-",
        "zip": rb"PK\x03\x04",
        "ole": rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "mp3": rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]",
        "aac": rb"\xff[\xf0\xf1\xf8\xf9]",
        "ogg": rb"OggS",
        "amr": rb"#!AMR",
        "webm": rb"\x1a\x45\xdf\xa3",
    }.items()
}
# UTF-16 begins with its mark; every other text of ours (UTF-8, GB 18030) has no control characters but white space
_TEXT: Final = re.compile(rb"(?:\xff\xfe|\xfe\xff).*|[^\x00-\x08\x0b\x0e-\x1f\x7f]*", re.DOTALL)

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "jpg": ("image/jpeg", "jpeg"),
    "jpeg": ("image/jpeg", "jpeg"),
    "png": ("image/png", "png"),
    "gif": ("image/gif", "gif"),
    "webp": ("image/webp", "webp"),
    "heic": ("image/heic", "heif"),
    "heif": ("image/heif", "heif"),
    "pdf": ("application/pdf", "pdf"),
    "docx": (_OPEN_XML + "wordprocessingml.document", "zip"),
    "xlsx": (_OPEN_XML + "spreadsheetml.sheet", "zip"),
    "pptx": (_OPEN_XML + "presentationml.presentation", "zip"),
    "odt": (_OPEN_DOCUMENT + "text", "zip"),
    "ods": (_OPEN_DOCUMENT + "spreadsheet", "zip"),
    "odp": (_OPEN_DOCUMENT + "presentation", "zip"),
    "doc": ("application/msword", "ole"),
    "xls": ("application/vnd.ms-excel", "ole"),
    "ppt": ("application/vnd.ms-powerpoint", "ole"),
    "wps": ("application/vnd.ms-works", "ole"),
    "txt": ("text/plain", "text"),
    "mp4": ("video/mp4", "film"),
    "m4v": ("video/mp4", "film"),
    "mov": ("video/quicktime", "film"),
    "3gp": ("video/3gpp", "film"),
    "webm": ("video/webm", "webm"),
    "m4a": ("audio/mp4", "film"),
    "mp3": ("audio/mpeg", "mp3"),
    "aac": ("audio/aac", "aac"),
    "ogg": ("audio/ogg", "ogg"),
    "oga": ("audio/ogg", "ogg"),
    "opus": ("audio/ogg", "ogg"),
    "wav": ("audio/wav", "wav"),
    "amr": ("audio/amr", "amr"),
}
EXTENSIONS: Final = tuple(_TYPES)
# the first extension of a media type stands for it
_BY_MEDIA_TYPE: Final = {media: extension for extension, (media, _) in reversed(list(_TYPES.items()))}
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class FileType:
    """A type on the list: its media type, and the family that a file's first bytes must belong to."""

    media_type: str
    family: str

    def fits(self, head: bytes) -> bool:
        """Return whether a file that begins with ``head`` can be of this type."""
        seen = next((family for family, sign in _SIGNS.items() if sign.match(head)), None)
        if self.family != "text":
            return seen == self.family
        return seen is None and _TEXT.fullmatch(head) is not None


def name_and_type(name: str, declared_type: str) -> tuple[str, FileType]:
    """Return a harmless file name and its type, or raise `Invalid` (``file_type_refused``).

    The name's extension decides. A name without one (a chat's voice message) takes that of ``declared_type``, a media
    type.
    """
    stem, extension = _split(_visible(name))
    if not extension:
        extension = _BY_MEDIA_TYPE.get(declared_type.partition(";")[0].strip().lower(), "")
    if extension not in _TYPES:
        raise Invalid("file_type_refused")
    room = NAME_LENGTH - len(extension) - 1
    return f"{stem[:room]}.{extension}", FileType(*_TYPES[extension])


def _visible(name: str) -> str:
    """Return the last part of a path, without control, invisible and direction-changing characters."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter) not in _INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(shown.split())).rstrip(". ")


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name or "file", ""
    return stem.strip(". ") or "file", extension.lower()
