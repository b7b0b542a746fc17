"""The receipt: all that a reporter holds, and all that is needed to read answers, add facts and withdraw.

100 random bits as 20 characters of Crockford's base32 and one check character (Luhn modulo 32, which tells every
single wrong character). Keyed BLAKE2b splits it into a look-up id, which is stored only hashed, and the seeds of two
key pairs. At 100 bits no slow derivation is needed.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Self

from nacl.signing import SigningKey
from stdnum import luhn

from core.errors import Invalid
from core.sealing.keypairs import KeyPair

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS_PER_CHARACTER = 5
_CHARACTERS = 20
_GROUP = 3
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "_": None, ".": None, "—": None, "–": None})


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt in the hand of a reporter; its code never shows in a representation."""

    code: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Make a fresh random receipt."""
        body = "".join(secrets.choice(ALPHABET) for _ in range(_CHARACTERS))
        return cls(body + luhn.calc_check_digit(body, ALPHABET))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read what a person typed: any case, spaces, dashes, full-width letters, O for 0, I and L for 1.

        Raises `Invalid`: ``receipt_malformed`` when it cannot be one, ``receipt_mistyped`` when the check character
        says that some character is wrong.
        """
        code = "".join(unicodedata.normalize("NFKC", typed[:200]).upper().split()).translate(_LOOKALIKES)
        if len(code) != _CHARACTERS + 1 or any(character not in ALPHABET for character in code):
            raise Invalid("receipt_malformed", field="receipt")
        if luhn.checksum(code, ALPHABET) != 0:
            raise Invalid("receipt_mistyped", field="receipt")
        return cls(code)

    @property
    def text(self) -> str:
        """The code in groups of three, as it is shown and written down."""
        return "-".join(self.code[start : start + _GROUP] for start in range(0, len(self.code), _GROUP))

    @property
    def lookup_hash(self) -> bytes:
        """The 32 bytes by which the store finds the item; the receipt cannot be computed from them."""
        return blake2b(self._derive(b"lookup"), digest_size=32, person=b"jingshi stored").digest()

    @property
    def box(self) -> KeyPair:
        """The pair to which answers are sealed."""
        return KeyPair.from_private(self._derive(b"box"))

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs facts added later and a withdrawal."""
        return SigningKey(self._derive(b"sign"))

    def beside(self, label: str) -> Self:
        """Return the receipt of something else that its holder sent later: nobody without this one can tell which.

        It is never shown or written down; the same ``label`` leads to the same one again.
        """
        drawn = int.from_bytes(self._derive(b"beside " + label.encode()), "big")
        places = range(0, _CHARACTERS * _BITS_PER_CHARACTER, _BITS_PER_CHARACTER)
        body = "".join(ALPHABET[drawn >> place & len(ALPHABET) - 1] for place in places)
        return type(self)(body + luhn.calc_check_digit(body, ALPHABET))

    def _derive(self, label: bytes) -> bytes:
        number = 0
        for character in self.code[:_CHARACTERS]:
            number = number << _BITS_PER_CHARACTER | ALPHABET.index(character)
        secret = number.to_bytes(_CHARACTERS * _BITS_PER_CHARACTER // 8 + 1, "big")
        return blake2b(label, digest_size=32, key=secret, person=b"jingshi receipt").digest()
