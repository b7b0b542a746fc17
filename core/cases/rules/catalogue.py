"""The published catalogue of manifestations in its versions (S48 to S59): what may be charged, and from when. Pure.

Conduct is judged by the version that stood published on its day; what was done before the first one, or with reasons
that nobody wrote down, cannot be charged.
"""

import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

import core.policy
from core.errors import Conflict, Invalid, Misconfigured
from core.policy.profile import MARKS

LOCALE: Final = Path(__file__).parent / "locale"
"""The words of every version, as ``manifestation.<version>.<id>`` and with ``.more`` in full."""


@dataclass(frozen=True, slots=True)
class Manifestation:
    """One entry of a version, ``M1`` to ``M8``; ``second_approver`` asks for reasons and a second person (S59)."""

    id: str
    source: str
    second_approver: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of the catalogue; ``mark`` and ``source`` speak of its day, as in a policy profile."""

    number: int
    published_on: date
    mark: str
    source: str
    manifestations: Mapping[str, Manifestation]

    def text_id(self, manifestation: str) -> str:
        """Return the id under which the words of a manifestation are in the catalogue of texts."""
        return f"manifestation.{self.number}.{manifestation}"


def parse(text: str) -> tuple[Version, ...]:
    """Return the versions that the TOML ``text`` describes; raise `Misconfigured`, naming the one that does not fit."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"catalogue: {error}") from None
    versions = tuple(_version(place, name, table) for place, (name, table) in enumerate(tables.items(), start=1))
    days = [version.published_on for version in versions]
    if not days or days != sorted(set(days)):
        raise Misconfigured("catalogue: each version is published later than the one before it")
    return versions


def _version(place: int, name: str, table: object) -> Version:
    expected = {"published_on", "mark", "source", "manifestations"}
    if name != str(place) or not isinstance(table, dict) or table.keys() != expected:
        raise Misconfigured(f"catalogue: version {name} needs the number {place} and {', '.join(sorted(expected))}")
    day, rows = table["published_on"], table["manifestations"]
    if type(day) is not date or table["mark"] not in MARKS or not table["source"] or not rows:
        raise Misconfigured(f"catalogue: version {name} needs a day, a mark, its source and manifestations")
    entries = {each: _manifestation(name, each, row) for each, row in rows.items()}
    return Version(place, day, table["mark"], table["source"], MappingProxyType(entries))


def _manifestation(version: str, name: str, row: Mapping[str, object]) -> Manifestation:
    source, second = row.get("source"), row.get("second_approver", False)
    if row.keys() - {"source", "second_approver"} or not isinstance(source, str) or type(second) is not bool:
        raise Misconfigured(f"catalogue: {name} of version {version} needs a source, and nothing it does not know")
    return Manifestation(name, source, second)


VERSIONS: Final = parse(files(core.policy).joinpath("catalogue.toml").read_text(encoding="utf-8"))
"""Every version that was published, oldest first."""


def catalogue_on(day: date, versions: Sequence[Version] = VERSIONS) -> Version:
    """Return the version that stood published on ``day``; raise `Conflict` ``conduct_before_publication``."""
    standing = [version for version in versions if version.published_on <= day]
    if not standing:
        raise Conflict("conduct_before_publication")
    return standing[-1]


def chargeable(
    manifestation: str,
    conduct_on: date,
    *,
    reasons: str,
    approvers: Sequence[Hashable],
    versions: Sequence[Version] = VERSIONS,
) -> None:
    """Return if conduct of that day may be charged under a manifestation; the catch-all needs reasons and two persons.

    ``approvers`` are natural persons; the same one twice counts once (I3).

    Raises:
        Conflict: ``conduct_before_publication``, or ``second_approver_needed``.
        Invalid: ``unknown_manifestation``, or ``reasons_needed``.
    """
    entry = catalogue_on(conduct_on, versions).manifestations.get(manifestation)
    if entry is None:
        raise Invalid("unknown_manifestation", field="manifestation")
    if not entry.second_approver:
        return
    if not reasons.strip():
        raise Invalid("reasons_needed", field="reasons")
    if len(set(approvers)) < 2:  # noqa: PLR2004 - a second person (S59)
        raise Conflict("second_approver_needed")
