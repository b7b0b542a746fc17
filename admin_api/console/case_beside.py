"""What a person can do beside the steps of an opened case: each has a page of its own."""

from collections.abc import Sequence

from admin_api.console.case_fields import supervises
from admin_api.console.case_standing import Standing


def beside(seen: Standing) -> Sequence[str]:
    """Return the pages that the person's part in the case opens, by the last part of their address."""
    if supervises(seen):
        return ("notice", "identities", "archive")
    return ("identities",) if seen.is_officer else ()
