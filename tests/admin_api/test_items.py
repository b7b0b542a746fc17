"""Items through the JSON interface: lists, content behind a reason, replies, grants, files."""

import io
from datetime import timedelta
from hashlib import sha256
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from core.app import App, cases
from core.work import Reporter
from tests.admin_api.conftest import Connect
from tests.builders import Member, a_member, sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import a_file, submitted

REASON = {"reason": "初次阅看，提出办理意见"}


async def opened(client: httpx.AsyncClient, item_id: UUID) -> str:
    """Give a reason; the address of the content comes back."""
    answer = await client.post(f"/api/v1/items/{item_id}/openings", json=REASON)
    assert answer.status_code == 201, answer.text
    address: str = answer.json()["content"]
    return address


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:jingshi:problem:")


async def test_content_is_read_with_a_reason(intake: App, clerk: Member, connect: Connect) -> None:
    item, client = await submitted(intake), connect(clerk)
    content = (await client.get(await opened(client, item.item_id))).json()
    assert content["summary"] == [{"name": "facts", "label": "请把经过写下来。", "text": "三楼茶水间有人打扑克"}]


@pytest.mark.parametrize(("reason", "status"), [("", 422), ("看看", 422), ("字" * 501, 413)])
async def test_a_reason_must_say_something(
    intake: App, clerk: Member, connect: Connect, reason: str, status: int
) -> None:
    item = await submitted(intake)
    answer = await connect(clerk).post(f"/api/v1/items/{item.item_id}/openings", json={"reason": reason})
    assert answer.status_code == status


async def test_without_a_reason_or_with_an_expired_or_foreign_one_nothing_opens(
    intake: App, clerk: Member, connect: Connect, clock: FixedClock
) -> None:
    item, other, client = await submitted(intake), await submitted(intake), connect(clerk)
    address = await opened(client, item.item_id)
    bare = address.partition("?")[0]
    assert code(await client.get(bare)) == (422, "fields_do_not_fit")
    assert code(await client.get(f"{bare}?opening={uuid4()}")) == (403, "reason_needed")
    foreign = address.replace(str(item.item_id), str(other.item_id))
    assert code(await client.get(foreign)) == (403, "reason_needed")
    clock.move(timedelta(minutes=29))
    await client.get("/api/v1/session")
    clock.move(timedelta(minutes=2))
    assert code(await client.get(address)) == (403, "reason_needed")


async def test_a_grant_lets_the_colleague_open_the_item_and_nobody_else(
    desk: App, intake: App, clerk: Member, connect: Connect
) -> None:
    item, client = await submitted(intake), connect(clerk)
    officer = await sign_in(desk, await a_member(desk, "case_officer_org"))
    other = await sign_in(desk, await a_member(desk, "case_officer_org"))
    assert code(await connect(officer).get(f"/api/v1/items/{item.item_id}")) == (404, "item_not_found")
    given = {"person_id": str(officer.person_id), "reason": "请他一起核实"}
    for _ in range(2):  # the same request twice is one grant
        path = f"/api/v1/items/{item.item_id}/grants"
        assert (await client.post(path, json=given, headers={"idempotency-key": "g"})).status_code == 201
    assert (await connect(officer).get(await opened(connect(officer), item.item_id))).status_code == 200
    assert code(await connect(other).get(f"/api/v1/items/{item.item_id}")) == (404, "item_not_found")
    path = f"/api/v1/items/{item.item_id}/grants/{officer.person_id}"
    assert (await client.request("DELETE", path, json={"reason": "已经办理完毕"})).status_code == 204
    assert code(await connect(officer).get(f"/api/v1/items/{item.item_id}")) == (404, "item_not_found")


async def test_the_reporter_reads_the_answer_with_the_receipt(intake: App, clerk: Member, connect: Connect) -> None:
    item, client = await submitted(intake), connect(clerk)
    path = f"/api/v1/items/{item.item_id}/replies"
    reply = {"kind": "answer", "text": "已经收到，正在了解。"}
    sent = await client.post(path, json=reply, headers={"idempotency-key": "once"})
    assert (sent.status_code, sent.json()["kind"]) == (201, "answer")
    async with intake.work(Reporter(), "web", write=False) as work:
        standing = await cases.standing(work, item.receipt)
    assert [(message.kind, message.text) for message in standing.thread] == [("answer", "已经收到，正在了解。")]


async def test_a_request_repeated_with_its_key_sends_one_reply_and_another_body_is_refused(
    intake: App, clerk: Member, connect: Connect
) -> None:
    item, client = await submitted(intake), connect(clerk)
    path, key = f"/api/v1/items/{item.item_id}/replies", {"idempotency-key": "once"}
    first = await client.post(path, json={"kind": "answer", "text": "一"}, headers=key)
    second = await client.post(path, json={"kind": "answer", "text": "一"}, headers=key)
    assert first.json() == second.json()
    assert code(await client.post(path, json={"kind": "answer", "text": "二"}, headers=key)) == (
        409,
        "idempotency_key_reused",
    )
    assert (await client.get(f"/api/v1/items/{item.item_id}")).json()["replies"] == 1


async def test_what_sends_or_decides_asks_for_an_idempotency_key(intake: App, clerk: Member, connect: Connect) -> None:
    item, client = await submitted(intake), connect(clerk)
    bodies = {
        f"/api/v1/items/{item.item_id}/replies": {"kind": "answer", "text": "一"},
        f"/api/v1/items/{item.item_id}/grants": {"person_id": str(uuid4()), "reason": "请他一起核实"},
        "/api/v1/shared-keys/audit/grants": {"person_id": str(uuid4())},
        "/api/v1/shared-keys/audit/rotation": {},
    }
    for path, body in bodies.items():
        assert code(await client.post(path, json=body)) == (400, "idempotency_key_missing")


async def test_a_failed_request_leaves_its_key_free(intake: App, clerk: Member, connect: Connect) -> None:
    item, client = await submitted(intake), connect(clerk)
    path, key = f"/api/v1/items/{item.item_id}/replies", {"idempotency-key": "once"}
    assert code(await client.post(path, json={"kind": "answer", "text": " "}, headers=key)) == (422, "reply_empty")
    assert (await client.post(path, json={"kind": "answer", "text": "一"}, headers=key)).status_code == 201


async def test_a_reporter_who_wants_no_questions_gets_none(intake: App, clerk: Member, connect: Connect) -> None:
    item = await submitted(intake, wants_questions=False)
    path = f"/api/v1/items/{item.item_id}/replies"
    asked = await connect(clerk).post(
        path, json={"kind": "question", "text": "何时？"}, headers={"idempotency-key": "q"}
    )
    assert code(asked) == (409, "reporter_wants_no_questions")


async def test_an_answer_to_what_has_changed_meanwhile_is_refused(intake: App, clerk: Member, connect: Connect) -> None:
    item, client = await submitted(intake), connect(clerk)
    path = f"/api/v1/items/{item.item_id}"
    seen = (await client.get(path)).headers["etag"]
    assert (await client.get(path, headers={"if-none-match": seen})).status_code == 304
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "又看到一次")
    assert (await client.get(path, headers={"if-none-match": seen})).status_code == 200
    reply = {"kind": "answer", "text": "一"}
    stale = await client.post(f"{path}/replies", json=reply, headers={"idempotency-key": "a", "if-match": seen})
    assert code(stale) == (412, "item_changed")


async def test_the_list_is_paged_through_without_loss_when_all_times_are_equal(
    intake: App, clerk: Member, connect: Connect
) -> None:
    made = {str((await submitted(intake)).item_id) for _ in range(7)}
    client, found, address = connect(clerk), [], "/api/v1/items?limit=2&channel=web"
    pages = 0
    while address:
        page = (await client.get(address)).json()
        found += [item["id"] for item in page["items"]]
        address, pages = page["next"], pages + 1
    assert pages == 4
    assert len(found) == 7
    assert set(found) == made


async def test_the_list_is_filtered_by_channel_state_and_by_whose_turn_it_is(
    intake: App, clerk: Member, connect: Connect
) -> None:
    new, answered = await submitted(intake), await submitted(intake)
    client = connect(clerk)
    reply = {"kind": "answer", "text": "一"}
    path = f"/api/v1/items/{answered.item_id}/replies"
    await client.post(path, json=reply, headers={"idempotency-key": "a"})

    async def listed(query: str) -> set[str]:
        return {item["id"] for item in (await client.get(f"/api/v1/items?{query}")).json()["items"]}

    assert await listed("channel=letter") == set()
    assert await listed("state=withdrawn") == set()
    assert await listed("state=acknowledged") == {str(new.item_id), str(answered.item_id)}
    assert await listed("waiting=true") == {str(new.item_id)}
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, answered.receipt, "又看到一次")
    assert await listed("waiting=true") == {str(new.item_id), str(answered.item_id)}


async def test_items_of_the_other_body_are_not_to_be_seen(intake: App, clerk: Member, connect: Connect) -> None:
    item, client = await submitted(intake, subject_kind="not_sure"), connect(clerk)
    assert (await client.get("/api/v1/items")).json()["items"] == []
    for method, path in (("GET", ""), ("POST", "/openings"), ("POST", "/replies"), ("POST", "/grants")):
        body = {"reason": "初次阅看此件", "kind": "answer", "text": "一", "person_id": str(clerk.person_id)}
        fields = {"/openings": ["reason"], "/replies": ["kind", "text"], "/grants": ["person_id", "reason"]}
        given = {name: body[name] for name in fields.get(path, [])}
        headers = {"idempotency-key": uuid4().hex}
        answer = await client.request(method, f"/api/v1/items/{item.item_id}{path}", json=given, headers=headers)
        assert code(answer) == (404, "item_not_found")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "eyJ9", "五"])
async def test_a_damaged_next_link_is_told_so(clerk: Member, connect: Connect, cursor: str) -> None:
    answer = await connect(clerk).get("/api/v1/items", params={"after": cursor})
    assert code(answer) == (422, "cursor_malformed")


async def test_the_original_is_sent_as_it_came_and_only_to_be_saved(
    intake: App, clerk: Member, connect: Connect
) -> None:
    stored = await a_file(intake, b"%PDF-1.7 notice", "通报 1.pdf")
    item, client = await submitted(intake, files=(stored,)), connect(clerk)
    address = await opened(client, item.item_id)
    file = (await client.get(address)).json()["attachments"][0]
    path, _, query = address.partition("/content?")
    sent = await client.get(f"{path}/attachments/{file['id']}/original?{query}")
    assert sent.content == b"%PDF-1.7 notice"
    assert sent.headers["x-content-sha256"] == file["sha256"] == sha256(sent.content).hexdigest()
    kind, _, name = sent.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert (kind, unquote(name)) == ("attachment", "通报 1.pdf")
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent.headers["content-security-policy"]
    assert sent.headers["cache-control"] == "no-store"


async def test_the_clean_copy_is_made_once_and_carries_no_metadata(
    intake: App, clerk: Member, connect: Connect
) -> None:
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "a telling camera"
    Image.new("RGB", (8, 8), "navy").save(picture, "JPEG", exif=exif)
    stored = await a_file(intake, picture.getvalue(), "photo.jpg")
    item, client = await submitted(intake, files=(stored,)), connect(clerk)
    address = await opened(client, item.item_id)
    file = (await client.get(address)).json()["attachments"][0]
    path, _, query = address.partition("/content?")
    copies = [await client.get(f"{path}/attachments/{file['id']}/clean?{query}") for _ in range(2)]
    assert copies[0].content == copies[1].content
    assert b"telling" not in copies[0].content
    assert not Image.open(io.BytesIO(copies[0].content)).getexif()
    refused = await client.get(f"{path}/attachments/{file['id']}/clean?opening={uuid4()}")
    assert code(refused) == (403, "reason_needed")


async def test_a_file_of_which_no_copy_can_be_made_says_so(intake: App, clerk: Member, connect: Connect) -> None:
    stored = await a_file(intake, b"plain text", "note.txt")
    item, client = await submitted(intake, files=(stored,)), connect(clerk)
    address = await opened(client, item.item_id)
    path, _, query = address.partition("/content?")
    file = (await client.get(address)).json()["attachments"][0]
    assert file["can_be_cleaned"] is False
    assert code(await client.get(f"{path}/attachments/{file['id']}/clean?{query}")) == (409, "no_clean_copy")
