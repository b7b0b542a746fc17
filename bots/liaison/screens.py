"""What a chat shows: who one is taken for, what the station owes, the record as it stands, what is asked. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from bots.liaison.chat import Chat
from bots.liaison.questions import change_screen, question_screen, review_screen
from bots.liaison.texts import day, quarter, texts
from bots.texting import Button, Message, Rows, Screen, chunked, column, paged, short_code
from core.app import stations
from core.dialogue import Question, Review, Step

ANYTIME: Final = ("nil", "write", "show")
"""What the buttons under a message that the system began do; they work as long as the round is open."""

PER_PAGE: Final = 6
_HERE: Final = "duty"
_ASKED: Final = frozenset({"scheduled", "prompted", "draft", "returned"})
_WORDS_OF: Final = {"submitted": "submitted", "missing": "missing", "excused": "excused"}
_OTHER: Final = {"zh_CN": "en", "en": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to show. ``name`` is whom the chat stands for, nobody if it is empty."""

    chat: Chat
    language: str
    name: str
    today: date
    duties: Sequence[stations.Duty] = ()
    record: stations.Record | None = field(default=None, repr=False)
    step: Step | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()
    page: int = 1

    def t(self, message_id: str, **placeholders: object) -> str:
        """Return a text of the catalogues."""
        return texts(self.language)(message_id, **placeholders)

    @property
    def here(self) -> str:
        """A code of the place, by which its buttons are known."""
        chat = self.chat
        at = chat.state.at or "" if chat.state else ""
        return short_code(chat.tag, chat.place, chat.duty.hex if chat.duty else "", at)


def screen_of(scene: Scene) -> Screen:
    """Return what the chat shows."""
    return PLACES[scene.chat.place](scene) if scene.name else _stranger(scene)


def round_screen(language: str, text: str, obligation_id: UUID, actions: Sequence[str]) -> Screen:
    """Return a message that the system begins about an obligation, with some of `ANYTIME` below it."""
    t = texts(language)
    rows = column(*(Button(t(f"duty.{action}"), action, obligation_id.hex) for action in actions))
    return Screen(_HERE, (Message(text),), rows)


def anytime(duties: Sequence[stations.Duty]) -> Screen:
    """Return a screen that holds every button which works under older messages too."""
    hidden = tuple(Button("", action, duty.obligation_id.hex) for duty in duties for action in ANYTIME)
    return Screen(_HERE, (), (), hidden)


def title(language: str, about: stations.Duty | stations.Named) -> str:
    """Return which station and quarter it is about."""
    name = about.station_name_en or about.station_name if language == "en" else about.station_name
    return texts(language)("duty.title", station=name, quarter=quarter(language, about.quarter))


def _stranger(scene: Scene) -> Screen:
    lines = [*scene.notes, "", scene.t("stranger.lead")]
    return Screen(scene.here, _messages(lines), column(_language(scene)))


def _who(scene: Scene) -> Screen:
    rows = column(Button(scene.t("who.yes"), "home"), Button(scene.t("who.no"), "disown"))
    return Screen(scene.here, _messages([*scene.notes, "", scene.t("who.ask", name=scene.name)]), rows)


def _home(scene: Scene) -> Screen:
    duties = scene.duties[:PER_PAGE]
    lines = [*scene.notes, "", scene.t("home.lead" if duties else "home.nothing", name=scene.name)]
    rows = column(*(Button(title(scene.language, each), "show", each.obligation_id.hex) for each in duties))
    return Screen(_HERE, _messages(lines), rows + column(_language(scene)))


def _duty(scene: Scene) -> Screen:
    record = _record(scene)
    duty, arg = record.duty, record.duty.obligation_id.hex
    lines = [*scene.notes, "", title(scene.language, duty), *_standing(scene, record), "", *_entries(scene, record)]
    t, none = scene.t, not record.entries
    resumes = scene.chat.state is not None and scene.chat.entry_of == duty.obligation_id
    buttons: list[Button | None] = []
    if duty.may_sign:
        buttons += [Button(t("duty.sign"), "sign", arg), Button(t("duty.return"), "remark", arg)]
    if duty.may_file:
        write = "duty.resume" if resumes else "duty.write" if none else "duty.another"
        buttons += [
            Button(t("duty.nil"), "nil", arg) if none else Button(t("duty.file"), "file", arg),
            Button(t(write), "write", arg),
            None if none else Button(t("duty.drop"), "drop", arg),
        ]
    if duty.state == "submitted" and not duty.may_sign:
        buttons += [Button(t("duty.take_back"), "take_back", arg)]
    if len(scene.duties) > 1:
        buttons += [Button(t("duty.others"), "home")]
    return Screen(_HERE, _messages(lines), column(*buttons))


def _standing(scene: Scene, record: stations.Record) -> list[str]:
    duty, t = record.duty, scene.t
    if duty.state not in _ASKED:
        word = "nil" if duty.state == "submitted" and duty.is_nil else _WORDS_OF.get(duty.state, "signed")
        return [t(f"standing.{word}")]
    lines = [t("standing.returned", remark=record.remark)] if duty.state == "returned" else []
    if scene.today <= duty.due_on:
        return [*lines, t("standing.due", day=day(scene.language, duty.due_on))]
    if duty.grace_until is not None and duty.may_file:
        return [*lines, t("standing.grace", day=day(scene.language, duty.grace_until))]
    return [*lines, t("standing.late")]


def _entries(scene: Scene, record: stations.Record) -> list[str]:
    lines: list[str] = []
    for number, entry in enumerate(record.entries, start=1):
        lines += [scene.t("duty.entry", number=number), *(f"{label} {value}" for label, value in entry.lines), ""]
    return lines


def _nil(scene: Scene) -> Screen:
    lines = [*scene.notes, "", title(scene.language, _record(scene).duty), scene.t("nil.ask")]
    rows = column(Button(scene.t("nil.yes"), "file_nil"), Button(scene.t("nil.no"), "show", _arg(scene)))
    return Screen(scene.here, _messages(lines), rows)


def _remark(scene: Scene) -> Screen:
    lines = [*scene.notes, "", title(scene.language, _record(scene).duty), scene.t("remark.ask")]
    return Screen(scene.here, _messages(lines), column(Button(scene.t("remark.no"), "show", _arg(scene))))


def _drop(scene: Scene) -> Screen:
    entries = _record(scene).entries
    pages = list(chunked(entries, PER_PAGE)) or [()]
    shown = pages[min(scene.page, len(pages)) - 1]
    buttons = {
        each.id: Button(scene.t("drop.one", number=number), "drop_one", each.id.hex)
        for number, each in enumerate(entries, start=1)
    }
    rows: Rows = column(*(buttons[each.id] for each in shown))
    if len(pages) > 1:
        rows += column(Button(scene.t("page.after"), "page", str(scene.page % len(pages) + 1)))
    rows += column(Button(scene.t("drop.no"), "show", _arg(scene)))
    hidden = (*buttons.values(), *(Button("", "page", str(each)) for each in range(1, len(pages) + 1)))
    return Screen(scene.here, _messages([*scene.notes, "", scene.t("drop.ask")]), rows, hidden)


def _form(scene: Scene) -> Screen:
    if isinstance(scene.step, Question):
        return question_screen(scene.here, scene.t, scene.step, scene.notes, scene.page)
    assert isinstance(scene.step, Review), "a walk that ended is no place of a chat"  # noqa: S101 - for the types
    return review_screen(scene.here, scene.t, scene.step, scene.notes)


def _change(scene: Scene) -> Screen:
    if not isinstance(scene.step, Review):
        return _form(scene)
    return change_screen(scene.here, scene.t, scene.step, scene.notes)


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
    "duty": _duty,
    "nil": _nil,
    "remark": _remark,
    "drop": _drop,
    "form": _form,
    "change": _change,
}
"""Where a chat can be."""

ABOUT_A_DUTY: Final = frozenset({"duty", "nil", "remark", "drop", "form", "change"})
"""The places of which the record of an obligation is shown or written."""
