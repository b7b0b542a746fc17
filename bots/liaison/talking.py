"""What a chat does with what was said or pressed in it: the verbs behind buttons and words."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from uuid import UUID

from bots.liaison.chat import BOT, Chat, new_tag
from bots.liaison.texts import command, plain_word
from bots.liaison.turn import Turn
from bots.texting import Button
from core.app import outbox, stations
from core.dialogue import Aborted, Done, Question, Review
from core.dialogue.form import folded
from core.texts import LANGUAGES

_QUIET: Final = frozenset({"page"})
"""What shows something else in the place of the message, and chooses nothing."""


async def apply(turn: Turn) -> None:
    """Apply an update to its chat."""
    match turn.incoming.kind:
        case "press":
            await _press(turn)
        case "text":
            await _text(turn)
        case "edit":
            turn.say("edit.how")
        case _:
            turn.say("unusable")


async def _press(turn: Turn) -> None:
    button = await turn.pressed(turn.incoming.text, await turn.screen())
    if button is None:
        turn.is_old, turn.alert = True, turn.t("press.old")
        return
    await _do(turn, button)


async def _do(turn: Turn, button: Button) -> None:
    if button.action not in _QUIET:
        turn.chosen = button.label or turn.t(f"duty.{button.action}")
    await VERBS[button.action](turn, button.arg)


async def _text(turn: Turn) -> None:
    text = turn.incoming.text
    name, rest = command(text)
    if name == "start" and rest:
        await _redeem(turn, rest)
    elif name:
        await COMMANDS[name](turn)
    elif turn.who is None:
        await _redeem(turn, text)
    elif turn.chat.place == "remark":
        await _send_back(turn, text)
    elif (button := (await turn.screen()).typed(text)) is not None:
        await _do(turn, button)
    elif turn.chat.place in {"form", "change"}:
        await _answer(turn, text)
    else:
        await _plain(turn, text)


async def _plain(turn: Turn, text: str) -> None:
    word = plain_word(text)
    may_file = [each for each in await stations.duties(turn.work) if each.may_file]
    if word == "nil" and len(may_file) == 1:
        await nil(turn, may_file[0].obligation_id.hex)
    elif word in {"home", "nil"}:
        await home(turn)
    elif word:
        await COMMANDS[word](turn)
    else:
        turn.say("not_understood")


# -- who somebody is -------------------------------------------------------------------------------------------------


async def _redeem(turn: Turn, word: str) -> None:
    """Pair the chat with whoever was given ``word``; wrong ones are slowed."""
    chat = str(turn.incoming.chat)
    turn.throttle.take(chat)
    await stations.redeem(turn.work, outbox.ChatAddress(BOT, chat, turn.language), word)
    turn.recognised(await stations.recognise(turn.work, chat))
    turn.chat = Chat(place="who")


async def disown(turn: Turn, _arg: str) -> None:
    """End the pairing of somebody who says that they are somebody else."""
    await stations.disown(turn.work, str(turn.incoming.chat))
    turn.say("who.sorry")
    turn.who, turn.chat = None, Chat()


async def _stop(turn: Turn) -> None:
    if turn.who is not None:
        await stations.leave(turn.work, str(turn.incoming.chat))
        turn.say("stop.done")
    turn.who, turn.chat = None, Chat()


async def language(turn: Turn, arg: str) -> None:
    """Speak another language; an entry that is being written goes on in it."""
    if turn.who is None:
        return
    await stations.speak(turn.work, turn.who, arg)
    turn.recognised(await stations.recognise(turn.work, str(turn.incoming.chat)))
    if turn.chat.state is not None and turn.chat.entry_of is not None:
        step = (await turn.dialogue_here()).speak(turn.chat.state, arg)
        if not isinstance(step, Aborted):
            turn.set(state=step.state)


async def _other_language(turn: Turn) -> None:
    await language(turn, next(each for each in LANGUAGES if each != turn.language))


async def _help(turn: Turn) -> None:
    turn.say("help")


async def _start(turn: Turn) -> None:
    if turn.who is not None and turn.chat.place not in {"form", "change"}:
        await home(turn)


# -- what a station owes ---------------------------------------------------------------------------------------------


async def home(turn: Turn, _arg: str = "") -> None:
    """Show what there is to do; an entry that is being written is kept."""
    turn.set(place="home", duty=None)


async def show(turn: Turn, arg: str) -> None:
    """Show a record as it stands."""
    turn.set(place="duty", duty=UUID(arg))


async def nil(turn: Turn, arg: str) -> None:
    """Ask whether there is really nothing to report, unless somebody wrote an entry or it was filed."""
    record = await stations.record(turn.work, UUID(arg))
    await (show(turn, arg) if record.entries or not record.duty.may_file else _place(turn, "nil", arg))


async def file_nil(turn: Turn, _arg: str) -> None:
    """File that there is nothing to report, and say thanks."""
    record = await stations.file_nil(turn.work, _duty(turn))
    turn.say("thanks.nil")
    turn.chat = Chat(place="duty", duty=record.duty.obligation_id)


async def file(turn: Turn, arg: str) -> None:
    """File the record as it stands, and say thanks."""
    record = await stations.file(turn.work, UUID(arg))
    turn.say("thanks.filed", number=len(record.entries))
    turn.chat = Chat(place="duty", duty=record.duty.obligation_id)


async def take_back(turn: Turn, arg: str) -> None:
    """Go on with a record that was filed."""
    await stations.take_back(turn.work, UUID(arg))
    turn.say("taken_back")
    await show(turn, arg)


async def sign(turn: Turn, arg: str) -> None:
    """Sign a record."""
    await stations.sign(turn.work, UUID(arg))
    turn.say("thanks.signed")
    turn.chat = Chat(place="duty", duty=UUID(arg))


async def remark(turn: Turn, arg: str) -> None:
    """Ask why a record is sent back."""
    await _place(turn, "remark", arg)


async def _send_back(turn: Turn, text: str) -> None:
    if folded(text) == folded(turn.t("remark.no")):
        await show(turn, _duty(turn).hex)
        return
    await stations.send_back(turn.work, _duty(turn), text)
    turn.say("sent_back")
    turn.set(place="duty")


async def drop(turn: Turn, arg: str) -> None:
    """Ask which entry is taken out."""
    await _place(turn, "drop", arg)


async def drop_one(turn: Turn, arg: str) -> None:
    """Take an entry out."""
    await stations.drop_entry(turn.work, _duty(turn), UUID(arg))
    turn.say("dropped")
    turn.set(place="duty")


async def page(turn: Turn, arg: str) -> None:
    """Turn to a page."""
    turn.page = int(arg)


async def _place(turn: Turn, place: str, arg: str) -> None:
    turn.set(place=place, duty=UUID(arg))


def _duty(turn: Turn) -> UUID:
    assert turn.chat.duty is not None, "the place is about an obligation"  # noqa: S101 - for the types
    return turn.chat.duty


# -- an entry ----------------------------------------------------------------------------------------------------------


async def write(turn: Turn, arg: str) -> None:
    """Begin an entry, or go on with the one that is being written."""
    obligation_id = UUID(arg)
    record = await stations.record(turn.work, obligation_id)
    if not record.duty.may_file:
        await show(turn, arg)
        return
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


async def _answer(turn: Turn, text: str) -> None:
    dialogue, state = await turn.dialogue_here(), turn.chat.state
    assert state is not None, "an entry that is being written has a state"  # noqa: S101 - for the types
    if isinstance(dialogue.current(state), Review):
        turn.say("review.press")
        return
    await turn.go(dialogue.advance(state, text))


async def option(turn: Turn, arg: str) -> None:
    """Choose."""
    dialogue, state = await turn.dialogue_here(), turn.chat.state
    assert state is not None, "as above"  # noqa: S101 - for the types
    step = dialogue.current(state)
    if isinstance(step, Question):
        turn.chosen = next((each.label for each in step.options if each.name == arg), turn.chosen)
    await turn.go(dialogue.advance(state, arg))


def _engine(name: str) -> Callable[[Turn, str], Awaitable[None]]:
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


async def leave(turn: Turn, _arg: str) -> None:
    """Let go of the entry that is being written."""
    turn.chat = Chat(place="duty", duty=turn.chat.entry_of)


async def change(turn: Turn, _arg: str) -> None:
    """Ask which answer is to be changed."""
    turn.set(place="change")


async def form(turn: Turn, _arg: str) -> None:
    """Return to the form."""
    turn.set(place="form")


VERBS: Final[Mapping[str, Callable[[Turn, str], Awaitable[None]]]] = {
    "home": home,
    "disown": disown,
    "language": language,
    "show": show,
    "nil": nil,
    "file_nil": file_nil,
    "file": file,
    "take_back": take_back,
    "sign": sign,
    "remark": remark,
    "drop": drop,
    "drop_one": drop_one,
    "page": page,
    "write": write,
    "option": option,
    "back": _engine("back"),
    "skip": _engine("skip"),
    "keep": _engine("keep"),
    "edit": _engine("edit"),
    "submit": submit,
    "leave": leave,
    "change": change,
    "form": form,
}
"""What buttons do."""

COMMANDS: Final[Mapping[str, Callable[[Turn], Awaitable[None]]]] = {
    "start": _start,
    "help": _help,
    "language": _other_language,
    "stop": _stop,
}
"""What commands and plain words do."""
