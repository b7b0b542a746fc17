"""The verbs of somebody who comes back: open a report by its receipt, read, add, complain, take back, be told here."""

from dataclasses import replace
from typing import Final

from bots.files import Files
from bots.informant.chat import WRITING
from bots.informant.filling import new_tag
from bots.informant.turn import BOT, Turn, Verbs
from bots.texts import problem_text
from core.app import cases, outbox
from core.dialogue import Problem
from core.dialogue.typed import clean
from core.errors import Conflict, Invalid, NotFound, TooMany
from core.sealing import Receipt


async def ask(turn: Turn, typed: str = "") -> None:
    """Ask for the receipt; what follows the command is one already."""
    if turn.chat.place == "receipt":
        turn.say("receipt.first")
        return
    if turn.chat.place == "form":
        turn.say("asking.form_stays")
        return
    turn.chat = replace(turn.chat.at_home(keeps_traces=True), place="asking", tag=new_tag())
    if typed:
        await open_with(turn, typed)


async def withdraw(turn: Turn, typed: str = "") -> None:
    """Ask whether the report that is open is to be taken back; without one, ask for the receipt first."""
    if turn.chat.place == "thread" or turn.chat.place in WRITING:
        turn.set(asks="withdraw", place="thread")
    else:
        await ask(turn, typed)


async def open_with(turn: Turn, typed: str) -> None:
    """Open the report that belongs to a receipt; a wrong one costs the chat a try, a right one always passes."""
    try:
        receipt = Receipt.parse(typed)
        await cases.standing(turn.work, receipt)
    except (Invalid, NotFound) as wrong:
        try:
            turn.throttle.take(str(turn.incoming.chat))
        except TooMany as wait:
            turn.say("asking.wait", seconds=wait.retry_after)
            return
        turn.say(f"problem.{wrong.code}")
        return
    turn.set(place="thread", receipt=receipt, here=False)


async def again(turn: Turn, _arg: str = "") -> None:
    """Look whether there is something new."""
    turn.say("thread.looked")


async def add(turn: Turn, _arg: str = "") -> None:
    """Begin to add facts."""
    turn.set(place="facts", facts="", files={})


async def complain(turn: Turn, _arg: str = "") -> None:
    """Begin to write of retaliation."""
    turn.set(place="complaint", facts="", files={})


async def words(turn: Turn, typed: str) -> None:
    """Take what was typed as a part of what will be added or complained of."""
    limit = turn.work.policy.characters("facts_text")
    joined = "\n".join(filter(None, (turn.chat.facts, clean(typed))))
    if len(joined) > limit:
        turn.say("facts.too_long", limit=limit, length=len(joined))
    else:
        turn.set(place=_writing(turn), facts=joined)


async def files(turn: Turn) -> None:
    """Take files as a part of what will be added or complained of."""
    turn.notes += turn.fetched.refused
    held: Files = {**turn.chat.files, **turn.fetched.files}
    if len(held) > (most := turn.work.policy.count("attachments")):
        turn.notes.append(problem_text(turn.t, Problem("too_many_files", {"limit": most})))
        held = dict(list(held.items())[:most])
    turn.set(place=_writing(turn), files=held)
    if turn.incoming.text:
        await words(turn, turn.incoming.text)


async def drop(turn: Turn, _arg: str = "") -> None:
    """Take the last file away again."""
    turn.set(files=dict(list(turn.chat.files.items())[:-1]))


async def send(turn: Turn, _arg: str = "") -> None:
    """Seal what was written to the report, or as a complaint; what the core refuses changes nothing."""
    chat = turn.chat
    if chat.receipt is None:
        turn.is_old = True
        return
    files = tuple(chat.files.values())
    if chat.place == "complaint":
        await cases.complain(turn.work, chat.receipt, chat.facts, files, language=chat.language)
        turn.say("retaliation.sent")
    else:
        await cases.add_facts(turn.work, chat.receipt, chat.facts, files)
        turn.say("thread.facts_added")
    turn.set(place="thread", facts="", files={})


async def unsaid(turn: Turn, _arg: str = "") -> None:
    """Drop what was to be added."""
    turn.set(place="thread", facts="", files={})


async def take_back(turn: Turn, _arg: str = "") -> None:
    """Take the report back (T26); it has been asked whether that is meant."""
    turn.set(asks="")
    if turn.chat.receipt is None:
        return
    try:
        await cases.withdraw(turn.work, turn.chat.receipt)
    except Conflict as refusal:
        turn.say(f"problem.{refusal.code}")


async def here(turn: Turn, _arg: str = "") -> None:
    """Note that the reporter wishes to be told in this chat when there is an answer."""
    if turn.chat.receipt is None:
        return
    address = outbox.ChatAddress(BOT, str(turn.incoming.chat), turn.chat.language)
    await cases.tell_here(turn.work, turn.chat.receipt, address)
    turn.set(here=True)
    turn.say("here.noted")


def _writing(turn: Turn) -> str:
    """Return where what is written goes: beside answers, it is added to the report."""
    return turn.chat.place if turn.chat.place in WRITING else "facts"


VERBS: Final[Verbs] = {
    "receipt": ask,
    "withdraw": withdraw,
    "again": again,
    "add": add,
    "complain": complain,
    "drop_last": drop,
    "send": send,
    "unsaid": unsaid,
    "take_back": take_back,
    "here": here,
}
"""What buttons and words do for somebody who holds a receipt."""
