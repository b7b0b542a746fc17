"""Every form of a measure as data: who is offered it, what it asks, and the verb behind it, which authorises again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from admin_api.console.case_fields import REASON, YES_NO, Field, Form, Given, choice, text
from admin_api.console.measure_standing import MeasureSeen
from core import warnings
from core.errors import NotFound
from core.warnings import Assessment, Handed, LetterOutcome, TalkOutcome
from core.warnings.rules.outcomes import FORBIDDEN, Ground, Outcome, decisions
from core.warnings.rules.remedies import Remedy, Ruling
from core.warnings.steps import MeasureAssessed, NameCleared
from core.work import Work

MeasureForm = Form[MeasureSeen]

PANEL: Final = 5
"""How many members of a panel can be chosen at once."""

OFFICERS: Final = ("officer_org", "officer_disc")
_RUNNING: Final = frozenset({"active", "term_ended"})
_CLOSABLE: Final = frozenset({"served", "outcome_decided"})
_IN_FORCE: Final = frozenset({"served", "active", "term_ended", "assessed", "outcome_decided", "closed", "lapsed"})
_GROUNDS: Final = tuple(str(each) for each in Ground if each not in FORBIDDEN)
_CONDITIONS: Final = ("excellent", "results", "recognised")


async def _assess(work: Work, measure_id: UUID, given: Given) -> None:
    answers = {name: given.flag(name) if given.text(name) else None for name in _CONDITIONS}
    assessment = Assessment(
        record=given.text("record"),
        grounds=given.chosen("grounds", _GROUNDS),
        corrected=given.flag("corrected"),
        **answers,
    )
    await warnings.assess(work, measure_id, assessment)


def _outcomes_of(seen: MeasureSeen) -> tuple[str, ...]:
    """Return what the last assessment lets the issuer decide."""
    assessed = [each.step for each in seen.opened.steps if isinstance(each.step, MeasureAssessed)]
    allowed = tuple(Outcome(each) for each in assessed[-1].allowed) if assessed else ()
    if Outcome.LIFTED in allowed:
        return (Outcome.LIFTED,)
    return tuple(sorted(str(each) for each in decisions(allowed)))


def _assesses(seen: MeasureSeen) -> bool:
    part = "assessor" if seen.form == "suspension" else "officer_org"
    begun = seen.form == "suspension" and seen.has("measure_assessed")
    return seen.state in _RUNNING and seen.today_reached and seen.has_part(part) and not begun


async def _remedy(work: Work, measure_id: UUID, given: Given) -> UUID:
    """Return the wish that the page showed; raise `NotFound` for that of another measure, which nobody looked at."""
    remedy_id = given.id("remedy_id")
    if remedy_id not in {each.id for each in await warnings.remedies_of(work, measure_id)}:
        raise NotFound("remedy_not_found")
    return remedy_id


async def _admit(work: Work, measure_id: UUID, given: Given) -> None:
    remedy_id = await _remedy(work, measure_id, given)
    await warnings.admit(work, remedy_id, admitted=given.flag("admitted"), reason=given.text("reason"))


async def _decide_remedy(work: Work, measure_id: UUID, given: Given) -> None:
    await warnings.decide_remedy(
        work,
        await _remedy(work, measure_id, given),
        ruling=given.text("ruling"),
        reasons=given.text("reasons"),
        correction=given.text("correction"),
    )


def _clears_name(seen: MeasureSeen) -> bool:
    """Who wished for silence may think again; what was made known once is known."""
    cleared = any(isinstance(each.step, NameCleared) and each.step.consent for each in seen.opened.steps)
    return seen.state == "revoked" and seen.has_part("supervisor") and not cleared


def _hears(seen: MeasureSeen) -> bool:
    if seen.remedy is None:
        return False
    return seen.has_part("reviewer" if seen.remedy.kind == Remedy.REVIEW else "appeal")


_SETTLING: Final = (
    MeasureForm(
        "check",
        "measure.check",
        lambda seen: seen.state == "drafted" and seen.has_part(*OFFICERS),
        lambda work, measure_id, _: warnings.check(work, measure_id),
        (Field("no_trace", "confirm"),),
    ),
    MeasureForm(
        "approve",
        "measure.approve",
        lambda seen: seen.state == "checked" and seen.has_part("issuer"),
        lambda work, measure_id, given: warnings.approve(work, measure_id, capacity=given.text("capacity")),
        (Field("capacity", "choice", (), "capacity"), Field("read", "confirm")),
    ),
    MeasureForm(
        "send_back",
        "measure.send_back",
        lambda seen: (
            seen.state in {"drafted", "checked", "approved"} and seen.has_part("supervisor", "issuer", *OFFICERS)
        ),
        lambda work, measure_id, given: warnings.send_back(work, measure_id, reason=given.text("reason")),
        (REASON,),
    ),
)

RENEW_CODE: Final = MeasureForm(
    "renew_code",
    "measure.serve",
    lambda seen: seen.measure.served_on is not None and seen.has_part("issuer"),
    lambda work, measure_id, given: warnings.renew_code(work, measure_id, reason=given.text("reason")),
    (REASON, Field("identity_checked", "confirm")),
)
"""Another code for whoever lost theirs; its answer is a page of its own, as that of the service is."""

_FOLLOWING: Final = (
    MeasureForm(
        "take_report",
        "measure.follow",
        lambda seen: seen.state in _RUNNING and seen.has_part("supervisor", *OFFICERS),
        lambda work, measure_id, given: warnings.take_report(
            work, measure_id, what=given.text("what"), text=given.text("text"), received_on=given.day("received_on")
        ),
        (choice("what", Handed, "handed"), text(), Field("received_on", "day")),
    ),
    MeasureForm(
        "read_letter",
        "measure.follow",
        lambda seen: seen.state == "served" and seen.form == "letter" and seen.has_part(*OFFICERS),
        lambda work, measure_id, given: warnings.read_letter(
            work, measure_id, outcome=given.text("outcome"), reasons=given.text("reasons")
        ),
        (choice("outcome", LetterOutcome, "outcome"), text("reasons")),
    ),
    MeasureForm(
        "follow_up",
        "measure.follow",
        lambda seen: seen.state == "served" and seen.is_talk and seen.has_part("officer_org"),
        lambda work, measure_id, given: warnings.follow_up(
            work, measure_id, outcome=given.text("outcome"), reasons=given.text("reasons")
        ),
        (choice("outcome", TalkOutcome, "outcome"), text("reasons")),
    ),
    MeasureForm(
        "name_panel",
        "measure.name_panel",
        lambda seen: (
            seen.state in _RUNNING
            and seen.form == "suspension"
            and seen.has_part("supervisor")
            and not seen.has("panel_named")
        ),
        lambda work, measure_id, given: warnings.name_panel(work, measure_id, given.ids("panel", PANEL)),
        tuple(Field(f"panel_{place}", "person", needed=place <= 3) for place in range(1, PANEL + 1)),  # noqa: PLR2004
    ),
    MeasureForm(
        "replace_member",
        "measure.replace_member",
        lambda seen: bool(seen.opened.vacancies),
        lambda work, measure_id, given: warnings.replace_member(
            work, measure_id, leaves=given.id("leaves"), joins=given.id("joins"), reason=given.text("reason")
        ),
        (Field("leaves", "person"), Field("joins", "person"), REASON),
    ),
    MeasureForm(
        "assess",
        "measure.assess",
        lambda seen: seen.form != "suspension" and _assesses(seen),
        _assess,
        (text("record"), Field("grounds", "ticks", _GROUNDS, "ground"), choice("corrected", YES_NO, "answer")),
    ),
    MeasureForm(
        "assess_panel",
        "measure.assess",
        lambda seen: seen.form == "suspension" and _assesses(seen),
        _assess,
        (
            text("record"),
            Field("grounds", "ticks", _GROUNDS, "ground"),
            *(choice(name, YES_NO, "answer") for name in (*_CONDITIONS, "corrected")),
        ),
    ),
    MeasureForm(
        "sign_assessment",
        "measure.assess",
        lambda seen: (
            seen.state in _RUNNING
            and seen.has_part("assessor")
            and seen.has("measure_assessed")
            and not any(
                each.author_id == seen.me and each.step.kind in {"measure_assessed", "panel_signed"}
                for each in seen.opened.steps
            )
        ),
        lambda work, measure_id, _: warnings.sign_assessment(work, measure_id),
        (Field("read", "confirm"),),
    ),
    MeasureForm(
        "decide_outcome",
        "measure.decide",
        lambda seen: seen.state == "assessed" and seen.has_part("issuer"),
        lambda work, measure_id, given: warnings.decide_outcome(
            work, measure_id, outcome=given.text("outcome"), reasons=given.text("reasons"), pay=given.text("pay")
        ),
        (Field("outcome", "choice", (), "outcome"), text("reasons"), Field("pay", "line", needed=False, limit=1000)),
        grave=True,
    ),
    MeasureForm(
        "lapse",
        "measure.lapse",
        lambda seen: seen.state == "term_ended" and seen.has_part("supervisor"),
        lambda work, measure_id, given: warnings.lapse(work, measure_id, reason=given.text("reason")),
        (REASON,),
        grave=True,
    ),
    MeasureForm(
        "close",
        "measure.close",
        lambda seen: (
            seen.state in _CLOSABLE
            and not (seen.state == "served" and (seen.is_talk or seen.form == "letter"))
            and seen.has_part("supervisor")
        ),
        lambda work, measure_id, given: warnings.close(work, measure_id, reason=given.text("reason")),
        (REASON,),
    ),
)

_REVIEWING: Final = (
    MeasureForm(
        "ask_remedy",
        "remedy.take",
        lambda seen: seen.state in _IN_FORCE and seen.remedy is None and seen.has_part("supervisor", *OFFICERS),
        lambda work, measure_id, given: warnings.ask_remedy(
            work, measure_id, kind=given.text("kind"), text=given.text("text"), received_on=given.day("received_on")
        ),
        (choice("kind", Remedy, "remedy"), text(), Field("received_on", "day")),
    ),
    MeasureForm(
        "admit",
        "measure.read",  # the verb asks for the part of whoever hears it
        lambda seen: _hears(seen) and seen.remedy is not None and seen.remedy.admitted is None,
        _admit,
        (Field("remedy_id", "remedy"), choice("admitted", YES_NO, "answer"), REASON),
    ),
    MeasureForm(
        "decide_remedy",
        "measure.read",  # the verb asks for the part of whoever hears it
        lambda seen: _hears(seen) and seen.remedy is not None and bool(seen.remedy.admitted),
        _decide_remedy,
        (
            Field("remedy_id", "remedy"),
            choice("ruling", Ruling, "ruling"),
            text("reasons"),
            Field("correction", "text", needed=False),
        ),
        grave=True,
    ),
    MeasureForm(
        "clear_name",
        "measure.clear_name",
        _clears_name,
        lambda work, measure_id, given: warnings.clear_name(
            work,
            measure_id,
            consent=given.flag("consent"),
            scope=given.text("scope"),
            text=given.text("text"),
        ),
        (
            choice("consent", YES_NO, "answer"),
            Field("scope", "line", needed=False, limit=1000),
            Field("text", "text", needed=False),
        ),
    ),
)

FORMS: Final[Mapping[str, MeasureForm]] = {
    form.name: form for form in (*_SETTLING, *_FOLLOWING, *_REVIEWING, RENEW_CODE)
}
"""Every form by name, in the order in which a measure comes to them; service is a page of its own."""


def offered(seen: MeasureSeen) -> tuple[MeasureForm, ...]:
    """Return the forms that the person's part and the state of the measure allow, with what can be chosen in them."""
    capacity = (seen.opened.next_capacity,) if seen.opened.next_capacity else ()
    options = {"capacity": capacity, "outcome": _outcomes_of(seen)}

    def filled(field: Field) -> Field:
        return replace(field, options=options[field.name]) if field.kind == "choice" and not field.options else field

    found = [form for form in FORMS.values() if form.offered(seen)]
    return tuple(replace(form, fields=tuple(filled(field) for field in form.fields)) for form in found)
