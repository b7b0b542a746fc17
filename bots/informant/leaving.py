"""The verbs by which somebody leaves: put things away, give up, be forgotten; and those that are at hand everywhere."""

from dataclasses import replace
from typing import Final

from bots.informant.chat import WRITING
from bots.informant.filling import new_tag
from bots.informant.turn import BOT, Turn, Verbs
from core.app import outbox
from core.dialogue import Aborted
from core.texts import LANGUAGES

_CONFIRMED: Final = frozenset({"change", "cancel", "restart", "forget", "withdraw"})


async def start(turn: Turn, _arg: str = "") -> None:
    """Greet; somebody who has something under way is told where they were."""
    if turn.chat.place == "home":
        turn.chat = replace(turn.chat.at_home(keeps_traces=True), tag=new_tag())
    else:
        turn.say("start.under_way")


async def home(turn: Turn, _arg: str = "") -> None:
    """Leave; nothing is kept that was not sent, and no language: a draft would show the hour, which is the report's."""
    turn.chat = replace(turn.chat.at_home(), tag=new_tag(), chosen=False)


async def noted(turn: Turn, _arg: str = "") -> None:
    """The receipt is written down: it is forgotten here, and the messages that hold it may be deleted."""
    turn.chat = replace(turn.chat.at_home(keeps_traces=True), place="noted", tag=new_tag())


async def close(turn: Turn, _arg: str = "") -> None:
    """Close the report that is open, and offer to delete the messages that hold its receipt."""
    await noted(turn)


async def purged(turn: Turn, _arg: str = "") -> None:
    """The messages were deleted, as far as the platform lets a bot do so."""
    await home(turn)
    turn.say("purge.done")


async def cancel(turn: Turn, _arg: str = "") -> None:
    """Give up what is under way; a report that is half written is asked about first."""
    place = turn.chat.place
    if place == "form":
        turn.set(asks="cancel")
    elif place in {"thread", "receipt"} or place in WRITING:
        await (home(turn) if place == "thread" else _put_off(turn))
    else:
        await home(turn)


async def abandon(turn: Turn, _arg: str = "") -> None:
    """Give up the report; what was entered is gone."""
    turn.chat = replace(turn.chat.at_home(keeps_traces=True), place="noted" if turn.chat.traces else "home")
    turn.set(tag=new_tag())
    turn.say("cancel.done")


async def forget(turn: Turn, arg: str = "") -> None:
    """Forget everything that is kept for this chat, once that is confirmed: the draft, and where to tell of answers."""
    if turn.chat.asks != "forget" and arg != "now":
        turn.set(asks="forget")
        return
    await outbox.forget(turn.work, BOT, str(turn.incoming.chat))
    traces = turn.chat.traces
    turn.chat = replace(turn.chat.at_home(keeps_traces=True), chosen=False, place="noted" if traces else "home")
    turn.set(tag=new_tag())
    turn.say("forget.done")


async def ask(turn: Turn, what: str = "") -> None:
    """Ask whether something is meant, or stop asking."""
    turn.set(asks=what if what in _CONFIRMED else "")


async def language(turn: Turn, wanted: str = "") -> None:
    """Go on in the other language, or in the one that was named."""
    code = wanted if wanted in LANGUAGES else next(one for one in LANGUAGES if one != turn.chat.language)
    turn.set(language=code, chosen=True)
    if turn.chat.place == "form" and turn.chat.state is not None:
        step = turn.dialogue.speak(turn.chat.state, code)
        if not isinstance(step, Aborted):
            turn.step = step
            turn.set(state=step.state)


async def chinese(turn: Turn, _arg: str = "") -> None:
    """Go on in Chinese."""
    await language(turn, "zh_CN")


async def english(turn: Turn, _arg: str = "") -> None:
    """Go on in English."""
    await language(turn, "en")


async def help_(turn: Turn, _arg: str = "") -> None:
    """Say what can be done, and where else to turn."""
    turn.say("help", days=turn.house.days)
    if turn.house.address:
        turn.say("help.web", address=turn.house.address)


async def _put_off(turn: Turn) -> None:
    if turn.chat.place in WRITING:
        turn.set(place="thread", facts="", files={})
    else:
        turn.say("receipt.first")


VERBS: Final[Verbs] = {
    "start": start,
    "home": home,
    "noted": noted,
    "close": close,
    "purge": purged,
    "cancel": cancel,
    "abandon": abandon,
    "forget": forget,
    "ask": ask,
    "language": language,
    "chinese": chinese,
    "english": english,
    "help": help_,
}
"""What buttons and words do wherever somebody is."""
