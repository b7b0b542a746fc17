"""Turn the rows of a form table into fields and choices, collecting every fault on the way."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast

from core.dialogue import vocabulary as words
from core.dialogue.expressions import Expression
from core.dialogue.form import MAX_FILES, MAX_LENGTH, MAX_MB, SELECT_KINDS, Choice, Choices, Field, Kind, Text
from core.dialogue.grammar import BadExpressionError, compile_expression

Row = Mapping[str, str]

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CHOICE_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]*[A-Za-z_][A-Za-z0-9_.:-]*")


class Rows:
    """One reading of one table; a fault does not end it, so that all are told at once."""

    def __init__(self, languages: Mapping[str, str]) -> None:
        self.languages = languages  # code: the heading that carries it, such as "中文 (zh_CN)"
        self.faults: list[str] = []
        self.fields: list[Field] = []
        self.sections: dict[str, Text] = {}
        self._lists: dict[str, Choices] = {}
        self._groups: list[tuple[str, str]] = []  # name, relevant
        self._names: set[str] = set()
        self._answered: set[str] = set()  # what an expression of the next row may mention
        self._where = ""

    def read_choices(self, rows: Iterable[Row]) -> None:
        """Read the ``choices`` table."""
        own = {"list_name", "name", *(f"label::{heading}" for heading in self.languages.values())}
        lists: dict[str, dict[str, Choice]] = {}
        for place, row in enumerate(rows, start=2):
            name, of = row.get("name", ""), row.get("list_name", "")
            self._where = f"choices row {place} ({name})"
            self._require(bool(of), "list_name is missing")
            self._require("." not in of, f"list '{of}' has a dot in its name: such lists are handed in")
            self._require(
                _CHOICE_NAME.fullmatch(name), "a choice is named by letters, digits, _ . : -, not by a number"
            )
            self._require(name not in lists.setdefault(of, {}), f"list '{of}' has this choice already")
            columns = {key: value for key, value in row.items() if key not in own}
            lists[of][name] = Choice(name, self._wording(row, "label", needed=True), columns)
        self._lists = {of: Choices(choices.values()) for of, choices in lists.items()}

    def read_survey(self, rows: Iterable[Row]) -> None:
        """Read the ``survey`` table; the choices come first."""
        for place, row in enumerate(rows, start=2):
            self._where = f"survey row {place} ({row.get('name') or row.get('type', '')})"
            self._read_row(row)
        self._where = "survey"
        self._require(not self._groups, f"a group has no end_group: {', '.join(name for name, _ in self._groups)}")
        self._require(any(field.asks for field in self.fields), "nothing is asked")

    def _read_row(self, row: Row) -> None:
        kind, _, rest = re.sub(r"^(begin|end) ", r"\1_", row.get("type", "").strip()).partition(" ")
        if kind == "begin_group":
            self._begin_group(row)
        elif kind == "end_group":
            self._require(self._groups, "end_group without a begin_group")
            del self._groups[-1:]
        elif kind in words.KINDS:
            self._add(row, cast("Kind", kind), rest.split())
        else:
            instead = words.INSTEAD.get(
                kind, f"a form may use: {', '.join(sorted(words.KINDS))}, begin_group, end_group"
            )
            self._fault(f"type '{kind}' is not supported; {instead}")

    def _begin_group(self, row: Row) -> None:
        name = self._new_name(row)
        self._require(not row.get("appearance"), "a group takes no appearance")
        self.sections[name] = self._wording(row, "label", needed=True)
        self._expression(row, "relevant")
        self._groups.append((name, row.get("relevant", "")))

    def _add(self, row: Row, kind: Kind, rest: list[str]) -> None:
        name = self._new_name(row)
        choices, provider = self._list(kind, rest)
        field = Field(
            name=name,
            kind=kind,
            label=self._wording(row, "label", needed=kind != "calculate"),
            hint=self._wording(row, "hint"),
            section=self._groups[-1][0] if self._groups else None,
            relevant=self._relevant(row),
            required=self._required(row),
            constraint=self._expression(row, "constraint", this=True),
            constraint_message=self._wording(row, "constraint_message", needed="constraint" in row),
            calculation=self._expression(row, "calculation"),
            default=self._default(row, choices),
            choices=choices,
            provider=provider,
            choice_filter=self._choice_filter(row, choices),
            appearance=self._appearance(row, kind),
            max_length=self._limit(row, "body::max_length", MAX_LENGTH),
            max_files=self._limit(row, "body::max_files", MAX_FILES),
            max_bytes=self._limit(row, "body::max_mb", MAX_MB) * 2**20,
        )
        self._make_sense(field)
        self.fields.append(field)
        if kind != "note":
            self._answered.add(name)

    def _make_sense(self, field: Field) -> None:
        calculates = field.kind == "calculate" or field.stops
        self._require(field.calculation or field.kind != "calculate", "a calculate needs a calculation")
        self._require(not field.calculation or calculates, "only a calculate or a stop has a calculation")
        self._require(field.asks or not field.required, "only a question can be required")
        self._require(field.asks or not field.constraint, "only a question has a constraint")
        self._require(not field.choice_filter or field.kind in SELECT_KINDS, "only a select has a choice_filter")

    # -- cells -------------------------------------------------------------------------------------------------------

    def _fault(self, message: str) -> None:
        self.faults.append(f"{self._where}: {message}")

    def _require(self, condition: object, otherwise: str) -> None:
        if not condition:
            self._fault(otherwise)

    def _new_name(self, row: Row) -> str:
        name = row.get("name", "")
        self._require(_NAME.fullmatch(name), "a name has letters, digits and _, and begins with a letter")
        self._require(name not in self._names, "the name is taken by an earlier row")
        self._names.add(name)
        return name

    def _wording(self, row: Row, of: str, *, needed: bool = False) -> Text:
        text = {code: row.get(f"{of}::{heading}", "") for code, heading in self.languages.items()}
        for code, written in text.items():
            if not written and (needed or any(text.values())):
                self._fault(f"{of} has no {code}")
            self._require("${" not in written, f"{of} in {code} mentions an answer: a wording cannot")
        return text if any(text.values()) else {}

    def _expression(self, row: Row, key: str, *, this: bool = False, columns: bool = False) -> Expression | None:
        source = row.get(key, "")
        if not source:
            return None
        try:
            expression = compile_expression(source, this=this, columns=columns)
        except BadExpressionError as error:
            self._fault(f"{key}: {error}")
            return None
        for name in sorted(expression.mentions - self._answered):
            self._fault(f"{key}: ${{{name}}} is not a question or calculation above this row")
        return expression

    def _relevant(self, row: Row) -> Expression | None:
        """Join the condition of the row with those of the groups around it."""
        self._expression(row, "relevant")
        conditions = [*(relevant for _, relevant in self._groups), row.get("relevant", "")]
        try:
            joined = " and ".join(f"({condition})" for condition in conditions if condition)
            return compile_expression(joined) if joined else None
        except BadExpressionError:
            return None  # told already, where it stands alone

    def _required(self, row: Row) -> Expression | None:
        written = row.get("required", "").lower()
        if written in words.NO:
            return None
        return self._expression({"required": "true()"} if written in words.YES else row, "required")

    def _default(self, row: Row, choices: Choices | None) -> Expression | None:
        written = row.get("default", "")
        if "(" in written or "${" in written:
            return self._expression(row, "default")
        for name in written.split() if choices else ():
            self._require(choices and name in choices.by_name, f"default: '{name}' is not a choice")
        return Expression(written, frozenset(), frozenset(), lambda _scope: written) if written else None

    def _list(self, kind: Kind, rest: list[str]) -> tuple[Choices | None, str | None]:
        if kind not in SELECT_KINDS:
            self._require(not rest, f"'{kind} {' '.join(rest)}': nothing follows {kind}")
            return None, None
        if len(rest) != 1:
            self._fault(f"{kind} names one list; for 'other' add a choice and a text question relevant to it")
            return None, None
        (name,) = rest
        if "." in name:
            return None, name
        self._require(name in self._lists, f"list '{name}' is not in the choices table")
        return self._lists.get(name), None

    def _choice_filter(self, row: Row, choices: Choices | None) -> Expression | None:
        expression = self._expression(row, "choice_filter", columns=True)
        if expression and choices:
            present = {column for choice in choices.all for column in choice.columns}
            for column in sorted(expression.columns - present):
                self._fault(f"choice_filter: the choices have no column '{column}'")
        return expression

    def _appearance(self, row: Row, kind: Kind) -> frozenset[str]:
        appearance = frozenset(row.get("appearance", "").split())
        for word in sorted(appearance & words.INSTEAD_OF_APPEARANCE.keys()):
            self._fault(f"appearance '{word}' is not supported; {words.INSTEAD_OF_APPEARANCE[word]}")
        self._require("stop" not in appearance or kind == "note", "only a note can be a stop")
        return appearance

    def _limit(self, row: Row, key: str, default: int) -> int:
        written = row.get(key, "")
        if not written:
            return default
        self._require(re.fullmatch(r"[1-9][0-9]{0,6}", written), f"{key} is a whole number from 1 up")
        return int(written) if written.isdecimal() else default
