"""The worker: what has to happen by the clock, as a table, each turn of each row in a transaction of its own."""

import asyncio
import json
import logging
import os
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from core import access, attachments, audit, cases, deadlines, drafts, outbox, presence, stations, updates, warnings
from core.app import App
from core.errors import JingshiError, Unavailable
from core.jobs import TickSource
from core.work import System, Work
from jingshi import destruction

LOG: Final = logging.getLogger(__name__)
_ACTOR: Final = System("worker")
_TURN: Final = 1.0  # seconds
_LONGEST_WAIT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do again and again, by the real clock; what is due the verb finds out by the clock of ``work``."""

    name: str
    every: timedelta
    verb: Callable[[App, Work], Awaitable[object]]


async def _seal_audit(_app: App, work: Work) -> None:
    await audit.seal_entries(work)


async def _sign_head(app: App, work: Work) -> None:
    head = await audit.sign_head(work)
    if head is None:
        return
    facts = {"day": head.day.isoformat(), "seq": head.seq, "hash": head.hash.hex(), "signature": head.signature.hex()}
    await asyncio.to_thread(_replace, heads(app) / f"{head.day}.json", json.dumps(facts) + "\n")


async def _carry_out_withdrawals(app: App, work: Work) -> None:
    await _list_destroyed(app, work, await cases.carry_out_withdrawals(work))


async def _erase_packets(app: App, work: Work) -> None:
    await _list_destroyed(app, work, await cases.erase_packets(work))


async def _destroy_cases(app: App, work: Work) -> None:
    await _list_destroyed(app, work, await cases.proceedings.destroy_cases(work))
    await warnings.destroy_answers(work)
    await stations.destroy_unused(work)


async def _clear_turned_away(app: App, work: Work) -> None:
    await _list_destroyed(app, work, await cases.cards.clear_turned_away(work))


async def _mark_overdue(_app: App, work: Work) -> None:
    await cases.proceedings.mark_overdue(work)


async def _find_missing_days(_app: App, work: Work) -> None:
    await deadlines.find_missing_days(work)


async def _list_destroyed(app: App, work: Work, item_ids: Sequence[UUID]) -> None:
    """List what was destroyed before the commit: it is on the list even if we die in between."""
    if item_ids:
        await work.session.flush()
        path = app.settings.keys / destruction.NAME
        await asyncio.to_thread(destruction.append, path, item_ids, key=work.keys.signing_key)


async def _expire_drafts(_app: App, work: Work) -> None:
    await drafts.expire(work)


async def _carry_out_forgettings(_app: App, work: Work) -> None:
    await outbox.carry_out_forgettings(work)


async def _erase_left(_app: App, work: Work) -> None:
    await stations.erase_left(work)


async def _drop_over(_app: App, work: Work) -> None:
    await outbox.drop_over(work)


async def _expire_updates(_app: App, work: Work) -> None:
    await updates.expire(work)


async def _sweep_attachments(app: App, work: Work) -> None:
    limit = app.policy.bytes("attachment_size")
    await attachments.sweep(work, attachments.Vault(app.settings.attachments, limit, app.clock))


async def _sweep_access(_app: App, work: Work) -> None:
    await access.sweep(work)


async def _expire_presence(_app: App, work: Work) -> None:
    await presence.expire(work)


async def _drop_ended(_app: App, work: Work) -> None:
    await access.drop_ended(work)


TICKS: Final = (
    Tick("chain the audit entries", timedelta(seconds=1), _seal_audit),
    Tick("carry out withdrawals", timedelta(seconds=5), _carry_out_withdrawals),
    Tick("erase packets that were handed on", timedelta(seconds=5), _erase_packets),
    Tick("destroy cases that were signed away", timedelta(minutes=1), _destroy_cases),
    Tick("clear items that were turned away", timedelta(minutes=1), _clear_turned_away),
    Tick("mark replies that are overdue", timedelta(minutes=1), _mark_overdue),
    Tick("find days that waited for a calendar", timedelta(minutes=5), _find_missing_days),
    Tick("forget chats that wish it", timedelta(seconds=5), _carry_out_forgettings),
    Tick("erase where people of stations are told no more", timedelta(seconds=5), _erase_left),
    Tick("expire drafts", timedelta(minutes=1), _expire_drafts),
    Tick("sign the audit head", timedelta(minutes=1), _sign_head),
    Tick("drop seals of ended appointments", timedelta(minutes=15), _drop_ended),
    Tick("sweep sessions, openings, tries and repeats", timedelta(minutes=5), _sweep_access),
    Tick("forget who was here", timedelta(minutes=1), _expire_presence),
    Tick("drop messages that are over", timedelta(minutes=5), _drop_over),
    Tick("forget updates that were applied", timedelta(minutes=5), _expire_updates),
    Tick("sweep attachments", timedelta(minutes=5), _sweep_attachments),
)


def heads(app: App) -> Path:
    """Return the folder from which an outside keeper fetches the signed heads of the audit trail."""
    return app.settings.home / "audit-heads"


def all_ticks(app: App) -> tuple[Tick, ...]:
    """Return the table above, and the sources of jobs that the core has registered."""
    return (*TICKS, *(Tick(each.name, each.every, _asking(each.source)) for each in app.jobs.ticks))


def _asking(source: TickSource) -> Callable[[App, Work], Awaitable[object]]:
    return lambda _app, work: source(work)


async def run(app: App, stop: asyncio.Event, *, ticks: tuple[Tick, ...] = TICKS) -> None:
    """Do what is due until ``stop`` is set; an expected failure of one tick is logged and stops no other."""
    now = asyncio.get_running_loop().time
    due = dict.fromkeys(ticks, now())
    failures = dict.fromkeys(ticks, 0)
    while not stop.is_set():
        for tick in ticks:
            if due[tick] <= now():
                failures[tick] = 0 if await turn(app, tick) else failures[tick] + 1
                due[tick] = now() + pause(tick, failures[tick])
        try:
            async with asyncio.timeout(_TURN):
                await stop.wait()
        except TimeoutError:
            continue


async def turn(app: App, tick: Tick) -> bool:
    """Do one tick in one transaction; return whether it was done."""
    try:
        async with app.work(_ACTOR, "worker") as work:
            await tick.verb(app, work)
    except Unavailable:
        LOG.warning("%s: the store is unavailable", tick.name)
        return False
    except JingshiError as error:
        LOG.error("%s: %s %s", tick.name, type(error).__name__, error.code)  # noqa: TRY400 - a trace says no more
        return False
    except OSError as error:  # a file beside the database: the disk is full, say
        LOG.error("%s: %s %s", tick.name, type(error).__name__, error.errno)  # noqa: TRY400 - as above
        return False
    return True


def pause(tick: Tick, failures: int) -> float:
    """Return the seconds until a tick's next turn: longer after each failure in a row, and never all at once."""
    seconds = tick.every.total_seconds()
    if failures:
        seconds = min(max(seconds, 2.0**failures), max(seconds, _LONGEST_WAIT))
        seconds *= random.uniform(0.75, 1.25)  # noqa: S311 - no secret hangs on it
    return seconds


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)
