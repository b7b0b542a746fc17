"""What a chat shows: who one is taken for, what the station owes, the record as it stands, what is asked. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from bots.liaison.questions import MOST, change_screen, pages_of, question_screen, review_screen, turning
from bots.liaison.scene import Scene, title
from bots.liaison.texts import day, month_of_next, number, phone_line, texts
from bots.texting import LIMIT, Button, Message, Screen, column, paged, units
from core.app import stations
from core.dialogue import Question, Review

ANYTIME: Final = ("nil", "write", "show")
"""What the buttons under a message that the system began do; they work as long as the round is open."""

_FOR_NOW: Final = ("sign", "remark", "hurry", "file", "drop", "take_back")
"""What the buttons under a record do as long as it stands so."""

_HERE: Final = "duty"

_ASKED: Final = frozenset({"scheduled", "prompted", "draft", "returned"})
_WORDS_OF: Final = {"missing": "missing", "excused": "excused"}
_OTHER: Final = {"zh_CN": "en", "en": "zh_CN"}


def screen_of(scene: Scene) -> Screen:
    """Return what the chat shows; its last line is where somebody can be called."""
    screen = PLACES[scene.chat.place](scene) if scene.name else _stranger(scene)
    return replace(screen, messages=_with_phone(screen.messages, phone_line(scene.language, scene.phone)))


def round_screen(language: str, text: str, obligation_id: UUID, actions: Sequence[str]) -> Screen:
    """Return a message that the system begins about an obligation, with some of `ANYTIME` below it."""
    t = texts(language)
    rows = column(*(Button(t(f"duty.{action}"), action, obligation_id.hex) for action in actions))
    return Screen(_HERE, (Message(text),), rows)


def anytime(duties: Sequence[stations.Duty], actions: Sequence[str] = ANYTIME) -> Screen:
    """Return a screen that holds every button which works under older messages too."""
    hidden = tuple(Button("", action, duty.obligation_id.hex) for duty in duties for action in actions)
    return Screen(_HERE, (), (), hidden)


def every(duties: Sequence[stations.Duty]) -> Screen:
    """Return a screen that holds every button about these obligations, whether it works now or not."""
    return anytime(duties, ANYTIME + _FOR_NOW)


def is_about_a_duty(data: str) -> bool:
    """Tell whether a button stands under a record, a message about one, or the list of them."""
    return data.split(".")[1:2] == [_HERE]


def _with_phone(messages: tuple[Message, ...], line: str) -> tuple[Message, ...]:
    if not line:
        return messages
    text = f"{messages[-1].text}\n\n{line}"
    return (*messages[:-1], Message(text)) if units(text) <= LIMIT else (*messages, Message(line))


def _stranger(scene: Scene) -> Screen:
    lines = [*scene.notes, "", scene.t("stranger.lead") if scene.leads else ""]
    return Screen(scene.here, _messages(lines), column(_language(scene)))


def _who(scene: Scene) -> Screen:
    rows = column(Button(scene.t("who.yes"), "home"), Button(scene.t("who.no"), "not_me"))
    return Screen(scene.here, _messages([*scene.notes, "", scene.t("who.ask", name=scene.name)]), rows)


def _disown(scene: Scene) -> Screen:
    """Ask once more: a finger that slipped costs an invitation."""
    rows = column(Button(scene.t("disown.yes"), "disown"), Button(scene.t("disown.no"), "home"))
    hidden = (Button(scene.t("who.no"), "disown"), Button(scene.t("who.yes"), "home"))  # typed
    return Screen(scene.here, _messages([*scene.notes, "", scene.t("disown.ask", name=scene.name)]), rows, hidden)


def _home(scene: Scene) -> Screen:
    duties = scene.duties[: MOST - 1]
    words = "home.lead" if duties else "home.nothing" if scene.belongs else "home.no_role"
    lines = [*scene.notes, "", scene.t(words, name=scene.name)]
    rows = column(*(Button(_name_of(scene, each), "show", each.obligation_id.hex) for each in duties))
    return Screen(_HERE, _messages(lines), rows + column(_language(scene)))


def _name_of(scene: Scene, duty: stations.Duty) -> str:
    waits = duty.may_file or duty.may_sign
    return title(scene.language, duty) if waits else f"✔ {title(scene.language, duty)}"


def _duty(scene: Scene) -> Screen:
    record = _record(scene)
    duty, arg = record.duty, record.duty.obligation_id.hex
    lines = [*scene.notes, "", title(scene.language, duty), *_standing(scene, record), "", *_entries(scene, record)]
    t, none = scene.t, not record.entries
    resumes = scene.chat.state is not None and scene.chat.entry_of == duty.obligation_id
    buttons: list[Button | None] = []
    if duty.may_sign:
        buttons += [Button(t("duty.sign"), "sign", arg), Button(t("duty.return"), "remark", arg)]
        buttons += [None if none else Button(t("duty.hurry"), "hurry", arg)]
    if duty.may_file:
        write = "duty.resume" if resumes else "duty.write" if none else "duty.another"
        is_nil = none and not record.hurried
        buttons += [
            Button(t("duty.nil"), "nil", arg) if is_nil else Button(t("duty.file"), "file", arg),
            Button(t(write), "write", arg),
            None if none else Button(t("duty.drop"), "drop", arg),
        ]
    if duty.may_take_back and not duty.may_sign:
        buttons += [Button(t("duty.take_back"), "take_back", arg)]
    if len(scene.duties) > 1:
        buttons += [Button(t("duty.others"), "home")]
    return Screen(_HERE, _messages(lines), column(*buttons))


def _standing(scene: Scene, record: stations.Record) -> list[str]:
    """Return where a record stands, and what happens next and when."""
    duty, t, lines = record.duty, scene.t, []
    if record.hurried:
        lines += [t("standing.hurried", number=record.hurried)]
    if duty.state not in _ASKED:
        word = _WORDS_OF.get(duty.state, "signed")
        if duty.state == "submitted":
            word = ("to_sign" if duty.may_sign else "submitted") + ("_nil" if duty.is_nil else "")
        month = month_of_next(scene.language, duty.quarter)
        lines += [t(f"standing.{word}", month=month, name=duty.submitted_by)]
        return [*lines, t("standing.to_hurry")] if duty.may_sign and record.entries else lines
    if record.remark:  # until it is submitted again
        lines += [t("standing.sent_back" if duty.signs else "standing.returned", remark=record.remark)]
    if scene.today <= duty.due_on:
        return [*lines, t("standing.due", day=day(scene.language, duty.due_on))]
    if duty.grace_until is not None and duty.may_file:
        return [*lines, t("standing.grace", day=day(scene.language, duty.grace_until))]
    return [*lines, t("standing.late")]


def _entries(scene: Scene, record: stations.Record) -> list[str]:
    return [line for place, entry in enumerate(record.entries, start=1) for line in _entry(scene, place, entry)]


def _entry(scene: Scene, place: int, entry: stations.Entry) -> list[str]:
    return [scene.t("duty.entry", number=place), *(f"{label} {value}" for label, value in entry.lines), ""]


def _nil(scene: Scene) -> Screen:
    lines = [*scene.notes, "", title(scene.language, _record(scene).duty), scene.t("nil.ask")]
    rows = column(Button(scene.t("nil.yes"), "file_nil"), Button(scene.t("nil.no"), "show", _arg(scene)))
    return Screen(scene.here, _messages(lines), rows)


def _remark(scene: Scene) -> Screen:
    lines = [*scene.notes, "", title(scene.language, _record(scene).duty), scene.t("remark.ask")]
    return Screen(scene.here, _messages(lines), column(Button(scene.t("remark.no"), "show", _arg(scene))))


def _remark_sure(scene: Scene) -> Screen:
    """Show what is to be said, and ask whether the record is to be sent back with it."""
    lines = [*scene.notes, "", title(scene.language, _record(scene).duty)]
    lines += [scene.t("remark.sure", remark=scene.chat.remark)]
    yes, anew = Button(scene.t("remark.yes"), "send_back"), Button(scene.t("remark.anew"), "remark", _arg(scene))
    return Screen(scene.here, _messages(lines), column(yes, anew, Button(scene.t("remark.no"), "show", _arg(scene))))


def _sign(scene: Scene) -> Screen:
    """Show what is signed, as it is now, and ask; the button is good for this version of it alone."""
    record = _record(scene)
    shown = ["", *_entries(scene, record)] if record.entries else []
    lines = [*scene.notes, "", title(scene.language, record.duty), *shown, scene.t("sign.ask")]
    rows = column(
        Button(scene.t("sign.yes"), "sign_now", str(record.duty.version)),
        Button(scene.t("sign.no"), "show", _arg(scene)),
    )
    return Screen(scene.here, _messages(lines), rows)


def _drop(scene: Scene) -> Screen:
    return _one_of_the_entries(scene, "drop")


def _hurry(scene: Scene) -> Screen:
    return _one_of_the_entries(scene, "hurry")


def _one_of_the_entries(scene: Scene, what: str) -> Screen:
    """Ask which entry of a record it is."""
    buttons = [
        Button(scene.t(f"{what}.one", number=place), f"{what}_one", each.id.hex)
        for place, each in enumerate(_record(scene).entries, start=1)
    ]
    pages = pages_of(buttons, beside=1)
    page = min(scene.page, len(pages))
    shown = [*pages[page - 1], *turning(scene.t, page, len(pages))]
    rows = column(*shown, Button(scene.t(f"{what}.no"), "show", _arg(scene)))
    hidden = (*buttons, *(Button("", "page", str(each)) for each in range(1, len(pages) + 1)))
    lines = [*scene.notes, "", *_entries(scene, _record(scene)), scene.t(f"{what}.ask")]
    return Screen(scene.here, _messages(lines), rows, hidden)


def _drop_one(scene: Scene) -> Screen:
    return _sure_of_an_entry(scene, "drop_now", scene.t("drop.sure"), scene.t("drop.yes"), scene.t("drop.not"))


def _hurry_one(scene: Scene) -> Screen:
    sure = scene.t("hurry.sure", number=number(scene.language, scene.phone))
    return _sure_of_an_entry(scene, "hurry_now", sure, scene.t("hurry.yes"), scene.t("hurry.not"))


def _sure_of_an_entry(scene: Scene, action: str, sure: str, yes: str, no: str) -> Screen:
    """Ask whether that is really to be done with an entry, or show the record when it is not there any more."""
    numbered = enumerate(_record(scene).entries, start=1)
    found = next(((place, each) for place, each in numbered if each.id == scene.chat.entry), None)
    if found is None:
        return _duty(scene)
    lines = [*scene.notes, "", title(scene.language, _record(scene).duty), "", *_entry(scene, *found)]
    rows = column(Button(yes, action), Button(no, "show", _arg(scene)))
    return Screen(scene.here, _messages([*lines, sure]), rows)


def _form(scene: Scene) -> Screen:
    if isinstance(scene.step, Question):
        return question_screen(scene.here, scene.t, scene.step, scene.notes, scene.page)
    assert isinstance(scene.step, Review), "a walk that ended is no place of a chat"  # noqa: S101 - for the types
    return review_screen(scene.here, scene.t, scene.step, scene.notes)


def _change(scene: Scene) -> Screen:
    if not isinstance(scene.step, Review):
        return _form(scene)
    return change_screen(scene.here, scene.t, scene.step, scene.notes, scene.page)


def _record(scene: Scene) -> stations.Record:
    assert scene.record is not None, "a place about an obligation has its record"  # noqa: S101 - for the types
    return scene.record


def _arg(scene: Scene) -> str:
    return _record(scene).duty.obligation_id.hex


def _language(scene: Scene) -> Button | None:
    return Button(scene.t("home.language"), "language", _OTHER[scene.language]) if scene.name else None


def _messages(lines: Sequence[str]) -> tuple[Message, ...]:
    return tuple(Message(text) for text in paged("\n".join(lines).strip().split("\n")))


PLACES: Final[Mapping[str, Callable[[Scene], Screen]]] = {
    "home": _home,
    "who": _who,
    "disown": _disown,
    "duty": _duty,
    "nil": _nil,
    "remark": _remark,
    "remark_sure": _remark_sure,
    "sign": _sign,
    "drop": _drop,
    "drop_one": _drop_one,
    "hurry": _hurry,
    "hurry_one": _hurry_one,
    "form": _form,
    "change": _change,
}
"""Where a chat can be."""

ABOUT_A_DUTY: Final = frozenset(PLACES) - {"home", "who", "disown"}
"""The places of which the record of an obligation is shown or written."""
