"""``jingshi channels``: who accepted that a channel is served whose machines stand abroad."""

import asyncio
from collections.abc import Sequence

import click

from core import registry
from core.access import permit_operated
from core.registry import CHANNELS_ABROAD, Acceptance
from jingshi.operating import opened, operating

_CHANNEL = click.argument("channel", type=click.Choice(CHANNELS_ABROAD))


@click.group()
def command() -> None:
    """Channels whose machines stand abroad; outside a demo, one is served only once somebody has accepted that."""


@command.command()
@_CHANNEL
@click.option("--by", metavar="TEXT", required=True, help="Name and post of whoever answers for it.")
@click.option("--assessment", metavar="TEXT", required=True, help="Title and number of the impact assessment.")
def accept(channel: str, by: str, assessment: str) -> None:
    """Record who accepts a channel, today, and on what assessment (PIPL 36, 55). Restart the processes afterwards.

    It can be ended and never changed. Keep the assessment itself for three years at least (PIPL 56).
    """
    asyncio.run(_accept(channel, by, assessment))
    click.echo(f"{channel} is accepted; restart intake and worker")


@command.command("list")
def list_() -> None:
    """List what was accepted, what was ended since included: channel, from, until, by whom, on what assessment."""
    for each in asyncio.run(_all()):
        until = str(each.ended_on) if each.ended_on else "holds"
        click.echo(f"{each.channel}\t{each.accepted_on}\t{until}\t{each.accepted_by}\t{each.assessment}")


@command.command()
@_CHANNEL
def end(channel: str) -> None:
    """End what was accepted. The channel is off once the processes have been restarted."""
    asyncio.run(_end(channel))
    click.echo(f"{channel} is no longer accepted; restart intake and worker")


async def _accept(channel: str, by: str, assessment: str) -> None:
    async with opened() as app, operating(app) as work:
        permit_operated(work, "channel.accept")
        await registry.accept_channel(work, channel, by=by, assessment=assessment)


async def _all() -> Sequence[Acceptance]:
    async with opened() as app, operating(app, write=False) as work:
        return await registry.acceptances(work)


async def _end(channel: str) -> None:
    async with opened() as app, operating(app) as work:
        permit_operated(work, "channel.accept")
        await registry.end_acceptance(work, channel)
