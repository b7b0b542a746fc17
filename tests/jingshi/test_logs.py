"""Logs: one line each, and nothing in them that a person wrote."""

import logging

import pytest

from jingshi.logs import PlainFormatter, described

SECRET = "三楼茶水间 7F3K-receipt"


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bots.web", logging.ERROR, __file__, 1, message, arguments, trace)


def caught() -> BaseException:
    with pytest.raises(ValueError, match="cannot use") as info:
        fail()
    return info.value


def fail() -> None:
    nothing: dict[str, str] = {}
    try:
        nothing[SECRET]
    except KeyError as error:
        raise ValueError(f"cannot use {SECRET}") from error


def test_an_exception_is_told_by_class_and_line_and_not_by_its_message() -> None:
    line = PlainFormatter("intake").format(record("while answering", error=caught()))
    assert SECRET not in line
    assert "while answering: ValueError at jingshi/test_logs.py:" in line
    assert "from KeyError at jingshi/test_logs.py:" in line


@pytest.mark.parametrize(
    "arguments", [("%s failed", caught()), (f"Task exception was never retrieved\nfuture: {SECRET}",)]
)
def test_neither_arguments_nor_further_lines_bring_a_message_in(arguments: tuple[str, ...]) -> None:
    line = PlainFormatter("intake").format(record(arguments[0], *arguments[1:], error=caught()))
    assert SECRET not in line
    assert "\n" not in line


def test_a_record_is_one_line_with_process_level_and_name() -> None:
    line = PlainFormatter("desk").format(record("%d sessions ended", 3))
    assert line.split(" ", 1)[1] == "desk error bots.web 3 sessions ended"


def test_a_suppressed_cause_is_not_told() -> None:
    error = caught()
    error.__suppress_context__, error.__cause__ = True, None
    assert "from" not in described(error)


def test_an_error_in_a_chain_that_is_very_long_stays_short() -> None:
    def deep(level: int) -> None:
        if level:
            deep(level - 1)
        raise RecursionError

    with pytest.raises(RecursionError) as info:
        deep(200)
    assert len(described(info.value)) < 300
