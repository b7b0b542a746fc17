"""Expressions agree with JavaRosa on the forms' closed list of functions, and nothing else is understood."""

import math

import pytest

from core.dialogue.expressions import NAMES, Scope, Value, text
from core.dialogue.grammar import BadExpressionError, compile_expression

VALUES: dict[str, Value] = {
    "n": 7.0,
    "seven": "7",
    "blank": "",
    "word": "abc",
    "day": "2026-09-30",
    "many": "rice soup",
    "a-b": 1.0,
    "no": False,
}


def run(source: str, this: Value = "") -> Value:
    expression = compile_expression(source, this=True, columns=True)
    return expression.run(Scope("2026-09-30", dict(VALUES), this, {"kind": "x"}))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${n} = 7", True),
        ("${seven} = 7", True),
        ("${seven} = '7.0'", False),
        ("${n} != 7", False),
        ("${blank} = 7", False),
        ("${blank} != 7", True),
        ("${blank} = ''", True),
        ("${n} = ''", False),
        ("${blank} > 1", False),
        ("${blank} < 1", False),
        ("${blank} <= 0", False),
        ("${seven} >= 7 and ${seven} <= 7", True),
        ("${word} < 1", False),
        ("${word} = 'abc'", True),
        ("true() = 'abc'", True),
        ("${no} = false()", True),
        ("${day} = '2026-09-30'", True),
        ("${day} <= today()", True),
        ("${day} < '2026-10-01'", True),
        ("${day} > '2026-10-01'", False),
        ("today() - ${day}", 0.0),
        ("'2026-13-01' = 1", False),
        ("kind = 'x'", True),
        ("missing = ''", True),
        (". = 5", True),
        ("${n}-1", 6.0),
        ("${a-b}", 1.0),
        ("-${n} + 10", 3.0),
        ("2 + 3 * 4", 14.0),
        ("(2 + 3) * 4", 20.0),
        ("7 div 2", 3.5),
        ("7 mod 4", 3.0),
        ("-7 mod 4", -3.0),
        ("1 div 0", math.inf),
        ("-1 div 0", -math.inf),
        ("not(${n} = 7) or ${n} = 7", True),
        ("${blank} or ${no}", False),
        ("if(${n} > 5, 'more', 'less')", "more"),
        ("if(${blank}, 'more', 'less')", "less"),
        ("coalesce(${blank}, ${word}, 'c')", "abc"),
        ("coalesce(${blank}, ${blank})", ""),
        ("selected(${many}, 'soup')", True),
        ("selected(${many}, 'sou')", False),
        ("selected(${blank}, '')", False),
        ("count-selected(${many})", 2.0),
        ("count-selected(${blank})", 0.0),
        ("string-length(${word})", 3.0),
        ("regex(${word}, '[a-c]+')", True),
        ("regex(${word}, 'b')", False),
        ("regex(${n}, '[0-9]')", True),
        ("contains(${word}, 'b')", True),
        ("starts-with(${word}, 'ab') and ends-with(${word}, 'bc')", True),
        ("concat(${word}, ${n}, 1.5, true())", "abc71.5true"),
        ("concat(1 div 0, -1 div 0, number('x'))", "Infinity-InfinityNaN"),
        ("normalize-space('  a   b ')", "a b"),
        ("string(${n})", "7"),
        ("number('12')", 12.0),
        ("number(true())", 1.0),
        ("int(-2.7)", -2.0),
        ("round(2.5) + round(-2.5)", 1.0),
        ("floor(2.7) + ceiling(2.1)", 5.0),
        ("boolean(${word})", True),
        ("boolean(0 div 0)", False),
    ],
)
def test_an_expression_means_what_it_means_on_a_telephone(source: str, value: Value) -> None:
    assert run(source, 5.0) == value


@pytest.mark.parametrize("source", ["0 div 0", "1 mod 0", "number('')", "number('1e3')", "round(number('x'))"])
def test_what_is_no_number_is_nan(source: str) -> None:
    assert text(run(source)) == "NaN"


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("${a} = ", "unexpected end"),
        ("pulldata('x', 'y')", "name a provided list"),
        ("now()", "use today()"),
        ("uuid()", "function uuid() is not supported; a form may call: boolean"),
        ("position() = 1", "function position() is not supported"),
        ("if(1, 2)", "if() takes 3 arguments, not 2"),
        ("coalesce(1)", "coalesce() takes 2 or more"),
        ("concat()", "Too few arguments"),
        ("today(1)", "today() takes 0 arguments"),
        ("regex(${a}, ${b})", "must be a quoted text"),
        ("regex(${a}, '(?=x)')", "cannot be read"),
        ("/data/a = 1", "has no meaning in a form"),
        ("${a} | ${b}", "has no meaning in a form"),
        ("${a}[1]", "has no meaning in a form"),
        ("@a", "has no meaning in a form"),
        ("'", "'"),
        ("${}", "unexpected end"),
    ],
)
def test_what_is_not_on_the_list_is_refused_with_what_to_do(source: str, part: str) -> None:
    with pytest.raises(BadExpressionError) as told:
        compile_expression(source)
    assert part in str(told.value)


def test_only_a_constraint_looks_at_the_answer_itself_and_only_a_filter_at_columns() -> None:
    with pytest.raises(BadExpressionError, match="only a constraint"):
        compile_expression(". = 1")
    with pytest.raises(BadExpressionError, match="neither a quoted text nor a question"):
        compile_expression("kind = 1")


def test_an_expression_says_what_it_mentions() -> None:
    expression = compile_expression("if(${a} = kind, ${b-c}, '${a}') != ${ d }", columns=True)
    assert sorted(expression.mentions) == ["a", "b-c", "d"]
    assert sorted(expression.columns) == ["kind"]


def test_every_function_of_the_list_can_be_called() -> None:
    needs_nothing = {"today": "", "true": "", "false": "", "if": "1, 2, 3", "regex": "1, '1'"}
    for name in NAMES:
        for arguments in (needs_nothing.get(name), "1", "1, 1"):
            if arguments is None:
                continue
            try:
                run(f"{name}({arguments})")
            except BadExpressionError:
                continue
            break
        else:
            pytest.fail(name)


def test_a_pattern_that_would_take_for_ever_elsewhere_answers_at_once() -> None:
    assert run(f"regex('{'a' * 5000}b', '(a+)+')") is False
