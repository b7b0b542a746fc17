from core.app import App
from tests.admin_api.conftest import Connect
from tests.builders import Member
from tests.core.cases.builders import submitted


async def test_a_clerk_reads_a_report_after_giving_a_reason(intake: App, clerk: Member, connect: Connect) -> None:
    item = await submitted(intake)
    client = connect(clerk)
    opening = await client.post(f"/api/v1/items/{item.item_id}/openings", json={"reason": "初次阅看，提出办理意见"})
    assert opening.status_code == 201, opening.text
    content = await client.get(opening.json()["content"])
    assert content.json()["summary"][0]["text"] == "三楼茶水间有人打扑克"
