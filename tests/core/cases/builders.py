"""Reports for tests, as a finished dialogue would make them."""

from collections.abc import AsyncIterator
from typing import Any

from core import attachments, cases
from core.app import App
from core.cases import Answered, Report, Submitted
from core.work import Reporter


def a_report(**changes: Any) -> Report:  # noqa: ANN401 - any field of a report
    """A report about an official, routed to the leading-group office."""
    fields: dict[str, Any] = {
        "channel": "web",
        "form": "report@1",
        "language": "zh_CN",
        "subject_kind": "section_official",
        "category": "on_duty:M3",
        "evidence": "own_observation",
        "answers": {"facts": "三楼茶水间有人打扑克"},
        "summary": [Answered("facts", "请把经过写下来。", "三楼茶水间有人打扑克")],
        "identity": None,
        "files": (),
        "wants_questions": True,
    }
    return Report(**fields | changes)


async def submitted(intake: App, **changes: Any) -> Submitted:  # noqa: ANN401 - any field of a report
    async with intake.work(Reporter(), "web") as work:
        return await cases.submit(work, a_report(**changes))


async def a_file(intake: App, content: bytes = b"%PDF-1.7 notice", name: str = "notice.pdf") -> attachments.StoredFile:
    """A file in sealed storage with its row, as the draft of a report has it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    vault = attachments.Vault(intake.settings.attachments, intake.policy.bytes("attachment_size"), intake.clock)
    stored = await attachments.store(vault, chunks(), name=name)
    async with intake.work(Reporter(), "web") as work:
        attachments.register(work, stored)
    return stored
