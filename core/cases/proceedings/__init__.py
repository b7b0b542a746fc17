"""The case: from its opening to a confirmed finding, or to one of its other ends (T7 to T28)."""

from core.cases.proceedings.opening import merge, open_case

__all__ = ["merge", "open_case"]
