"""Signing in, and what protects it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import httpx
import pytest

from core import access
from core.app import App
from tests.admin_api.conftest import Connect
from tests.builders import DESK, Member, a_clerk, a_member, sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted


def shown(member: Member, **changes: str) -> dict[str, str]:
    return {"username": member.username, "password": member.password, "totp": member.code(), **changes}


async def test_signing_in_gives_a_token_that_opens_the_session(desk: App, nobody: httpx.AsyncClient) -> None:
    member = await a_member(desk, "intake_clerk")
    begun = await nobody.post("/api/v1/sessions", json=shown(member, passphrase=member.passphrase))
    assert begun.status_code == 201
    bearer = {"authorization": f"Bearer {begun.json()['token']}"}
    session = (await nobody.get("/api/v1/session", headers=bearer)).json()
    assert (session["person_id"], session["unlocked"]) == (str(member.person_id), True)
    assert [role["role"] for role in session["roles"]] == ["intake_clerk"]


@pytest.mark.parametrize("wrong", [{"password": "not the password"}, {"totp": "000000"}, {"username": "nobody-here"}])
async def test_whatever_is_wrong_the_answer_is_the_same(
    desk: App, nobody: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    member = await a_member(desk, "intake_clerk")
    refused = await nobody.post("/api/v1/sessions", json=shown(member, **wrong), headers={"accept-language": "en"})
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:jingshi:problem:credentials_wrong"
    assert refused.json()["detail"].startswith("User name, password or code is wrong")


async def test_a_code_works_once(desk: App, nobody: httpx.AsyncClient) -> None:
    member = await a_member(desk, "intake_clerk")
    given = shown(member)
    assert (await nobody.post("/api/v1/sessions", json=given)).status_code == 201
    assert (await nobody.post("/api/v1/sessions", json=given)).status_code == 401


async def test_guessing_is_slowed_down_and_says_for_how_long(desk: App, nobody: httpx.AsyncClient) -> None:
    member = await a_member(desk, "intake_clerk")
    answers = [await nobody.post("/api/v1/sessions", json=shown(member, totp="000000")) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[-1].headers["retry-after"] == str(answers[-1].json()["retry_after"])


async def test_a_stolen_session_row_opens_nothing(desk: App, clerk: Member, nobody: httpx.AsyncClient) -> None:
    async with desk.database.transaction(write=False) as session:
        row = (await session.execute(access.tables.Session.__table__.select())).mappings().one()
    for stolen in (row["secret_hash"].hex(), str(row["id"]), row["wrapped_key"].hex()):
        answer = await nobody.get("/api/v1/session", headers={"authorization": f"Bearer {stolen}"})
        assert answer.json()["type"] == "urn:jingshi:problem:session_unknown"


async def test_a_session_that_idles_or_ended_is_refused(
    desk: App, clerk: Member, connect: Connect, clock: FixedClock
) -> None:
    client = connect(clerk)
    clock.move(timedelta(minutes=29))
    assert (await client.get("/api/v1/session")).status_code == 200
    clock.move(timedelta(minutes=31))
    assert (await client.get("/api/v1/session")).status_code == 401
    other = await sign_in(desk, clerk, step=1)
    assert (await connect(other).delete("/api/v1/session")).status_code == 204
    assert (await connect(other).get("/api/v1/session")).status_code == 401


async def test_with_a_locked_key_content_asks_for_the_passphrase(desk: App, intake: App, connect: Connect) -> None:
    item = await submitted(intake)
    client = connect(await sign_in(desk, await a_member(desk, "intake_clerk"), unlocked=False))
    opening = (await client.post(f"/api/v1/items/{item.item_id}/openings", json={"reason": "初次阅看此件"})).json()
    locked = await client.get(opening["content"], headers={"accept-language": "zh-CN"})
    assert (locked.status_code, locked.json()["type"]) == (423, "urn:jingshi:problem:key_locked")
    assert locked.json()["detail"] == "请先输入口令，打开您的密钥。"


async def test_unlocking_takes_the_passphrase_and_locking_forgets_it(desk: App, connect: Connect) -> None:
    member = await sign_in(desk, await a_member(desk, "intake_clerk"), unlocked=False)
    client = connect(member)
    assert (await client.post("/api/v1/session/unlock", json={"passphrase": "a wrong one"})).status_code == 422
    assert (await client.post("/api/v1/session/unlock", json={"passphrase": member.passphrase})).status_code == 204
    assert (await client.get("/api/v1/session")).json()["unlocked"] is True
    assert (await client.post("/api/v1/session/lock")).status_code == 204
    assert (await client.get("/api/v1/session")).json()["unlocked"] is False


async def test_a_machine_acts_with_a_token_until_it_is_revoked(clerk: Member, connect: Connect) -> None:
    client = connect(clerk)
    made = (await client.post("/api/v1/tokens", json={"name": "统计接口", "days": 90})).json()
    machine = connect(replace(clerk, secret=made["token"]))
    assert (await machine.get("/api/v1/items")).status_code == 200
    further = await machine.post("/api/v1/tokens", json={"name": "another", "days": 1})
    assert further.json()["type"] == "urn:jingshi:problem:not_for_machines"
    assert [token["name"] for token in (await client.get("/api/v1/tokens")).json()] == ["统计接口"]
    assert (await client.delete(f"/api/v1/tokens/{made['id']}")).status_code == 204
    assert (await machine.get("/api/v1/items")).status_code == 401


async def test_a_colleague_waits_for_a_shared_key_until_a_holder_hands_it_on(
    desk: App, intake: App, clerk: Member, connect: Connect
) -> None:
    item = await submitted(intake)
    colleague = await a_clerk(desk)
    holder, other = connect(clerk), connect(colleague)
    opening = (await other.post(f"/api/v1/items/{item.item_id}/openings", json={"reason": "初次阅看此件"})).json()
    assert (await other.get(opening["content"])).json()["type"] == "urn:jingshi:problem:no_grant"
    waiting = (await holder.get("/api/v1/shared-keys/waiting")).json()
    assert [each["person_id"] for each in waiting] == [str(colleague.person_id)]
    purpose = waiting[0]["purpose"]
    given = {"person_id": str(colleague.person_id)}
    granted = await holder.post(f"/api/v1/shared-keys/{purpose}/grants", json=given, headers={"idempotency-key": "k"})
    assert granted.status_code == 201
    assert (await other.get(opening["content"])).status_code == 200


async def test_a_replaced_key_opens_what_comes_in_afterwards(
    desk: App, intake: App, clerk: Member, connect: Connect
) -> None:
    client, purpose = connect(clerk), "intake:leading_group_office"
    assert (await client.get("/api/v1/shared-keys/due")).json() == []
    rotated = await client.post(f"/api/v1/shared-keys/{purpose}/rotation", headers={"idempotency-key": "r"})
    assert rotated.status_code == 204
    intake.forget_shared_keys()
    item = await submitted(intake)
    opening = (await client.post(f"/api/v1/items/{item.item_id}/openings", json={"reason": "初次阅看此件"})).json()
    assert (await client.get(opening["content"])).status_code == 200
    async with partial(desk.work, DESK, "api")() as work:
        assert purpose in work.shared
