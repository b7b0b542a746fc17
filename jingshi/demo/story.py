"""What happened in the demo district in the third quarter: reports, answers, questions, facts, one withdrawal.

Everything passes through the dialogue and the public verbs, in order of time, under a clock that is set to each moment.
"""

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from core import attachments, cases, registry
from core.app import App
from core.dialogue import Dialogue, Done, FileRef, Form, Review
from core.errors import Misconfigured
from core.work import SHANGHAI, Clock, Reporter, Staff, System
from jingshi.demo.laying import SEED
from jingshi.demo.pictures import photograph

BEGIN = datetime(2026, 7, 1, 8, 0, tzinfo=SHANGHAI)
_STORY = Path(__file__).parent / "reports.toml"
_COPIED = (
    "topic",
    "context",
    "nexus",
    "evidence",
    "subject",
    "what",
    "happened_when",
    "happened_where",
    "facts",
    "may_ask",
)
# reports on these go to another body or to the level above, and the story has reports of its own for that
_DECIDED_ELSEWHERE = ("organisation_department", "discipline_commission")

Act = Callable[[], Awaitable[None]]


@dataclass
class Told:
    """A report of the story: what was planned, and what came of it once it was submitted."""

    plan: Mapping[str, Any]
    unit: str
    submitted: cases.Submitted | None = None

    @property
    def done(self) -> cases.Submitted:
        """What the submission gave; the plan has every later step after it."""
        if self.submitted is None:
            raise Misconfigured("the story of the demo goes on before it begins")
        return self.submitted


@dataclass
class Story:
    """The cores of the processes on one home, their one clock, and the clerk who answers for each body."""

    intake: App
    desk: App
    worker: App
    clock: Clock
    clerks: Mapping[str, Staff]
    form: Form
    told: list[Told] = field(default_factory=list)

    async def tell(self, beside: Sequence[tuple[datetime, Act]] = ()) -> None:
        """Let everything happen in its order, with what happens ``beside`` it."""
        events = list(beside)
        chance = Random(SEED)  # noqa: S311 - the same story at every run
        plan = tomllib.loads(_STORY.read_text())
        async with self.intake.work(Reporter(), "web", write=False) as work:
            choices = (await registry.unit_choices(work)).all
        units = [choice.name for choice in choices if choice.columns["kind"] not in _DECIDED_ELSEWHERE]
        for number, report in enumerate(plan["report"]):
            for repeat in range(report["units"]):
                told = Told(report, units[(number * 7 + repeat * 11) % len(units)])
                self.told.append(told)
                begin = BEGIN + timedelta(days=report["day"], hours=chance.randrange(1, 12), minutes=13 * repeat)
                events += self._events(told, begin)
        for number, category in enumerate(plan["refused"]["categories"]):
            events.append((BEGIN + timedelta(days=9 * number), self._refusal(category)))
        for when, act in sorted(events, key=lambda event: event[0]):
            self.clock.move(when - self.clock.now())
            await act()

    def _events(self, told: Told, begin: datetime) -> Sequence[tuple[datetime, Act]]:
        events: list[tuple[datetime, Act]] = [(begin, lambda: self._submit(told))]
        events += [(begin + timedelta(days=step["after"]), self._step(told, step)) for step in told.plan["then"]]
        if "withdrawn_after" in told.plan:
            events.append((begin + timedelta(days=told.plan["withdrawn_after"]), lambda: self._withdraw(told)))
        return events

    def _step(self, told: Told, step: Mapping[str, Any]) -> Act:
        async def add_facts() -> None:
            async with self.intake.work(Reporter(), "web") as work:
                await cases.add_facts(work, told.done.receipt, step["text"])

        async def reply() -> None:
            async with self.desk.work(self.clerks[told.done.body], "console") as work:
                verb = cases.answer if step["kind"] == "answer" else cases.ask_back
                await verb(work, told.done.item_id, step["text"])

        return add_facts if step["by"] == "reporter" else reply

    async def _submit(self, told: Told) -> None:
        files = await self._photographs(told)
        async with self.intake.work(Reporter(), "web") as work:
            for stored in files:
                attachments.register(work, stored)
            lists = {registry.PROVIDER: await registry.unit_choices(work)}
            done = _confirmed(Dialogue(self.form, today=work.clock.today(), lists=lists), told, files)
            told.submitted = await cases.submit(
                work, cases.from_dialogue(done, channel="web", files=files, units=lists[registry.PROVIDER])
            )

    async def _photographs(self, told: Told) -> Sequence[attachments.StoredFile]:
        async def chunks(content: bytes) -> Any:  # noqa: ANN401 - an async generator of one piece
            yield content

        settings = self.intake.settings
        vault = attachments.Vault(settings.attachments, self.intake.policy.bytes("attachment_size"), self.clock)
        names = told.plan.get("photographs", ())
        return [await attachments.store(vault, chunks(photograph(name)), name=name) for name in names]

    async def _withdraw(self, told: Told) -> None:
        async with self.intake.work(Reporter(), "web") as work:
            await cases.withdraw(work, told.done.receipt)
        async with self.worker.work(System("worker"), "worker") as work:
            await cases.carry_out_withdrawals(work)

    def _refusal(self, category: str) -> Act:
        async def refuse() -> None:
            async with self.intake.work(Reporter(), "web") as work:
                await cases.refuse(work, category=category, channel="web")

        return refuse


def _confirmed(dialogue: Dialogue, told: Told, files: Sequence[attachments.StoredFile]) -> Done:
    """Answer the whole form at once and confirm the summary."""
    named = told.plan.get("named")
    answers: dict[str, Any] = {
        "about_official": "yes",
        "subject_kind": told.plan.get("subject_kind", "section_official"),
        "unit": told.unit,
        "identity_mode": "named" if named else "anonymous",
        **{name: told.plan[name] for name in _COPIED if name in told.plan},
        "attachments": [FileRef(str(stored.id), stored.name, stored.size, stored.media_type) for stored in files],
    }
    if named:
        answers |= {"reporter_name": named["name"], "reporter_contact": named["contact"]}
    start = dialogue.start("zh_CN")
    review = dialogue.answer_all(start.state, answers) if not hasattr(start, "reason") else start
    done = dialogue.submit(review.state) if isinstance(review, Review) else review
    if not isinstance(done, Done):
        raise Misconfigured(f"a report of the demo does not fit the form: {told.plan['what']}")
    return done
