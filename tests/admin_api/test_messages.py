"""What the person concerned sends with their code, through the JSON interface of the desk."""

from uuid import uuid4

import pytest

from core import warnings
from core.app import App
from core.errors import NotFound
from core.sealing import Escrow, Receipt
from core.work import Reporter
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.conftest import Connect
from tests.core.cases.offices import verifying
from tests.core.warnings.test_what_the_person_answers import inquired

EXPLANATION = "当日系午休延长，今后注意。"


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def test_a_letter_of_inquiry_is_served_answered_and_its_answer_taken_into_the_file(
    intake: App, callers: Callers
) -> None:
    offices = callers.offices
    case_id = await verifying(offices, intake)
    draft = await callers.done(offices.org, f"/cases/{case_id}/inquiries", {"substance": "请说明三月二日上午的情况"})
    await callers.done(offices.disc, f"/cases/{case_id}/inquiries/{draft['id']}/signature")
    entries = (await callers.thread(offices.org, case_id))["entries"]
    issued = next(each["id"] for each in entries if each["kind"] == "issued")
    path = f"/cases/{case_id}/inquiries/{issued}/service"
    given, key = {"served_on": offices.desk.clock.today().isoformat(), "proof": "本人签收"}, uuid4().hex
    assert code(await callers.post(offices.org, path, given, seen='"1"')) == (412, "case_changed")
    served = await callers.post(offices.org, path, given, key=key)
    again = await callers.post(offices.org, path, given, key=key)
    assert again.json() == {**served.json(), "code": None, "code_shown_before": True}
    assert code(await callers.post(offices.org, path, given)) == (409, "inquiry_served")
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, Receipt.parse(served.json()["code"]), "explanation", EXPLANATION)
    (message,) = (await callers.get(offices.org, f"/cases/{case_id}/messages")).json()
    assert (message["kind"], EXPLANATION in str(message)) == ("explanation", False)
    base = f"/messages/{message['id']}"
    early = await callers.post(offices.org, f"{base}/answers", {"text": "收到"})
    assert code(early) == (409, "message_not_taken")
    assert code(await callers.post(offices.receiver, f"{base}/taking")) == (404, "message_not_found")
    taken = await callers.done(offices.org, f"{base}/taking")
    assert (taken["kind"], taken["is_late"], EXPLANATION in str(taken)) == ("explanation", False, False)
    assert code(await callers.post(offices.disc, f"{base}/taking")) == (409, "message_taken")
    await callers.done(offices.org, f"{base}/answers", {"text": "您的说明已经收到，并入卷宗。"})
    thread = await callers.thread(offices.org, case_id)
    assert (thread["case"]["state"], thread["entries"][-1]["says"]["text"]) == ("verifying", EXPLANATION)
    assert (await callers.get(offices.org, f"/cases/{case_id}/messages")).json() == []


async def test_whoever_lost_the_code_of_an_inquiry_gets_another_and_is_answered_under_it(
    intake: App, callers: Callers
) -> None:
    offices = callers.offices
    case_id, lost = await inquired(offices, intake)
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, lost, "explanation", EXPLANATION)
        before = await warnings.read_code(work, lost)
    entries = (await callers.thread(offices.org, case_id))["entries"]
    issued = next(each["id"] for each in entries if each["kind"] == "issued")
    path, why = f"/cases/{case_id}/inquiries/{issued}/codes", {"reason": "本人来访，称编码遗失"}
    assert code(await callers.post(offices.org, path.replace(issued, str(uuid4())), why)) == (
        404,
        "document_without_code",
    )
    assert code(await callers.post(offices.supervisor, path, why)) == (403, "not_permitted")
    given = await callers.done(offices.org, path, why)
    async with intake.work(Reporter(), "web", write=False) as work:
        with pytest.raises(NotFound, match="code_unknown"):
            await warnings.read_code(work, lost)
        assert await warnings.read_code(work, Receipt.parse(given["code"])) == before
    (message,) = (await callers.get(offices.org, f"/cases/{case_id}/messages")).json()
    await callers.done(offices.org, f"/messages/{message['id']}/taking")
    await callers.done(offices.org, f"/messages/{message['id']}/answers", {"text": "已经收到"})
    async with intake.work(Reporter(), "web", write=False) as work:
        assert [each.text for each in (await warnings.read_code(work, Receipt.parse(given["code"]))).told] == [
            "已经收到"
        ]
    said = [each["says"] for each in (await callers.thread(offices.org, case_id))["entries"]]
    assert [each["reason"] for each in said if "reason" in each and each.get("entry_id") == issued] == [why["reason"]]
