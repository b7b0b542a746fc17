"""The description of the Bot API (``tests/data/bot-api.json``): methods, parameters, types, limits; and refusals."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["malformed", "state", "limit", "unserved", "access"]

PRIMITIVES = frozenset({"String", "Integer", "Float", "Boolean", "True"})
_ARRAY = "Array of "


class Refused(Exception):
    """What the peer answers instead of a result.

    Its kind says whose mistake it is: ``malformed`` against the description, ``state`` against what there is at
    present, ``limit`` too much or at the wrong time, ``access`` not allowed, ``unserved`` valid but beyond this peer.
    """

    def __init__(
        self, description: str, code: int = 400, *, kind: Kind = "malformed", parameters: Json | None = None
    ) -> None:
        super().__init__(description)
        self.description = f"Bad Request: {description}" if code == 400 else description
        self.code = code
        self.kind = kind
        self.parameters = parameters

    @property
    def answer(self) -> Json:
        """The body of the answer, in the official shape."""
        more = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.code, "description": self.description, **more}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of an object: its types are alternatives."""

    types: tuple[str, ...]
    required: bool
    min: int | None = None
    max: int | None = None
    unit: str | None = None

    @property
    def compound(self) -> bool:
        """Whether it holds objects or lists, which a form carries as JSON."""
        return any(kind not in PRIMITIVES and kind != "InputFile" for kind in self.types)


Fields = Mapping[str, Field]


def _fields(given: Json) -> Fields:
    return {name: Field(**{**field, "types": tuple(field["types"])}) for name, field in given.items()}


def item(kind: str) -> str | None:
    """Return the type of the items, if ``kind`` is a list."""
    return kind.removeprefix(_ARRAY) if kind.startswith(_ARRAY) else None


def tag(base: str, subtype: str) -> str:
    """Return the value of ``type`` that tells a subtype: ``web_app`` for ``MenuButtonWebApp`` of ``MenuButton``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", subtype.removeprefix(base)).lower()


_READ: Json = json.loads((Path(__file__).parents[1] / "data" / "bot-api.json").read_text(encoding="utf-8"))
METHODS: Mapping[str, Fields] = {name: _fields(method["params"]) for name, method in _READ["methods"].items()}
NAMES: Mapping[str, str] = {name.lower(): name for name in METHODS}
ELSEWHERE = frozenset(name.lower() for name in _READ["known_methods"])  # official, but our bots do not use them
TYPES: Mapping[str, Fields] = {name: _fields(kind["fields"]) for name, kind in _READ["types"].items()}
SUBTYPES: Mapping[str, tuple[str, ...]] = {
    name: tuple(kind["subtypes"]) for name, kind in _READ["types"].items() if "subtypes" in kind
}
UPDATE_TYPES: tuple[str, ...] = tuple(_READ["update_types"])
