"""Channels whose machines stand abroad, and who accepted that one of them is served (PIPL 36, 55).

What was accepted, by whom and on what assessment is never changed afterwards; it can only be ended. As in
`core.registry.service`, the verbs do not ask who may: **the caller has checked it**.
"""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from core import audit
from core.errors import Conflict, Invalid, Misconfigured
from core.registry import tables
from core.registry.checks import plain_text
from core.registry.queries import installation
from core.registry.views import Acceptance
from core.sealing.signing import Fact, canonical
from core.work import Work

CHANNELS_ABROAD: Final = ("telegram",)
"""Channels that a real installation serves only once that was accepted."""


async def accept_channel(work: Work, channel: str, *, by: str, assessment: str) -> Acceptance:
    """Record that ``by`` (name and post) accepts a channel on the ground of an impact assessment (title and number).

    Raises:
        Invalid: ``unknown_channel`` (`CHANNELS_ABROAD`), or a text that is empty, too long or unprintable.
        Conflict: ``channel_already_accepted``, while it is.
    """
    if channel not in CHANNELS_ABROAD:
        raise Invalid("unknown_channel", field="channel")
    accepted_by, ground = plain_text(by, "by", 100), plain_text(assessment, "assessment", 200)
    if await _lock_present(work, channel) is not None:
        raise Conflict("channel_already_accepted")
    row = tables.ChannelAcceptance(
        id=uuid4(), channel=channel, accepted_by=accepted_by, accepted_on=work.clock.today(), assessment=ground
    )
    work.session.add(row)
    _record(work, "accepted", row)
    return _view(row)


async def end_acceptance(work: Work, channel: str) -> Acceptance:
    """End the acceptance of a channel from today on; raises `Conflict` ``channel_not_accepted`` when there is none."""
    row = await _lock_present(work, channel)
    if row is None:
        raise Conflict("channel_not_accepted")
    row.ended_on = work.clock.today()
    _record(work, "ended", row)
    return _view(row)


async def acceptances(work: Work) -> Sequence[Acceptance]:
    """Return every acceptance that there ever was, by channel and day."""
    row = tables.ChannelAcceptance
    query = select(row).order_by(row.channel, row.accepted_on, row.ended_on.is_(None), row.ended_on, row.id)
    return [_view(each) for each in await work.session.scalars(query)]


async def accepted_channels(work: Work) -> Sequence[Acceptance]:
    """Return the acceptances that hold, by channel; there is one at most for each."""
    return [each for each in await acceptances(work) if each.ended_on is None]


async def require_accepted(work: Work, channel: str) -> None:
    """Raise `Misconfigured` when a channel abroad may not be served here: nobody accepted it, and this is no demo."""
    if (await installation(work.session)).is_demo:
        return
    if channel not in {each.channel for each in await accepted_channels(work)}:
        raise Misconfigured(
            f"the machines of {channel} stand abroad and nobody has accepted that; "
            f"run: jingshi channels accept {channel}"
        )


async def _lock_present(work: Work, channel: str) -> tables.ChannelAcceptance | None:
    """Return the row that holds; until the end of the transaction nobody else accepts or ends one."""
    await work.session.scalar(select(tables.Installation).with_for_update())
    row = tables.ChannelAcceptance
    found: tables.ChannelAcceptance | None = await work.session.scalar(
        select(row).where(row.channel == channel, row.ended_on.is_(None))
    )
    return found


def _view(row: tables.ChannelAcceptance) -> Acceptance:
    return Acceptance(row.channel, row.accepted_by, row.accepted_on, row.assessment, row.ended_on)


def _record(work: Work, action: str, row: tables.ChannelAcceptance) -> None:
    facts: dict[str, Fact] = {
        "channel": row.channel,
        "by": row.accepted_by,
        "on": str(row.accepted_on),
        "assessment": row.assessment,
        "ended": str(row.ended_on),
    }
    audit.record(work, "channel", action, row.id, change=canonical("channel_acceptance", facts))
