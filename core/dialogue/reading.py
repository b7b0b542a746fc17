"""Read a form from its Markdown table. Everything is checked here, once, so that a form that loads can be run."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from core.dialogue import vocabulary as words
from core.dialogue.errors import FormError
from core.dialogue.form import Form
from core.dialogue.rows import Rows

_TRANSLATED: Final = re.compile(r"(\w+)::(.*\(([A-Za-z]{2,3}(?:_[A-Za-z]{2,4})?)\))")


def read(path: Path) -> Form:
    """Read the form in the Markdown file ``path``.

    Raises:
        FormError: with the faults found in the table, each naming its row.
    """
    try:
        table = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormError(path.name, [f"cannot be read ({type(error).__name__})"]) from None
    return read_table(table, path.name)


def read_table(table: str, name: str) -> Form:
    """Read the form in the Markdown text ``table``, which errors call ``name``; raises what `read` raises."""
    try:
        sheets = get_xlsform(table, file_type=".md")
    except PyXFormError as error:
        raise FormError(name, [str(error)]) from None
    settings = dict(next(iter(sheets.settings or ()), {}))
    languages = _languages(_headings(sheets.survey_header))
    faults = _faults_of_the_frame(sheets, settings, languages)
    if faults:
        raise FormError(name, faults)
    rows = Rows(_in_order(languages, settings.get("default_language")))
    rows.read_choices(sheets.choices or ())
    rows.read_survey(sheets.survey)
    if rows.faults:
        raise FormError(name, rows.faults)
    _check_with_pyxform(name, sheets, settings, rows)
    return Form(
        id=settings["form_id"],
        version=f"{settings['version']}+{hashlib.sha256(table.encode()).hexdigest()[:12]}",
        title=settings.get("form_title") or settings["form_id"],
        languages=tuple(rows.languages),
        sections=rows.sections,
        fields=tuple(rows.fields),
    )


def _headings(header: Iterable[Mapping[str, None]] | None) -> list[str]:
    return [heading for row in header or () for heading in row]


def _languages(headings: list[str]) -> dict[str, str]:
    """Return the headings of languages by code, such as ``{"zh_CN": "中文 (zh_CN)"}``, from the columns of labels."""
    found = (_TRANSLATED.fullmatch(heading) for heading in headings)
    return {match[3]: match[2] for match in found if match and match[1] == "label"}


def _in_order(languages: dict[str, str], default: str | None) -> dict[str, str]:
    return dict(sorted(languages.items(), key=lambda item: item[1] != default))


def _faults_of_the_frame(sheets: Any, settings: Mapping[str, str], languages: Mapping[str, str]) -> list[str]:  # noqa: ANN401 - pyxform has no types
    known = words.SURVEY_COLUMNS | {f"{of}::{language}" for of in words.TRANSLATED for language in languages.values()}
    faults = [
        f"survey: unknown column '{heading}'; {_instead_of_column(heading)}"
        for heading in _headings(sheets.survey_header)
        if heading not in known
    ]
    faults += [f"settings: unknown column '{key}'" for key in settings if key not in words.SETTINGS_COLUMNS]
    faults += [f"settings: {key} is missing" for key in ("form_id", "version") if key not in settings]
    if not languages:
        faults.append("survey: there is no column such as 'label::中文 (zh_CN)'")
    if settings.get("default_language", "") not in {"", *languages.values()}:
        faults.append(f"settings: default_language '{settings['default_language']}' has no column of labels")
    return faults


def _instead_of_column(heading: str) -> str:
    of = heading.partition("::")[0]
    if of in words.TRANSLATED:
        return f"give each language a column with its code, such as '{of}::中文 (zh_CN)', the same for label and {of}"
    return f"a form may use: {', '.join(sorted(words.SURVEY_COLUMNS))}"


def _check_with_pyxform(name: str, sheets: Any, settings: dict[str, str], rows: Rows) -> None:  # noqa: ANN401 - as above
    """Let pyxform convert the table: what any other XLSForm tool would refuse is refused here too."""
    labels = {f"label::{language}": "-" for language in rows.languages.values()}
    provided = sorted({field.provider for field in rows.fields if field.provider})
    stand_ins = [{"list_name": it, "name": "any", **labels} for it in provided]
    workbook = {
        "survey": [dict(row) for row in sheets.survey],
        "choices": [*(dict(row) for row in sheets.choices or ()), *stand_ins],
        "settings": [settings],
    }
    try:
        convert(workbook, form_name="data")
    except PyXFormError as error:
        raise FormError(name, [str(error)]) from None
