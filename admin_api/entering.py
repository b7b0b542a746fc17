"""An entry, taken in once however often it is sent. Its receipt is kept nowhere: only the first answer can show it."""

import json

from core.app import access, cases
from core.cases import Entered, NewEntry
from core.work import Work


async def enter_once(work: Work, key: str, given: NewEntry) -> tuple[access.Result, str | None]:
    """Enter what was given unless it was entered under this key before; return ids and states, and the receipt.

    ``refused`` in the result is the category that the gate refused. A repeat has no receipt. Raises as `cases.enter`
    and `access.once`.
    """
    receipts: list[str] = []

    async def act() -> access.Result:
        made = await cases.enter(work, given)
        if not isinstance(made, Entered):
            return {"refused": made.category}
        receipts.append(made.receipt.text)
        return {
            "refused": None,
            "item_id": str(made.item_id),
            "body": made.body,
            "register": made.register,
            "year": made.year,
            "number": made.number,
        }

    request = json.dumps(["entry", given.way, sorted(given.inputs.items()), given.text]).encode()
    result = await access.once(work, key=key, request=request, act=act)
    return result, receipts[0] if receipts else None
