"""Checks a request against the description: names, types at any depth, lengths; then the rules beyond types."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.peer.description import METHODS, SUBTYPES, TYPES, Field, Fields, Json, Refused, item, tag
from tests.peer.rules import METHOD_RULES, OBJECT_RULES

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_LOGICAL = {"true": True, "false": False}
_AFTER_PARSING = frozenset({"text", "caption"})  # their length counts without the marks of parse_mode
_MAY_BE_EMPTY = frozenset({"url"})  # which ends a webhook
_MISSING = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
}
_TOO_LONG = {
    "callback_data": "BUTTON_DATA_INVALID",
    "secret_token": "secret token is too long",
    "answerCallbackQuery.text": "MESSAGE_TOO_LONG",
    "description": "description is too long",
    "short_description": "short description is too long",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file within a request."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """A request as it came: a form holds strings, JSON holds values."""

    values: Mapping[str, object]
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    form: bool = True


def check(method: str, given: Given) -> Json:
    """Return the parameters decoded; an ``InputFile`` becomes its upload.

    Raises:
        Refused: the first thing in which the request differs from the description.
    """
    return _Reading(method, given).parameters()


def check_object(kind: str, value: object) -> None:
    """Check a value that the peer itself made, such as an ``Update``; raises ``Refused``."""
    _Reading("", Given({}, form=False)).fit(value, Field((kind,), required=True), kind)


class _Reading:
    """One request while it is read; remembers which uploads were asked for."""

    def __init__(self, method: str, given: Given) -> None:
        self.method = method
        self.given = given
        self.used: set[str] = set()

    def parameters(self) -> Json:
        fields = METHODS[self.method]
        values: dict[str, object] = dict(self.given.values)
        values |= {name: upload for name, upload in self.given.uploads.items() if name in fields}
        self.used |= self.given.uploads.keys() & fields.keys()
        self._names(values, fields, "")
        decoded = {name: self._decode(value, fields[name], name) for name, value in values.items()}
        read = {name: self.fit(value, fields[name], name) for name, value in decoded.items()}
        if unused := self.given.uploads.keys() - self.used:
            raise Refused(f'no parameter refers to the uploaded file "{min(unused)}"')
        for rule in METHOD_RULES.get(self.method, ()):
            rule(read)
        return read

    def fit(self, value: object, expected: Field, path: str) -> object:
        """Return the value as one of the expected types, or refuse it."""
        kind = self._choose(value, expected.types, path)
        if (inner := item(kind)) is not None:
            if not isinstance(value, list):
                raise _wrong(path, kind)
            return [self.fit(each, Field((inner,), required=True), f"{path}[{i}]") for i, each in enumerate(value)]
        if kind == "String":
            self._length(str(value), expected, path)
        if kind == "InputFile":
            return self._upload(value, path)
        return self._object(value, kind, path) if kind in TYPES else value

    def _names(self, values: Mapping[str, object], fields: Fields, path: str) -> None:
        if unknown := values.keys() - fields.keys():
            raise Refused(f'unknown parameter "{path}{min(unknown)}"')
        for name, wanted in fields.items():
            empty = not path and values.get(name) == "" and name not in _MAY_BE_EMPTY
            if wanted.required and (name not in values or empty):
                raise Refused(_MISSING.get(name, f'parameter "{path}{name}" is required'))

    def _decode(self, value: object, expected: Field, name: str) -> object:
        """Return what the string of a form stands for; JSON values stand for themselves."""
        if not self.given.form or not isinstance(value, str):
            return value
        if expected.compound:
            try:
                return json.loads(value)
            except ValueError:
                raise Refused(f"can't parse {name.replace('_', ' ')} JSON object") from None
        if "Integer" in expected.types and _WHOLE.fullmatch(value):
            return int(value)
        if "Boolean" in expected.types:
            return _LOGICAL.get(value.lower(), value)
        return value

    def _choose(self, value: object, types: tuple[str, ...], path: str) -> str:
        """Return the alternative that the value looks like."""
        for kind in types:
            if _looks_like(value, kind):
                return kind
        if len(types) == 1 and types[0] in TYPES and isinstance(value, dict):
            return types[0]  # so that what is wrong inside is named
        if path == "reply_markup":
            raise Refused("object expected as reply markup")
        raise _wrong(path, " or ".join(types))

    def _length(self, text: str, expected: Field, path: str) -> None:
        name = path.rsplit(".", 1)[-1]
        if name in _AFTER_PARSING and path == name and self.method != "answerCallbackQuery":
            return
        size = len(text.encode()) if expected.unit == "bytes" else len(text.encode("utf-16-le")) // 2
        if (expected.max is not None and size > expected.max) or (expected.min is not None and size < expected.min):
            words = f'"{path}" must have {expected.min} to {expected.max} {expected.unit}, not {size}'
            raise Refused(_TOO_LONG.get(name) or _TOO_LONG.get(f"{self.method}.{path}") or words)

    def _upload(self, value: object, path: str) -> Upload:
        if isinstance(value, Upload):
            return value
        name = str(value).removeprefix("attach://")
        if name not in self.given.uploads:
            raise Refused(f'no file is attached for "{path}"')
        self.used.add(name)
        return self.given.uploads[name]

    def _object(self, value: object, kind: str, path: str) -> Json:
        if not isinstance(value, dict):
            raise _wrong(path, kind)
        kind = _subtype(value, kind, path)
        fields = TYPES[kind]
        self._names(value, fields, f"{path}.")
        read = {name: self.fit(each, fields[name], f"{path}.{name}") for name, each in value.items()}
        if kind in OBJECT_RULES:
            OBJECT_RULES[kind](read)
        return read


def _looks_like(value: object, kind: str) -> bool:
    if kind == "InputFile":
        return isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://"))
    if kind in {"String", "Boolean", "True"}:
        return isinstance(value, str if kind == "String" else bool)
    if kind in {"Integer", "Float"}:
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
        return whole or (kind == "Float" and isinstance(value, float))
    if item(kind) is not None:
        return isinstance(value, list)
    return isinstance(value, dict) and all(n in value for n, wanted in TYPES[kind].items() if wanted.required)


def _subtype(value: Mapping[str, object], kind: str, path: str) -> str:
    names = SUBTYPES.get(kind)
    if names is None:
        return kind
    for name in names:
        if value.get("type") == tag(kind, name) if "type" in TYPES[name] else _looks_like(value, name):
            return name
    raise Refused(f'"{path}" is no {kind} that there is')


def _wrong(path: str, kind: str) -> Refused:
    return Refused(f'"{path}" must be of type {kind}')
