"""Which rule answers which case: the answers that a case may expect, and how each is got from its fields."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from core.cases.rules.conflicts import four_eyes, recusal, routing
from core.cases.rules.forms import allowed_forms
from core.cases.rules.gate import gate
from core.channels.rules.appraisal import reaches_third, result, three_years
from core.channels.rules.audit import audit_finding
from core.errors import Invalid
from core.policy.calendar import CalendarDataMissing, deadline, half, parse_day, quarter, reply_due
from core.policy.profile import SEED, load
from core.stations.rules.schedule import schedule
from core.warnings.rules.effects import eligibility
from core.warnings.rules.forms import Measure, months_of
from core.warnings.rules.outcomes import outcomes
from core.warnings.rules.terms import Term, term

Answer = str | int | bool | list[str] | None
Answers = Mapping[str, Callable[["Case"], Answer]]


_TWO: Final = 2


class Case:
    """The fields of one case; each method raises `Invalid` when the field is missing or of another kind."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def __getitem__(self, name: str) -> object:
        if name not in self._fields:
            raise Invalid("field_missing", field=name)
        return self._fields[name]

    def text(self, name: str) -> str:
        """Return a text."""
        value = self[name]
        if not isinstance(value, str):
            raise Invalid("not_a_text", field=name)
        return value

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        value = self[name]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Invalid("not_a_list_of_texts", field=name)
        return value

    def number(self, name: str) -> int:
        """Return a whole number."""
        value = self[name]
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid("not_a_whole_number", field=name)
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self[name]
        if not isinstance(value, bool):
            raise Invalid("not_true_or_false", field=name)
        return value

    def day(self, name: str) -> date:
        """Return a date written ``2026-09-30``."""
        try:
            return parse_day(self.text(name))
        except Invalid as error:
            raise Invalid(error.code, field=name) from None

    def years(self, name: str) -> dict[int, tuple[str, str]]:
        """Return what stands by year: two texts for each."""
        value = self[name]
        if not isinstance(value, dict):
            raise Invalid("not_by_year", field=name)
        rows: dict[int, tuple[str, str]] = {}
        for year, row in value.items():
            if not (year.isascii() and year.isdecimal()) or not isinstance(row, list) or len(row) != _TWO:
                raise Invalid("not_by_year", field=name)
            rows[int(year)] = (str(row[0]), str(row[1]))
        return rows

    def instant(self, name: str) -> datetime:
        """Return an instant in RFC 3339, as it stands: a rule that needs an offset says so itself."""
        try:
            return datetime.fromisoformat(self.text(name))
        except ValueError:
            raise Invalid("bad_instant", field=name) from None


def _reply_due(case: Case) -> str:
    days = case.number("working_days") if "working_days" in case else SEED.working_days("letter_reply")
    return reply_due(case.day("served"), days).isoformat()


def _missing_year(case: Case) -> int | None:
    try:
        _reply_due(case)
    except CalendarDataMissing as missing:
        return missing.year
    return None


def _received_plus(figure: str, *, rolls: bool) -> Callable[[Case], str]:
    return lambda case: deadline(case.day("received"), SEED.days(figure), rolls).isoformat()


def _allowed_forms(case: Case) -> list[str]:
    forms = allowed_forms(
        case.text("finding"),
        case.flag("discipline"),
        case.text("subject"),
        case.text("severity"),
        case.flag("face_to_face"),
        case.text("profile"),
    )
    return list(forms)


def _gate(case: Case) -> str:
    return str(gate(case.text("category"), case.flag("subject_registered"), case.text("evidence")))


def _recusal(case: Case) -> str:
    field = "months_since_leaving"
    left = field in case and case[field] is not None
    return recusal(case.text("relation"), case.number(field) if left else None)


def _four_eyes(case: Case) -> str:
    ok = four_eyes(case.text("drafter"), case.texts("verifiers"), case.text("approver"))
    return "ok" if ok else "reject"


def _term(form: str) -> Callable[[Case], Term]:
    def counted(case: Case) -> Term:
        months = case.number("months") if "months" in case else months_of(form)
        return term(case.day("served"), months)

    return counted


def _terms(form: str) -> Answers:
    counted = _term(form)
    return {
        "counted_from": lambda case: counted(case).counted_from.isoformat(),
        "last_day": lambda case: counted(case).last_day.isoformat(),
        "ends_at": lambda case: counted(case).ends_at.isoformat(),
    }


def _day_of_round(name: str) -> Callable[[Case], str]:
    return lambda case: getattr(schedule(case.text("quarter")), name).isoformat()


def _vote(case: Case) -> str:
    ballots = (case.number(name) for name in ("incompetent", "valid", "voters", "present"))
    incompetent, valid, voters, present = ballots
    return result(incompetent, valid, voters, present)


def _three_years(case: Case) -> str:
    return three_years(case.years("rows"), case.number("year"))


def _audit_finding(case: Case) -> str:
    days = {name: case.day(name) for name in ("due_on", "on", "evidence_on") if name in case and case[name] is not None}
    return audit_finding(case.day("served_on"), days.get("due_on"), days.get("on"), days.get("evidence_on"))


def _eligibility(case: Case) -> str:
    policy = load(case.text("profile")) if "profile" in case else SEED
    months, action = case.number("months"), case.text("action")
    return eligibility(case.text("form"), case.day("served"), months, case.day("on"), action, policy)


def _outcomes(case: Case) -> list[str]:
    answers = {name: case.flag(name) for name in ("corrected", "excellent", "results", "recognised") if name in case}
    grounds = frozenset({case.text("only_ground")} if "only_ground" in case else ())
    rank = case.text("rank") if "rank" in case else None
    return list(outcomes(case.text("form"), rank=rank, grounds=grounds, **answers))


RULES: Final[Mapping[str, Answers]] = MappingProxyType(
    {
        "R1": _terms(Measure.ADMONITION),
        "R2": _terms(Measure.SUSPENSION),
        "R3": {
            "reaches_third": lambda case: reaches_third(case.number("incompetent"), case.number("valid")),
            "expected": _vote,
        },
        "R4": {"expected": _three_years},
        "R5": {
            "quarter": lambda case: quarter(case.instant("utc")),
            "half": lambda case: half(case.instant("utc")),
        },
        "R6": {"due": _reply_due},
        "R7": {
            "ack_7d_no_roll": _received_plus("acknowledgement", rolls=False),
            "acceptance_15d": _received_plus("acceptance", rolls=True),
            "appeal_30d": _received_plus("appeal_direct", rolls=True),
        },
        "R7b": {"expected": _reply_due, "missing_year": _missing_year},
        "R8": {"expected": _eligibility},
        "R9": {name: _day_of_round(name) for name in ("prompt_on", "due_on", "grace_until", "meeting_by")},
        "R10": {"allowed": _allowed_forms},
        "R11": {"allowed": _outcomes},
        "R12": {"expected": _gate},
        "R13_recusal": {"expected": _recusal},
        "R13_routing": {
            "decided_by": lambda case: routing(case.text("subject_kind")).decided_by,
            "stored": lambda case: routing(case.text("subject_kind")).stored,
        },
        "R13_four_eyes": {"expected": _four_eyes},
        "R14": {"expected": _audit_finding},
    },
)
"""Every rule by the beginning of a key in the file."""


def answers_for(key: str) -> Answers:
    """Return the answers of the rule that ``key`` begins with, the longest first; raises `Invalid` ``unknown_rule``."""
    for rule in sorted(RULES, key=len, reverse=True):
        if key == rule or key.startswith(f"{rule}_"):
            return RULES[rule]
    raise Invalid("unknown_rule")
