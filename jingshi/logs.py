"""Logging, set up in one place: one line each on the standard error, and nothing of what a message could give away."""

import logging
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final

LEVELS: Final = {
    "uvicorn.error": logging.WARNING,  # its own start and stop lines; the supervisor says these
    "uvicorn.access": logging.CRITICAL,  # an access log would hold addresses
    "uvicorn.asgi": logging.WARNING,
    "httpx": logging.WARNING,  # it logs whole URLs
    "httpcore": logging.WARNING,
    "aiogram": logging.WARNING,  # below, it tells of every update: when somebody wrote
    "telegram": logging.WARNING,  # as aiogram
    "aiohttp": logging.WARNING,
    "aiohttp.access": logging.CRITICAL,  # as uvicorn's
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "multipart": logging.CRITICAL,  # its complaints quote bytes of the form
    "python_multipart": logging.CRITICAL,
    "PIL": logging.WARNING,
    "alembic": logging.WARNING,
}

_LONGEST: Final = 500
_BY_WORD_ALONE: Final = frozenset({"aiogram", "aiohttp", "asyncio", "telegram"})
"""Libraries that fill numbers of updates, texts, URLs with a token, or whole objects into what they say."""
_FILLED_IN: Final = re.compile(r"[(<:%]")


class PlainFormatter(logging.Formatter):
    """``time process level logger message``; an exception is its class and the lines it came through.

    The text of an exception is left out: it may quote a statement, a path or what a person wrote.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{at} {self._process} {record.levelname.lower()} {record.name} {_message(record)}"
        error = record.exc_info[1] if record.exc_info else None
        return f"{line}: {described(error)}" if error else line


def described(error: BaseException) -> str:
    """Return an exception as its class and where it was raised, innermost last, and so the one that caused it."""
    text = f"{type(error).__qualname__} at {_where(error.__traceback__)}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{text}, from {described(cause)}" if cause else text


def configure(process: str) -> None:
    """Send every logger of this process through the one formatter; called once, before anything else is imported."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter(process))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # a broken log line must not print its arguments
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_left_behind
    threading.excepthook = lambda arguments: _log_uncaught(
        arguments.exc_type, arguments.exc_value or arguments.exc_type(), arguments.exc_traceback
    )


def _where(traceback: TracebackType | None) -> str:
    places = []
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        places.append(f"{path.parent.name}/{path.name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " > ".join(places[-4:]) or "an unknown place"


def _message(record: logging.LogRecord) -> str:
    """Return the first line of a message: asyncio and others quote what failed on those that follow.

    Of a library that says too much, it is the words before whatever it fills in, and the errors among its arguments.
    """
    arguments = record.args
    if record.name.partition(".")[0] in _BY_WORD_ALONE:
        errors = [described(each) for each in arguments or () if isinstance(each, BaseException)]
        return ": ".join([_FILLED_IN.split(str(record.msg), maxsplit=1)[0].strip(" -"), *errors])[:_LONGEST]
    if isinstance(arguments, tuple):
        arguments = tuple(described(each) if isinstance(each, BaseException) else each for each in arguments)
    message = str(record.msg) % arguments if arguments else str(record.msg)
    lines = message.strip().splitlines()
    return lines[0][:_LONGEST] if lines else ""


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("jingshi").critical("stopped by an error", exc_info=(kind, error, traceback))


def _log_left_behind(left: "sys.UnraisableHookArgs") -> None:
    error = left.exc_value or left.exc_type()
    logging.getLogger("jingshi").error("an error was left behind", exc_info=(left.exc_type, error, left.exc_traceback))
