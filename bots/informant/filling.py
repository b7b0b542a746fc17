"""The verbs of the form: begin, answer, go back, add files, confirm."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bots.files import file_ref
from bots.forms import units_of
from bots.informant.chat import Parts
from bots.informant.texts import says
from bots.informant.turn import CHANNEL, Turn, Verbs
from bots.texts import problem_text
from core.app import cases
from core.dialogue import Aborted, Done, Question, State, Step
from core.dialogue.form import FILE_KINDS, SELECT_KINDS, Field, folded

_TAG_BYTES: Final = 6


async def report(turn: Turn, _arg: str = "") -> None:
    """Say what is kept and what the platform sees; a report that is under way is not lost by it."""
    if turn.chat.place == "form":
        turn.set(asks="restart")
    elif turn.chat.place == "receipt":
        turn.say("receipt.first")
    else:
        turn.chat = replace(turn.chat.at_home(keeps_traces=True), place="notice", tag=new_tag())


async def renew(turn: Turn, _arg: str = "") -> None:
    """Forget the report under way and begin another."""
    turn.chat = replace(turn.chat.at_home(keeps_traces=True), place="notice", tag=new_tag())


async def begin(turn: Turn, _arg: str = "") -> None:
    """Put the first question."""
    turn.set(tag=new_tag(), files={}, parts={}, more="")
    await turn.go(turn.dialogue.start(turn.chat.language))


async def option(turn: Turn, name: str) -> None:
    """Answer with a choice that was pressed."""
    await _answer(turn, lambda state: turn.dialogue.advance(state, name))


async def back(turn: Turn, _arg: str = "") -> None:
    """Go to the question before."""
    await _answer(turn, turn.dialogue.back)


async def skip(turn: Turn, _arg: str = "") -> None:
    """Pass over the question."""
    await _answer(turn, turn.dialogue.skip)


async def onward(turn: Turn, _arg: str = "") -> None:
    """Go on with the answer that stands."""
    await _answer(turn, turn.dialogue.keep)


async def edit(turn: Turn, name: str) -> None:
    """Open a line of the summary."""
    turn.set(asks="")
    await _answer(turn, lambda state: turn.dialogue.edit(state, name))


async def anew(turn: Turn, _arg: str = "") -> None:
    """Drop the answer that is being written in several messages, and ask again."""
    state = _state(turn)
    parts = {name: one for name, one in turn.chat.parts.items() if name != state.at}
    answers = {name: one for name, one in state.answers.items() if name != state.at}
    turn.set(parts=parts, more="")
    await turn.go(turn.dialogue.current(replace(state, answers=answers)))


async def drop(turn: Turn, _arg: str = "") -> None:
    """Take the last file away again."""
    state = _state(turn)
    held = state.answers.get(state.at or "")
    if isinstance(held, tuple) and held and not isinstance(held[-1], str):
        await turn.go(turn.dialogue.detach(state, held[-1].id))


async def text(turn: Turn) -> None:
    """Answer with what was typed; an answer of several lines may come in several messages."""
    state, typed = _state(turn), turn.incoming.text
    row = turn.dialogue.form.by_name[state.at] if state.at else None
    if row is None:
        turn.say("review.press")
        return
    if row.kind in FILE_KINDS:
        await _no_files_typed(turn)
        return
    goes_on = turn.chat.more == row.name
    before = turn.chat.parts.get(row.name, ()) if goes_on else ()
    await _take(turn, state, row, (*before, (turn.incoming.message_id, typed)))


async def edited(turn: Turn) -> None:
    """Honour a change of a message that holds an answer, as long as the report has not been sent."""
    state, message_id = turn.chat.state, turn.incoming.message_id
    name = next((name for name, parts in turn.chat.parts.items() if message_id in {one for one, _ in parts}), None)
    if turn.chat.place != "form" or state is None or name is None or name not in turn.dialogue.form.by_name:
        turn.say("edit.too_late")
        return
    parts = tuple((one, turn.incoming.text if one == message_id else said) for one, said in turn.chat.parts[name])
    step = turn.dialogue.advance(replace(state, at=name, editing=False), _joined(parts), question=name)
    problem = step.problem if isinstance(step, Question) and step.name == name else None
    if problem is not None:
        turn.notes.append(turn.t("edit.refused", why=problem_text(turn.t, problem)))
        return
    turn.set(parts={**turn.chat.parts, name: parts})
    if not isinstance(step, Aborted):
        step = turn.dialogue.current(replace(step.state, at=state.at, editing=state.editing))
    turn.say("edit.taken")
    await turn.go(step)


async def files(turn: Turn) -> None:
    """Add files to the question that asks for them; anywhere else say where they belong."""
    state, fetched = _state(turn), turn.fetched
    turn.notes += fetched.refused
    if state.at is None or turn.dialogue.form.by_name[state.at].kind not in FILE_KINDS:
        turn.say("files.not_here")
        return
    if turn.incoming.text:
        turn.say("files.caption")
    step = turn.dialogue.attach(state, *map(file_ref, fetched.files.values()))
    turn.set(files={**turn.chat.files, **fetched.files})
    await turn.go(step)


async def submit(turn: Turn, _arg: str = "") -> None:
    """Seal the report; the chat holds nothing of it any more but its receipt, until that was noted."""
    done = turn.dialogue.submit(_state(turn))
    if not isinstance(done, Done):
        await turn.go(done)
        return
    kept = tuple(turn.chat.files.values())
    units = units_of(turn.dialogue)
    submitted = await cases.submit(turn.work, cases.from_dialogue(done, channel=CHANNEL, files=kept, units=units))
    home = turn.chat.at_home(keeps_traces=True)
    turn.step = None
    turn.chat = replace(home, place="receipt", tag=new_tag(), receipt=submitted.receipt, body=submitted.body)


async def _no_files_typed(turn: Turn) -> None:
    """At the question for files a typed line goes past it where it says that there are none, and else is not taken."""
    if says(turn.incoming.text, "no_file"):
        await onward(turn)
    else:
        turn.say("files.typed")


async def _take(turn: Turn, state: State, row: Field, parts: Parts) -> None:
    """Answer with ``parts``; a long text stays open, so that the rest of it may follow."""
    step = turn.dialogue.advance(state, _joined(parts), question=row.name)
    refused = isinstance(step, Question) and step.name == row.name and step.problem is not None
    if refused:
        await turn.go(step)
        return
    if row.kind in SELECT_KINDS and not isinstance(step, Aborted):
        _repeat(turn, turn.dialogue.current(replace(step.state, at=row.name)), parts[-1][1])
    is_long = "multiline" in row.appearance
    noted = parts if is_long else ((parts[-1][0], ""),)
    turn.set(parts={**turn.chat.parts, row.name: noted}, more="")
    if is_long and not isinstance(step, Aborted):
        turn.set(more=row.name)
        step = turn.dialogue.current(replace(step.state, at=row.name, editing=state.editing))
    await turn.go(step)


def _repeat(turn: Turn, question: Step, typed: str) -> None:
    """Say in full which choice was taken for what was typed, unless that was all of it: a part may mean another."""
    if isinstance(question, Question):
        chosen = [option.label for option in question.options if option.chosen]
        turn.notes += [turn.t("question.understood", answer=one) for one in chosen if folded(one) != folded(typed)]


async def _answer(turn: Turn, verb: Callable[[State], Step]) -> None:
    state = _state(turn)
    step, at = verb(state), state.at or ""
    stays = isinstance(step, Question) and step.name == turn.chat.more
    if not stays:
        turn.set(more="")
    if not isinstance(step, Aborted) and step.state.answers.get(at) != state.answers.get(at):
        turn.set(parts={name: one for name, one in turn.chat.parts.items() if name != at})  # no message holds it now
    await turn.go(step)


def _state(turn: Turn) -> State:
    """Return where the form stands; a report that is new stands at its first question."""
    return turn.chat.state or turn.dialogue.start(turn.chat.language).state  # type: ignore[union-attr]


def _joined(parts: Parts) -> str:
    return "\n".join(said for _, said in parts)


def new_tag() -> str:
    """Return what tells one report, and what else is begun in a chat, from the next."""
    return secrets.token_urlsafe(_TAG_BYTES)


VERBS: Final[Verbs] = {
    "report": report,
    "renew": renew,
    "begin": begin,
    "option": option,
    "back": back,
    "skip": skip,
    "next": onward,
    "edit": edit,
    "anew": anew,
    "drop": drop,
    "submit": submit,
}
"""What buttons and words of the form do."""
