"""A reporter who suffers for their report complains to the discipline commission, whoever decides about the report.

The complaint is an item of its own, sealed to the commission: the office is not its judge and cannot open it (rules on
retaliation: Regulations on Petitions 2022, art. 46; 2020 Rules, art. 47). It lies under a receipt that follows from the
reporter's own, so that nothing further must be written down, and nothing in clear says to which report it belongs; the
id of that report is sealed within.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final
from uuid import UUID

from core import attachments
from core.cases.items.intake import (
    add_facts,
    asked_to_withdraw,
    find_by_receipt,
    look_up,
    put_away,
    require_words,
    take_in,
)
from core.cases.items.reports import Answered, Report
from core.cases.items.telling import words
from core.cases.rules.conflicts import SubjectKind, routing
from core.sealing import Receipt
from core.work import Work

CHANNEL: Final = "retaliation"
"""The channel by which staff tell these items from others. Whatever the rank of anybody concerned, such a complaint is
important information (rules.md 3.10: ``escalates(retaliation=True)``); opening a case on one begins that clock."""

_FORM: Final = "retaliation@1"


async def complain(
    work: Work,
    receipt: Receipt,
    text: str,
    files: tuple[attachments.StoredFile, ...] = (),
    *,
    language: str,
) -> None:
    """Complain of retaliation; a further complaint is added to the first as long as that is read by anybody.

    It takes nothing but a receipt of ours: a report may be withdrawn or long over when its reporter is made to suffer.
    Raises `NotFound` (``receipt_unknown``), `Invalid` (``facts_empty``, ``facts_too_long``), and `Conflict`
    (``no_shared_key``) where the commission has no key yet.
    """
    first = await find_by_receipt(work, receipt)
    require_words(work, text, files)
    own = receipt
    for own in _receipts(receipt):
        item = await look_up(work, own)
        if item is None:
            break
        if not (item.state == "withdrawn" or await asked_to_withdraw(work, item) or await put_away(work, item)):
            await add_facts(work, own, text, files)
            return
    kind = SubjectKind.NOT_SURE  # whoever did it is for the commission to find
    await take_in(work, _report(first.id, text, files, language, kind), own, routing(kind))


async def complaints(work: Work, receipt: Receipt) -> Sequence[Receipt]:
    """Return the receipts of the complaints that the holder of a receipt has made, the first one first."""
    found: list[Receipt] = []
    for own in _receipts(receipt):
        if await look_up(work, own) is None:
            break
        found.append(own)
    return found


def _receipts(receipt: Receipt) -> Iterator[Receipt]:
    return (receipt.beside(f"{CHANNEL} {number}") for number in count(1))


def _report(
    item_id: UUID, text: str, files: tuple[attachments.StoredFile, ...], language: str, kind: SubjectKind
) -> Report:
    t = words(language)
    return Report(
        channel=CHANNEL,
        form=_FORM,
        language=language,
        subject_kind=kind,
        category=CHANNEL,
        evidence="own_observation",
        answers={"facts": text, "first_item": str(item_id)},
        summary=[
            Answered("facts", t("retaliation.facts"), text),
            Answered("first_item", t("retaliation.first_item"), str(item_id)),
        ],
        identity=None,
        files=files,
        wants_questions=True,
    )
