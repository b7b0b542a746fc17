"""Warnings: the forms, their terms and effects, assessment, review and appeal (S107 to S133).

A measure is drafted on a confirmed case, checked, approved and served; its term ends by the calendar, its outcome is
decided by people. What each step says is an entry in the thread of the case. Always import it as
``from core import warnings``: the standard library has a module of that name.
"""

from core.warnings.answering import Sent, SubjectStanding, Told, read_code, send
from core.warnings.approving import approve
from core.warnings.assessing import (
    Assessment,
    Handed,
    assess,
    decide_outcome,
    name_panel,
    sign_assessment,
    take_report,
)
from core.warnings.codes import Document
from core.warnings.destruction import destroy_answers
from core.warnings.drafting import NewMeasure, check, draft, send_back
from core.warnings.eligibility import Eligibility, Reason, eligibility
from core.warnings.ending import LetterOutcome, TalkOutcome, close, follow_up, lapse, read_letter
from core.warnings.hearing import WaitingMessage, answer_person, messages_waiting, require_in_case, take_message
from core.warnings.inquiring import serve_inquiry
from core.warnings.papers import ClosingPaper, closing_papers
from core.warnings.queries import (
    MeasurePage,
    MeasureSummary,
    OpenedMeasure,
    TermLine,
    ToldLine,
    measure,
    measure_held_still,
    measures,
    of_case,
    open_measure,
    remedy_held_still,
    terms,
    told_held_still,
)
from core.warnings.renewing import renew_code, renew_inquiry_code
from core.warnings.replacing import Vacancy, replace_member
from core.warnings.reviewing import (
    RemedyLine,
    admit,
    ask_remedy,
    clear_name,
    decide_remedy,
    remedies_of,
    settle_notice,
)
from core.warnings.rules.answers import LONGEST, Answer, Wish
from core.warnings.running import JOB, carry_on, carry_term_on, due_terms, enqueue_due
from core.warnings.serving import Served, Talk, record_talk, serve
from core.warnings.waiting import WaitingMeasure, WaitingWord, due, waiting, waiting_words
from core.warnings.windows import Window

__all__ = [
    "JOB",
    "LONGEST",
    "Answer",
    "Assessment",
    "ClosingPaper",
    "Document",
    "Eligibility",
    "Handed",
    "LetterOutcome",
    "MeasurePage",
    "MeasureSummary",
    "NewMeasure",
    "OpenedMeasure",
    "Reason",
    "RemedyLine",
    "Sent",
    "Served",
    "SubjectStanding",
    "Talk",
    "TalkOutcome",
    "TermLine",
    "Told",
    "ToldLine",
    "Vacancy",
    "WaitingMeasure",
    "WaitingMessage",
    "WaitingWord",
    "Window",
    "Wish",
    "admit",
    "answer_person",
    "approve",
    "ask_remedy",
    "assess",
    "carry_on",
    "carry_term_on",
    "check",
    "clear_name",
    "close",
    "closing_papers",
    "decide_outcome",
    "decide_remedy",
    "destroy_answers",
    "draft",
    "due",
    "due_terms",
    "eligibility",
    "enqueue_due",
    "follow_up",
    "lapse",
    "measure",
    "measure_held_still",
    "measures",
    "messages_waiting",
    "name_panel",
    "of_case",
    "open_measure",
    "read_code",
    "read_letter",
    "record_talk",
    "remedies_of",
    "remedy_held_still",
    "renew_code",
    "renew_inquiry_code",
    "replace_member",
    "require_in_case",
    "send",
    "send_back",
    "serve",
    "serve_inquiry",
    "settle_notice",
    "sign_assessment",
    "take_message",
    "take_report",
    "terms",
    "told_held_still",
    "waiting",
    "waiting_words",
]
