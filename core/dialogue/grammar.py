"""Read an expression of a form with elementpath's XPath 1.0 grammar, once, into plain Python closures.

Only this module and `reading` import the heavy libraries; nobody imports them until a form is loaded.
"""

import re
from collections.abc import Callable
from typing import Final

import re2
from elementpath import ElementPathError, XPathToken
from elementpath.tdop import Parser
from elementpath.xpath1 import XPath1Parser

from core.dialogue import expressions as ex
from core.dialogue.expressions import Code, Expression, Scope, Value
from core.dialogue.vocabulary import INSTEAD_OF_FUNCTION

_REFERENCE: Final = re.compile(r"\$\{\s*([^}\s]*)\s*\}")
_REGEX_LIMITS: Final = re2.Options()
_REGEX_LIMITS.log_errors = False


class _XLSFormParser(XPath1Parser):
    """XPath 1.0 with the functions of a form beside its own."""


for _name in ex.NAMES:
    if _name not in XPath1Parser.symbol_table:
        _XLSFormParser.function(_name, nargs=(0, None))
_XLSFormParser.tokenizer = _XLSFormParser.create_tokenizer(_XLSFormParser.symbol_table)


class BadExpressionError(Exception):
    """An expression that cannot be read; the message says where and why."""


class _Compiler:
    """Turn one token tree into closures, noting what it mentions."""

    def __init__(self, *, this: bool, columns: bool) -> None:
        self.this_allowed = this
        self.columns_allowed = columns
        self.mentions: set[str] = set()
        self.columns: set[str] = set()

    def code(self, token: XPathToken) -> Code:
        match token.symbol:
            case _ if token.label == "function":
                code = self.function(token)
            case "(string)":
                code = _literal(str(token.value))
            case "(integer)" | "(decimal)" | "(float)":
                code = _literal(float(str(token.value)))
            case "$":
                code = self.variable(str(token[0].value))
            case "(":
                code = self.code(token[0])
            case ".":
                code = self.this()
            case "(name)":
                code = self.column(str(token.value))
            case _:
                code = self.operator(token)
        return code

    def variable(self, name: str) -> Code:
        self.mentions.add(name)
        return lambda scope: scope.values.get(name, "")

    def this(self) -> Code:
        if not self.this_allowed:
            raise BadExpressionError("only a constraint may say '.'; refer to a question as ${name}")
        return lambda scope: scope.this

    def column(self, name: str) -> Code:
        if not self.columns_allowed:
            raise BadExpressionError(f"'{name}' is neither a quoted text nor a question: write '{name}' or ${{{name}}}")
        self.columns.add(name)
        return lambda scope: scope.row.get(name, "")

    def operator(self, token: XPathToken) -> Code:
        if token.symbol not in _OPERATORS:
            raise BadExpressionError(f"'{token.symbol}' has no meaning in a form; refer to a question as ${{name}}")
        parts = [self.code(child) for child in token]
        if len(parts) == 1:
            (part,) = parts
            sign = -1.0 if token.symbol == "-" else 1.0
            return lambda scope: sign * ex.number(part(scope))
        return _binary(token.symbol, *parts)

    def function(self, token: XPathToken) -> Code:
        name = token.symbol
        if name == "today":
            _count(name, len(token), 0, 0)
            return lambda scope: scope.today
        if name == "regex":
            return self.regex(token)
        if name not in ex.FUNCTIONS:
            raise BadExpressionError(_unknown_function(name))
        function = ex.FUNCTIONS[name]
        _count(name, len(token), function.least, function.most)
        return _call(function.call, [self.code(child) for child in token])

    def regex(self, token: XPathToken) -> Code:
        _count("regex", len(token), 2, 2)
        subject = self.code(token[0])
        if token[1].symbol != "(string)":
            raise BadExpressionError("the pattern of regex() must be a quoted text")
        try:
            pattern = re2.compile(token[1].value, _REGEX_LIMITS)
        except re2.error as error:
            raise BadExpressionError(f"the pattern of regex() cannot be read: {error}") from None
        return lambda scope: pattern.fullmatch(ex.text(subject(scope))) is not None


_OPERATORS: Final = frozenset([*ex.COMPARISONS, *ex.ARITHMETIC, "and", "or"])


def _literal(value: Value) -> Code:
    return lambda _scope: value


def _binary(symbol: str, left: Code, right: Code) -> Code:
    if symbol == "and":
        return lambda scope: ex.truth(left(scope)) and ex.truth(right(scope))
    if symbol == "or":
        return lambda scope: ex.truth(left(scope)) or ex.truth(right(scope))
    if symbol in ex.COMPARISONS:
        compare = ex.COMPARISONS[symbol]
        return lambda scope: compare(left(scope), right(scope))
    reckon = ex.ARITHMETIC[symbol]
    return lambda scope: reckon(ex.number(left(scope)), ex.number(right(scope)))


def _call(call: Callable[..., Value], arguments: list[Code]) -> Code:
    def run(scope: Scope) -> Value:
        return call(*[argument(scope) for argument in arguments])

    return run


def _count(name: str, given: int, least: int, most: int | None) -> None:
    if given < least or (most is not None and given > most):
        wanted = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
        raise BadExpressionError(f"{name}() takes {wanted} arguments, not {given}")


def compile_expression(source: str, *, this: bool = False, columns: bool = False) -> Expression:
    """Read ``source``; ``this`` allows ``.`` (a constraint), ``columns`` allows bare names (a choice filter).

    Raises:
        BadExpressionError: the expression is not in the grammar, or calls what is not on the closed list.
    """
    # The blank after a name keeps `${a}-1` from being read as a name with a hyphen.
    plain = _REFERENCE.sub(r"$\1 ", source)
    try:
        root = Parser.parse(_XLSFormParser(), plain)  # past XPath1Parser.parse, which evaluates what is constant
    except ElementPathError as error:
        raise BadExpressionError(_explain(error)) from None
    compiler = _Compiler(this=this, columns=columns)
    code = compiler.code(root)
    return Expression(source, frozenset(compiler.mentions), frozenset(compiler.columns), code)


def _explain(error: ElementPathError) -> str:
    unknown = re.search(r"unknown function '([^']*)'", str(error))
    return _unknown_function(unknown[1]) if unknown else str(error)


def _unknown_function(name: str) -> str:
    instead = INSTEAD_OF_FUNCTION.get(name, f"a form may call: {', '.join(ex.NAMES)}")
    return f"function {name}() is not supported; {instead}"
