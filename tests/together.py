"""Tests that share what takes long to make run in one worker, where it is made once."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it brings no types

from tests.databases import BACKENDS

_SHARING: Final = (
    "tests/browser/",  # the demo is laid once, and its accounts sign in once
    *(f"tests/leaks/test_nothing_leaks.py[{backend}]" for backend in BACKENDS),  # a week is lived through once
    "tests/jingshi/demo/test_district.py",  # a district is laid once
)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Hands out tests one by one, but those that share something as one piece, and these first."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, rest = nodeid.partition("::")
        place = f"{file}[{rest.partition('[')[2]}"
        return next((shared for shared in _SHARING if place.startswith(shared)), nodeid)
