"""What a chat does with a record as a whole: shows it, files it, signs it, sends it back, sends an entry ahead."""

from uuid import UUID

from bots.liaison.texts import screen_word
from bots.liaison.turn import Turn
from core.app import stations
from core.dialogue.form import folded
from core.errors import TooLarge


async def home(turn: Turn, _arg: str = "") -> None:
    """Show what there is to do; an entry that is being written is kept."""
    turn.set(place="home", duty=None, remark="")


async def show(turn: Turn, arg: str) -> None:
    """Show a record as it stands."""
    turn.set(place="duty", duty=UUID(arg), remark="")


async def nil(turn: Turn, arg: str) -> None:
    """Ask whether there is really nothing to report, unless somebody wrote an entry or it was filed."""
    record = await stations.record(turn.work, UUID(arg))
    await (show(turn, arg) if record.entries or not record.duty.may_file else _place(turn, "nil", arg))


async def file_nil(turn: Turn, _arg: str) -> None:
    """File that there is nothing to report, and say thanks."""
    record = await stations.file_nil(turn.work, _duty(turn))
    turn.say("thanks.nil")
    turn.set(place="duty", duty=record.duty.obligation_id)


async def file(turn: Turn, arg: str) -> None:
    """File the record as it stands, and say thanks."""
    record = await stations.file(turn.work, UUID(arg))
    turn.say("thanks.filed")
    turn.set(place="duty", duty=record.duty.obligation_id)


async def take_back(turn: Turn, arg: str) -> None:
    """Go on with a record that was filed."""
    await stations.take_back(turn.work, UUID(arg))
    turn.say("taken_back")
    await show(turn, arg)


async def sign(turn: Turn, arg: str) -> None:
    """Ask whether a record is to be signed: it cannot be changed after."""
    await _place(turn, "sign", arg)


async def sign_now(turn: Turn, arg: str) -> None:
    """Sign a record, unless it was changed since it was asked."""
    await stations.sign(turn.work, _duty(turn), seen=int(arg))
    turn.say("thanks.signed")
    turn.set(place="duty")


async def remark(turn: Turn, arg: str) -> None:
    """Ask why a record is sent back."""
    await _place(turn, "remark", arg)


async def worded(turn: Turn, text: str) -> None:
    """Ask whether a record is to be sent back with what was typed, unless that says not to; raises `TooLarge`."""
    if folded(text) == folded(turn.t("remark.no")) or screen_word(text) in {"no", "back", "later"}:
        await show(turn, _duty(turn).hex)
        return
    if len(text.strip()) > stations.LONGEST_REMARK:
        raise TooLarge("remark_too_long", limit=stations.LONGEST_REMARK)
    turn.set(place="remark_sure", remark=text.strip())


async def send_back(turn: Turn, _arg: str) -> None:
    """Send a record back with the remark that was confirmed."""
    await stations.send_back(turn.work, _duty(turn), turn.chat.remark)
    turn.say("sent_back")
    turn.set(place="duty", remark="")


async def drop(turn: Turn, arg: str) -> None:
    """Ask which entry is taken out."""
    await _place(turn, "drop", arg)


async def drop_one(turn: Turn, arg: str) -> None:
    """Ask whether that entry is really to be taken out."""
    turn.set(place="drop_one", entry=UUID(arg))


async def drop_now(turn: Turn, _arg: str) -> None:
    """Take the entry out."""
    assert turn.chat.entry is not None, "the place is about an entry"  # noqa: S101 - for the types
    await stations.drop_entry(turn.work, _duty(turn), turn.chat.entry)
    turn.say("dropped")
    turn.set(place="duty", entry=None)


async def hurry(turn: Turn, arg: str) -> None:
    """Ask which entry cannot wait; of one it is clear."""
    entries = (await stations.record(turn.work, UUID(arg))).entries
    if len(entries) == 1:
        turn.set(place="hurry_one", duty=UUID(arg), entry=entries[0].id)
    else:
        await _place(turn, "hurry", arg)


async def hurry_one(turn: Turn, arg: str) -> None:
    """Ask whether that entry is really to go the urgent way."""
    turn.set(place="hurry_one", entry=UUID(arg))


async def hurry_now(turn: Turn, _arg: str) -> None:
    """Let the entry go the urgent way."""
    assert turn.chat.entry is not None, "the place is about an entry"  # noqa: S101 - for the types
    await stations.hurry(turn.work, _duty(turn), turn.chat.entry)
    turn.say("hurried")
    turn.set(place="duty", entry=None)


async def _place(turn: Turn, place: str, arg: str) -> None:
    turn.set(place=place, duty=UUID(arg))


def _duty(turn: Turn) -> UUID:
    assert turn.chat.duty is not None, "the place is about an obligation"  # noqa: S101 - for the types
    return turn.chat.duty
