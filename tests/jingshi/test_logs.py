"""Logs: one line each, and nothing in them that a person wrote."""

import logging
import subprocess
import sys

import pytest

from jingshi.logs import PlainFormatter, described

SECRET = "三楼茶水间 7F3K-receipt"


def record(
    message: str, *arguments: object, error: BaseException | None = None, name: str = "bots.web"
) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, trace)


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


@pytest.mark.parametrize(
    ("name", "message", "arguments", "left"),
    [
        ("aiogram.event", "Cause exception while process update id=%d by bot id=%d\n%s", (7, 42, SECRET), "update id="),
        ("aiogram.dispatcher", f"Received: {SECRET}", (), "Received"),
        ("asyncio", f"Exception in callback done(<Task finished result='{SECRET}'>)", (), "Exception in callback done"),
        ("aiohttp.client", "Can not load %s of {url}", ({"url": SECRET},), "Can not load"),
    ],
)
def test_a_library_that_says_too_much_is_quoted_up_to_what_it_fills_in(
    name: str, message: str, arguments: tuple[object, ...], left: str
) -> None:
    line = PlainFormatter("intake").format(record(message, *arguments, name=name))
    assert line.endswith(left)
    assert SECRET not in line


def test_what_python_itself_would_print_of_an_error_is_one_plain_line() -> None:
    program = f"""
from jingshi.logs import configure
configure("intake")

class Leaves:
    def __del__(self):
        raise ValueError({SECRET!r})

Leaves()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert SECRET not in done.stderr
    assert done.stderr.count("\n") == 1
    assert "ValueError" in done.stderr


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
