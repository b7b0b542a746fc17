"""What all front ends say alike: how a report stands, who reads it, and what is wrong with an answer."""

from pathlib import Path
from typing import Final

from core.dialogue import Problem
from core.texts import Translate

SHARED: Final = Path(__file__).parent / "locale"
"""The folder of their common catalogues."""

_MIB: Final = 2**20


def problem_text(t: Translate, problem: Problem) -> str:
    """Return what is wrong and what to do, in the form's own words where it has some."""
    params = dict(problem.params)
    if problem.code == "file_too_large":
        params["limit"] = int(params["limit"]) // _MIB
    return problem.text or t(f"problem.{problem.code}", **params)
