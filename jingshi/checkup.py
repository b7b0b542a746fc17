"""What ``jingshi doctor`` looks at, as a table: first what can be seen from outside, then what an open core can see."""

import shutil
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pyrage

from core import access, audit, cases, registry
from core.app import App
from core.errors import JingshiError
from core.registry import BODIES, Role
from core.sealing import PROCESSES, load_process_keys
from core.settings import Settings
from core.work import Clock, Work
from jingshi import checkup_chats
from jingshi.backups import AUDITED
from jingshi.findings import Finding, Level, Said
from jingshi.operating import operating
from jingshi.telling import told
from jingshi.worker import heads

_SCARCE: Final = 1024**3  # bytes
_TOO_SCARCE: Final = 200 * 1024**2
_ENOUGH_HOLDERS: Final = 2
_HEAD_AGE: Final = timedelta(days=2)
_BACKUP_AGE: Final = timedelta(days=7)
_OCTOBER: Final = 10


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Yield the findings one by one; what cannot be looked at because of an earlier one is left out."""
    for about, look in _OUTSIDE:
        yield _found(about, look, settings)
    app = None
    try:
        app = App.for_process(settings, "desk")
        await app.open()
    except JingshiError as error:
        yield Finding("fail", "database", told(error))
        if app is not None:
            await app.close()
        return
    yield Finding("ok", "database", "reachable, of this version")
    try:
        for about, ask in _INSIDE:
            async with operating(app, write=False) as work:
                for level, text in await ask(app, work):
                    yield Finding(level, about, text)
    finally:
        await app.close()


def _found(about: str, look: Callable[[Settings], Said], settings: Settings) -> Finding:
    try:
        level, text = look(settings)
    except JingshiError as error:
        return Finding("fail", about, told(error))
    except OSError as error:
        return Finding("fail", about, f"{error.filename}: {error.strerror}")
    return Finding(level, about, text)


def _home(settings: Settings) -> Said:
    if not settings.home.exists():
        return "fail", f"{settings.home} is missing; run: jingshi init, or say with JINGSHI_HOME which home is meant"
    mode = settings.home.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return "fail", f"{settings.home} can be entered by others; run: chmod go-rwx {settings.home}"
    return "ok", str(settings.home)


def _keys(settings: Settings) -> Said:
    for process in PROCESSES:
        load_process_keys(settings.keys, process)
    return "ok", f"{settings.keys}: complete, and its owner's alone"


def _escrow(settings: Settings) -> Said:
    recipient = load_process_keys(settings.keys, "desk").escrow_recipient
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        return "fail", "escrow.pub holds no age recipient; nothing could be recovered"
    return "ok", recipient


def _upper_level(settings: Settings) -> Said:
    recipient = load_process_keys(settings.keys, "intake").upper_level_recipient
    if recipient is None:
        return "warn", "no public key of the upper level: reports that belong there are refused"
    return "ok", recipient


def _disk(settings: Settings) -> Said:
    free = shutil.disk_usage(settings.home).free
    text = f"{free // 1024**2} MiB free"
    return ("fail" if free < _TOO_SCARCE else "warn" if free < _SCARCE else "ok"), text


def _machine_clock(settings: Settings) -> Said:
    """TOTP goes by the machine's clock, which must not stand before something that was written already."""
    newest = max(path.stat().st_mtime for path in [settings.keys, settings.home, *settings.home.iterdir()])
    behind = datetime.fromtimestamp(newest, UTC) - Clock().now()
    if behind > timedelta(minutes=1):
        return "fail", f"the machine's clock is behind by {behind}; codes of authenticator apps will not fit"
    return "ok", f"{Clock().now():%Y-%m-%d %H:%M:%S} UTC"


async def _clock(app: App, _work: Work) -> list[Said]:
    if app.settings.now is None:
        return [("ok", "not moved")]
    return [("warn", f"moved to {app.clock.now():%Y-%m-%d %H:%M} UTC, as a demo home may")]


async def _holders(_app: App, work: Work) -> list[Said]:
    said: list[Said] = []
    for purpose in access.PURPOSES:
        key = work.shared.get(purpose)
        count = len(await access.people_with_seal(work, "shared_key", key.id)) if key else 0
        level: Level = "fail" if count == 0 else "warn" if count < _ENOUGH_HOLDERS else "ok"
        then = {"ok": "", "warn": "; two or more keep it safe", "fail": "; run: jingshi keys grant"}[level]
        said.append((level, f"{purpose}: {count} holders{then}"))
    return said


async def _bodies(_app: App, work: Work) -> list[Said]:
    said: list[Said] = []
    for body in sorted(BODIES):
        for role in (Role.INTAKE_CLERK, Role.SUPERVISOR):
            people = await registry.people_with_role(work, role, on=work.clock.today(), body=body)
            level: Level = "ok" if people else "fail" if role is Role.INTAKE_CLERK else "warn"
            then = "" if people else "; run: jingshi staff add"
            said.append((level, f"{body}: {len(people)} with the role {role}{then}"))
    return said


async def _calendar(_app: App, work: Work) -> list[Said]:
    today, years = work.clock.today(), work.policy.calendar.years
    how = "once the State Council has published it: jingshi calendar load"
    if today.year not in years:
        return [("fail", f"the work calendar lacks {today.year}, and deadlines wait for it; load it {how}")]
    if today.year + 1 not in years and today.month >= _OCTOBER:
        return [("warn", f"the work calendar lacks {today.year + 1}; load it {how}")]
    return [("ok", f"knows {today.year}")]


async def _packets(_app: App, work: Work) -> list[Said]:
    overdue = await cases.overdue_packets(work)
    if overdue:
        return [("warn", f"{overdue} overdue for the upper level: the commission's clerks hand them on and confirm it")]
    return [("ok", "none is overdue")]


async def _trail(_app: App, work: Work) -> list[Said]:
    verdict = await audit.verify_chain(work)
    if verdict.broken:
        return [("fail", f"broken: {verdict.broken}")]
    return [("ok", f"{verdict.chained} entries chained, {verdict.unchained} not yet")]


async def _head(app: App, work: Work) -> list[Said]:
    days = sorted(path.stem for path in heads(app).glob("????-??-??.json"))
    if not days:
        return [("warn", "no head was signed yet; the worker does so daily")]
    if work.clock.today() - date.fromisoformat(days[-1]) <= _HEAD_AGE:
        return [("ok", f"last signed for {days[-1]}")]
    if (await registry.installation(work.session)).is_demo:
        return [("ok", f"last signed for {days[-1]}, by the clock of the demo, which begins anew at each start")]
    return [("fail", f"last signed for {days[-1]}: does the worker run?")]


async def _backups(_app: App, work: Work) -> list[Said]:
    made = [each for each in await audit.entries(work, subject_id=AUDITED) if each.action.endswith(":made")]
    if not made:
        return [("warn", "no backup was made yet; run: jingshi backup --out FILE")]
    age = work.now() - made[0].at
    return [("warn" if age > _BACKUP_AGE else "ok", f"last made on {made[0].at:%Y-%m-%d}")]


_OUTSIDE: Final[tuple[tuple[str, Callable[[Settings], Said]], ...]] = (
    ("home", _home),
    ("key files", _keys),
    ("escrow", _escrow),
    ("upper level", _upper_level),
    ("disk", _disk),
    ("machine clock", _machine_clock),
)
_INSIDE: Final[tuple[tuple[str, Callable[[App, Work], Awaitable[list[Said]]]], ...]] = (
    ("clock", _clock),
    ("shared keys", _holders),
    ("bodies", _bodies),
    ("calendar", _calendar),
    ("packets", _packets),
    ("informant bot", checkup_chats.informant),
    ("liaison bot", checkup_chats.liaison),
    ("channels", checkup_chats.channels),
    ("outbox", checkup_chats.owed),
    ("jobs", checkup_chats.failed_jobs),
    ("audit trail", _trail),
    ("audit head", _head),
    ("backups", _backups),
)
