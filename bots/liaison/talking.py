"""What a chat does with what was said or pressed in it, and who somebody is: the verbs behind buttons and words."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bots.liaison import duties, writing
from bots.liaison.chat import BOT, Chat
from bots.liaison.screens import is_about_a_duty
from bots.liaison.texts import command, plain_word, screen_word
from bots.liaison.turn import Turn
from bots.texting import Button, Screen
from core.app import outbox, stations
from core.dialogue import Aborted
from core.texts import LANGUAGES

_EVERYBODY: Final = "everybody"
_QUIET: Final = frozenset({"page"})
"""What shows something else in the place of the message, and chooses nothing."""

_YES_OR_NO: Final = frozenset({"who", "nil", "sign", "drop_one", "hurry_one"})
_ONE_OF: Final = frozenset({"drop", "hurry"})


async def apply(turn: Turn) -> None:
    """Apply an update to its chat."""
    if await turn.is_elsewhere():
        turn.chat = Chat()
        turn.say("moved")
        if turn.incoming.kind != "text" or not command(turn.incoming.text)[0]:
            return
    match turn.incoming.kind:
        case "press":
            await _press(turn)
        case "text":
            await _text(turn)
        case "edit":
            await writing.edited(turn)
        case _:
            turn.say("unusable")


async def _press(turn: Turn) -> None:
    button = await turn.pressed(turn.incoming.text, await turn.screen())
    if button is not None:
        await _do(turn, button)
    elif is_about_a_duty(turn.incoming.text) and not await turn.knows(turn.incoming.text):
        turn.say("press.over")  # under an older message, about a record that is nothing of theirs to see to any more
        await duties.home(turn)
    else:
        turn.is_old, turn.alert = True, turn.t("press.old")


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
        if stations.is_invitation(text):  # anything else is no try: its writer is told what this is for
            await _redeem(turn, text)
    elif turn.chat.place == "remark":
        await duties.worded(turn, text)
    elif (button := _typed(turn, await turn.screen(), text)) is not None:
        await _do(turn, button)
    elif turn.chat.place == "remark_sure":  # written anew
        await duties.worded(turn, text)
    elif turn.chat.place in {"form", "change"}:
        await writing.answer(turn, text)
    else:
        await _plain(turn, text)


def _typed(turn: Turn, screen: Screen, text: str) -> Button | None:
    """Return the button that was typed: in its own words, or in others that mean it."""
    found, word, place = screen.typed(text), screen_word(text), turn.chat.place
    if found is not None or not word:
        return found
    if place in {"form", "change"}:
        action = "submit" if word == "yes" else word
        shown = next((each for each in screen.buttons if each.action == action), None)
        return Button(text, "skip") if shown is None and word == "skip" else shown  # what must be answered says so
    if place in _YES_OR_NO and word in {"yes", "no", "back"}:
        return screen.rows[0 if word == "yes" else 1][0]
    if place == "remark_sure" and word == "yes":
        return screen.rows[0][0]
    return screen.rows[-1][0] if place in _ONE_OF and word in {"no", "back"} else None


async def _plain(turn: Turn, text: str) -> None:
    word = plain_word(text)
    may_file = [each for each in await stations.duties(turn.work) if each.may_file]
    if word == "nil" and len(may_file) == 1:
        await duties.nil(turn, may_file[0].obligation_id.hex)
    elif word in {"home", "nil"} or screen_word(text) == "later":
        await duties.home(turn)
    elif word:
        await COMMANDS[word](turn)
    elif any((await turn.screen()).rows):
        turn.say("not_understood")
    else:  # whatever could be pressed is over
        turn.say("over", number=turn.number)


# -- who somebody is -------------------------------------------------------------------------------------------------


async def _redeem(turn: Turn, word: str) -> None:
    """Pair the chat with whoever was given ``word``; wrong ones are slowed."""
    chat = str(turn.incoming.chat)
    turn.throttle.take(chat)
    can_be_guessed = stations.is_code(word)
    if can_be_guessed:  # whoever has many chats would have as many tries
        turn.guesses.take(_EVERYBODY)
    await stations.redeem(turn.work, outbox.ChatAddress(BOT, chat, turn.language), word)
    if can_be_guessed:
        turn.guesses.give_back(_EVERYBODY)
    turn.recognised(await stations.recognise(turn.work, chat))
    turn.chat = Chat(place="who")


async def not_me(turn: Turn, _arg: str) -> None:
    """Ask somebody who says that they are somebody else whether that is so: the invitation is used up by it."""
    turn.set(place="disown")


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
        await duties.home(turn)


async def page(turn: Turn, arg: str) -> None:
    """Turn to a page."""
    turn.page = int(arg)


VERBS: Final[Mapping[str, Callable[[Turn, str], Awaitable[None]]]] = {
    "home": duties.home,
    "not_me": not_me,
    "disown": disown,
    "language": language,
    "show": duties.show,
    "nil": duties.nil,
    "file_nil": duties.file_nil,
    "file": duties.file,
    "take_back": duties.take_back,
    "sign": duties.sign,
    "sign_now": duties.sign_now,
    "remark": duties.remark,
    "send_back": duties.send_back,
    "drop": duties.drop,
    "drop_one": duties.drop_one,
    "drop_now": duties.drop_now,
    "hurry": duties.hurry,
    "hurry_one": duties.hurry_one,
    "hurry_now": duties.hurry_now,
    "page": page,
    "write": writing.write,
    "option": writing.option,
    "back": writing.engine("back"),
    "skip": writing.engine("skip"),
    "keep": writing.engine("keep"),
    "edit": writing.engine("edit"),
    "submit": writing.submit,
    "later": writing.later,
    "leave": writing.leave,
    "change": writing.change,
    "form": writing.form,
}
"""What buttons do."""

COMMANDS: Final[Mapping[str, Callable[[Turn], Awaitable[None]]]] = {
    "start": _start,
    "help": _help,
    "language": _other_language,
    "stop": _stop,
}
"""What commands and plain words do."""
