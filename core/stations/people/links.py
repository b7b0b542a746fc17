"""Personal links: a person's own way to the pages of the stations, without a chat. One is good at a time."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID, uuid4

from sqlalchemy import select, update

from core import access, audit, registry
from core.errors import Conflict, NotFound, NotSignedIn
from core.stations.people.ending import end_links
from core.stations.people.pairing import Recognised, liaison_of
from core.stations.tables import Pairing, PersonalLink
from core.texts import DEFAULT_LANGUAGE
from core.work import Liaison, Work


async def personal_link(work: Work, person_id: UUID | None = None) -> str:
    """Make a link and return its secret, shown this once: one's own (a `Liaison`), or for ``person_id`` by staff.

    The person's earlier links end.

    Raises:
        Denied, NotSignedIn: staff without ``station.invite``; without ``person_id``, anybody but a `Liaison`.
        NotFound: ``person_unknown``.
        Conflict: ``person_without_station``, for somebody who has no role at a station today.
    """
    person_id = _own(work) if person_id is None else await _another(work, person_id)
    if not (await liaison_of(work, person_id)).held:
        raise Conflict("person_without_station")
    await end_links(work, person_id)
    secret, now = secrets.token_urlsafe(32), work.now()
    until = now + timedelta(days=work.policy.days("personal_link_valid"))
    row = PersonalLink(id=uuid4(), person_id=person_id, secret_hash=_hash(secret), made_at=now, until=until)
    work.session.add(row)
    audit.record(work, "personal_link", "made", row.id, change=person_id.bytes)
    return secret


async def end_personal_link(work: Work, person_id: UUID) -> None:
    """End somebody's link, for instance after a lost telephone; twice is once.

    Raises:
        Denied, NotSignedIn: without ``station.invite``.
        NotFound: ``person_unknown``.
    """
    person_id = await _another(work, person_id)
    await end_links(work, person_id)
    audit.record(work, "personal_link", "ended", person_id)


async def links_until(work: Work, person_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Return until when the links of these people are good, of those who have one; raises `Denied`."""
    access.permit(work, "station.list")
    present = (PersonalLink.ended_at.is_(None), PersonalLink.until > work.now())
    query = select(PersonalLink.person_id, PersonalLink.until).where(PersonalLink.person_id.in_(person_ids), *present)
    return {row.person_id: row.until for row in await work.session.execute(query)}


async def recognise_link(work: Work, secret: str) -> Recognised:
    """Return who shows the secret of a link, with what they hold today; raises `NotFound` ``personal_link_unknown``.

    The language is that of their chat, or Chinese. Intake's verb.
    """
    present = (PersonalLink.ended_at.is_(None), PersonalLink.until > work.now())
    query = select(PersonalLink.person_id).where(PersonalLink.secret_hash == _hash(secret), *present)
    person_id = await work.session.scalar(query)
    if person_id is None:
        raise NotFound("personal_link_unknown")
    spoken = select(Pairing.language).where(Pairing.person_id == person_id, Pairing.ended_at.is_(None))
    language = await work.session.scalar(spoken) or DEFAULT_LANGUAGE
    name = (await registry.person(work, person_id)).name
    return Recognised(await liaison_of(work, person_id), None, name, language)


async def note_at_page(work: Work) -> None:
    """Note that whoever is at work is at their page, so that nobody writes to their chat meanwhile; intake's verb."""
    mine = update(Pairing).where(Pairing.person_id == _own(work), Pairing.ended_at.is_(None))
    await work.session.execute(mine.values(active_at=work.now()))


def _own(work: Work) -> UUID:
    if not isinstance(work.actor, Liaison):
        raise NotSignedIn("not_signed_in")
    return work.actor.person_id


async def _another(work: Work, person_id: UUID) -> UUID:
    access.permit(work, "station.invite")
    return (await registry.person(work, person_id)).id


def _hash(secret: str) -> bytes:
    return blake2b(secret.encode(), digest_size=32, person=b"personal link").digest()
