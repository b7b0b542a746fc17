"""What catalogues promise."""

from pathlib import Path

import pytest

from core.texts import choose_language, translator


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (None, "zh_CN"),
        ("", "zh_CN"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.1", "en"),
        ("zh-TW", "zh_CN"),
        ("fr, en;q=0.5", "en"),
        ("fr", "zh_CN"),
        ("zh_CN", "zh_CN"),
    ],
)
def test_the_language_that_fits_best_is_chosen(wanted: str | None, language: str) -> None:
    assert choose_language(wanted) == language


def test_ids_are_looked_up_in_each_folder_and_placeholders_filled(tmp_path: Path) -> None:
    for folder, entries in (("one", {"a": "甲 {number}"}), ("two", {"a": "never", "b": "乙"})):
        (tmp_path / folder).mkdir()
        lines = [f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in entries.items()]
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        (tmp_path / folder / "zh_CN.po").write_text("\n".join([head, *lines]))
    translate = translator("zh_CN", (tmp_path / "one", tmp_path / "two"))
    assert (translate("a", number=3), translate("b"), translate("c")) == ("甲 3", "乙", "c")
