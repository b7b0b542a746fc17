"""R3 and R4, what an annual appraisal may flag: one third of the ballots, three years without change. Pure.

A flag opens a proposal for a card, and is no warning (S54, S58).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from core.errors import Invalid
from core.policy.profile import SEED, Profile

NO_MARKED_CHANGE: Final = "no_marked_change"


class Flag(StrEnum):
    """What comes of an appraisal; `NO_RESULT` where too few were there or too few ballots count."""

    FLAG = "flag"
    NO_FLAG = "no_flag"
    NO_RESULT = "no_result"


def reaches_third(incompetent: int, valid: int, policy: Profile = SEED) -> bool:
    """Return whether so many ballots of the valid ones reach the share (S58; Civil Code, art. 1259).

    It is compared in whole numbers: 33 of 100 is not a third.

    Raises `Invalid` (``ballots_wrong``) where no ballot is valid, or fewer than say incompetent.
    """
    if valid <= 0 or not 0 <= incompetent <= valid:
        raise Invalid("ballots_wrong", field="valid")
    share = policy.share("incompetent_share")
    difference = incompetent * share.denominator - valid * share.numerator
    return difference >= 0 if policy.flag("incompetent_share_inclusive") else difference > 0


def result(incompetent: int, valid: int, voters: int, present: int, policy: Profile = SEED) -> Flag:
    """Return what a vote comes to (rules.md 3.6): no result without enough voters present and enough valid ballots.

    Raises `Invalid` (``ballots_wrong``) unless ``incompetent <= valid <= present <= voters``.
    """
    if not 0 <= incompetent <= valid <= present <= voters:
        raise Invalid("ballots_wrong", field="valid")
    attendance = policy.share("appraisal_attendance")
    too_few = present * attendance.denominator < voters * attendance.numerator
    if too_few or valid < policy.count("valid_ballots"):
        return Flag.NO_RESULT
    return Flag.FLAG if reaches_third(incompetent, valid, policy) else Flag.NO_FLAG


def three_years(rows: Mapping[int, tuple[str, str]], year: int, policy: Profile = SEED) -> Flag:
    """Return whether an official showed no marked change in consecutive appraisals of one portfolio (S54).

    ``rows`` hold portfolio and assessment by year. A missing year, a leave, a change or a new portfolio breaks the run.
    """
    years = range(year - policy.count("years_without_change") + 1, year + 1)
    found = [rows.get(each) for each in years]
    portfolios = {each[0] for each in found if each is not None and each[1] == NO_MARKED_CHANGE}
    whole = all(each is not None and each[1] == NO_MARKED_CHANGE for each in found)
    return Flag.FLAG if whole and len(portfolios) == 1 else Flag.NO_FLAG
