"""All tests in the browser run in one worker: the demo is laid once, and its accounts sign in once."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it brings no types


class Together(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Hands out tests one by one, but those in the browser as one piece, and these first."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid
