"""A form table that cannot be used."""

from collections.abc import Sequence

from core.errors import Misconfigured


class FormError(Misconfigured):
    """The form in a file has faults; ``faults`` lists all that were found, each naming its row."""

    def __init__(self, form: str, faults: Sequence[str]) -> None:
        super().__init__("\n".join(f"{form}: {fault}" for fault in faults))
        self.faults = tuple(faults)
