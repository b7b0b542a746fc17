"""What a chat does with the entry that is being written in it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from bots.liaison.chat import Chat, new_tag
from bots.liaison.duties import show
from bots.liaison.scene import last_day
from bots.liaison.texts import day
from bots.liaison.turn import Turn
from bots.texts import problem_text
from core.app import stations
from core.dialogue import Aborted, Done, Question, Step


async def write(turn: Turn, arg: str) -> None:
    """Begin an entry, or go on with the one that is being written."""
    obligation_id = UUID(arg)
    open_ones = {duty.obligation_id for duty in await stations.duties(turn.work) if duty.may_file}
    if obligation_id not in open_ones:
        await show(turn, arg)
        return
    if turn.chat.entry_of in open_ones - {obligation_id}:  # one entry is written at a time
        turn.say("entry.other_first")
        obligation_id = turn.chat.entry_of
    record = await stations.record(turn.work, obligation_id)
    dialogue = await turn.dialogue(record.duty.station_id)
    if not dialogue.lists[stations.PROVIDER].all:
        turn.say("entry.nobody")
        await show(turn, arg)
        return
    goes_on = turn.chat.state is not None and turn.chat.entry_of == obligation_id
    tag = turn.chat.tag if goes_on else new_tag()
    turn.set(duty=obligation_id, entry_of=obligation_id, tag=tag)
    state = turn.chat.state if goes_on else None
    await turn.go(dialogue.current(state) if state else dialogue.start(turn.language))


async def answer(turn: Turn, text: str) -> None:
    """Take what was typed as the answer."""
    dialogue, state = await turn.dialogue_here(), turn.chat.state
    assert state is not None, "an entry that is being written has a state"  # noqa: S101 - for the types
    question = dialogue.current(state)
    if not isinstance(question, Question):
        turn.say("review.press")
        return
    step = dialogue.advance(state, text)
    if chosen := _chosen(question, step):
        turn.say("question.chosen", answer=chosen)
    await turn.go(step)
    if turn.chat.state is not None:
        turn.set(answer=(question.name, turn.incoming.message_id))


def _chosen(question: Question, step: Step) -> str:
    """Return which choice was typed, or nothing: it is asked again, has no choices, or ends the entry."""
    if isinstance(step, Aborted) or (isinstance(step, Question) and step.name == question.name):
        return ""
    given = step.state.answers.get(question.name)
    return next((each.label for each in question.options if each.name == given), "")


async def edited(turn: Turn) -> None:
    """Take a changed message as the answer that it was; one that is no answer, or an older one, changes nothing."""
    state, given, text = turn.chat.state, turn.chat.answer, turn.incoming.text
    if turn.chat.place not in {"form", "change"} or state is None or given is None:
        turn.say("edit.again")
        return
    name, message_id = given
    if message_id != turn.incoming.message_id:
        turn.say("edit.how")
        return
    dialogue = await turn.dialogue_here()
    step = dialogue.advance(replace(state, at=name, editing=False), text, question=name)
    problem = step.problem if isinstance(step, Question) and step.name == name else None
    if problem is not None:
        turn.say("edit.refused", why=problem_text(turn.t, problem))
        return
    if not isinstance(step, Aborted):
        turn.say("edit.taken")
        if state.at != name:
            step = dialogue.current(replace(step.state, at=state.at, editing=state.editing))
    await turn.go(step)
    if turn.chat.state is not None:
        turn.set(answer=given)


async def option(turn: Turn, arg: str) -> None:
    """Choose."""
    dialogue, state = await turn.dialogue_here(), turn.chat.state
    assert state is not None, "as above"  # noqa: S101 - for the types
    step = dialogue.current(state)
    if isinstance(step, Question):
        turn.chosen = next((each.label for each in step.options if each.name == arg), turn.chosen)
    await turn.go(dialogue.advance(state, arg))


def engine(name: str) -> Callable[[Turn, str], Awaitable[None]]:
    """Return the verb that goes where the engine's verb ``name`` leads."""

    async def verb(turn: Turn, arg: str) -> None:
        dialogue = await turn.dialogue_here()
        given = (turn.chat.state, arg) if name == "edit" else (turn.chat.state,)
        await turn.go(getattr(dialogue, name)(*given))

    return verb


async def submit(turn: Turn, _arg: str) -> None:
    """Put the entry into the record."""
    dialogue, state, obligation_id = await turn.dialogue_here(), turn.chat.state, turn.chat.entry_of
    assert state is not None, "as above"  # noqa: S101 - for the types
    assert obligation_id is not None, "as above"  # noqa: S101 - for the types
    done = dialogue.submit(state)
    if not isinstance(done, Done):
        await turn.go(done)
        return
    await stations.add_entry(turn.work, obligation_id, done)
    turn.say("entry.added")
    turn.chat = Chat(place="duty", duty=obligation_id)


async def later(turn: Turn, _arg: str) -> None:
    """Put the entry that is being written aside, and say until when it can be gone on with."""
    for duty in await stations.duties(turn.work):
        if duty.obligation_id == turn.chat.entry_of:
            turn.say("entry.later", day=day(turn.language, last_day(duty)))
    turn.set(place="duty", duty=turn.chat.entry_of, answer=None)


async def leave(turn: Turn, _arg: str) -> None:
    """Let go of the entry that is being written."""
    turn.chat = Chat(place="duty", duty=turn.chat.entry_of)


async def change(turn: Turn, _arg: str) -> None:
    """Ask which answer is to be changed."""
    turn.set(place="change")


async def form(turn: Turn, _arg: str) -> None:
    """Return to the form."""
    turn.set(place="form")
