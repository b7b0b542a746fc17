"""What the code of a served document opens, as a page shows it: the document part by part, and until when to answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bots.web.visit import Visit
from core.app import warnings

INQUIRY: Final = "inquiry"
_TALK: Final = ("reasons", "view", "corrections", "dissent")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document under its heading."""

    label: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Until:
    """Until when something may be sent in time."""

    label: str
    text: str
    is_over: bool


def passages(visit: Visit, document: warnings.Document) -> Sequence[Passage]:
    """Return what a document says, in the order in which people read it; what is empty is left out."""
    t, is_inquiry = visit.t, document.form == INQUIRY
    said = [
        (t("reply.part.person"), _person(document)),
        (t("reply.part.substance") if is_inquiry else t("reply.part.facts"), document.facts),
        (t("reply.part.reasons"), document.reasons),
        *((t(f"reply.talk.{name}"), (document.talk or {}).get(name, "")) for name in _TALK),
        (t("reply.part.requirements"), document.requirements),
        (t("reply.part.ancillary"), "\n".join(t(f"ancillary.{each}") for each in document.ancillary)),
        (t("reply.part.term"), _term(visit, document)),
        (t("reply.part.pay"), (document.before or {}).get("pay", "")),
    ]
    return [Passage(label, text) for label, text in said if text]


def untils(visit: Visit, windows: Sequence[warnings.Window]) -> Sequence[Until]:
    """Return until when the person may answer; a day that is over is no end."""
    return list(_untils(visit, windows, visit.site.core.clock.today()))


def _untils(visit: Visit, windows: Sequence[warnings.Window], today: date) -> Iterator[Until]:
    for each in windows:
        is_over = each.is_over(today)
        if each.last_day is None:
            text = visit.t(f"reply.within.{each.unit}", day=visit.civil(each.begun_on), count=each.count)
        elif is_over:
            text = visit.t("reply.over", day=visit.civil(each.last_day))
        else:
            text = visit.t("reply.until", day=visit.civil(each.last_day))
        yield Until(visit.t(f"window.{each.kind}"), text, is_over)


def _person(document: warnings.Document) -> str:
    return "\n".join(filter(None, (document.name, document.post)))


def _term(visit: Visit, document: warnings.Document) -> str:
    if not document.last_day:
        return ""
    return visit.t("reply.term", months=document.months, day=visit.civil(date.fromisoformat(document.last_day)))
