"""One question a page: from the first line to the receipt."""

import pytest
from sqlalchemy import func, select

from bots.web.drafting import RECEIPT_KEPT
from core.app import App, cases
from core.cases.tables import Item, Refusal
from core.drafts import DraftRow
from core.sealing import Receipt
from core.work import Reporter
from tests.bots.web import walks
from tests.bots.web.person import Person
from tests.conftest import FixedClock


async def count(app: App, rows: type[Item | DraftRow | Refusal]) -> int:
    async with app.database.transaction(write=False) as session:
        return await session.scalar(select(func.count()).select_from(rows)) or 0


@pytest.mark.parametrize(("lang", "thanks"), [("", "已经收到，谢谢您"), ("en", "It has arrived. Thank you")])
async def test_a_resident_walks_from_the_first_page_to_a_receipt_that_opens_the_report(
    somebody: Person, intake: App, lang: str, thanks: str
) -> None:
    receipt = await walks.report(somebody, lang)
    assert somebody.path == "/report/receipt"
    assert thanks in somebody.text
    async with intake.work(Reporter(), "web", write=False) as work:
        standing = await cases.standing(work, Receipt.parse(receipt))
    assert (standing.state, standing.body) == ("acknowledged", "leading_group_office")
