"""What the figures were measured on. No name of a host."""

import os
import platform
import sqlite3
import time
from datetime import date
from pathlib import Path
from typing import Final

import psutil
import psycopg

from bench.figures import median
from bench.processes import MIB

_WRITES: Final = 100
_PAGE: Final = 4096


def describe(folder: Path, postgresql_url: str) -> dict[str, str | float]:
    """Return cores, memory, versions, the load before the run, and what one durable write costs in ``folder``."""
    with psycopg.connect(postgresql_url) as connection:
        version = connection.info.server_version
    return {
        "day": date.today().isoformat(),  # noqa: DTZ011, TID251 - the day of the machine that measured
        "cores": os.cpu_count() or 0,
        "memory_gib": round(psutil.virtual_memory().total / MIB / 1024, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": f"{version // 10_000}.{version % 10_000}",
        "load_before": round(os.getloadavg()[0], 2),
        "durable_write_ms": round(durable_write(folder) * 1000, 2),
    }


def durable_write(folder: Path) -> float:
    """Return the median seconds to append one page to a file and to have it on the disk."""
    path, seconds = folder / "probe", []
    with path.open("wb", buffering=0) as probe:
        for _ in range(_WRITES):
            begun = time.perf_counter()
            probe.write(bytes(_PAGE))
            os.fdatasync(probe.fileno())
            seconds.append(time.perf_counter() - begun)
    path.unlink()
    return median(seconds)
