"""A bad week in a house, lived through once on each database, and all that its disks hold afterwards."""

from dataclasses import dataclass
from typing import Final

import pyotp

from tests.leaks import mishaps, story
from tests.leaks.clerk import Clerk
from tests.leaks.house import House
from tests.leaks.planted import PLANTED, words
from tests.leaks.resident import Resident
from tests.leaks.search import Search
from tests.leaks.store import Store

CLEAR: Final = "云岭控制镇（不必保密）"
"""The name of the unit: in clear in its row, and so a control word in every place to which a row gets."""

CONTROLS: Final = {
    name: f"control-word-of-{name}-8f2c61"
    for name in ("home", "keys", "tmp", "cwd", "logs", "kept", "statement", "deleted")
}


@dataclass(frozen=True)
class Examined:
    """What the search found; ``withdrawn`` is an envelope as it was before its report was taken back."""

    found: Search
    core_limits: frozenset[str]
    temporary_files_made: bool


def live_through(house: House) -> tuple[Store, bytes]:
    """Let the week go by; at its end all processes run. Return the store, and the envelope of a withdrawn report."""
    secret = house.make(unit_name=CLEAR, password=words("password"), passphrase=words("passphrase"))
    PLANTED["TOTP secret"] = secret
    PLANTED["TOTP secret, raw"] = pyotp.TOTP(secret).byte_secret()
    store = Store(house.database_url)
    house.start("intake", "desk")
    clerk = Clerk(house, secret)
    receipt = story.reports(house)
    with Resident(house.port) as resident:
        story.work_of(clerk, resident, receipt)
    mishaps.misfits(house)
    mishaps.uploads(house)
    mishaps.outages(house, store, receipt)
    mishaps.forgery(clerk, store)
    mishaps.power_cut(house)
    return store, story.withdrawal(house, store)
