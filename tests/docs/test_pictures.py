"""The pictures in the documents are there; the browser tests make them."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, named, pictures


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_picture_that_a_page_shows_exists(page: Path) -> None:
    assert [picture for picture in pictures(page.read_text()) if not (page.parent / picture).exists()] == []
