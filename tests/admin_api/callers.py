"""Everybody who works on a case, each with a machine that calls the interface for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from core.app import App
from core.sealing import Escrow
from core.work import Staff
from tests.admin_api.conftest import Connect
from tests.builders import Member, a_clerk, a_member, sign_in
from tests.core.cases.offices import CONDUCT, Offices, an_official

API = "/api/v1"
CLASSIFICATION = {
    "manifestation": "M3",
    "severity": "ordinary",
    "pattern": "incipient",
    "discipline": False,
    "face_to_face": True,
    "reasons": "初犯，情节轻微",
}
FINDING = {
    "finding": "substantiated",
    "facts": "三月二日上午在茶水间打扑克约一小时",
    "explanation": "本人承认，称系午休延长",
    "exculpatory": "当日无群众办事受影响",
}


@dataclass(frozen=True, slots=True)
class Callers:
    """The offices, and how each of their people calls."""

    offices: Offices
    archivist: Staff
    reader: Staff
    members: Mapping[UUID, Member]
    clients: Mapping[UUID, httpx.AsyncClient]

    async def get(self, staff: Staff, path: str, **headers: str) -> httpx.Response:
        return await self.clients[staff.person_id].get(path if path.startswith(API) else API + path, headers=headers)

    async def post(
        self, staff: Staff, path: str, given: object = None, *, key: str = "", seen: str = "", method: str = "POST"
    ) -> httpx.Response:
        """Let somebody take a step, under a new key unless one is given."""
        headers = {"idempotency-key": key or uuid4().hex, **({"if-match": seen} if seen else {})}
        body = {} if given is None else {"json": given}
        return await self.clients[staff.person_id].request(method, API + path, headers=headers, **body)  # type: ignore[arg-type]

    async def done(self, staff: Staff, path: str, given: object = None, *, seen: str = "") -> dict[str, Any]:
        """Let somebody take a step that is possible; the answer comes back, with its ETag as ``etag``."""
        answer = await self.post(staff, path, given, seen=seen)
        assert answer.status_code in {200, 201}, f"{path}: {answer.text}"
        return {**answer.json(), "etag": answer.headers.get("etag", "")}

    async def thread(self, staff: Staff, case_id: object) -> dict[str, Any]:
        """Read a case, with a reason."""
        opening = await self.done(staff, f"/cases/{case_id}/openings", {"reason": "参加会议前阅卷"})
        answer = await self.get(staff, opening["thread"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def card(self, **changes: object) -> dict[str, object]:
        """A card about the official, in order."""
        return {
            "subject_kind": "official",
            "subject_id": str(self.offices.official_id),
            "setting": "on_duty",
            "category": "on_duty:M3",
            "evidence": "own_observation",
            "detriment": "possible",
            "substance": "上班时间在茶水间打扑克",
            "conduct_on": CONDUCT.isoformat(),
            **changes,
        }


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:jingshi:problem:")


async def the_callers(desk: App, escrow: Escrow, connect: Connect) -> Callers:
    """Everybody that a case needs, signed in."""
    office, commission, department = "leading_group_office", "discipline_commission", "organisation_department"
    members: dict[UUID, Member] = {}

    async def signed(member: Member) -> Staff:
        members[member.person_id] = member
        return await member.staff(desk)

    async def one(role: str, unit_kind: str) -> Staff:
        return await signed(await sign_in(desk, await a_member(desk, role, unit_kind)))

    offices = Offices(
        desk=desk,
        clerk=await signed(await a_clerk(desk, escrow=escrow)),
        supervisor=await one("supervisor", office),
        org=await one("case_officer_org", department),
        disc=await one("case_officer_disc", commission),
        department=tuple([await one("department_meeting", department) for _ in range(3)]),
        group=tuple([await one("leading_group", "leading_group") for _ in range(3)]),
        receiver=await one("supervisor", commission),
        official_id=await an_official(desk),
    )
    archivist = await one("archivist", office)
    reader = await one("district_committee_reader", "district_committee")
    return Callers(offices, archivist, reader, members, {each: connect(member) for each, member in members.items()})
