"""What lies in a draft of these pages: answers and files on the way, and after that the receipt until it is noted.

A browser holds only secrets that were made for it in the answer that it holds them from. The secret in a posted form
may have been chosen by somebody else: what is found under it moves to a new secret (`moved`), and when the form was
handed in, the posted secret is left as a pointer (``see``) to the receipt, so that the same form makes one report.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from bots.files import Files, file_ids, settle
from bots.web.site import CHANNEL
from core.app import attachments, cases, drafts
from core.dialogue import Choices, Dialogue, Done, State
from core.sealing import Receipt
from core.work import Work


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft as these pages see it: ``state`` and ``files`` (by id) before submission, ``receipt`` after it."""

    draft: drafts.Draft = field(repr=False)
    state: State | None = field(default=None, repr=False)
    files: Files = field(default_factory=dict, repr=False)
    receipt: Receipt | None = None
    body: str = ""


def fresh(secret: str) -> Sheet:
    """Return an empty sheet under a new secret; nothing is stored yet."""
    return Sheet(drafts.Draft(CHANNEL, secret))


def moved(sheet: Sheet, secret: str) -> Sheet:
    """Return what is on a sheet as a new one under another secret; the old one is to be dropped."""
    return Sheet(drafts.Draft(CHANNEL, secret), sheet.state, sheet.files)


def beginning(dialogue: Dialogue, language: str) -> State:
    """Return the state in which nothing is answered yet."""
    return State(dialogue.form.id, dialogue.form.version, language)


async def find(work: Work, secret: str | None, *, lock: bool = True) -> Sheet | None:
    """Return the sheet of a secret, if there is one; with ``lock``, two tabs take turns."""
    draft = await drafts.load(work, CHANNEL, secret, lock=lock) if secret else None
    if draft is None:
        return None
    content = draft.content
    if "see" in content:
        found = await find(work, content["see"], lock=lock)
        if found is None and lock:  # erased since, or shown for long enough
            await drafts.discard(work, draft)
        return found
    if "receipt" in content:
        return Sheet(draft, receipt=Receipt(content["receipt"]), body=content["body"])
    files = [attachments.StoredFile.from_json(kept) for kept in content["files"]]
    state = State.from_json(content["state"])
    return Sheet(draft, state, {str(file.id): file for file in files})


async def keep(work: Work, sheet: Sheet, state: State, new_files: Files) -> None:
    """Save ``state`` and see to its files."""
    files = await settle(work, sheet.files, new_files, file_ids(state))
    content = {"state": state.to_json(), "files": [file.to_json() for file in files.values()]}
    await drafts.save(work, sheet.draft, content)


async def hand_in(work: Work, sheet: Sheet, done: Done, files: Files, units: Choices) -> cases.Submitted:
    """Seal the report, and put its receipt in the place of everything else in the draft, for as long as it is shown.

    Raises what `core.cases.submit` does, and `Stale` when the same draft was handed in at the same moment.
    """
    report = cases.from_dialogue(done, channel=CHANNEL, files=tuple(files.values()), units=units)
    submitted = await cases.submit(work, report)
    content = {"receipt": submitted.receipt.code, "body": submitted.body}
    await drafts.save(work, sheet.draft, content, ttl=timedelta(hours=work.policy.hours("receipt_shown")))
    return submitted


async def point(work: Work, sheet: Sheet, secret: str) -> None:
    """Leave in the place of a sheet where its receipt is found; raise `Stale` when that was done at the same moment."""
    await drafts.save(work, sheet.draft, {"see": secret}, ttl=timedelta(hours=work.policy.hours("receipt_shown")))


async def drop(work: Work, sheet: Sheet) -> None:
    """Forget a sheet that was moved; its files went with it."""
    await drafts.discard(work, sheet.draft)


async def forget(work: Work, sheet: Sheet) -> None:
    """Forget the draft and its files; a second time changes nothing."""
    if sheet.files:
        await attachments.discard(work, [file.id for file in sheet.files.values()])
    await drafts.discard(work, sheet.draft)
