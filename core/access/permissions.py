"""Who may do what: `permissions.toml`, read once, and the questions that verbs ask of it. What it lacks is denied."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from core.errors import Denied, Misconfigured, NotSignedIn
from core.registry.kinds import BODIES
from core.registry.roles import Role
from core.work import Actor, Held, Staff, System, Work

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed_in"
OPERATOR: Final = "operator"
_OPERATED: Final = frozenset({"cli", "worker"})  # the edges that only the machine itself can be at
_NO_ROLES: Final = frozenset({PUBLIC, SIGNED_IN, OPERATOR})

ROLES: Final = frozenset(str(role) for role in Role) - {str(Role.REPORTER)}
"""The roles of rules 3.1 that a person signed in may hold; a reporter never signs in, and is the public."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the matrix: who has it, the deciding bodies in which it gives nothing, and the rule that says so."""

    name: str
    held_by: frozenset[str]
    not_in: frozenset[str]
    why: str

    def given_by(self, held: Held) -> bool:
        """Return whether holding this role there gives the permission."""
        return held.role in self.held_by and held.body not in self.not_in


def parse(text: str) -> Mapping[str, Permission]:
    """Return the rows that the TOML ``text`` describes; raise `Misconfigured`, naming the row that does not fit."""
    rows = {}
    for group, permissions in tomllib.loads(text).items():
        for verb, row in permissions.items():
            name, held_by = f"{group}.{verb}", frozenset(row.get("held_by", ()))
            not_in = frozenset(row.pop("not_in", ()))
            fits = row.keys() == {"held_by", "why"} and not_in <= BODIES and not held_by - ROLES - _NO_ROLES
            if not fits or not row["why"] or not held_by:
                raise Misconfigured(f"permission {name} needs known holders and a reason, and nothing else")
            rows[name] = Permission(name, held_by, not_in, row["why"])
    return MappingProxyType(rows)


PERMISSIONS: Final = parse(files(__package__).joinpath("permissions.toml").read_text(encoding="utf-8"))
"""Every permission by name; one that is not here is a slip in the code, and a `KeyError`."""


def may(actor: Actor | None, permission: str, *, body: str | None = None) -> bool:
    """Return whether ``actor`` (``None``: nobody is signed in) has the permission, in ``body`` if one is named.

    A process acting for nobody has what the public has; for the operator see `permit_operated`.
    """
    row = PERMISSIONS[permission]
    if PUBLIC in row.held_by:
        return True
    if not isinstance(actor, Staff):
        return False
    return SIGNED_IN in row.held_by or any(
        row.given_by(held) and (body is None or held.body == body) for held in actor.held
    )


def permit(work: Work, permission: str, *, body: str | None = None) -> Staff:
    """Return the member of staff at work, who has the permission, in the deciding ``body`` if one is named.

    Raises `NotSignedIn`, or `Denied` (``not_permitted``).
    """
    staff = signed_in(work)
    if not may(staff, permission, body=body):
        raise Denied("not_permitted", permission=permission)
    return staff


def permit_operated(work: Work, permission: str) -> None:
    """Let pass who has the permission: staff, or a command or the clock where the matrix names the operator.

    Raises as `permit`.
    """
    operated = isinstance(work.actor, System) and work.source in _OPERATED
    if not (operated and OPERATOR in PERMISSIONS[permission].held_by):
        permit(work, permission)


def signed_in(work: Work) -> Staff:
    """Return the member of staff at work, whatever they may do; raise `NotSignedIn`."""
    if not isinstance(work.actor, Staff):
        raise NotSignedIn("not_signed_in")
    return work.actor


def bodies(work: Work, permission: str) -> frozenset[str]:
    """Return the deciding bodies in which the member of staff at work has the permission; raise `NotSignedIn`."""
    row = PERMISSIONS[permission]
    return frozenset(held.body for held in signed_in(work).held if row.given_by(held) and held.body is not None)
