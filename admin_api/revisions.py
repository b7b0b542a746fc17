"""ETags: what a caller saw of an item, so that nobody answers without having seen the last word."""

from dataclasses import astuple
from hashlib import sha256

from core.cases import ItemSummary
from core.errors import Stale


def revision(item: ItemSummary) -> str:
    """Return the ETag of an item's clear facts, which change with every entry of its thread."""
    facts = "\0".join(str(value) for value in astuple(item))
    return f'"{sha256(facts.encode()).hexdigest()[:24]}"'


def require_seen(item: ItemSummary, seen: str | None) -> None:
    """Raise `Stale` (``item_changed``) when the caller names a revision that is not the present one."""
    if seen and seen != "*" and seen.removeprefix("W/") != revision(item):
        raise Stale("item_changed")
