"""What the upper level does with a packet: open it with its key, and lay what is in it into a folder."""

import asyncio
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from core import cases
from core.attachments import StoredFile
from core.cases import OpenedPacket
from core.errors import Invalid, Misconfigured
from core.texts import LANGUAGES, Translate, translator

LOCALE: Final = Path(__file__).parent / "locale"
"""Catalogues with the words of what the command line writes for people."""

REPORT: Final = "report.txt"
FILES: Final = "files"
_RULE: Final = "\n\n----------------------------------------\n\n"


def lay_open(file: Path, identity: str, folder: Path) -> OpenedPacket:
    """Open a packet and write ``report.txt`` and ``files/`` into a new folder; the caller's umask keeps it private.

    A file that does not fit is not left behind. Raises as `core.cases.open_bundle` and `core.cases.read_file`, and
    `Misconfigured` for a folder with something in it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Misconfigured(f"{folder} holds something already; nothing was written")
    try:
        with ZipFile(file) as archive:
            opened = cases.open_bundle(archive, identity)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            names = file_names(opened)
            for name, stored in zip(names, opened.files, strict=True):
                path = folder / FILES / name
                path.parent.mkdir(mode=0o700, exist_ok=True)
                _write(path, archive, stored)
    except BadZipFile as error:
        raise Invalid("not_a_packet") from error
    (folder / REPORT).write_text(in_words(opened, names), encoding="utf-8")
    return opened


def file_names(opened: OpenedPacket) -> list[str]:
    """Return the names under which the files are laid down: numbered, and never a way to another folder."""
    return [f"{number}-{PurePath(stored.name).name}" for number, stored in enumerate(opened.files, 1)]


def in_words(opened: OpenedPacket, names: list[str]) -> str:
    """Return the report as a text for people, in the language in which it was made."""
    language = opened.content.language
    say = translator(language if language in LANGUAGES else LANGUAGES[0], (LOCALE,))
    return _RULE.join(_sections(opened, names, say)) + "\n"


def _sections(opened: OpenedPacket, names: list[str], say: Translate) -> Iterator[str]:
    head = ("packet.title", ""), ("packet.number", str(opened.item_id)), ("packet.received_on", opened.received_on)
    yield "\n".join(f"{say(label)}  {value}".strip() for label, value in head)
    said = "\n\n".join(f"{line.label}\n{line.text}" for line in opened.content.summary)
    yield f"{say('packet.unverified')}\n\n{said}"
    if opened.identity:
        lines = [f"{_label(say, name)}  {value}" for name, value in opened.identity.items()]
        yield "\n".join([say("packet.identity"), "", *lines])
    for fact in opened.facts:
        yield f"{say('packet.facts')}  {fact.added_at:%Y-%m-%d}\n\n{fact.text}"
    if names:
        digests = [f"{name}  SHA-256 {stored.sha256.hex()}" for name, stored in zip(names, opened.files, strict=True)]
        yield "\n".join([say("packet.files"), "", *digests])


def _label(say: Translate, name: str) -> str:
    label = say(f"packet.identity.{name}")
    return name if label.startswith("packet.") else label


def _write(path: Path, archive: ZipFile, stored: StoredFile) -> None:
    try:
        with path.open("xb") as target:
            asyncio.run(_copy(archive, stored, target))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def _copy(archive: ZipFile, stored: StoredFile, target: BinaryIO) -> None:
    async for chunk in cases.read_file(archive, stored):
        target.write(chunk)
