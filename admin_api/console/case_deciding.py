"""The forms of a case from its finding on: classified, analysed, confirmed, and its other ends (T12 to T28)."""

from typing import Final
from uuid import UUID

from admin_api.console.card import MANIFESTATIONS
from admin_api.console.case_fields import (
    REASON,
    YES_NO,
    Field,
    Given,
    StepForm,
    choice,
    draft,
    drafts_in,
    signs,
    supervises,
    text,
)
from admin_api.console.case_standing import Standing
from core.cases import proceedings
from core.cases.proceedings import Classification, Conclusion, Part
from core.cases.rules.forms import Pattern, Severity
from core.cases.rules.lifecycle import is_open, may
from core.work import Work

_UNPROVEN: Final = frozenset({"not_established", "unfounded"})
_AGAINST: Final = frozenset({"partly", "substantiated"})
_REFERRED: Final = frozenset({Part.SUPERVISOR, Part.RECEIVER, Part.OFFICER_DISC})


def _refers(seen: Standing) -> bool:
    return supervises(seen) and seen.may_make("T12", "T28") and "referral" not in seen.drafts


async def _classify(work: Work, case_id: UUID, given: Given) -> None:
    day = given.day("conduct_on") if given.text("conduct_on") else None
    classification = Classification(
        manifestation=given.text("manifestation"),
        severity=given.text("severity"),
        pattern=given.text("pattern"),
        discipline=given.flag("discipline"),
        face_to_face=given.flag("face_to_face"),
        reasons=given.text("reasons"),
        conduct_on=day,
    )
    await proceedings.classify(work, case_id, classification)


CLASSIFYING: Final = (
    StepForm(
        "classify",
        "case.classify",
        lambda seen: (
            drafts_in("verified", "classified")(seen) and seen.may_make("T13") and seen.case.finding in _AGAINST
        ),
        _classify,
        (
            Field("manifestation", "choice", MANIFESTATIONS, "manifestation"),
            choice("severity", Severity, "severity"),
            choice("pattern", Pattern, "pattern"),
            choice("discipline", YES_NO, "answer"),
            choice("face_to_face", YES_NO, "answer"),
            Field("conduct_on", "day", needed=False),
            text("reasons"),
        ),
    ),
    StepForm(
        "sign_classification",
        "case.classify",
        signs("classified"),
        lambda work, case_id, given: proceedings.sign_classification(work, case_id, given.id("entry_id")),
        (draft("classified"), Field("read", "confirm")),
    ),
    StepForm(
        "close_unproven",
        "case.close",
        lambda seen: (
            seen.is_officer
            and seen.case.finding in _UNPROVEN
            and seen.may_make("T20n" if seen.case.finding == "not_established" else "T20u")
        ),
        lambda work, case_id, given: proceedings.close_unproven(
            work, case_id, reason=given.text("reason"), clarification=given.flag("clarification")
        ),
        (text("reason"), Field("clarification", "tick", needed=False)),
        grave=True,
    ),
    StepForm(
        "malicious",
        "case.close",
        lambda seen: drafts_in("verified", "malicious")(seen) and seen.case.finding == "unfounded",
        lambda work, case_id, given: proceedings.propose_malicious(
            work, case_id, reason=given.text("reason"), approval_document=given.text("approval_document")
        ),
        (text("reason"), Field("approval_document", "line", limit=100)),
        grave=True,
    ),
    StepForm(
        "sign_malicious",
        "case.close",
        signs("malicious"),
        lambda work, case_id, given: proceedings.sign_malicious(work, case_id, given.id("entry_id")),
        (draft("malicious"), Field("read", "confirm")),
        grave=True,
    ),
)

DECIDING: Final = (
    StepForm(
        "analyse",
        "case.analyse",
        lambda seen: supervises(seen) and seen.may_make("T14"),
        lambda work, case_id, given: proceedings.analyse(work, case_id, given.text("text")),
        (text(),),
    ),
    StepForm(
        "confirm",
        "case.confirm",
        lambda seen: Part.HEARING in seen.parts and seen.may_make("T16c"),
        lambda work, case_id, given: proceedings.confirm(work, case_id, text=given.text("text")),
        (text(),),
        grave=True,
    ),
    StepForm(
        "submit",
        "meeting.call",
        lambda seen: supervises(seen) and any(may(seen.state, name) for name in ("T21", "T22")),
        lambda work, case_id, given: proceedings.submit(work, case_id, reason=given.text("reason")),
        (text("reason"),),
    ),
    StepForm(
        "conclude",
        "case.conclude",
        lambda seen: Part.HEARING in seen.parts and seen.may_make("T22"),
        lambda work, case_id, given: proceedings.conclude(
            work, case_id, how=given.text("how"), reasons=given.text("reasons")
        ),
        (choice("how", Conclusion, "conclusion"), text("reasons")),
        grave=True,
    ),
    StepForm(
        "refer",
        "case.refer",
        _refers,
        lambda work, case_id, given: proceedings.refer(work, case_id, reason=given.text("reason")),
        (text("reason"),),
        grave=True,
    ),
    StepForm(
        "accept_referral",
        "case.accept_referral",
        lambda seen: bool(seen.parts & {Part.RECEIVER, Part.OFFICER_DISC}) and seen.may_sign("referral"),
        lambda work, case_id, given: proceedings.accept_referral(work, case_id, given.id("entry_id")),
        (draft("referral"),),
        grave=True,
    ),
    StepForm(
        "decline_referral",
        "case.accept_referral",
        lambda seen: bool(seen.parts & _REFERRED) and "referral" in seen.drafts,
        lambda work, case_id, given: proceedings.decline_referral(
            work, case_id, given.id("entry_id"), reason=given.text("reason")
        ),
        (draft("referral"), REASON),
    ),
)

BESIDE: Final = (
    StepForm(
        "hold",
        "case.hold",
        lambda seen: supervises(seen) and seen.may_make("T23"),
        lambda work, case_id, given: proceedings.hold(work, case_id, reason=given.text("reason")),
        (REASON,),
    ),
    StepForm(
        "resume",
        "case.hold",
        lambda seen: supervises(seen) and seen.may_make("T23b"),
        lambda work, case_id, given: proceedings.resume(work, case_id, reason=given.text("reason")),
        (REASON,),
    ),
    StepForm(
        "extend",
        "case.hold",
        lambda seen: supervises(seen) and seen.state in {"verifying", "awaiting_explanation"},
        lambda work, case_id, given: proceedings.extend(
            work, case_id, clock="verification", reason=given.text("reason")
        ),
        (REASON,),
    ),
    StepForm(
        "recuse",
        "case.recuse",
        lambda seen: supervises(seen) and is_open(seen.state),
        lambda work, case_id, given: proceedings.recuse(
            work, case_id, given.id("person_id"), reason=given.text("reason")
        ),
        (Field("person_id", "person"), REASON),
        grave=True,
    ),
    StepForm(
        "reopen",
        "case.reopen",
        lambda seen: bool(seen.parts & {Part.HEARING, Part.RECEIVER}) and seen.may_make("T21"),
        lambda work, case_id, given: proceedings.reopen(work, case_id, new_evidence=given.text("new_evidence")),
        (text("new_evidence"),),
        grave=True,
    ),
    StepForm(
        "put_away",
        "case.put_away",
        lambda seen: Part.CLERK in seen.parts and seen.may_make("T24", "T27"),
        lambda work, case_id, given: proceedings.put_away(work, case_id, reason=given.text("reason")),
        (REASON,),
        grave=True,
    ),
    StepForm(
        "propose_destruction",
        "case.put_away",
        lambda seen: Part.CLERK in seen.parts and seen.state == "sealed",
        lambda work, case_id, given: proceedings.propose_destruction(work, case_id, reason=given.text("reason")),
        (REASON,),
        grave=True,
    ),
    StepForm(
        "sign_destruction",
        "case.destroy",
        lambda _: False,  # on the page of a case that nobody can open any more
        lambda work, case_id, given: proceedings.sign_destruction(work, case_id, given.id("entry_id")),
        (Field("entry_id", "listed"),),
        grave=True,
    ),
)
