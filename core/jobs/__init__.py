"""Durable jobs: enqueued together with rows, carried out by a worker, on either database.

A job has a name, a key and ids: never text. Whether it is due is decided by our own tables: a tick claims due rows
under the application's clock and enqueues one job for each, under a key that names row and version. A job is carried
out at least once: its handler writes down what it is about to do before it does it. Nobody outside this package knows
the engine (DBOS).

Nothing that a reporter does enqueues a job: the engine notes moments to the millisecond. It writes a row of ours, whose
time is cut to the hour, and a tick finds it.
"""

from core.jobs.running import Pace, running
from core.jobs.store import Failed, cancel, enqueue, failed, is_table, migrate, sweep, unknown
from core.jobs.vocabulary import Context, Handler, Jobs, Tick, TickSource

__all__ = [
    "Context",
    "Failed",
    "Handler",
    "Jobs",
    "Pace",
    "Tick",
    "TickSource",
    "cancel",
    "enqueue",
    "failed",
    "is_table",
    "migrate",
    "running",
    "sweep",
    "unknown",
]
