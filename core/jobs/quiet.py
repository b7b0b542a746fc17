"""The engine's own log quotes statements, addresses and arguments; of it, one plain line remains."""

import logging
from time import monotonic
from typing import Final

LOG: Final = logging.getLogger(__name__)
_PAUSE: Final = 60.0  # seconds


class _OneLine(logging.Handler):
    """Says that there is trouble, and where, at most once a minute: every thread of the engine reports an outage."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._due = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, unless it was said just now or is the end of a job that was logged already."""
        error = record.exc_info[1] if record.exc_info else None
        if monotonic() < self._due or isinstance(error, Parked):
            return
        self._due = monotonic() + _PAUSE
        LOG.warning("the job engine is in trouble and tries again (%s:%d)", record.filename, record.lineno)


class Parked(Exception):
    """A job that failed too often. Its text goes into the database: the name of a class of error, and nothing else."""


def silence() -> None:
    """Say nothing more until the engine starts again: what a stop interrupts is begun anew."""
    logging.getLogger("dbos").setLevel(logging.CRITICAL + 1)


def quieten() -> None:
    """Take the engine's logger over; it adds no handler of its own to one that has one."""
    logger = logging.getLogger("dbos")
    if not any(isinstance(each, _OneLine) for each in logger.handlers):
        logger.handlers = [_OneLine()]
    logger.propagate = False
