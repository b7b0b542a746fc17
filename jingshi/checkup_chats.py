"""What ``jingshi doctor`` looks at of chats: the bots, who accepted their channels, what is owed, what failed."""

from collections import Counter
from datetime import timedelta
from typing import Final

from core import jobs, outbox, registry
from core.app import App
from core.errors import Misconfigured
from core.work import Work
from jingshi.findings import Said
from jingshi.telling import told

_LONG_OWED: Final = timedelta(hours=1)
_NEEDS_SOMEBODY: Final = ("failed", "unknown")


async def informant(app: App, work: Work) -> list[Said]:
    """Say whether the bot for residents is on, and how its messages come in; if not, why."""
    return await _bot(app, work, "informant", app.settings.informant_token)


async def liaison(app: App, work: Work) -> list[Said]:
    """Say the same of the bot for stations."""
    return await _bot(app, work, "liaison", app.settings.liaison_token)


async def _bot(app: App, work: Work, name: str, token: str | None) -> list[Said]:
    if token is None:
        return [("ok", f"off: this environment has no JINGSHI_{name.upper()}_TOKEN")]
    hook = app.settings.webhook(name)
    on = f"on, by webhook at {hook}" if hook else "on, by long polling"
    try:
        await registry.require_accepted(work, "telegram")
    except Misconfigured as error:
        return [("warn", f"off: {told(error)}")]
    return [("ok", on)]


async def channels(_app: App, work: Work) -> list[Said]:
    """Say who accepted which channel abroad, when and on what assessment (PIPL 36, 55)."""
    accepted = await registry.accepted_channels(work)
    if not accepted:
        return [("ok", "no channel abroad is accepted")]
    return [
        ("ok", f"{each.channel}: accepted by {each.accepted_by} on {each.accepted_on}, assessment: {each.assessment}")
        for each in accepted
    ]


async def owed(_app: App, work: Work) -> list[Said]:
    """Say how many messages the outbox owes, and how those before them fared."""
    figures = await outbox.figures(work)
    text = ", ".join(f"{count} {state}" for state, count in figures.by_state.items() if count) or "empty"
    waited = figures.oldest_queued
    if waited is not None and waited > _LONG_OWED:
        return [
            ("warn", f"{text}; the oldest has waited for {waited // timedelta(hours=1)} hours: does the worker run?")
        ]
    return [("warn" if any(figures.by_state[state] for state in _NEEDS_SOMEBODY) else "ok", text)]


async def failed_jobs(_app: App, work: Work) -> list[Said]:
    """Say which jobs are not tried any more, by name and class of error."""
    kinds = Counter((each.key.partition(":")[0], each.error) for each in await jobs.failed(work))
    if not kinds:
        return [("ok", "none failed")]
    return [
        ("warn", f"{count} of {name} failed with {error}; they are not tried again")
        for (name, error), count in kinds.items()
    ]
