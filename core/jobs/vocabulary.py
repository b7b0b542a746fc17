"""What jobs are called and may carry, and what happens by the clock. Pure."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Protocol
from uuid import UUID

from core.db import Database
from core.errors import Invalid
from core.work import Actor, Work

_NAME: Final = re.compile(r"[a-z][a-z_]{1,39}")
_PART: Final = re.compile(r"[0-9a-f-]{1,36}")  # a UUID, a number or a date

Id = UUID | int


class Context(Protocol):
    """What a handler is given: the core of the worker, as far as this storey may know it."""

    @property
    def database(self) -> Database:
        """The database in which the jobs stand."""

    def work(self, actor: Actor, source: str, *, write: bool = True) -> AbstractAsyncContextManager[Work]:
        """Begin a piece of work: one transaction."""


Handler = Callable[..., Awaitable[object]]
"""``async def handler(context, *ids)``; it runs at least once, and again after a crash in between."""

TickSource = Callable[[Work], Awaitable[object]]
"""``async def tick(work)``: claims rows that are due at ``work.now()`` and enqueues their jobs, in one transaction."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick source: asked again and again by the real clock; what is due it finds out by the clock of ``work``."""

    name: str
    every: timedelta
    source: TickSource


class Jobs:
    """The handlers by the names of their jobs, and the tick sources, registered before the worker starts."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._ticks: list[Tick] = []

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Who carries out which job."""
        return MappingProxyType(self._handlers)

    @property
    def ticks(self) -> Sequence[Tick]:
        """What is asked by the clock."""
        return tuple(self._ticks)

    def handle(self, name: str, handler: Handler) -> None:
        """Let ``handler`` carry out the jobs of this name; raises `ValueError` for a name taken or malformed."""
        if not _NAME.fullmatch(name) or name in self._handlers:
            raise ValueError(f"a job cannot be named {name}")
        self._handlers[name] = handler

    def schedule(self, name: str, every: timedelta, tick: TickSource) -> None:
        """Ask ``tick`` what is due, every so often."""
        self._ticks.append(Tick(name, every, tick))


def written(name: str, key: str, ids: Sequence[Id]) -> list[str | int]:
    """Return what is stored of a job: its name and its ids.

    Raises `Invalid` unless the key is the name and ids after it, joined by colons, and everything else an id: a table
    of jobs that may hold text holds a report some day.
    """
    first, *parts = key.split(":")
    if first != name or not _NAME.fullmatch(name) or not parts or not all(map(_PART.fullmatch, parts)):
        raise Invalid("job_key")
    if any(type(each) not in {UUID, int} for each in ids):
        raise Invalid("job_not_ids")
    return [name, *(each if isinstance(each, int) else str(each) for each in ids)]


def read(stored: Sequence[str | int]) -> tuple[Id, ...]:
    """Return the ids that `written` stored."""
    return tuple(each if isinstance(each, int) else UUID(each) for each in stored)
