"""From what somebody did to the verb that answers it: the same for a button, its words typed, and a command."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bots.informant import filling, leaving, returning
from bots.informant.chat import WRITING
from bots.informant.texts import command, may_be_of_a_button, plain_word, says
from bots.informant.turn import Turn, Verbs
from bots.texting import Button

VERBS: Final[Verbs] = {**filling.VERBS, **returning.VERBS, **leaving.VERBS}


async def apply(turn: Turn) -> None:
    """Apply the update of a turn to its chat."""
    await _KINDS[turn.incoming.kind](turn)
    if turn.chat.place != "home" and turn.incoming.kind != "edit" and not turn.is_old:
        turn.chat = turn.chat.marked(turn.incoming.message_id)


async def _press(turn: Turn) -> None:
    button = (await turn.screen()).pressed(turn.incoming.text)
    if button is None:
        turn.is_old, turn.alert = True, turn.t("press.old")
        return
    if button.action != "page":
        turn.chosen = button.label
    await _do(turn, button)


async def _do(turn: Turn, button: Button) -> None:
    if button.action == "page":
        turn.page = int(button.arg)
    else:
        await VERBS[button.action](turn, button.arg)


async def _text(turn: Turn) -> None:
    typed, chat = turn.incoming.text, turn.chat
    name, rest = command(typed)
    if name:
        turn.set(asks="forget" if name == "forget" and chat.asks == "forget" else "")
        await VERBS[name](turn, rest)
        return
    button = (await turn.screen()).typed(typed) if may_be_of_a_button(typed) else None
    if button is not None:
        await _do(turn, button)
        return
    if chat.asks:
        turn.say("ask.answer")
        return
    if word := plain_word(typed, in_form=chat.place == "form" or chat.place in WRITING):
        await _say_word(turn, word)
        return
    await _TYPED.get(chat.place, _not_understood)(turn)


async def _say_word(turn: Turn, word: str) -> None:
    """Do what a plain word asks for; at a place that has no such thing it is text like any other."""
    if turn.chat.place in WRITING and word in {"back", "skip", "next"}:
        await returning.words(turn, turn.incoming.text)
    else:
        await VERBS[word](turn, "")


async def _files(turn: Turn) -> None:
    place = turn.chat.place
    if place == "form" and not turn.chat.asks:
        await filling.files(turn)
    elif (place == "thread" or place in WRITING) and not turn.chat.asks:
        await returning.files(turn)
    else:
        turn.say("files.not_here")


async def _edit(turn: Turn) -> None:
    if turn.chat.place == "form":
        await filling.edited(turn)
    elif turn.chat.place != "home":
        turn.say("edit.too_late")


async def _unusable(turn: Turn) -> None:
    turn.say("unusable")


async def _not_understood(turn: Turn) -> None:
    turn.say("not_understood")


async def _receipt_typed(turn: Turn) -> None:
    await returning.open_with(turn, turn.incoming.text)


async def _read_on(turn: Turn) -> None:
    """Take what is typed beside answers as what is to be added, unless it only says that something will be."""
    if says(turn.incoming.text, "add"):
        await returning.add(turn)
    else:
        await returning.words(turn, turn.incoming.text)


async def _words_typed(turn: Turn) -> None:
    await returning.words(turn, turn.incoming.text)


_KINDS: Final[Mapping[str, Callable[[Turn], Awaitable[None]]]] = {
    "press": _press,
    "text": _text,
    "files": _files,
    "edit": _edit,
    "unusable": _unusable,
}

_TYPED: Final[Mapping[str, Callable[[Turn], Awaitable[None]]]] = {
    "form": filling.text,
    "asking": _receipt_typed,
    "thread": _read_on,
    "facts": _words_typed,
    "complaint": _words_typed,
}
