"""The case: from its opening to a confirmed finding, or to one of its other ends (T7 to T28)."""

from core.cases.proceedings.agendas import MeetingSummary, meeting, meetings
from core.cases.proceedings.assigning import assign, declare, nominate, recuse
from core.cases.proceedings.collegiate import Decision, call, quorum
from core.cases.proceedings.collegiate import hold as hold_meeting
from core.cases.proceedings.deciding import (
    Classification,
    Conclusion,
    accept_referral,
    analyse,
    classify,
    conclude,
    confirm,
    decline_referral,
    refer,
    reopen,
    sign_classification,
    submit,
)
from core.cases.proceedings.destruction import (
    destroy_cases,
    listed_for_destruction,
    propose_destruction,
    sign_destruction,
)
from core.cases.proceedings.evidence import add_file, may_add_file, open_evidence
from core.cases.proceedings.finding import (
    close_unproven,
    draft_finding,
    propose_malicious,
    sign_finding,
    sign_malicious,
)
from core.cases.proceedings.holding import extend, hold, put_away, resume
from core.cases.proceedings.identities import (
    Asked,
    ask_for_identity,
    identities_asked,
    open_identity,
    read_identity,
    release_identity,
)
from core.cases.proceedings.members import Part
from core.cases.proceedings.minutes import Matter, Minutes, begin_reading_minutes, read_minutes
from core.cases.proceedings.notices import Importance, NoticeLine, OpenedNotice, escalate, notices, read_notice
from core.cases.proceedings.opening import merge, open_case
from core.cases.proceedings.queries import (
    CasePage,
    CaseSummary,
    case_of_item,
    counts,
    due,
    held_still,
    queue,
    same_subject,
    summaries_of,
    summary,
    visible_ids,
)
from core.cases.proceedings.reading import Member, OpenedCase, begin_reading, open_file
from core.cases.proceedings.searching import Found, Hit, search
from core.cases.proceedings.signing import decline
from core.cases.proceedings.steps import STEPS, Step
from core.cases.proceedings.tables import CaseFile
from core.cases.proceedings.telling import give_feedback, show_stage
from core.cases.proceedings.thread import EntryView
from core.cases.proceedings.verifying import (
    Source,
    add_evidence,
    add_interview,
    draft_inquiry,
    mark_overdue,
    note,
    plan,
    sign_inquiry,
    take_reply,
)
from core.cases.proceedings.waiting import WaitingCase, accepted_items, waiting

__all__ = [
    "STEPS",
    "Asked",
    "CaseFile",
    "CasePage",
    "CaseSummary",
    "Classification",
    "Conclusion",
    "Decision",
    "EntryView",
    "Found",
    "Hit",
    "Importance",
    "Matter",
    "MeetingSummary",
    "Member",
    "Minutes",
    "NoticeLine",
    "OpenedCase",
    "OpenedNotice",
    "Part",
    "Source",
    "Step",
    "WaitingCase",
    "accept_referral",
    "accepted_items",
    "add_evidence",
    "add_file",
    "add_interview",
    "analyse",
    "ask_for_identity",
    "assign",
    "begin_reading",
    "begin_reading_minutes",
    "call",
    "case_of_item",
    "classify",
    "close_unproven",
    "conclude",
    "confirm",
    "counts",
    "declare",
    "decline",
    "decline_referral",
    "destroy_cases",
    "draft_finding",
    "draft_inquiry",
    "due",
    "escalate",
    "extend",
    "give_feedback",
    "held_still",
    "hold",
    "hold_meeting",
    "identities_asked",
    "listed_for_destruction",
    "mark_overdue",
    "may_add_file",
    "meeting",
    "meetings",
    "merge",
    "nominate",
    "note",
    "notices",
    "open_case",
    "open_evidence",
    "open_file",
    "open_identity",
    "plan",
    "propose_destruction",
    "propose_malicious",
    "put_away",
    "queue",
    "quorum",
    "read_identity",
    "read_minutes",
    "read_notice",
    "recuse",
    "refer",
    "release_identity",
    "reopen",
    "resume",
    "same_subject",
    "search",
    "show_stage",
    "sign_classification",
    "sign_destruction",
    "sign_finding",
    "sign_inquiry",
    "sign_malicious",
    "submit",
    "summaries_of",
    "summary",
    "take_reply",
    "visible_ids",
    "waiting",
]
