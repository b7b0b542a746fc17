"""What a line of a register says, before and after it is sealed, and the desk's signature under it."""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from uuid import uuid4

from core import access, audit, numbers
from core.cases.items.intake import Submitted
from core.cases.items.tables import RegisterLine
from core.cases.rules.registers import Way
from core.errors import Conflict
from core.sealing import Context, Facts, seal_envelope, sign, verify
from core.work import Work


@dataclass(frozen=True, slots=True)
class LineContent:
    """What stands in the book: from whom in general words, never a name, whom it is about, and one line of what."""

    identity_mode: str
    subject_kind: str
    category: str
    unit: str = field(repr=False)
    subject: str = field(repr=False)
    what: str = field(repr=False)


def decode(sealed: bytes) -> LineContent:
    """Read what `add_line` sealed."""
    return LineContent(**json.loads(sealed))


async def add_line(work: Work, made: Submitted, way: Way, content: LineContent) -> RegisterLine:
    """Write the line of what was submitted into a book of the body that decides, with the next number; return its row.

    Raises `Denied`, and `Conflict` (``no_shared_key``) while the registers of that body have no key.
    """
    staff = access.permit(work, "register.enter")
    key = work.shared.get(access.REGISTER + made.body)
    if key is None:
        raise Conflict("no_shared_key", purpose=access.REGISTER + made.body)
    await work.session.flush()  # the item first: the line points at it
    number = await numbers.next_number(work, f"{way.register}:{made.body}")
    row = RegisterLine(
        id=uuid4(),
        item_id=made.item_id,
        body=made.body,
        register=way.register,
        year=number.year,
        number=number.place,
        entered_on=work.clock.today(),
        channel=way.name,
        clerk_id=staff.person_id,
    )
    sealed = json.dumps(asdict(content), ensure_ascii=False, separators=(",", ":")).encode()
    row.envelope = seal_envelope(sealed, to=[key.public], context=Context("register_line", "envelope", row.id))
    row.signature = sign(work.keys.signing_key, "register_line", line_facts(row))
    work.session.add(row)
    audit.record(work, "item", "registered", made.item_id, change=row.signature)
    return row


def line_facts(row: RegisterLine) -> Facts:
    """Return what the signature of a line covers: all of it."""
    return {
        "id": row.id,
        "item_id": row.item_id,
        "book": f"{row.body}/{row.register}/{row.year}",
        "number": row.number,
        "entered_on": row.entered_on.isoformat(),
        "channel": row.channel,
        "clerk_id": row.clerk_id,
        "envelope_hash": sha256(row.envelope).digest(),
    }


def check_line(work: Work, row: RegisterLine) -> None:
    """Raise `Forged` unless the desk wrote the line as it is."""
    verify(work.keys.verify_keys["desk"], row.signature, "register_line", line_facts(row))
