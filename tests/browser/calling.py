"""What was walked through pages elsewhere is asked of the interface here, with the sessions that people began there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext

from core.cases.rules.registers import WAYS

_ENTRY: Final[Mapping[str, str]] = {
    "subject_kind": "section_official",
    "unit": "township.luting",
    "category": "on_duty:M5",
    "evidence": "document",
}
_FINDING: Final = {
    "finding": "substantiated",
    "facts": "窗口没有一次性告知，登记显示同一事项四次到场。",
    "explanation": "系统升级属实，只影响其中一天。",
    "exculpatory": "收到函询后当天整改。",
}


@dataclass(frozen=True)
class Calling:
    """One member of staff who calls the interface with the session of their browser."""

    client: httpx.Client

    @classmethod
    def of(cls, context: BrowserContext, origin: str) -> "Calling":
        cookies = {each["name"]: each["value"] for each in context.cookies()}
        headers = {"authorization": f"Bearer {cookies['jingshi_desk']}"}
        return cls(httpx.Client(base_url=f"{origin}/api/v1", headers=headers, timeout=30))

    def post(self, path: str, given: object = None) -> dict[str, Any]:
        answer = self.client.post(path, json=given, headers={"idempotency-key": uuid4().hex})
        assert answer.is_success, f"{path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str) -> Any:  # noqa: ANN401 - what the interface answers
        answer = self.client.get(path)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()


def analysed(people: Mapping[str, Calling], form: str, official: str) -> str:
    """Bring what a clerk took down by telephone to an analysed case that allows this form; its id comes back."""
    clerk, supervisor, org, disc = (people[name] for name in ("clerk", "supervisor", "org", "disc"))
    asked = {each.name for each in WAYS["telephone"].inputs if each.required} | {"unit"}
    inputs = {name: _ENTRY.get(name, "2026-09-15") for name in asked}
    item = clerk.post("/entries", {"way": "telephone", "inputs": inputs, "text": "窗口没有一次性告知"})["item_id"]
    card = {
        "subject_kind": "official",
        "subject_id": official,
        "setting": "on_duty",
        "category": "on_duty:M5",
        "evidence": "document",
        "detriment": "possible",
        "substance": "窗口没有一次性告知",
        "conduct_on": "2026-09-15",
    }
    clerk.post(f"/items/{item}/card", card)
    clerk.post(f"/items/{item}/triage", {"outcome": "accepted", "reason": "属于受理范围，有可以查证的事实"})
    supervisor.post(f"/items/{item}/triage/decision", {"approved": True})
    case = clerk.post(f"/items/{item}/case")["case_id"]
    officers = {f"officer_{name}": people[name].get("/session")["person_id"] for name in ("org", "disc")}
    supervisor.post(f"/cases/{case}/officers", officers)
    for officer in (org, disc):
        officer.post(f"/cases/{case}/declarations", {"relation": "none"})
    supervisor.post(f"/cases/{case}/assignment")
    org.post(f"/cases/{case}/evidence", {"text": "窗口收件登记", "source": "document", "exculpatory": False})
    found = org.post(f"/cases/{case}/findings", _FINDING)
    disc.post(f"/cases/{case}/findings/{found['id']}/signature")
    classified = {
        "manifestation": "M5",
        "severity": "ordinary" if form == "talk_reminder" else "important",
        "pattern": "incipient",
        "discipline": False,
        "face_to_face": form != "letter",
        "reasons": "影响办事群众",
    }
    org.post(f"/cases/{case}/classifications", classified)
    supervisor.post(f"/cases/{case}/analysis", {"text": "事实清楚"})
    return str(case)


def meet(people: Mapping[str, Calling], forms: Mapping[str, str]) -> None:
    """Let both meetings recommend a form for each case, and the leading group confirm them."""
    today = "2026-09-30"
    for kind, member in (("department_meeting", "department"), ("leading_group_meeting", "group")):
        call = {"kind": kind, "body": "leading_group_office", "held_on": today, "case_ids": list(forms)}
        meeting = people["supervisor"].post("/meetings", call)["id"]
        seats = people[member].get(f"/meetings/{meeting}")["seats"]
        present = [each["person_id"] for each in seats]
        decisions = [
            {
                "case_id": case,
                "votes_for": len(present),
                "votes_against": 0,
                "abstained": 0,
                "recommendation": form.split("_")[0],
                "form": form,
                "reasons": "事实清楚，同意。",
            }
            for case, form in forms.items()
        ]
        people[member].post(f"/meetings/{meeting}/minutes", {"present": present, "decisions": decisions})
    for case in forms:
        people["group"].post(f"/cases/{case}/confirmation", {"text": "同意。"})
