"""Whoever decides, assesses and reviews measures, each with a machine of their own that calls the interface."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core import access
from core.app import App
from core.sealing import Escrow
from core.work import Staff
from tests.admin_api.callers import Callers, the_callers
from tests.admin_api.conftest import Connect
from tests.builders import a_member, sign_in
from tests.core.cases.offices import verified
from tests.core.warnings.offices import OFFICE, confirm_with

_COME_IN: Mapping[str, tuple[str, str]] = {
    "issuer": ("issuer", OFFICE),
    "reviewer": ("review_officer", OFFICE),
    "appeal": ("appeal_body", "personnel_department"),
    "first": ("assessor", "discipline_commission"),
    "second": ("assessor", "organisation_department"),
    "third": ("assessor", "personnel_department"),
}
PROOF = "本人签收，送达回证第3号"


@dataclass(frozen=True, slots=True)
class Deciding:
    """The people of a case, and by name those who come in once it is confirmed."""

    callers: Callers
    staff: Mapping[str, Staff]

    @property
    def desk(self) -> App:
        return self.callers.offices.desk

    @property
    def today(self) -> str:
        return self.desk.clock.today().isoformat()

    async def confirmed(self, intake: App, form: str) -> UUID:
        """A case whose finding was confirmed, with this form recommended by both meetings."""
        case_id = await verified(self.callers.offices, intake)
        await confirm_with(self.callers.offices, case_id, form)
        return case_id

    def one(self, name: str) -> Staff:
        """One of those who come in, or the supervisor or an officer of the case."""
        return self.staff[name] if name in self.staff else getattr(self.callers.offices, name)

    async def done(self, name: str, path: str, given: object = None, *, seen: str = "") -> dict[str, Any]:
        """Let somebody take a step that is possible; the answer comes back, with its ETag as ``etag``."""
        return await self.callers.done(self.one(name), path, given, seen=seen)

    async def drafted(self, case_id: object, form: str, **changes: object) -> dict[str, Any]:
        """A measure that the supervisor drafted."""
        return await self.done("supervisor", f"/cases/{case_id}/measures", {**a_draft(form), **changes})

    async def approved(self, case_id: object, form: str, **changes: object) -> str:
        """The address of a measure that was drafted, checked and approved."""
        base = f"/measures/{(await self.drafted(case_id, form, **changes))['measure_id']}"
        await self.done("disc", f"{base}/check")
        capacity = (await self.read("issuer", base))["next_capacity"]
        assert (await self.done("issuer", f"{base}/approvals", {"capacity": capacity}))["state"] == "approved"
        return base

    async def served(self, case_id: object, form: str, **changes: object) -> str:
        """The address of a measure that was served today."""
        base = await self.approved(case_id, form, **changes)
        await self.done("issuer", f"{base}/service", {"served_on": self.today, "proof": PROOF})
        return base

    async def read(self, name: str, base: str) -> dict[str, Any]:
        """Let somebody open a measure, with a reason."""
        opening = await self.done(name, f"{base}/openings", {"reason": "办理前阅看"})
        answer = await self.callers.get(self.one(name), opening["content"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def a_draft(form: str) -> dict[str, object]:
    """What a document says."""
    return {
        "form": form,
        "facts": "三月二日上班时间在茶水间打扑克约一小时",
        "reasons": "违反工作纪律，事实清楚，本人承认",
        "requirements": "严格遵守上班纪律，五个工作日内提交书面检查",
    }


async def the_deciding(desk: App, escrow: Escrow, connect: Connect) -> Deciding:
    """Everybody that a measure needs, each with a machine that holds a token: terms are longer than sessions."""
    callers = await the_callers(desk, escrow, connect)
    members, clients, staff = dict(callers.members), dict(callers.clients), {}
    for name, (role, unit_kind) in _COME_IN.items():
        member = await sign_in(desk, await a_member(desk, role, unit_kind))
        staff[name] = await member.staff(desk)
        members[member.person_id], clients[member.person_id] = member, connect(member)
    deciding = Deciding(replace(callers, members=members, clients=clients), staff)
    offices = callers.offices
    for each in (*staff.values(), offices.supervisor, offices.org, offices.disc):
        clients[each.person_id].headers["authorization"] = f"Bearer {await _a_token(desk, each)}"
    return deciding


async def _a_token(desk: App, staff: Staff) -> str:
    """A token that outlives every term, as the machine of somebody who unlocked it has it."""
    async with desk.work(staff, "api") as work:
        return (await access.create_token(work, name="机器", days=366)).secret
