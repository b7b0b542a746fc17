"""A station's record on a page: as it stands, handed in, signed or sent back. Each verb says afterwards what it did."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from starlette.responses import Response

from bots.web.stationed import Seat, record_path, theirs
from core.app import drafts, stations
from core.errors import Forged, Invalid, TooLarge
from core.stations.records.filing import LONGEST_REMARK
from core.stations.rules.rounds import ASKED

CHANNEL: Final = "station"
SAID: Final = frozenset(
    {"nil", "filed", "signed", "taken_back", "sent_back", "dropped", "added", "left", "nobody", "hurried"}
)
"""What a page can say of what was just done."""

_VERSION: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
NOTHING_SEEN: Final = -1
"""No version of a record: a form that says none signs nothing."""
_WORDS_OF: Final = {"submitted": "submitted", "missing": "missing", "excused": "excused"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as a template shows it."""

    seat: Seat
    record: stations.Record

    @property
    def duty(self) -> stations.Duty:
        """Which station and quarter it is of, and what the person can do with it."""
        return self.record.duty

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written anything; what left the record the urgent way was written."""
        return not self.record.entries and not self.record.hurried

    @property
    def last_day(self) -> date:
        """The last day on which it can be filed, as far as it is known."""
        return self.duty.grace_until or self.duty.due_on

    @property
    def path(self) -> str:
        """Where its page is."""
        return record_path(self.duty.obligation_id)

    @property
    def title(self) -> str:
        """Which station and quarter it is of, in words."""
        duty, visit = self.duty, self.seat.visit
        name = duty.station_name_en or duty.station_name if visit.language == "en" else duty.station_name
        year, _, number = duty.quarter.partition("Q")
        return visit.t("station.title", station=name, quarter=visit.t("station.quarter", year=year, number=number))

    @property
    def standing(self) -> Sequence[str]:
        """How it stands, what comes next and until when."""
        duty, visit = self.duty, self.seat.visit
        if duty.may_sign:
            return [visit.t("station.sign_now")]
        if duty.state not in ASKED:
            word = "nil" if duty.state == "submitted" and duty.is_nil else _WORDS_OF.get(duty.state, "signed")
            return [visit.t(f"station.standing.{word}")]
        today, lines = visit.site.core.clock.today(), []
        if self.record.remark:  # until it is submitted again
            lines.append(visit.t("station.standing.returned", remark=self.record.remark))
        if today <= duty.due_on:
            lines.append(visit.t("station.standing.due", day=visit.weekday(duty.due_on)))
        elif duty.grace_until is not None:
            lines.append(visit.t("station.standing.grace", day=visit.weekday(duty.grace_until)))
        else:
            lines.append(visit.t("station.standing.late"))
        return lines


def chat_of(seat: Seat, obligation_id: UUID) -> str:
    """Return under what the entry lies that somebody is writing for an obligation."""
    return f"{seat.who.liaison.person_id.hex}:{obligation_id.hex}"


async def begun(seat: Seat) -> drafts.Draft | None:
    """Return the entry that the person is writing, if there is one."""
    chat = chat_of(seat, seat.obligation_id)
    try:
        return await drafts.load(seat.work, CHANNEL, chat, lock=seat.writes)
    except Forged:  # sealed with a key that is gone: nobody can read it any more
        if seat.writes:
            await drafts.drop(seat.work, CHANNEL, chat)
        return None


async def as_it_stands(seat: Seat, code: str = "") -> Response:
    """Show the record, and above it why something could not be done, if anything could not."""
    said = seat.visit.request.query_params.get("said", "")
    return seat.visit.page(
        "station_record",
        status=409 if code else 200,
        one=Shown(seat, await seat.record()),
        is_begun=await begun(seat) is not None,
        said=said if said in SAID and not code else "",
        problem=code,
    )


async def _ask_nil(seat: Seat) -> Response:
    shown = Shown(seat, await seat.record())
    if not shown.is_blank or not shown.duty.may_file:
        return seat.visit.go(seat.path)
    return seat.visit.page("station_nil", one=shown)


async def _file_nil(seat: Seat) -> Response:
    await stations.file_nil(seat.work, seat.obligation_id)
    return seat.visit.go(seat.path, said="nil")


def _asks(template: str, *, may: Callable[[stations.Duty], bool]) -> Callable[[Seat], Awaitable[Response]]:
    """Return the page that shows an entry and asks whether something is really to be done with it."""

    async def page(seat: Seat) -> Response:
        shown = Shown(seat, await seat.record())
        entries = list(enumerate(shown.record.entries, start=1))
        found = next((each for each in entries if each[1].id == _entry_id(seat)), None)
        if found is None or not may(shown.duty):
            return seat.visit.go(seat.path)
        return seat.visit.page(template, one=shown, number=found[0], entry=found[1])

    return page


async def _drop(seat: Seat) -> Response:
    await stations.drop_entry(seat.work, seat.obligation_id, _entry_id(seat))
    return seat.visit.go(seat.path, said="dropped")


async def _hurry(seat: Seat) -> Response:
    await stations.hurry(seat.work, seat.obligation_id, _entry_id(seat))
    return seat.visit.go(seat.path, said="hurried")


def _entry_id(seat: Seat) -> UUID:
    found: UUID = seat.visit.request.path_params["entry_id"]
    return found


async def _ask_remark(seat: Seat) -> Response:
    shown = Shown(seat, await seat.record())
    if not shown.duty.may_send_back:
        return seat.visit.go(seat.path)
    return seat.visit.page("station_remark", one=shown, limit=LONGEST_REMARK, typed="", problem="")


async def _send_back(seat: Seat) -> Response:
    shown, remark = Shown(seat, await seat.record()), seat.visit.posted.text("remark")
    if shown.duty.state != "returned":  # a form that is sent twice does it once
        try:
            await stations.send_back(seat.work, seat.obligation_id, remark)
        except (Invalid, TooLarge) as wrong:
            problem = seat.visit.t(f"station.{wrong.code}", limit=LONGEST_REMARK)
            given = {"limit": LONGEST_REMARK, "typed": remark[: 4 * LONGEST_REMARK], "problem": problem}
            return seat.visit.page("station_remark", status=422, one=shown, **given)
    return seat.visit.go(seat.path, said="sent_back")


async def _sign(seat: Seat) -> Response:
    seen = seat.visit.posted.text("seen")
    await stations.sign(seat.work, seat.obligation_id, seen=int(seen) if _VERSION.fullmatch(seen) else NOTHING_SEEN)
    return seat.visit.go(seat.path, said="signed")


def _once(
    verb: Callable[..., Awaitable[stations.Record]], said: str, *, done: Callable[[stations.Duty], bool]
) -> Callable[[Seat], Awaitable[Response]]:
    """Return the page that carries out ``verb`` unless that is done already, since a form may be sent twice."""

    async def page(seat: Seat) -> Response:
        if not done((await seat.record()).duty):
            await verb(seat.work, seat.obligation_id)
        return seat.visit.go(seat.path, said=said)

    return page


show = theirs(as_it_stands)
ask_nil = theirs(_ask_nil)
file_nil = theirs(_file_nil, refused=as_it_stands)
file = theirs(_once(stations.file, "filed", done=lambda duty: duty.state == "submitted"), refused=as_it_stands)
take_back = theirs(_once(stations.take_back, "taken_back", done=lambda duty: duty.may_file), refused=as_it_stands)
sign = theirs(_sign, refused=as_it_stands)
ask_drop = theirs(_asks("station_drop", may=lambda duty: duty.may_file))
drop = theirs(_drop, refused=as_it_stands)
ask_hurry = theirs(_asks("station_hurry", may=lambda duty: duty.may_sign))
hurry = theirs(_hurry, refused=as_it_stands)
ask_remark = theirs(_ask_remark)
send_back = theirs(_send_back, refused=as_it_stands)
