"""The part of XLSForm that a form may use, and what to do instead of the rest.

A list name with a dot (``select_one registry.units``) is not in the ``choices`` table: the application hands that list
in under this name. Limits stand in ``body::max_length`` (characters), ``body::max_files`` and ``body::max_mb`` (MiB a
file). A note with the appearance ``stop`` ends the dialogue, and nothing is kept; its ``calculation`` gives the
category to count (default: its name).
"""

from collections.abc import Mapping
from typing import Final, get_args

from core.dialogue.form import Kind

KINDS: Final = frozenset(get_args(Kind))
TRANSLATED: Final = ("label", "hint", "constraint_message")
SURVEY_COLUMNS: Final = frozenset(
    {
        "type",
        "name",
        "required",
        "relevant",
        "constraint",
        "calculation",
        "choice_filter",
        "default",
        "appearance",
        "body::max_length",
        "body::max_files",
        "body::max_mb",
    }
)
SETTINGS_COLUMNS: Final = frozenset({"form_title", "form_id", "version", "default_language"})
YES: Final = frozenset({"yes", "true", "true()"})
NO: Final = frozenset({"", "no", "false", "false()"})

_PLACE: Final = "places are not recorded by device: ask for the place as text"
_DEVICE: Final = "what identifies a device or its owner is never collected: leave the row out"
_OUTSIDE: Final = "write the list in the choices table, or name a provided list such as registry.units"

INSTEAD: Final[Mapping[str, str]] = {
    "begin_repeat": "ask once for a text with one item a line, or repeat the group by hand",
    "end_repeat": "ask once for a text with one item a line, or repeat the group by hand",
    "rank": "use select_one for the most important, or one integer for each item",
    "range": "use integer with a constraint",
    "acknowledge": "use select_one with one choice",
    "time": "use text",
    "dateTime": "use date, and text for the hour",
    "barcode": "use text",
    "hidden": "use calculate",
    "geopoint": _PLACE,
    "geotrace": _PLACE,
    "geoshape": _PLACE,
    "start-geopoint": _PLACE,
    "background-geopoint": _PLACE,
    "background-audio": "nothing is recorded unseen: use audio",
    "select_one_from_file": _OUTSIDE,
    "select_multiple_from_file": _OUTSIDE,
    "select_one_external": _OUTSIDE,
    "csv-external": _OUTSIDE,
    "xml-external": _OUTSIDE,
    "start": _DEVICE,
    "end": _DEVICE,
    "today": "use today() in an expression",
    "deviceid": _DEVICE,
    "phonenumber": _DEVICE,
    "username": _DEVICE,
    "email": _DEVICE,
    "audit": _DEVICE,
}
INSTEAD_OF_APPEARANCE: Final[Mapping[str, str]] = {
    "label": "matrices are not supported: ask one select_one a row",
    "list-nolabel": "matrices are not supported: ask one select_one a row",
    "table-list": "matrices are not supported: ask one select_one a row",
    "field-list": "leave it out: a front end shows one question, or the whole form",
}
INSTEAD_OF_FUNCTION: Final[Mapping[str, str]] = {
    "pulldata": "name a provided list such as registry.units and use choice_filter",
    "indexed-repeat": "repeats are not supported",
    "now": "use today()",
}
