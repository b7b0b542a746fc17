"""What coverage leaves out. Python runs at half its pace while it is measured, whatever the code."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage

_TOLD = "COVERAGE_PROCESS_CONFIG"  # by which coverage begins in processes


@contextmanager
def unmeasured() -> Iterator[None]:
    """Measure neither what is done in this block nor the processes that are started in it.

    A worker of xdist has several measurements, one upon the other: when one stops, the one below goes on.
    """
    told, stopped = os.environ.pop(_TOLD, None), []
    while (measuring := Coverage.current()) is not None:
        measuring.stop()
        stopped.append(measuring)
    try:
        yield
    finally:
        for measuring in reversed(stopped):
            measuring.start()
        if told is not None:
            os.environ[_TOLD] = told


def for_an_unmeasured_process() -> dict[str, str]:
    """Return the environment for a process that is none of the product, or is killed before it could tell anything."""
    return {name: value for name, value in os.environ.items() if name != _TOLD}
