"""The doctor warns of packets for the upper level that should have been handed on."""

import asyncio
import json
from pathlib import Path

from core.app import App
from core.sealing import new_escrow
from core.settings import Settings
from tests.core.cases.builders import submitted
from tests.jingshi.conftest import Terminal

RECEIVED, LAST_DAY, AFTER = (f"2026-09-{day}T09:00:00+08:00" for day in ("01", "08", "09"))


def test_a_packet_that_waits_beyond_its_last_day_is_warned_of(
    jingshi: Terminal, environment: dict[str, str], escrow_file: Path
) -> None:
    upper = new_escrow().recipient
    words = ["--demo", "--escrow-out", escrow_file, "--upper-level-recipient", upper]
    assert jingshi("init", "--district", "某区", *words).code == 0
    asyncio.run(_submit(Settings.from_environment({**environment, "JINGSHI_NOW": RECEIVED})))
    assert _said(jingshi, LAST_DAY) == {"about": "packets", "level": "ok", "text": "none is overdue"}
    assert _said(jingshi, AFTER)["level"] == "warn"
    assert _said(jingshi, AFTER)["text"].startswith("1 overdue")


async def _submit(settings: Settings) -> None:
    app = App.for_process(settings, "intake")
    try:
        await submitted(app, subject_kind="leading_group_member")
    finally:
        await app.close()


def _said(jingshi: Terminal, now: str) -> dict[str, str]:
    found = json.loads(jingshi("doctor", "--json", JINGSHI_NOW=now).out)
    (said,) = [each for each in found if each["about"] == "packets"]
    return dict(said)
