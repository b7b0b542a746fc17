"""The offline escrow key and other keys outside the installation: age (X25519), through pyrage."""

from dataclasses import dataclass, field

import pyrage

from core.errors import Forged, Misconfigured


@dataclass(frozen=True, slots=True)
class Escrow:
    """An age key: the recipient is public, the identity is kept offline."""

    recipient: str
    identity: str = field(repr=False)


def new_escrow() -> Escrow:
    """Make a fresh age key."""
    identity = pyrage.x25519.Identity.generate()
    return Escrow(recipient=str(identity.to_public()), identity=str(identity))


def escrow_seal(text: bytes, *, recipient: str) -> bytes:
    """Seal ``text`` to an age recipient (``age1…``); raise `Misconfigured` when it is none."""
    try:
        return bytes(pyrage.encrypt(text, [pyrage.x25519.Recipient.from_str(recipient)]))
    except pyrage.RecipientError as error:
        raise Misconfigured("an age recipient must look like age1…") from error


def escrow_open(blob: bytes, *, identity: str) -> bytes:
    """Return what was sealed to the identity (``AGE-SECRET-KEY-1…``); raise `Forged` when it does not open."""
    try:
        return bytes(pyrage.decrypt(blob, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.IdentityError as error:
        raise Misconfigured("an age identity must look like AGE-SECRET-KEY-1…") from error
    except pyrage.DecryptError as error:
        raise Forged("escrow_does_not_open") from error
