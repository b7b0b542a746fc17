"""The forms of a case until its finding: officers, verification, and what two of them sign (T8 to T11)."""

from typing import Final

from admin_api.console.case_fields import (
    REASON,
    Field,
    StepForm,
    choice,
    draft,
    drafts_in,
    signs,
    supervises,
    text,
    verifies,
)
from core.cases import proceedings
from core.cases.proceedings import Part, Source
from core.cases.rules.conflicts import Relation
from core.cases.rules.lifecycle import is_open
from core.cases.rules.stages import stage_of

FINDINGS: Final = ("not_established", "unfounded", "partly", "substantiated")

ASSIGNING: Final = (
    StepForm(
        "nominate",
        "case.nominate",
        lambda seen: supervises(seen) and is_open(seen.state) and not seen.both_may_act,
        lambda work, case_id, given: proceedings.nominate(
            work, case_id, officer_org=given.id("officer_org"), officer_disc=given.id("officer_disc")
        ),
        (Field("officer_org", "person"), Field("officer_disc", "person")),
    ),
    StepForm(
        "declare",
        "case.declare",
        lambda seen: seen.has_to_declare,
        lambda work, case_id, given: proceedings.declare(
            work, case_id, relation=given.text("relation"), months_since_leaving=given.number("months")
        ),
        (choice("relation", Relation, "relation"), Field("months", "number", needed=False)),
    ),
    StepForm(
        "assign",
        "case.assign",
        lambda seen: supervises(seen) and seen.may_make("T8") and seen.both_may_act,
        lambda work, case_id, _: proceedings.assign(work, case_id),
    ),
)

VERIFYING: Final = (
    StepForm(
        "plan",
        "case.verify",
        verifies,
        lambda work, case_id, given: proceedings.plan(work, case_id, given.text("text")),
        (text(),),
    ),
    StepForm(
        "evidence",
        "case.verify",
        verifies,
        lambda work, case_id, given: proceedings.add_evidence(
            work,
            case_id,
            text=given.text("text"),
            source=given.text("source"),
            exculpatory=given.text("speaks") == "for",
        ),
        (text(), choice("source", Source, "source"), choice("speaks", ("against", "for"), "speaks")),
    ),
    StepForm(
        "interview",
        "case.verify",
        verifies,
        lambda work, case_id, given: proceedings.add_interview(
            work, case_id, with_whom=given.text("with_whom"), held_on=given.day("held_on"), text=given.text("text")
        ),
        (Field("with_whom", "line", limit=100), Field("held_on", "day"), text()),
    ),
    StepForm(
        "note",
        "case.verify",
        verifies,
        lambda work, case_id, given: proceedings.note(work, case_id, given.text("text")),
        (text(),),
    ),
    StepForm(
        "inquiry",
        "case.verify",
        drafts_in("verifying", "inquiry"),
        lambda work, case_id, given: proceedings.draft_inquiry(work, case_id, substance=given.text("substance")),
        (text("substance"),),
    ),
    StepForm(
        "sign_inquiry",
        "case.verify",
        signs("inquiry"),
        lambda work, case_id, given: proceedings.sign_inquiry(work, case_id, given.id("entry_id")),
        (draft("inquiry"), Field("no_trace", "confirm")),
    ),
    StepForm(
        "reply",
        "case.verify",
        verifies,
        lambda work, case_id, given: proceedings.take_reply(
            work, case_id, text=given.text("text"), received_on=given.day("received_on")
        ),
        (Field("received_on", "day"), text()),
    ),
)

FINDING: Final = (
    StepForm(
        "finding",
        "case.verify",
        drafts_in("verifying", "finding"),
        lambda work, case_id, given: proceedings.draft_finding(
            work,
            case_id,
            finding=given.text("finding"),
            facts=given.text("facts"),
            explanation=given.text("explanation"),
            exculpatory=given.text("exculpatory"),
        ),
        (choice("finding", FINDINGS, "finding"), text("facts"), text("explanation"), text("exculpatory")),
    ),
    StepForm(
        "sign_finding",
        "case.verify",
        signs("finding"),
        lambda work, case_id, given: proceedings.sign_finding(work, case_id, given.id("entry_id")),
        (draft("finding"), Field("read", "confirm")),
    ),
    StepForm(
        "feedback",
        "case.feedback",
        lambda seen: (seen.is_officer or Part.CLERK in seen.parts) and stage_of(seen.state) is not None,
        lambda work, case_id, given: proceedings.give_feedback(work, case_id, given.text("text")),
        (text(limit=5000),),
    ),
    StepForm(
        "decline",
        "case.verify",
        lambda seen: seen.is_officer and bool(seen.drafts.keys() - {"referral"}),
        lambda work, case_id, given: proceedings.decline(
            work, case_id, given.id("entry_id"), reason=given.text("reason")
        ),
        (Field("entry_id", "draft", ("inquiry", "finding", "malicious", "classified")), REASON),
    ),
)
