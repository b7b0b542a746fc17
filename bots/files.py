"""The files of a report being written: sealed already, known to the dialogue by reference, kept in the draft."""

from collections.abc import Mapping
from uuid import UUID

from core.app import attachments
from core.dialogue import FileRef, State
from core.work import Work

Files = Mapping[str, attachments.StoredFile]
"""Stored files by their ids."""


def file_ref(stored: attachments.StoredFile) -> FileRef:
    """Return a stored file as the dialogue knows it."""
    return FileRef(str(stored.id), stored.name, stored.size, stored.media_type)


def file_ids(state: State) -> frozenset[str]:
    """Return the ids of the files among the answers."""
    parts = (part for answer in state.answers.values() if isinstance(answer, tuple) for part in answer)
    return frozenset(part.id for part in parts if isinstance(part, FileRef))


async def settle(work: Work, before: Files, new: Files, named: frozenset[str]) -> Files:
    """Return the files that ``named`` names: new ones are registered, those not named any more are forgotten.

    The rest are kept for as long again.
    """
    files = {name: file for name, file in {**before, **new}.items() if name in named}
    for name in files.keys() & new.keys():
        attachments.register(work, new[name])
    if gone := [UUID(name) for name in before.keys() - named]:
        await attachments.discard(work, gone)
    if files:
        await attachments.keep(work, [file.id for file in files.values()])
    return files
