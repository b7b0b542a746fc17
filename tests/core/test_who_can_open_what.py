"""Every key is tried on every row: who opens what is exactly what the threat model says."""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey
from sqlalchemy import LargeBinary, select

from core import cases
from core.app import App
from core.db import Base
from core.errors import Forged, Misconfigured
from core.sealing import Context, Escrow, KeyPair, escrow_open, open_box, open_envelope, seal_envelope, seal_private_key
from core.settings import Settings
from core.work import Reporter, Staff
from tests.builders import Member, a_clerk, a_member, sign_in
from tests.core.cases.builders import submitted

MARKER = "三楼茶水间"


@dataclass
class Attacker:
    """Somebody with a copy of the whole database and some keys, who tries every key on every cell."""

    cells: Iterable[tuple[Context, bytes]]
    keys: dict[bytes, KeyPair] = field(default_factory=dict)
    opened: dict[Context, bytes] = field(default_factory=dict)

    def learn(self, *secrets: bytes) -> None:
        for secret in secrets:
            pair = KeyPair.from_private(secret)
            self.keys[pair.public] = pair

    def attack(self) -> None:
        """Open what opens, use the keys found there, until nothing new turns up."""
        known = -1
        while known != len(self.keys) + len(self.opened):
            known = len(self.keys) + len(self.opened)
            for context, blob in self.cells:
                for pair in list(self.keys.values()):
                    self._try(context, blob, pair)

    def _try(self, context: Context, blob: bytes, pair: KeyPair) -> None:
        ways: tuple[Callable[[], bytes], ...] = (
            lambda: open_envelope(blob, key=pair, context=context),
            lambda: open_box(blob, key=pair.private, context=context),
            lambda: SecretBox(pair.private).decrypt(blob),
            lambda: SealedBox(PrivateKey(pair.private)).decrypt(blob),
        )
        for way in ways:
            try:
                text = way()
            except (Forged, CryptoError, ValueError, TypeError):
                continue
            self.opened[context] = text
            if len(text) == 32:
                self.learn(text)

    def items(self) -> set[str]:
        return {str(place.row) for place in self.opened if (place.table, place.column) == ("item", "envelope")}


async def cells_of(app: App) -> list[tuple[Context, bytes]]:
    """Every cell of bytes in every table, with the place it belongs to."""
    found = []
    async with app.database.transaction(write=False) as session:
        for table in Base.metadata.sorted_tables:
            key = next(iter(table.primary_key.columns))
            for row in (await session.execute(select(table))).mappings():
                found += [
                    (Context(table.name, column.name, row[key.name]), bytes(row[column.name]))
                    for column in table.columns
                    if isinstance(column.type, LargeBinary) and row[column.name]
                ]
    return found


def key_files(settings: Settings, process: str) -> list[bytes]:
    """Every secret in the key files of a process, as it is and as the X25519 key that a signing key also makes."""
    lines = [line for path in (settings.keys / process).glob("*.key") for line in path.read_text().split()]
    secrets = [base64.b64decode(line) for line in lines]
    return secrets + [bytes(SigningKey(secret).to_curve25519_private_key()) for secret in secrets]


@dataclass
class Store:
    """A store with items of both bodies and the upper level, two of them granted to one officer each."""

    for_a: cases.Submitted
    for_b: cases.Submitted
    nobody: cases.Submitted
    commission: cases.Submitted
    upper: cases.Submitted
    a: Member
    b: Member
    clerk: Member
    cells: list[tuple[Context, bytes]]


async def private_key(app: App, member: Member) -> bytes:
    staff: Staff = await member.staff(app)
    assert staff.key is not None
    return staff.key.private


@pytest.fixture
async def store(intake: App, desk: App, escrow: Escrow) -> Store:
    named = {"identity": {"reporter_name": "令狐听雨", "reporter_contact": "000-1"}}
    items = [await submitted(intake, **named) for _ in range(3)]
    commission = await submitted(intake, subject_kind="not_sure")
    upper = await submitted(intake, subject_kind="office_director")
    clerk = await a_clerk(desk, escrow=escrow)
    a, b = [await sign_in(desk, await a_member(desk, "case_officer_org")) for _ in range(2)]
    staff = await clerk.staff(desk)
    async with desk.work(staff, "console") as work:
        await cases.grant(work, items[0].item_id, a.person_id, reason="请核对经办情况")
        await cases.grant(work, items[1].item_id, b.person_id, reason="请核对经办情况")
        await cases.answer(work, items[2].item_id, f"关于{MARKER}的答复")
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, items[2].receipt, f"{MARKER}的补充")
    return Store(items[0], items[1], items[2], commission, upper, a, b, clerk, await cells_of(desk))


def _ids(*items: cases.Submitted) -> set[str]:
    return {str(item.item_id) for item in items}


async def test_all_key_files_of_intake_open_nothing_that_was_submitted(store: Store, settings: Settings) -> None:
    thief = Attacker(store.cells)
    thief.learn(*key_files(settings, "intake"))
    thief.attack()
    assert thief.opened == {}


@pytest.mark.parametrize("process", ["desk", "worker"])
async def test_key_files_of_the_other_processes_open_no_content(store: Store, settings: Settings, process: str) -> None:
    thief = Attacker(store.cells)
    thief.learn(*key_files(settings, process))
    thief.attack()
    assert {(place.table, place.column) for place in thief.opened} <= {("account", "totp_sealed")}


async def test_a_members_key_opens_what_was_granted_to_them_and_nothing_else(store: Store, desk: App) -> None:
    for member, mine in ((store.a, store.for_a), (store.b, store.for_b)):
        thief = Attacker(store.cells)
        thief.learn(await private_key(desk, member))
        thief.attack()
        assert thief.items() == _ids(mine)
        assert MARKER in thief.opened[Context("item", "envelope", mine.item_id)].decode()


async def test_a_clerks_key_opens_the_items_of_the_body_but_no_name_of_a_reporter(store: Store, desk: App) -> None:
    thief = Attacker(store.cells)
    thief.learn(await private_key(desk, store.clerk))
    thief.attack()
    assert thief.items() == _ids(store.for_a, store.for_b, store.nobody)
    assert not [place for place in thief.opened if place.table in {"identity", "packet"}]


async def test_a_receipt_opens_its_own_answers_only(store: Store) -> None:
    thief = Attacker(store.cells)
    receipt = store.nobody.receipt
    thief.learn(receipt.box.private, bytes(receipt.signing_key))
    thief.attack()
    assert {place.table for place in thief.opened} == {"reply"}


async def test_escrow_opens_every_item_kept_here_and_none_of_the_upper_level(store: Store, escrow: Escrow) -> None:
    thief = Attacker(store.cells)
    for context, blob in store.cells:
        try:
            thief.learn(escrow_open(blob, identity=escrow.identity))
        except (Forged, Misconfigured):
            continue
        assert context.table == "seal"
    thief.attack()
    assert thief.items() == _ids(store.for_a, store.for_b, store.nobody, store.commission)
    assert not [place for place in thief.opened if place.table == "packet"]


def test_the_attacker_of_these_tests_does_find_what_can_be_found() -> None:
    pair = KeyPair.new()
    place = Context("item", "envelope", UUID(int=1))
    inner = KeyPair.new()
    cells: Mapping[Context, bytes] = {
        Context("seal", "sealed_key", UUID(int=2)): seal_private_key(inner.private, to=pair.public),
        place: seal_envelope(MARKER.encode(), to=[inner.public], context=place),
    }
    thief = Attacker(list(cells.items()))
    thief.learn(pair.private)
    thief.attack()
    assert thief.opened[place] == MARKER.encode()
