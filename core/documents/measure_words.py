"""What the document of a measure says, sentence by sentence: facts, reasons, term, effects, and what can be asked for.

Its figures are those of the policy that the measure was decided under. How it begins is never written by hand: a
letter and a talk speak of what was received, a decision of what was learned, examined and approved (rules.md 4.2).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from core.documents.filling import lines
from core.documents.meetings import Section
from core.documents.wording import civil, manifestation, symbol
from core.policy.profile import Profile, load
from core.texts import Translate
from core.warnings import Document
from core.warnings.rules.effects import blocked_for_year, blocked_in_term
from core.warnings.rules.forms import FOLLOWING, TALKS, Ancillary, Measure, decided_by
from core.warnings.rules.remedies import WINDOWS, windows_at_service

_LEGAL_CHECK: Final = "legal_check"
_PAY_FOLLOWS: Final = frozenset({Measure.DEMOTE_DEPUTY_SECTION, Measure.DEMOTE_ORDINARY})


def sections(say: Translate, document: Document) -> list[Section]:
    """Return the numbered sections of a measure's document, those of a talk with what was said there."""
    policy = load(document.profile)
    parts = [("facts", [*_facts(say, document)]), ("reasons", lines(document.reasons))]
    if document.form in TALKS:
        parts += _talk(say, document)
    elif document.form != Measure.LETTER:
        parts.append(("decision", _decision(say, document, policy)))
    parts += [
        ("effects", [*_effects(say, document, policy)]),
        ("requirements", [*_requirements(say, document, policy)]),
        ("rights", _rights(say, document, policy)),
    ]
    return numbered(say, parts)


def numbered(say: Translate, parts: Sequence[tuple[str, Sequence[str]]]) -> list[Section]:
    """Return sections under numbered headings (7.3.3)."""
    numerals = say("numerals")
    return [
        Section(say("section", place=numerals[place], heading=say(f"section.{name}")), paragraphs)
        for place, (name, paragraphs) in enumerate(parts)
    ]


def you(say: Translate, document: Document) -> str:
    """Return how the person, or the team, is addressed within a sentence."""
    return say("you.team" if document.is_team else "you")


def number_of(say: Translate, form: str, document: Document, year: int, number: int) -> str:
    """Return the number of a document of this form, from the body and district of another."""
    return symbol(say, f"{form}.{document.body}", document.district, year, number)


def day_of(say: Translate, text: str) -> str:
    """Return a day that is kept as text as documents write it."""
    return civil(say, date.fromisoformat(text))


def matter_of(say: Translate, document: Document) -> str:
    """Return the heading of the manifestation that the case is about."""
    on = date.fromisoformat(document.conduct_on) if document.conduct_on else None
    return manifestation(say, document.manifestation, on)


def _facts(say: Translate, document: Document) -> Iterator[str]:
    if document.before is not None:
        yield _before(say, document)
    else:
        is_decision = document.form not in {Measure.LETTER, *TALKS}
        opening = "measure.learned" if is_decision else "measure.received"
        yield say(opening, matter=matter_of(say, document), you=you(say, document))
    yield from lines(document.facts)


def _before(say: Translate, document: Document) -> str:
    before = document.before or {}
    return say(
        "measure.before",
        form=say(f"value.form.{before['form']}"),
        symbol=number_of(say, before["form"], document, int(before["year"]), int(before["number"])),
        served=day_of(say, before["served_on"]),
        last=day_of(say, before["last_day"]),
    )


def _talk(say: Translate, document: Document) -> list[tuple[str, list[str]]]:
    talk = document.talk or {}
    return [
        ("told", lines(talk["reasons"])),
        ("view", lines(talk["view"])),
        ("corrections", lines(talk["corrections"])),
        ("dissent", lines(talk["dissent"]) or [say("nobody")]),
    ]


def _decision(say: Translate, document: Document, policy: Profile) -> list[str]:
    capacities = decided_by(document.form, policy)
    approver = [each for each in capacities if each != _LEGAL_CHECK][-1]
    approved = say("measure.approved", approver=say(f"approver.{approver}"))
    if _LEGAL_CHECK in capacities:
        approved += say("measure.approved.legal_check")
    return [approved + say(f"measure.decides.{document.form}")]


def _effects(say: Translate, document: Document, policy: Profile) -> Iterator[str]:
    if document.months:
        yield from _term(say, document, policy)
        return
    if document.form not in FOLLOWING:
        yield say("measure.no_term", form=say(f"value.form.{document.form}"), you=you(say, document))
        return
    served = document.served_on
    yield say("measure.effective.served", served=day_of(say, served)) if served else say("measure.effective")
    if document.form in _PAY_FOLLOWS:
        yield say("measure.pay.follows")
    if pay := lines((document.before or {}).get("pay", "")):
        yield say("measure.pay", pay="".join(pay))


def _term(say: Translate, document: Document, policy: Profile) -> Iterator[str]:
    """Say how long it lasts: by a rule until it is served, by its last day from then on (rules.md 3.4 (a))."""
    form, day = say(f"value.form.{document.form}"), "same_day" if policy.flag("count_start_day") else "next_day"
    said = {"form": form, "months": document.months, "start": say(f"measure.start.{day}")}
    if document.served_on:
        said |= {"served": day_of(say, document.served_on), "last": day_of(say, document.last_day)}
        yield say("measure.term.served", **said)
    else:
        yield say("measure.term", **said)
    blocked = [say(f"blocks.{action}") for action in blocked_in_term(document.form, policy)]
    yield say("measure.blocks", actions=say("list.clause").join(blocked))
    if for_year := [say(f"blocks.{action}") for action in blocked_for_year(document.form, policy)]:
        yield say("measure.blocks.year", actions=say("list.clause").join(for_year))
    if document.form == Measure.SUSPENSION and policy.flag("suspension_keeps_pay"):
        yield say("measure.keeps_pay")
    yield say(f"measure.assessment.{document.form}", form=form, days=policy.days("assessment"))
    yield say("measure.not_longer")


def _requirements(say: Translate, document: Document, policy: Profile) -> Iterator[str]:
    yield from lines(document.requirements)
    if document.form == Measure.LETTER:
        yield say("measure.reply", days=policy.working_days("letter_reply"), you=you(say, document))
    if document.form in TALKS:
        yield say("measure.follow_up", months=policy.months("talk_follow_up"))
    if document.form == Measure.ADMONITION:
        days, months = policy.working_days("written_self_criticism"), policy.months("correction_report")
        yield say("measure.reports", days=days, months=months)
    for each in document.ancillary:
        if (document.form, each) != (Measure.ADMONITION, Ancillary.WRITTEN_SELF_CRITICISM):  # asked for already
            yield say(f"ancillary.{each}")


def _rights(say: Translate, document: Document, policy: Profile) -> list[str]:
    """Say how to explain, what can be asked for and within how many days (Civil Servants Law, arts 63, 95 and 96)."""
    windows = [*windows_at_service(document.form), "appeal_window"]
    asked = [say(f"remedy.{window}", days=policy.days(WINDOWS[window])) for window in windows]
    clocks = {name: policy.days(name) for name in ("review_decision", "appeal_decision", "appeal_extension")}
    return [
        say("measure.explain", you=you(say, document)),
        "".join([*asked, say("measure.late")]),
        say("measure.decided_within", **clocks),
        "".join([say("measure.no_heavier"), say("measure.upheld")]),
    ]
