"""Rows of many cases, as years of work leave them behind: items, cards, cases, their people and their clocks.

What nobody opens here is placeholder bytes; the threads of the officer whose search is measured are sealed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from nacl.signing import SigningKey

from bench.case_threads import GRANTED, LENGTH, plain, sealed
from core.access.tables import Seal
from core.cases.cards.tables import Card, Triage
from core.cases.items.tables import Fact, Item, Reply
from core.cases.proceedings.tables import CaseEntry, CaseFile, CaseItem, CaseMember
from core.db import Base
from core.deadlines import Deadline
from core.sealing import KeyPair, seal_private_key

Rows = dict[type[Base], list[dict[str, Any]]]

OFFICE: Final = "leading_group_office"
COMMISSION: Final = "discipline_commission"

_YEARS: Final = timedelta(days=5 * 365)
_IS_OPEN: Final = 20  # one case in so many, the latest ones
_OPEN: Final = ("opened", "verifying", "awaiting_explanation", "verified", "classified", "analysed", "confirmed")
_OVER: Final = ("closed", "closed_unfounded", "closed_not_established", "closed_without_form", "sealed")
_LEFT: Final = ("insufficient", "out_of_scope", "transferred")
_WAITING: Final = ("acknowledged", "carded", "accepted")
_WAIT: Final = 45  # however many cases there are: people keep up
_CLOCKS: Final[Mapping[str, str]] = {
    "opened": "assignment",
    "verifying": "verification",
    "awaiting_explanation": "letter_reply",
    "verified": "classification",
}
_BYTES: Final = b"placeholder"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody to whose key cases are sealed."""

    person_id: UUID
    key_id: UUID
    public_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cast:
    """A clerk and a supervisor have a part in every case of the office; of the officers, each has one in some.

    The first officer is the one who searches; ``others`` are people without an account.
    """

    clerk: Holder
    supervisor: Holder
    officer: Holder
    others: Sequence[Holder]


@dataclass(frozen=True, slots=True)
class Store:
    """How many cases there are, whose they are, when the last of them began, and the key that signs for the desk."""

    cases: int
    cast: Cast
    now: datetime
    signing_key: SigningKey = field(repr=False)

    def batches(self, size: int) -> Iterator[Rows]:
        """Yield the rows of all cases, ``size`` cases at a time, and at last those of items without a case."""
        for first in range(0, self.cases, size):
            rows: Rows = defaultdict(list)
            for number in range(first, min(first + size, self.cases)):
                self._case(rows, number)
            yield rows
        rows = defaultdict(list)
        for number in range(self.cases // 4):
            self._item(rows, self.cases + number, _LEFT[number % len(_LEFT)])
        for number in range(_WAIT):
            self._item(rows, self.cases * 2 + number, _WAITING[number % len(_WAITING)], is_open=True)
        yield rows

    def rank(self, number: int) -> int | None:
        """Return the place of a case among those of the officer, who has `GRANTED` over the years; else nothing."""
        place, beside = divmod(number, max(self.cases // GRANTED, 1))
        return place if beside == 0 and place < GRANTED else None

    def _case(self, rows: Rows, number: int) -> None:
        rank, at, case_id = self.rank(number), self.now - _YEARS * number / self.cases, uuid4()
        key = None if rank is None else KeyPair.new()
        is_open = number < self.cases // _IS_OPEN
        state = _OPEN[number % len(_OPEN)] if is_open else _OVER[number % len(_OVER)]
        case = {
            "id": case_id,
            "year": at.year,
            "number": number + 1,
            "body": _body(number),
            "state": state,
            "version": LENGTH,
            "public_key": key.public if key else _BYTES,
            "signature": _BYTES,
            "opened_at": at,
            "changed_at": at + timedelta(days=1),
            "subject_hash": number.to_bytes(32),
            "is_important": False,
        }
        rows[CaseFile].append(case)
        item_id = self._item(rows, number, "accepted", is_open=is_open)
        joined = {"joined_by": self.cast.clerk.person_id, "joined_at": at}
        rows[CaseItem].append({"item_id": item_id, "case_id": case_id, "origin": 1, **joined})
        rows[Seal].append(_seal("item", item_id, "case", case_id, at))
        rows[Deadline] += _clocks(case, is_open=is_open)
        self._people(rows, case, rank, key)

    def _people(self, rows: Rows, case: Mapping[str, Any], rank: int | None, key: KeyPair | None) -> None:
        cast, at = self.cast, case["opened_at"]
        others = (cast.others[case["number"] % len(cast.others)], cast.others[(case["number"] + 1) % len(cast.others)])
        in_office = case["body"] == OFFICE
        parts = {
            "clerk": cast.clerk if in_office else others[0],
            "supervisor": cast.supervisor if in_office else others[1],
            "officer_org": others[0] if rank is None else cast.officer,
            "officer_disc": others[1],
        }
        for part, holder in parts.items():
            member = {"id": uuid4(), "case_id": case["id"], "person_id": holder.person_id, "part": part}
            declared = "none" if part.startswith("officer") and case["state"] != "opened" else None
            since = {"body": case["body"], "case_opened_at": at, "since": at, "declared": declared}
            rows[CaseMember].append(member | since)
        for holder in {each.key_id: each for each in parts.values()}.values():
            private = seal_private_key(key.private, to=holder.public_key) if key and holder is cast.officer else _BYTES
            rows[Seal].append(_seal("case", case["id"], "person", holder.key_id, at, private))
        author = cast.others[0].person_id
        rows[CaseEntry] += (
            plain(case["id"], at, author)
            if key is None or rank is None
            else sealed(case["id"], at, author, key.public, rank, self.signing_key)
        )

    def _item(self, rows: Rows, number: int, state: str, *, is_open: bool = False) -> UUID:
        item_id, body = uuid4(), _body(number)
        at = self.now.replace(minute=0, second=0, microsecond=0) - _YEARS * (number % self.cases) / self.cases
        awaits = state == "accepted" and number >= self.cases
        rows[Item].append(_item(item_id, number, body, state, at) | {"awaits_case": awaits})
        if state == "acknowledged":
            return item_id
        rows[Deadline] += [_clock("item", item_id, body, kind, at, runs=is_open) for kind in ("acceptance", "feedback")]
        clerk, supervisor = self.cast.clerk.person_id, self.cast.supervisor.person_id
        card = {"id": uuid4(), "item_id": item_id, "year": at.year, "number": number + 1, "body": body}
        made = {"clerk_id": clerk, "carded_at": at, "subject_hash": number.to_bytes(32), "envelope": _BYTES}
        rows[Card].append(card | made | {"signature": _BYTES})
        if state != "carded":
            proposed = {"id": uuid4(), "item_id": item_id, "outcome": state, "proposed_by": clerk, "proposed_at": at}
            decided = {"approver_id": supervisor, "decided_at": at, "approved": True}
            rows[Triage].append(proposed | decided | {"envelope": _BYTES, "signature": _BYTES})
            rows[Reply].append(_reply(item_id, clerk, at))
        if number % 50 == 0:
            place = 2 if number % 1000 == 0 else 0  # after the reply, or before it
            fact = {"id": uuid4(), "item_id": item_id, "place": place, "added_at": at}
            answered = {"is_answered": place == 0 and state != "carded"}
            rows[Fact].append(fact | answered | {"envelope": _BYTES, "signature": _BYTES})
        return item_id


def _body(number: int) -> str:
    return COMMISSION if number % 5 == 4 else OFFICE  # noqa: PLR2004 - one in five


def _item(item_id: UUID, number: int, body: str, state: str, at: datetime) -> dict[str, Any]:
    keys = {"public_key": _BYTES, "envelope": _BYTES, "reporter_public_key": _BYTES, "reporter_verify_key": _BYTES}
    return keys | {
        "id": item_id,
        "channel": "web",
        "body": body,
        "state": state,
        "received_at": at,
        "form": "report@1",
        "has_identity": False,
        "receipt_hash": number.to_bytes(32),
        "wants_questions": True,
        "signer": "intake",
        "signature": _BYTES,
    }


def _reply(item_id: UUID, author: UUID, at: datetime) -> dict[str, Any]:
    told = {"id": uuid4(), "item_id": item_id, "kind": "answer", "place": 1, "author_id": author, "sent_at": at}
    return told | {"envelope": _BYTES, "signature": _BYTES}


def _seal(
    target: str, target_id: UUID, holder: str, holder_id: UUID, at: datetime, private: bytes = _BYTES
) -> dict[str, Any]:
    what, whose = {"target_kind": target, "target_id": target_id}, {"holder_kind": holder, "holder_id": holder_id}
    return {"id": uuid4(), "sealed_key": private, "granted_at": at} | what | whose


def _clocks(case: Mapping[str, Any], *, is_open: bool) -> list[dict[str, Any]]:
    """Return the clocks of a case; those of a case at rest have all been met."""
    running = _CLOCKS.get(case["state"]) if is_open else None
    kinds = dict.fromkeys(("assignment", running or "verification"))
    subject, begun = ("case", case["id"], case["body"]), case["opened_at"]
    return [_clock(*subject, kind, begun, runs=kind == running) for kind in kinds]


def _clock(subject: str, subject_id: UUID, body: str, kind: str, begun: datetime, *, runs: bool) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "subject_kind": subject,
        "subject_id": subject_id,
        "body": body,
        "kind": kind,
        "begun_on": begun.date(),
        "due_on": begun.date() + timedelta(days=90),
        "extended": False,
        "done_on": None if runs else begun.date() + timedelta(days=30),
    }
