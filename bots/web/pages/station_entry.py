"""One entry of a station's record, one question a page. It is kept after each answer, until it is in the record."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response

from bots.forms import record_dialogue
from bots.texts import problem_text
from bots.web.controls import Control, control
from bots.web.pages.station_record import CHANNEL, Shown, as_it_stands, begun, chat_of
from bots.web.pages.steps import act
from bots.web.stationed import Seat, theirs
from bots.web.visit import Visit
from core.app import cases, drafts, stations
from core.dialogue import Aborted, Dialogue, Done, Question, Review, State, Step
from core.errors import Conflict, Invalid

_CHANNEL_OF_REFUSALS: Final = "liaison_station"
_LONGEST_LINE: Final = 100


@dataclass(frozen=True, slots=True)
class Writing:
    """An entry on its way: what is stored of it, the form of today, and where it stands; ``state`` is new if empty."""

    shown: Shown
    draft: drafts.Draft
    dialogue: Dialogue
    state: State | None

    @property
    def current(self) -> Step:
        """The question or the summary at which it stands."""
        if self.state is None:
            return self.dialogue.start(self.shown.seat.visit.language)
        return self.dialogue.current(self.state)


async def _ask(seat: Seat) -> Response:
    writing = await _writing(seat)
    if not writing.shown.duty.may_file:
        return seat.visit.go(seat.path)
    if not writing.dialogue.lists[stations.PROVIDER].all:
        return seat.visit.go(seat.path, said="nobody")
    return await _shown(seat, writing, writing.current)


async def _answer(seat: Seat) -> Response:
    writing, posted = await _writing(seat), seat.visit.posted
    if not writing.shown.duty.may_file:
        raise Conflict("record_closed")
    if posted.text("action") == "discard":
        await drafts.discard(seat.work, writing.draft)
        return seat.visit.go(seat.path, said="left")
    if posted.text("action") == "submit":
        return await _submit(seat, writing)
    step = _step(writing, seat.visit)
    if isinstance(step, Aborted):
        return await _stopped(seat, writing, step)
    if step is None:
        return seat.visit.go(_here(seat))
    await drafts.save(seat.work, writing.draft, {"state": step.state.to_json()}, ttl=_kept_for(seat, writing.shown))
    if isinstance(step, Question) and step.problem:
        return await _shown(seat, writing, step, status=422)
    return seat.visit.go(_here(seat))


def _step(writing: Writing, visit: Visit) -> Step | None:
    """Return where what was posted leads; nowhere, when it was given to a question that is answered. Pure."""
    current, posted = writing.current, visit.posted
    if isinstance(current, Aborted):
        return current
    if isinstance(current, Review):
        if "edit" in posted.texts:
            return writing.dialogue.edit(current.state, posted.text("edit"))
        return writing.dialogue.back(current.state) if posted.text("question") == "" else None
    if posted.text("question") != current.name:
        return None
    return act(writing.dialogue, current.state, posted)


async def _submit(seat: Seat, writing: Writing) -> Response:
    """Put the entry into the record; sent twice, it is there once."""
    if writing.state is None:
        return seat.visit.go(seat.path)
    done = writing.dialogue.submit(writing.state)
    if isinstance(done, Aborted):
        return await _stopped(seat, writing, done)
    if not isinstance(done, Done):
        return seat.visit.go(_here(seat))
    await stations.add_entry(seat.work, seat.obligation_id, done)
    await drafts.discard(seat.work, writing.draft)
    return seat.visit.go(seat.path, said="added")


async def _stopped(seat: Seat, writing: Writing, end: Aborted) -> Response:
    """Count the category, forget the entry, and say why: nothing of it is kept (R12)."""
    await cases.refuse(seat.work, category=end.category, channel=_CHANNEL_OF_REFUSALS)
    await drafts.discard(seat.work, writing.draft)
    return seat.visit.page("station_stopped", one=writing.shown, end=end)


async def _writing(seat: Seat) -> Writing:
    shown, draft = Shown(seat, await seat.record()), await begun(seat)
    dialogue, state = await record_dialogue(seat.work, shown.duty.station_id), None
    if draft is not None:
        try:
            state = replace(State.from_json(draft.content["state"]), language=seat.visit.language)
        except (Invalid, KeyError):  # written by a version whose entries cannot be read any more
            await drafts.discard(seat.work, draft)
            draft = None
    return Writing(shown, draft or drafts.Draft(CHANNEL, chat_of(seat, seat.obligation_id)), dialogue, state)


async def _shown(seat: Seat, writing: Writing, step: Step, *, status: int = 200) -> Response:
    if isinstance(step, Aborted):
        return await _stopped(seat, writing, step)
    given: dict[str, Any] = {"one": writing.shown, "here": _here(seat), "is_new": writing.state is None}
    if isinstance(step, Review):
        return seat.visit.page("station_review", review=step, **given)
    asked = _control(step, seat.visit)
    return seat.visit.page("station_question", status=status, question=step, control=asked, **given)


def _kept_for(seat: Seat, shown: Shown) -> timedelta:
    """Return how long an entry is kept: until its round is locked, and as long again as any draft."""
    left = max(shown.last_day - seat.work.clock.today(), timedelta(0))
    return left + timedelta(days=seat.work.policy.days("draft_kept"))


def _control(step: Question, visit: Visit) -> Control:
    """Return the control of a question: room for a sentence, and no advice that only reporters can follow."""
    made = control(step, visit.t, name="answer")
    if made.shape == "line" and step.max_length > _LONGEST_LINE:
        made = replace(made, shape="lines")
    if step.problem is None:
        return made
    if step.problem.code == "too_long":
        return replace(made, problems=[visit.t("station.too_long", **step.problem.params)])
    return replace(made, problems=[problem_text(visit.t, step.problem)])


def _here(seat: Seat) -> str:
    return f"{seat.path}/entry"


ask = theirs(_ask, writes=True)  # an entry that the gate refuses by now is counted and forgotten
answer = theirs(_answer, refused=as_it_stands)
