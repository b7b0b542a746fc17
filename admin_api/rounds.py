"""A round as a workbook: one row for each station, in plain words, without the name of a person."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from starlette.responses import Response

from admin_api.books import saved, sheet
from admin_api.texts import speak
from core.stations import Export, Row
from core.work import SHANGHAI

COLUMNS: Final = (
    "quarter",
    "code",
    "station",
    "under",
    "answer",
    "nil",
    "late",
    "submitted_at",
    "signed_at",
    "by_telephone",
    "reminders",
)
_WIDTHS: Final = (10, 20, 32, 28, 18, 10, 10, 18, 18, 12, 10)


async def round_workbook(export: Export, language: str) -> Response:
    """Return a round as .xlsx, to be saved."""
    content = await asyncio.to_thread(written, export, language)
    return saved(content, f"stations-{export.round.quarter}.xlsx")


def written(export: Export, language: str) -> bytes:
    """Return the bytes of a round as .xlsx."""
    translate = speak(language)
    headings = [translate(f"station.out.{each}") for each in COLUMNS]
    rows = [_cells(export.round.quarter, each, language) for each in export.rows]
    return sheet(export.round.quarter, headings, rows, _WIDTHS)


def _cells(quarter: str, row: Row, language: str) -> Sequence[str | int]:
    translate = speak(language)
    yes_no = {True: translate("station.out.yes"), False: ""}
    return (
        quarter,
        row.station.code,
        row.station.label(language),
        row.under.label(language) if row.under else "",
        translate(f"station.answer.{row.answer}"),
        yes_no[row.is_nil],
        yes_no[row.is_late],
        _moment(row.submitted_at),
        _moment(row.signed_at),
        yes_no[row.by_telephone],
        row.reminders,
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""
