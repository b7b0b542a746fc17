"""ETags: what a caller saw of an item or a case, so that nobody acts without having seen the last word."""

from dataclasses import astuple
from hashlib import sha256

from core.cases import ItemSummary
from core.cases.proceedings import CaseSummary
from core.errors import Stale
from core.stations import HeadsMeetingView
from core.warnings import MeasureSummary


def revision(item: ItemSummary) -> str:
    """Return the ETag of an item's clear facts, which change with every entry of its thread."""
    facts = "\0".join(str(value) for value in astuple(item))
    return f'"{sha256(facts.encode()).hexdigest()[:24]}"'


def require_seen(item: ItemSummary, seen: str | None) -> None:
    """Raise `Stale` (``item_changed``) when the caller names a revision that is not the present one."""
    if seen and seen != "*" and seen.removeprefix("W/") != revision(item):
        raise Stale("item_changed")


def case_revision(version: int) -> str:
    """Return the ETag of a case: its version, which counts its steps."""
    return f'"{version}"'


def require_case_seen(case: CaseSummary, seen: str | None) -> None:
    """Raise `Stale` (``case_changed``) when the caller names a version that is not the present one."""
    if seen and seen != "*" and seen.removeprefix("W/") != case_revision(case.version):
        raise Stale("case_changed")


def require_measure_seen(measure: MeasureSummary, seen: str | None) -> None:
    """Raise `Stale` (``measure_changed``) when the caller names a version that is not the present one."""
    if seen and seen != "*" and seen.removeprefix("W/") != case_revision(measure.version):
        raise Stale("measure_changed")


def require_obligation_seen(version: int, seen: str | None) -> None:
    """Raise `Stale` (``obligation_changed``) when the caller names a version that is not the present one."""
    if seen and seen != "*" and seen.removeprefix("W/") != case_revision(version):
        raise Stale("obligation_changed")


def heads_revision(meeting: HeadsMeetingView) -> str:
    """Return the ETag of a meeting of the station heads: of all that stands of it in clear."""
    facts = "\0".join(str(value) for value in astuple(meeting))
    return f'"{sha256(facts.encode()).hexdigest()[:24]}"'


def require_heads_seen(meeting: HeadsMeetingView, seen: str | None) -> None:
    """Raise `Stale` (``meeting_changed``) when the caller names a revision that is not the present one."""
    if seen and seen != "*" and seen.removeprefix("W/") != heads_revision(meeting):
        raise Stale("meeting_changed")
