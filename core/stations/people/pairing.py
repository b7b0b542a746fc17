"""Who of a station stands behind a chat: inviting, pairing by a word that is good once, recognising, and its end.

Staff hand over a link or six digits; whoever brings them to the bot is that person from then on. A chat is found by a
keyed hash of which intake alone has the key, and messages go to an address that the worker alone can open.

Whoever writes in a chat is nobody (`Reporter`) to the verbs of intake until they are recognised, and a `Liaison` after.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select, update

from core import access, audit, outbox, registry
from core.access.rows import add_if_new
from core.dialogue.runs import normal
from core.errors import Conflict, Invalid, NotFound
from core.outbox import ChatAddress
from core.sealing.signing import canonical
from core.stations.people.ending import end_pairing
from core.stations.tables import Invitation, Pairing
from core.texts import LANGUAGES
from core.work import Held, Liaison, Work

BOT: Final = "liaison"
"""The bot in whose chats the people of the stations are."""

_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_SPOKEN: Final = str.maketrans("零〇一幺二三四五六七八九", "001123456789")
_NOT_DIGITS: Final = ("P", "Z", "C")  # punctuation, spaces and what does not show


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; ``secret`` is for a link, ``code`` are six digits. Both are shown this once."""

    secret: str = field(repr=False)
    code: str = field(repr=False)
    code_until: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Recognised:
    """Somebody of a station, and the language to speak; known by a link, they have neither pairing nor chat."""

    liaison: Liaison
    pairing_id: UUID | None
    person_name: str
    language: str
    chat: str = field(repr=False, default="")


async def invite(work: Work, person_id: UUID) -> Invited:
    """Invite somebody who has a role at a station today; earlier invitations of theirs that were not used end.

    Raises:
        Denied, NotSignedIn: without ``station.invite``.
        NotFound: ``person_unknown``.
        Conflict: ``person_without_station``.
    """
    staff = access.permit(work, "station.invite")
    await registry.person(work, person_id)
    if not (await liaison_of(work, person_id)).held:
        raise Conflict("person_without_station")
    await _end_invitations(work, person_id)
    now, secret, code = work.now(), secrets.token_urlsafe(32), await _free_code(work)
    row = Invitation(
        id=uuid4(),
        person_id=person_id,
        secret_hash=_word_hash(secret),
        code_hash=_word_hash(code),
        made_by=staff.person_id,
        made_at=now,
        code_until=now + timedelta(hours=work.policy.hours("pairing_code_valid")),
        until=now + timedelta(days=work.policy.days("invitation_valid")),
    )
    work.session.add(row)
    facts = canonical("invitation", {"person": person_id, "until": row.until.isoformat()})
    audit.record(work, "invitation", "made", row.id, change=facts)
    return Invited(secret, code, row.code_until, row.until)


async def withdraw_invitation(work: Work, person_id: UUID) -> None:
    """End somebody's invitation that was not used; raises `NotFound` ``invitation_unknown``, and as `invite`."""
    access.permit(work, "station.invite")
    if not await _end_invitations(work, person_id):
        raise NotFound("invitation_unknown")


async def unpair(work: Work, person_id: UUID) -> None:
    """End somebody's pairing and personal links, for instance after a lost phone; their invitations end as well.

    Raises `NotFound` ``pairing_unknown``, and as `invite`.
    """
    access.permit(work, "station.invite")
    await _end_invitations(work, person_id)
    if not await end_pairing(work, Pairing.person_id == person_id, "unpaired"):
        raise NotFound("pairing_unknown")


async def redeem(work: Work, chat: ChatAddress, word: str) -> Liaison:
    """Pair a chat with whoever was given ``word``: a link's secret, or six digits, however they are typed.

    An earlier pairing of the person ends. The word that paired this very chat may come again. Intake's verb.

    Raises:
        NotFound: ``invitation_unknown``; also for one that is over or was withdrawn.
        Conflict: ``invitation_used``, or ``chat_paired_with_another`` person.
    """
    invitation, present = await _find(work, word), await _present(work, chat.chat)
    if invitation.used_at is not None:
        if present is not None and present.invitation_id == invitation.id:
            return await liaison_of(work, present.person_id)
        raise Conflict("invitation_used")
    if present is not None and present.person_id != invitation.person_id:
        raise Conflict("chat_paired_with_another")
    await _use(work, invitation.id)
    liaison = await liaison_of(work, invitation.person_id)
    acting = replace(work, actor=liaison)
    await end_pairing(acting, Pairing.person_id == invitation.person_id, "replaced")
    row = Pairing(
        id=uuid4(),
        person_id=invitation.person_id,
        invitation_id=invitation.id,
        chat_hash=_chat_hash(work, chat.chat),
        address_id=await outbox.keep(work, ChatAddress(BOT, chat.chat, chat.language)),
        language=chat.language,
        paired_at=work.now(),
        active_at=work.now(),
    )
    if not await add_if_new(work.session, row):  # two words of one person, or two of one chat, at the same moment
        raise Conflict("invitation_used")
    audit.record(acting, "pairing", "begun", row.id, change=invitation.id.bytes)
    return liaison


async def recognise(work: Work, chat: str) -> Recognised | None:
    """Return who a chat stands for, with what they hold today (nothing, once their role is over); intake's verb.

    Needs a transaction that writes: that they are at it is noted, and somebody who had blocked the bot can be reached
    again from here on.
    """
    row = await _present(work, chat)
    if row is None:
        return None
    row.active_at = work.now()
    if row.address_id is None:
        row.address_id = await outbox.keep(work, ChatAddress(BOT, chat, row.language))
    name = (await registry.person(work, row.person_id)).name
    return Recognised(await liaison_of(work, row.person_id), row.id, name, row.language, chat)


async def speak(work: Work, pairing: Recognised, language: str) -> None:
    """Speak another language in a chat, in what is sent there by itself as well; intake's verb.

    Raises `Invalid` ``unknown_language`` or `NotFound` ``pairing_unknown``.
    """
    if language not in LANGUAGES:
        raise Invalid("unknown_language", field="language")
    row = await _present(work, pairing.chat)
    if row is None or row.id != pairing.pairing_id:
        raise NotFound("pairing_unknown")
    if row.language != language:
        row.language = language
        row.address_id = await outbox.keep(work, ChatAddress(BOT, pairing.chat, language))


async def disown(work: Work, chat: str) -> None:
    """End the pairing of a chat whose holder says that they are somebody else; intake's verb, and twice is once."""
    await end_pairing(work, Pairing.chat_hash == _chat_hash(work, chat), "not_me")


async def leave(work: Work, chat: str) -> None:
    """End the pairing of a chat at its holder's wish; intake's verb, and twice is once."""
    await end_pairing(work, Pairing.chat_hash == _chat_hash(work, chat), "left")


async def erase_left(work: Work) -> int:
    """Erase the addresses of pairings that are over, with what is owed there, and those that newer ones replaced.

    Return how many there were. The worker's verb: nobody else can erase one.
    """
    over = select(Pairing.address_id).where(Pairing.ended_at.is_not(None), Pairing.address_id.is_not(None))
    named = select(Pairing.address_id).where(Pairing.address_id.is_not(None))
    left = [address_id for address_id in await work.session.scalars(over) if address_id is not None]
    return await outbox.erase_kept(work, left) + await outbox.erase_unnamed(work, named)


async def liaison_of(work: Work, person_id: UUID) -> Liaison:
    """Return somebody with the roles that they hold at stations today, be it none."""
    held = await registry.held_by(work, person_id, on=work.clock.today())
    return Liaison(person_id, tuple(Held(each.role, each.unit_id) for each in held if each.role in registry.STATION))


async def _find(work: Work, word: str) -> Invitation:
    """Return the invitation of a word, used or not."""
    digits, now = _digits(word), work.now()
    query = select(Invitation).where(Invitation.ended_at.is_(None)).order_by(Invitation.used_at.is_not(None))
    if digits:
        query = query.where(Invitation.code_hash == _word_hash(digits), Invitation.code_until > now)
    else:
        query = query.where(Invitation.secret_hash == _word_hash(word.strip()), Invitation.until > now)
    row: Invitation | None = (await work.session.scalars(query)).first()
    if row is None:
        raise NotFound("invitation_unknown")
    return row


async def _use(work: Work, invitation_id: UUID) -> None:
    """Use an invitation up; of two who come at once, one is first."""
    unused = (Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.ended_at.is_(None))
    used = update(Invitation).where(*unused).values(used_at=work.now()).returning(Invitation.id)
    if await work.session.scalar(used) is None:
        raise Conflict("invitation_used")


async def _end_invitations(work: Work, person_id: UUID) -> bool:
    """End what was not used; return whether there was any that was still good."""
    unused = (Invitation.person_id == person_id, Invitation.used_at.is_(None), Invitation.ended_at.is_(None))
    ended = update(Invitation).where(*unused).values(ended_at=work.now()).returning(Invitation.id, Invitation.until)
    rows = (await work.session.execute(ended)).all()
    for row in rows:
        audit.record(work, "invitation", "withdrawn", row.id)
    return any(row.until > work.now() for row in rows)


async def _present(work: Work, chat: str) -> Pairing | None:
    here = (Pairing.chat_hash == _chat_hash(work, chat), Pairing.ended_at.is_(None))
    row: Pairing | None = await work.session.scalar(select(Pairing).where(*here))
    return row


async def _free_code(work: Work) -> str:
    """Return six digits that nobody else was given today."""
    given = set(await work.session.scalars(select(Invitation.code_hash).where(Invitation.code_until > work.now())))
    while True:
        code = f"{secrets.randbelow(1_000_000):06}"
        if _word_hash(code) not in given:
            return code


def is_invitation(word: str) -> bool:
    """Tell whether somebody may mean an invitation by ``word``: it is nothing but digits, or as long as a secret."""
    return _only_digits(word).isdecimal() or _SECRET.fullmatch(word.strip()) is not None


def is_code(word: str) -> bool:
    """Tell whether somebody typed six digits: unlike the secret of a link, these can be guessed."""
    return _digits(word) != ""


def _digits(word: str) -> str:
    """Return the six digits that somebody typed, full-width, in words, or with spaces and marks between, or nothing."""
    kept = _only_digits(word)
    return kept if _SIX_DIGITS.fullmatch(kept) else ""


def _only_digits(word: str) -> str:
    said = normal("NFKC", word).translate(_SPOKEN)
    return "".join(each for each in said if unicodedata.category(each)[0] not in _NOT_DIGITS)


def _word_hash(word: str) -> bytes:
    # a link's secret has 256 random bits; six digits are found in the hash by whoever copies it, and are good for a day
    return blake2b(word.encode(), digest_size=32, person=b"invitation").digest()


def _chat_hash(work: Work, chat: str) -> bytes:
    return blake2b(f"{BOT}\0{chat}".encode(), digest_size=32, key=work.keys.current("pairing")).digest()
