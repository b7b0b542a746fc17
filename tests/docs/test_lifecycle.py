"""``docs/lifecycle.md`` draws the lifecycles that the code enforces."""

from tests.docs.lifecycle import PAGE, page


def test_the_page_is_what_the_table_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.docs.lifecycle"
