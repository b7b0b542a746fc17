"""The supervisor: takes the ports, checks the home, and keeps the processes running until it is told to stop.

It loads the program once and forks, so that three processes start in the time of one. It holds no key: the check runs
in a process of its own, and each process loads its own keys after the fork. The ports stay taken while a process starts
anew, so that requests wait instead of being refused.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, NoReturn

import click

from core.app import App
from core.errors import JingshiError, Unavailable
from core.settings import Settings
from core.work import Clock
from jingshi import logs
from jingshi.lock import only_one
from jingshi.processes import KINDS, address, listen, run_process
from jingshi.telling import complain, told

LOG: Final = logging.getLogger(__name__)
CANNOT_START: Final = 1
BROKEN: Final = 70  # EX_SOFTWARE of sysexits.h
TRY_AGAIN: Final = 75  # EX_TEMPFAIL: the database is down, say
_STOP: Final = frozenset({signal.SIGTERM, signal.SIGINT})
_WATCHED: Final = _STOP | {signal.SIGCHLD}
_SECONDS_TO_STOP: Final = 8.0
_STEADY: Final = 30.0  # seconds; a process that lived this long does not fail to start
_MOST_FAILURES: Final = 8
_LONGEST_PAUSE: Final = 10.0


@dataclass
class Child:
    """One process and how it has fared; ``pid`` is 0 while it does not run."""

    kind: str
    taken: socket.socket | None
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


def supervise(settings: Settings, *, kinds: Sequence[str] = KINDS) -> int:
    """Run the processes until SIGTERM or Ctrl-C; return an exit code: 0 when it was told to stop.

    Raises `Misconfigured` when another one runs on this home or a port is taken. What else keeps the processes from
    starting is one line on the standard error, and the code 1. Call it from a program without threads.
    """
    with ExitStack() as stack:
        stack.enter_context(only_one(settings.home, "serve"))
        children = []
        for kind in kinds:
            taken = stack.enter_context(listen(settings, kind)) if kind != "worker" else None
            children.append(Child(kind, taken))
        gc.collect()
        gc.freeze()  # pages that the collector leaves alone stay shared between the processes
        _, status = os.waitpid(_fork(lambda: _start(lambda: asyncio.run(_check(settings, kinds)))), 0)
        code = os.waitstatus_to_exitcode(status)
        return code or _keep_running(settings, children)


def say_ready(settings: Settings, kind: str) -> None:
    """Print the line that says that a process answers."""
    host, port = address(settings, kind)
    place = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    click.echo(f"{kind:8}{'running' if kind == 'worker' else place}")


async def _check(settings: Settings, kinds: Sequence[str]) -> None:
    """Open the core of every process once; raises what would keep it from starting."""
    for kind in kinds:
        app = App.for_process(settings, kind)
        try:
            await app.open()
        finally:
            await app.close()


def _keep_running(settings: Settings, children: Sequence[Child]) -> int:
    clock = Clock(settings.now)
    life, held = os.pipe()  # its end is seen by every child when this process dies, however it dies
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    try:
        while True:
            for child in children:
                if not child.pid and child.due <= monotonic():
                    moved = replace(settings, now=clock.now()) if settings.now else settings
                    _spawn(child, moved, life=life, held=held)
            happened = signal.sigtimedwait(_WATCHED, _until_due(children))
            if happened is not None and happened.si_signo in _STOP:
                return 0
            code = next((code for child in children if (code := _look_after(child))), 0)
            if code:
                return code
    finally:
        _stop(children)
        os.close(life)
        os.close(held)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)


def _spawn(child: Child, settings: Settings, *, life: int, held: int) -> None:
    def run() -> None:
        os.close(held)
        logs.configure(child.kind)
        run_process(
            settings, child.kind, taken=child.taken, tied_to=life, ready=lambda: say_ready(settings, child.kind)
        )

    child.started = monotonic()
    child.pid = _fork(lambda: _start(run))


def _look_after(child: Child) -> int:
    """Note whether the child has ended and when it is due again; return an exit code when it cannot go on."""
    code = _ended(child)
    if code is None:
        return 0
    if code == CANNOT_START:  # it has said why
        return code
    lived = monotonic() - child.started
    child.failures = 1 if lived > _STEADY else child.failures + 1
    if child.failures > _MOST_FAILURES:
        complain(f"{child.kind} does not stay up; everything is stopped")
        return BROKEN
    pause = min(0.25 * 2 ** (child.failures - 1), _LONGEST_PAUSE)
    child.due = monotonic() + pause
    LOG.warning("%s ended with %s and starts anew in %.2f s", child.kind, code, pause)
    return 0


def _ended(child: Child) -> int | None:
    """Return the exit code of a child that has ended; negative: the signal that ended it."""
    if not child.pid:
        return None
    pid, status = os.waitpid(child.pid, os.WNOHANG)
    if not pid:
        return None
    child.pid = 0
    return os.waitstatus_to_exitcode(status)


def _until_due(children: Sequence[Child]) -> float:
    waiting = [max(0.0, child.due - monotonic()) for child in children if not child.pid]
    return min(waiting, default=3600.0)


def _stop(children: Sequence[Child]) -> None:
    """End every child: politely, and after a few seconds at once."""
    until = monotonic() + _SECONDS_TO_STOP
    _send(children, signal.SIGTERM)
    while any(child.pid for child in children):
        left = until - monotonic()
        if left <= 0:
            _send(children, signal.SIGKILL)
        signal.sigtimedwait({signal.SIGCHLD}, max(left, 0.1))
        for child in children:
            _ended(child)


def _send(children: Sequence[Child], number: signal.Signals) -> None:
    for child in children:
        if child.pid:
            os.kill(child.pid, number)


def _start(run: Callable[[], None]) -> int:
    """Run what a child is for; return its exit code, after one line about what kept it from running."""
    try:
        run()
    except Unavailable:
        complain("the database cannot be reached; nothing was changed")
        return TRY_AGAIN
    except JingshiError as error:
        complain(told(error))
        return CANNOT_START
    return 0


def _fork(run: Callable[[], int]) -> int:
    """Return the id of a child that runs ``run`` and exits with what it returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fork() or _leave(run)


def _leave(run: Callable[[], int]) -> NoReturn:
    code = BROKEN
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        code = run()
    except Exception:
        LOG.critical("stopped by an error", exc_info=True)
    finally:  # nothing of the supervisor's may run here: neither what it cleans up nor what it prints
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
