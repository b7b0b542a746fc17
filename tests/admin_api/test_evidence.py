"""Files as evidence, through the interface: sealed as they come, vouched for by their digest."""

import json
from hashlib import sha256
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from core.app import App
from core.attachments.queries import place
from core.attachments.store import StoredFile
from core.attachments.tables import Attachment
from core.cases.proceedings.tables import CaseFile
from core.sealing import Escrow, seal_envelope
from core.work import Staff, System
from tests.admin_api.callers import Callers, code, the_callers
from tests.admin_api.conftest import Connect
from tests.core.cases.offices import verifying

PDF = b"%PDF-1.7 a page of the register"


@pytest.fixture
async def callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    return await the_callers(desk, escrow, connect)


async def _add(
    callers: Callers, staff: Staff, case_id: UUID, content: bytes = PDF, name: str = "登记表.pdf"
) -> httpx.Response:
    client = callers.clients[staff.person_id]
    path = f"/api/v1/cases/{case_id}/files"
    return await client.post(path, params={"name": name}, content=content, headers={"content-type": "application/pdf"})


async def _read(callers: Callers, staff: Staff, case_id: UUID, file_id: str) -> httpx.Response:
    opening = await callers.done(staff, f"/cases/{case_id}/openings", {"reason": "核对证据材料"})
    return await callers.get(staff, f"/cases/{case_id}/files/{file_id}?opening={opening['id']}")


async def test_a_file_of_the_evidence_comes_back_byte_for_byte_to_whoever_reads_the_case(
    intake: App, callers: Callers
) -> None:
    case_id = await verifying(callers.offices, intake)
    made = await _add(callers, callers.offices.org, case_id)
    assert made.status_code == 201, made.text
    (entry,) = [
        one
        for one in (await callers.thread(callers.offices.disc, case_id))["entries"]
        if one["id"] == made.json()["id"]
    ]
    says = entry["says"]
    assert (says["name"], says["sha256"], says["size"]) == ("登记表.pdf", sha256(PDF).hexdigest(), len(PDF))
    answer = await _read(callers, callers.offices.disc, case_id, says["attachment_id"])
    assert (answer.content, answer.headers["x-content-sha256"]) == (PDF, says["sha256"])
    assert code(await _add(callers, callers.offices.disc, case_id)) == (409, "file_there_already")
    assert code(await _read(callers, callers.offices.org, case_id, str(uuid4()))) == (404, "attachment_unknown")


async def test_files_are_taken_from_officers_of_the_case_alone_and_never_of_a_kind_that_runs(
    intake: App, callers: Callers
) -> None:
    case_id = await verifying(callers.offices, intake)
    assert code(await _add(callers, callers.offices.supervisor, case_id)) == (403, "not_permitted")
    assert (await _add(callers, callers.offices.org, case_id, b"MZ program", "a.exe")).status_code == 422
    assert (await _add(callers, callers.offices.org, case_id, b"")).status_code == 422


async def test_a_file_exchanged_after_its_digest_was_taken_is_not_opened(
    intake: App, desk: App, callers: Callers
) -> None:
    case_id = await verifying(callers.offices, intake)
    made = (await _add(callers, callers.offices.org, case_id)).json()["id"]
    entries = {one["id"]: one["says"] for one in (await callers.thread(callers.offices.org, case_id))["entries"]}
    file_id = UUID(entries[made]["attachment_id"])
    other = StoredFile(file_id, "登记表.pdf", 3, "application/pdf", sha256(b"new").digest(), bytes(32))
    async with desk.work(System("somebody"), "cli") as work:  # whoever writes the database knows the case's public key
        public = (await work.session.scalars(select(CaseFile.public_key))).one()
        text = json.dumps({**other.to_json(), "position": 0}).encode()
        envelope = seal_envelope(text, to=[public], context=place(file_id))
        await work.session.execute(update(Attachment).where(Attachment.id == file_id).values(envelope=envelope))
    answer = await _read(callers, callers.offices.org, case_id, str(file_id))
    assert code(answer) == (500, "evidence_exchanged")
