"""One case for a competent body, as a sealed archive, and its opening there (safeguards 5.5).

    README.txt      what it is, in Chinese and English
    manifest.json   which case, for whom, when, and the SHA-256 of every other part
    case.txt        cards and thread, to be read
    thread.json     the thread, step by step
    cards.json      the cards with their corrections
    files.json      kind, size and SHA-256 of every file of its items

The archive is a ``.zip``, sealed with age to the receiving body's key: nobody here opens it again. What reporters
wrote, their names and the names of their files are not in it. It is made in memory, and bounded.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from core import access, attachments, audit, registry
from core.cases import proceedings
from core.cases.cards import CardView, read_card
from core.cases.items import load_genuine
from core.cases.proceedings import OpenedCase
from core.documents.reading import in_words
from core.errors import Denied, Forged, Invalid, Misconfigured, TooLarge
from core.sealing import escrow_open, escrow_seal
from core.work import Work

FORMAT: Final = "jingshi-case/1"
README: Final = "README.txt"
MANIFEST: Final = "manifest.json"
READABLE: Final = "case.txt"
LARGEST: Final = 16 * 2**20
"""Bytes of all parts together."""
LARGEST_FILE: Final = LARGEST + 2**20
"""Bytes of a sealed archive, with its manifest and what the formats add."""

_PARTS: Final = frozenset({README, READABLE, "thread.json", "cards.json", "files.json"})


@dataclass(frozen=True, slots=True)
class Archive:
    """A case as it leaves: sealed, with the SHA-256 of its manifest, which the trail has too."""

    name: str
    manifest_sha256: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What of a case goes into its archive."""

    case: OpenedCase
    cards: list[CardView]
    files: dict[str, list[dict[str, object]]]


async def export_case(work: Work, case_id: UUID, *, recipient: str, reason: str) -> Archive:
    """Hand one case to a competent body, sealed to its age key (``age1…``); recorded with reason and manifest.

    Raises `NotFound`; `Denied` to all but a supervisor who has that part in the case; `KeyLocked`; `Invalid`
    (``recipient_malformed``, ``reason_too_short``); `TooLarge` (``archive_too_large``, ``reason_too_long``); `Forged`.
    """
    staff = access.permit(work, "case.export")
    opening = await proceedings.begin_reading(work, case_id, reason)
    case = await proceedings.open_file(work, case_id, opening_id=opening.id)
    if not any(
        (each.person_id, each.part, each.until) == (staff.person_id, proceedings.Part.SUPERVISOR, None)
        for each in case.members
    ):
        raise Denied("no_part")
    parts = await _parts(work, await _contents(work, case))
    if sum(map(len, parts.values())) > LARGEST:
        raise TooLarge("archive_too_large", limit=LARGEST)
    manifest = _as_json(_manifest(work, case, recipient, parts))
    try:
        sealed = escrow_seal(_zipped({**parts, MANIFEST: manifest}), recipient=recipient)
    except Misconfigured as error:
        raise Invalid("recipient_malformed", field="recipient") from error
    audit.record(work, "case", "exported", case_id, reason=access.fit_reason(reason), change=manifest)
    name = f"case-{case.summary.year}-{case.summary.number}.zip.age"
    return Archive(name, sha256(manifest).hexdigest(), sealed)


def open_archive(sealed: bytes, identity: str) -> Mapping[str, bytes]:
    """Return the parts of an archive by name, the manifest among them, with the age identity of the receiving body.

    Raises:
        Invalid: ``not_a_case_archive``, for something else or damaged.
        TooLarge: ``archive_too_large``.
        Forged: the identity opens nothing, or a part was changed, is missing or was added (``archive_differs``).
        Misconfigured: the identity is none.
    """
    if len(sealed) > LARGEST_FILE:
        raise TooLarge("archive_too_large", limit=LARGEST)
    try:
        with ZipFile(BytesIO(escrow_open(sealed, identity=identity))) as archive:
            return _checked(archive)
    except (KeyError, ValueError, TypeError, BadZipFile) as error:
        raise Invalid("not_a_case_archive") from error


def _checked(archive: ZipFile) -> Mapping[str, bytes]:
    if sum(part.file_size for part in archive.infolist()) > LARGEST_FILE:
        raise TooLarge("archive_too_large", limit=LARGEST)
    parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts[MANIFEST])
    if manifest["format"] != FORMAT:
        raise Invalid("not_a_case_archive")
    found = {name: sha256(content).hexdigest() for name, content in parts.items() if name != MANIFEST}
    if found != manifest["parts"] or found.keys() != _PARTS:
        raise Forged("archive_differs")
    return parts


async def _contents(work: Work, case: OpenedCase) -> _Contents:
    """Read the cards and the digests of the files; the names of files are the reporter's, and stay here."""
    cards: list[CardView] = []
    digests: dict[str, list[dict[str, object]]] = {}
    for item_id in case.items:
        item = await load_genuine(work, item_id)
        key = await access.open_key(work, "item", item_id, item.public_key)
        cards.append(await read_card(work, item_id, key))
        audit.record(work, "item", "card_read", item_id)
        digests[str(item_id)] = [
            {"id": str(each.id), "media_type": each.media_type, "size": each.size, "sha256": each.sha256}
            for each in await attachments.describe(work, item_id, key)
        ]
    return _Contents(case, sorted(cards, key=lambda card: card.carded_at), digests)


async def _parts(work: Work, contents: _Contents) -> dict[str, bytes]:
    ids = {each.author_id for each in contents.case.thread if each.author_id}
    ids |= {each.person_id for each in contents.case.members}
    names = {each: (await registry.person(work, each)).name for each in ids}
    return {
        README: files(__package__).joinpath("archive_readme.txt").read_bytes(),
        READABLE: in_words(contents.case, contents.cards, names).encode(),
        "thread.json": _as_json([_entry(each) for each in contents.case.thread]),
        "cards.json": _as_json([_card(each) for each in contents.cards]),
        "files.json": _as_json(contents.files),
    }


def _entry(view: proceedings.EntryView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "place": view.place,
        "at": view.at.isoformat(),
        "author": str(view.author_id) if view.author_id else None,
        "kind": view.step.kind,
        "says": vars(view.step),
    }


def _card(card: CardView) -> dict[str, Any]:
    content, subject = card.content, card.content.subject
    return {
        "item": str(card.item_id),
        "year": card.year,
        "number": card.number,
        "carded_at": card.carded_at.isoformat(),
        "subject": {"kind": subject.kind, "name": subject.name, "post": subject.post},
        "setting": content.setting,
        "category": content.category,
        "manifestation": content.manifestation,
        "evidence": content.evidence,
        "conduct_on": content.conduct_on.isoformat() if content.conduct_on else None,
        "substance": content.substance,
        "corrections": [{"at": each.at.isoformat(), "text": each.text} for each in card.corrections],
    }


def _manifest(work: Work, case: OpenedCase, recipient: str, parts: Mapping[str, bytes]) -> dict[str, Any]:
    summary = case.summary
    return {
        "format": FORMAT,
        "case": str(summary.id),
        "body": summary.body,
        "year": summary.year,
        "number": summary.number,
        "state": summary.state,
        "version": summary.version,
        "exported_at": work.now().isoformat(),
        "recipient": recipient,
        "parts": {name: sha256(content).hexdigest() for name, content in sorted(parts.items())},
    }


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in parts.items():
            part = ZipInfo(name)
            part.external_attr = 0o600 << 16
            archive.writestr(part, content, ZIP_DEFLATED)
    return made.getvalue()
