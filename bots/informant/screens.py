"""The screens around the form: the beginning, the receipt, a report that is open, what is asked twice. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from babel.dates import format_date

from bots.informant.questions import change_screen, question_screen, review_screen
from bots.informant.scene import Scene
from bots.texting import Button, Message, Rows, Screen, column, paged
from core.app import cases
from core.dialogue import Question, Review
from core.work import SHANGHAI

_DATE_FORMS: Final = {"zh_CN": ("zh_CN", "y年M月d日"), "en": ("en_GB", "d MMMM y")}
_OTHER: Final = {"zh_CN": "en", "en": "zh_CN"}


def screen_of(scene: Scene) -> Screen:
    """Return what the chat shows."""
    if scene.chat.asks:
        return _ASKED[scene.chat.asks](scene)
    return _PLACES[scene.chat.place](scene)


def _home(scene: Scene) -> Screen:
    lines = [*scene.notes, "", scene.t("home.lead", district=scene.house.district), *_demo(scene)]
    rows = column(
        Button(scene.t("home.report"), "report"),
        Button(scene.t("home.receipt"), "receipt"),
        Button(scene.t("home.help"), "help"),
        Button(scene.t("home.language"), "language", _OTHER[scene.chat.language]),
    )
    return _screen(scene, lines, rows)


def _notice(scene: Scene) -> Screen:
    t, house = scene.t, scene.house
    lines = [*scene.notes, "", t("notice.title"), "", t("notice.kept", days=house.days), "", t("notice.platform")]
    lines += ["", t("notice.web", address=house.address)] if house.address else []
    lines += ["", t("notice.how", days=house.days), *_demo(scene)]
    rows = column(Button(t("notice.begin"), "begin"), Button(t("notice.leave"), "home"))
    return _screen(scene, lines, rows, bold=t("notice.title"))


def _form(scene: Scene) -> Screen:
    if isinstance(scene.step, Question):
        return question_screen(scene, scene.step)
    assert isinstance(scene.step, Review), "a dialogue that ended is no place of a chat"  # noqa: S101 - for the types
    return review_screen(scene, scene.step)


def _change(scene: Scene) -> Screen:
    return change_screen(scene, scene.step) if isinstance(scene.step, Review) else _form(scene)


def _receipt(scene: Scene) -> Screen:
    t, chat = scene.t, scene.chat
    code = chat.receipt.text if chat.receipt else ""
    lines = [*scene.notes, "", t("receipt.lead", body=t(f"body.{chat.body}")), "", code, ""]
    lines += [t("receipt.only_key"), t("receipt.return"), *_web(scene)]
    rows = column(Button(t("receipt.noted"), "noted"), _here_button(scene))
    return Screen(scene.here, (Message(_joined(lines), code=code),), rows)


def _noted(scene: Scene) -> Screen:
    lines = [*scene.notes, "", scene.t("noted.lead")]
    return _screen(scene, lines, column(Button(scene.t("purge.go"), "purge"), Button(scene.t("purge.leave"), "home")))


def _asking(scene: Scene) -> Screen:
    return _screen(scene, [*scene.notes, "", scene.t("asking.lead")], column(Button(scene.t("asking.leave"), "home")))


def _thread(scene: Scene) -> Screen:
    t, standing = scene.t, scene.standing
    if standing is None:
        return _asking(scene)
    state = _state(standing)
    lines = [*scene.notes, "", *_received(scene, standing), *_messages(scene, standing)]
    for complaint in standing.complaints:
        lines += ["", t("retaliation.yours"), *_received(scene, complaint), *_messages(scene, complaint)]
    rows = column(
        Button(t("thread.again"), "again"),
        Button(t("thread.add"), "add") if standing.may_add else None,
        _here_button(scene) if standing.may_add else None,
        Button(t("thread.retaliation"), "complain"),
        Button(t("thread.withdraw"), "ask", "withdraw") if standing.may_withdraw else None,
        Button(t("thread.close"), "close"),
    )
    return _screen(scene, lines, rows, bold=t(f"state.{state}"))


def _facts(scene: Scene) -> Screen:
    t, house = scene.t, scene.house
    lead = [t("facts.lead", limit=house.characters, mebibytes=house.mebibytes)]
    buttons = Button(t("facts.send"), "send"), Button(t("facts.leave"), "unsaid")
    return _writing(scene, lead, t("facts.then"), *buttons)


def _complaint(scene: Scene) -> Screen:
    t, house = scene.t, scene.house
    lead = [t("retaliation.lead"), t("retaliation.same_receipt"), t("retaliation.commission"), ""]
    lead += [t("complaint.lead", limit=house.characters, mebibytes=house.mebibytes)]
    buttons = Button(t("complaint.send"), "send"), Button(t("complaint.leave"), "unsaid")
    return _writing(scene, lead, t("complaint.then"), *buttons)


def _writing(scene: Scene, lead: list[str], then: str, send: Button, leave: Button) -> Screen:
    """Return the screen of a place where something is written: what is asked, or how much there is by now."""
    chat, t = scene.chat, scene.t
    held = [t("facts.held", length=len(chat.facts))] if chat.facts else []
    held += [t("facts.files", number=len(chat.files))] if chat.files else []
    lines = [*scene.notes, "", *([*held, then] if held else lead)]
    remove = Button(t("files.drop"), "drop_last") if chat.files else None
    return _screen(scene, lines, column(send if held else None, remove, leave))


def _confirm(name: str, yes: str) -> Callable[[Scene], Screen]:
    """Return the screen that asks whether ``name`` is meant; ``yes`` is what is done then."""

    def screen(scene: Scene) -> Screen:
        rows = column(Button(scene.t(f"{name}.yes"), yes), Button(scene.t(f"{name}.no"), "ask"))
        return _screen(scene, [*scene.notes, "", scene.t(f"{name}.ask")], rows)

    return screen


def _screen(scene: Scene, lines: list[str], rows: Rows, *, bold: str = "") -> Screen:
    return Screen(scene.here, tuple(Message(text, bold) for text in paged(_joined(lines).split("\n"))), rows)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()


def _demo(scene: Scene) -> list[str]:
    return ["", scene.t("home.demo")] if scene.house.is_demo else []


def _web(scene: Scene) -> list[str]:
    return [scene.t("receipt.web", address=scene.house.address)] if scene.house.address else []


def _here_button(scene: Scene) -> Button | None:
    return None if scene.chat.here else Button(scene.t("here.go"), "here")


def _received(scene: Scene, standing: cases.Standing) -> Iterator[str]:
    t, state = scene.t, _state(standing)
    yield t("thread.received", day=_day(scene, standing.received_at), body=t(f"body.{standing.body}"))
    yield t(f"state.{state}")
    yield t(f"state.{state}.more")
    if standing.since is not None:
        yield t("stage.since", day=_day(scene, standing.since))
    yield ""


def _state(standing: cases.Standing) -> str:
    """Return the state in words that follow from who spoke last, as the pages have it."""
    if standing.state == "acknowledged" and standing.thread:
        return f"heard_{standing.thread[-1].kind}"
    return standing.state


def _messages(scene: Scene, standing: cases.Standing) -> Iterator[str]:
    if not standing.thread:
        yield scene.t("thread.none")
    for message in standing.thread:
        yield f"▪ {scene.t(f'message.{message.kind}')}"
        yield message.text if message.text is not None else scene.t("message.sealed")
        yield ""


def _day(scene: Scene, at: datetime) -> str:
    locale, form = _DATE_FORMS[scene.chat.language]
    return format_date(at.astimezone(SHANGHAI).date(), form, locale=locale)


_PLACES: Final[Mapping[str, Callable[[Scene], Screen]]] = {
    "home": _home,
    "notice": _notice,
    "form": _form,
    "receipt": _receipt,
    "noted": _noted,
    "asking": _asking,
    "thread": _thread,
    "facts": _facts,
    "complaint": _complaint,
}
"""Where a chat can be."""

_ASKED: Final[Mapping[str, Callable[[Scene], Screen]]] = {
    "change": _change,
    "cancel": _confirm("cancel", "abandon"),
    "restart": _confirm("restart", "renew"),
    "forget": _confirm("forget", "forget"),
    "withdraw": _confirm("withdraw", "take_back"),
}
"""What can be asked before a chat goes on."""
