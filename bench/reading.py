"""The second process: opens what receipts stand for, from both sides, after the first process was killed.

    python -m bench.reading < {"clerk": {…}, "receipts": {number: receipt}}

The reporter's side finds each item by its receipt. The staff's side signs in, unlocks the key, opens every item with a
reason and reads the number that the report was posted with. Prints ``{"by_receipt": […], "by_staff": […]}``.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

import pyotp

from bench.reports import number_in
from core.app import App, access, cases
from core.errors import NotFound
from core.sealing import Receipt
from core.settings import Settings
from core.work import Reporter, Staff, System

_REASON: Final = "核对每一份收到的反映都能打开"


async def by_receipt(app: App, receipts: Mapping[str, str]) -> list[int]:
    """Return the numbers of the reports whose receipts find their item."""
    found = []
    async with app.work(Reporter(), "web", write=False) as work:
        for number, code in receipts.items():
            try:
                await cases.standing(work, Receipt.parse(code))
            except NotFound:
                continue
            found.append(int(number))
    return found


async def by_staff(app: App, clerk: Mapping[str, str]) -> list[int]:
    """Return the numbers that a clerk reads in all items."""
    staff = await _signed_in(app, clerk)
    found: list[int] = []
    after = None
    while True:
        async with app.work(staff, "bench") as work:
            page = await cases.inbox(work, after=after)
        found += await _opened(app, staff, [item.id for item in page.items])
        after = page.next
        if after is None:
            return found


async def _opened(app: App, staff: Staff, items: Sequence[UUID]) -> list[int]:
    async with app.work(staff, "bench") as work:
        openings = {item: await access.begin_opening(work, item, _REASON) for item in items}
    async with app.work(staff, "bench") as work:
        opened = [await cases.open_item(work, item, opening_id=opening.id) for item, opening in openings.items()]
    return [number_in(str(each.content.answers["what"])) for each in opened]


async def _signed_in(app: App, clerk: Mapping[str, str]) -> Staff:
    nobody = partial(app.work, System("desk"), "bench")
    code = pyotp.TOTP(clerk["totp_secret"]).now()
    begun = await access.sign_in(nobody, username=clerk["username"], password=clerk["password"], totp=code)
    async with nobody() as work:
        staff = await access.authenticate(work, begun.secret)
    await access.unlock(partial(app.work, staff, "bench"), begun.secret, clerk["passphrase"])
    async with nobody() as work:
        return await access.authenticate(work, begun.secret)


async def main() -> None:
    """Read from both sides."""
    told = json.load(sys.stdin)
    settings = Settings.from_environment(os.environ)
    intake, desk = App.for_process(settings, "intake"), App.for_process(settings, "desk")
    try:
        read = {
            "by_receipt": await by_receipt(intake, told["receipts"]),
            "by_staff": await by_staff(desk, told["clerk"]),
        }
        print(json.dumps(read))
    finally:
        await intake.close()
        await desk.close()


if __name__ == "__main__":
    asyncio.run(main())
