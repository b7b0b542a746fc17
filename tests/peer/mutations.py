"""Every way to make a valid request wrong that follows from the description."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.peer.checking import Upload
from tests.peer.description import METHODS, SUBTYPES, TYPES, Field, Fields, Json, item, tag

Path = tuple[str | int, ...]
SHAPES: tuple[object, ...] = ("text", 7, 1.5, True, None, [[None]], {"never heard of": 7})
_AS_JSON = {str: "String", bool: "Boolean", int: "Integer", float: "Float"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A wrong request, and what was done to it: ``where`` tells parameter, types and fields, not which of a list."""

    where: str
    what: str
    request: Json


@dataclass(frozen=True, slots=True)
class Spot:
    """A value within a request, and what the description says of it."""

    where: str
    path: Path
    field: Field
    value: object


def mutations(method: str, valid: Json, *, form: bool) -> Iterator[Mutation]:
    """Give every mutation of a valid request; a form cannot make a string anything but a string."""
    yield from _names("", (), valid, METHODS[method], valid)
    for spot in _spots(method, valid):
        for what, wrong in _wrong(spot.field, spot.value, form=form and len(spot.path) == 1):
            yield _changed(valid, spot.path, spot.where, what, wrong)
        if isinstance(spot.value, dict):
            yield from _names(spot.where, spot.path, spot.value, TYPES[_kind(spot.field, spot.value)], valid)
        if SUBTYPES.keys() & set(spot.field.types):
            yield _changed(valid, (*spot.path, "type"), spot.where, "a kind that there is not", "never_heard_of")


def seen(method: str, valid: Json) -> set[tuple[str, str]]:
    """Return what a request uses: its parameters as (method, name), and fields as (type, name)."""
    found = {(method, name) for name in valid}
    for spot in _spots(method, valid):
        if isinstance(spot.value, dict):
            found |= {(_kind(spot.field, spot.value), name) for name in spot.value}
    return found


def _spots(method: str, valid: Json) -> Iterator[Spot]:
    for name, value in valid.items():
        yield from _walk(Spot(name, (name,), METHODS[method][name], value))


def _walk(spot: Spot) -> Iterator[Spot]:
    """Give a value and each one inside it, at any depth."""
    if isinstance(spot.value, dict):
        kind = _kind(spot.field, spot.value)
        where = f"{spot.where}({kind})"
        yield replace(spot, where=where)
        for name, each in spot.value.items():
            yield from _walk(Spot(f"{where}.{name}", (*spot.path, name), TYPES[kind][name], each))
        return
    yield spot
    if isinstance(spot.value, list):
        (inner,) = {item(kind) or "" for kind in spot.field.types}
        for i, each in enumerate(spot.value):
            yield from _walk(Spot(f"{spot.where}[]", (*spot.path, i), Field((inner,), required=True), each))


def _kind(field: Field, value: Json) -> str:
    """Return the type of a valid object."""
    for kind in field.types:
        for name in SUBTYPES.get(kind, ()):
            if value["type"] == tag(kind, name):
                return name
    return next(kind for kind in field.types if kind in TYPES and value.keys() <= TYPES[kind].keys())


def _names(where: str, path: Path, value: Json, fields: Fields, valid: Json) -> Iterator[Mutation]:
    yield _changed(valid, (*path, "never_heard_of"), where, "unknown", "x")
    for name in value:
        if fields[name].required:
            yield _changed(valid, (*path, name), where, f"{name} missing", _GONE)


def _wrong(field: Field, value: object, *, form: bool) -> Iterator[tuple[str, object]]:
    text = "String" in field.types
    if not (form and text):  # whatever a form holds is a string
        for shape in SHAPES:
            if not any(_fits(shape, kind) for kind in field.types):
                yield f"wrong type {shape}", shape
    elif "InputFile" not in field.types:
        yield "a file for a string", Upload("a", "text/plain", b"x")
    if isinstance(value, str) and field.max is not None:
        yield "over-long", "x" * (field.max + 1)
        yield (
            "over-long in its unit",
            "界𠮷"[field.unit != "bytes"] * (field.max // (3 if field.unit == "bytes" else 2) + 1),
        )
    if isinstance(value, str) and field.min:
        yield "too short", ""


def _fits(shape: object, kind: str) -> bool:
    """Say whether a plain value is of a type."""
    actual = _AS_JSON.get(type(shape), "")
    return actual == kind or (kind == "Float" and actual == "Integer")


_GONE = object()


def _changed(valid: Json, path: Path, where: str, what: str, value: object) -> Mutation:
    request = _put(valid, path, value)
    if not isinstance(request, dict):
        raise TypeError("a request is an object")
    return Mutation(where, what, request)


def _put(whole: object, path: Path, value: object) -> object:
    """Return a copy with another value (or none) at a path; the rest is shared."""
    step, *rest = path
    if isinstance(whole, list) and isinstance(step, int):
        return [*whole[:step], _put(whole[step], tuple(rest), value) if rest else value, *whole[step + 1 :]]
    if not isinstance(whole, dict):
        raise TypeError("the path leads nowhere")
    if rest:
        return {**whole, step: _put(whole[step], tuple(rest), value)}
    return {name: each for name, each in {**whole, step: value}.items() if each is not _GONE}
