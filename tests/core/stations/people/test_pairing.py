"""A chat stands for one person of a station: by a word that is good once, until either of them ends it."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from core import audit, outbox, stations
from core.app import App
from core.errors import Conflict, Denied, Invalid, JingshiError, Misconfigured, NotFound, NotSignedIn
from core.outbox.addresses import open_kept
from core.outbox.tables import Address, Delivery
from core.sealing import Context, KeyPair, open_envelope
from core.stations.people.pairing import _digits
from core.stations.tables import Invitation, Obligation, Pairing, Round
from core.work import Liaison, Reporter, System
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import CHAT, NAME, Network, a_network, appointed, somebody_of

WORKER = System("worker")
OTHER = "7013370099"
SEPARATORS = " \t\u3000-\u2010.·、,，\u200b_"


@pytest.fixture
async def network(desk: App, intake: App) -> Network:
    return await a_network(desk, intake)


async def pairings(network: Network) -> list[Pairing]:
    async with network.intake.database.transaction(write=False) as session:
        return list(await session.scalars(select(Pairing).order_by(Pairing.ended_at.is_(None), Pairing.ended_at)))


async def refused(network: Network, word: str, chat: str = CHAT) -> str:
    with pytest.raises(JingshiError) as error:
        await network.redeemed(word, chat)
    assert isinstance(error.value, NotFound) == (error.value.code == "invitation_unknown")
    return error.value.code


async def test_a_link_pairs_a_chat_and_the_chat_is_recognised_by_name_language_and_roles(network: Network) -> None:
    assert await network.standing() == "unpaired"
    invited = await network.invited()
    assert await network.standing() == "invited"
    liaison = await network.redeemed(invited.secret, language="en")
    found = await network.recognised()
    assert found is not None
    assert (found.liaison, found.person_name, found.language) == (liaison, NAME, "en")
    assert [(each.role, each.unit_id) for each in liaison.held] == [("station_liaison", network.station_id)]
    assert (await network.standing(), await network.recognised(OTHER)) == ("paired", None)
    assert invited.secret not in repr(invited)
    assert invited.code not in repr(invited)


def test_what_is_not_six_digits_is_no_code() -> None:
    assert [_digits(word) for word in ("12345", "1234567", "12345a", "٠١٢٣٤٥", "")] == [""] * 5


@given(st.from_regex(r"\A[0-9]{6}\Z"), st.lists(st.text(SEPARATORS, max_size=3), min_size=7, max_size=7), st.booleans())
def test_six_digits_are_read_however_they_are_typed(code: str, between: list[str], full_width: bool) -> None:  # noqa: FBT001 - drawn
    shown = code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}) if full_width else code
    typed = "".join(gap + digit for gap, digit in zip(between, [*shown, ""], strict=True))
    assert _digits(typed) == code


async def test_six_digits_typed_full_width_with_spaces_pair_as_the_link_does(network: Network) -> None:
    code = (await network.invited()).code
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code)
    await network.redeemed(f" {wide[:3]}　{wide[3:]}。")
    assert await network.standing() == "paired"


@pytest.mark.parametrize("what", ["secret", "code"])
async def test_a_word_pairs_once_and_pressed_again_in_the_same_chat_says_the_same(network: Network, what: str) -> None:
    word = str(getattr(await network.invited(), what))
    first = await network.redeemed(word)
    assert await network.redeemed(word) == first
    assert await refused(network, word, OTHER) == "invitation_used"
    assert len(await pairings(network)) == 1
    await network.in_chat(lambda work: stations.leave(work, CHAT))
    assert await refused(network, word) == "invitation_used"


async def test_two_who_come_with_one_word_at_once_are_told_apart(network: Network) -> None:
    word = (await network.invited()).secret
    tried = await asyncio.gather(network.redeemed(word), network.redeemed(word, OTHER), return_exceptions=True)
    assert sorted(type(each).__name__ for each in tried) == ["Conflict", "Liaison"]
    assert len(await pairings(network)) == 1


async def test_digits_are_good_for_a_day_and_the_link_for_two_weeks(network: Network, clock: FixedClock) -> None:
    invited = await network.invited()
    clock.move(timedelta(hours=24))
    assert await refused(network, invited.code) == "invitation_unknown"
    clock.move(timedelta(days=13) - timedelta(seconds=1))
    await network.redeemed(invited.secret)
    late = await network.invited()
    clock.move(timedelta(days=14))
    assert await refused(network, late.secret) == "invitation_unknown"


async def test_what_was_withdrawn_or_followed_by_another_or_made_up_is_unknown(network: Network) -> None:
    first = await network.invited()
    second = await network.invited()
    assert {await refused(network, word) for word in (first.secret, first.code, "000")} == {"invitation_unknown"}
    await network.do(lambda work: stations.withdraw_invitation(work, network.person_id))
    assert {await refused(network, word) for word in (second.secret, second.code)} == {"invitation_unknown"}
    assert await network.standing() == "unpaired"
    with pytest.raises(NotFound, match="invitation_unknown"):
        await network.do(lambda work: stations.withdraw_invitation(work, network.person_id))


async def test_the_chat_of_somebody_else_is_not_taken_and_the_word_stays_good(network: Network, desk: App) -> None:
    await network.paired()
    word = (await network.invited(await somebody_of(desk, network.station_id, name="东郭远帆"))).secret
    assert await refused(network, word) == "chat_paired_with_another"
    found = await network.recognised()
    assert found is not None
    assert found.person_name == NAME
    assert (await network.redeemed(word, OTHER)).person_id != network.person_id


async def test_after_a_lost_phone_the_new_chat_takes_the_place_of_the_old(network: Network) -> None:
    await network.paired()
    await network.paired(OTHER)
    assert await network.recognised() is None
    assert (await network.recognised(OTHER)) is not None
    assert [each.ended_why for each in await pairings(network)] == ["replaced", None]


async def test_who_is_paired_again_in_the_same_chat_stays_there(network: Network) -> None:
    await network.paired()
    await network.paired()
    assert await network.recognised() is not None
    assert sorted(each.ended_why or "" for each in await pairings(network)) == ["", "replaced"]


@pytest.mark.parametrize(("verb", "why"), [(stations.disown, "not_me"), (stations.leave, "left")])
async def test_who_says_that_it_is_not_them_or_leaves_is_not_recognised_again(
    network: Network, verb: object, why: str
) -> None:
    await network.paired()
    link = await network.do(lambda work: stations.personal_link(work, network.person_id))
    ending = stations.disown if verb is stations.disown else stations.leave
    for _ in range(2):
        await network.in_chat(lambda work: ending(work, CHAT))
    assert (await network.recognised(), await network.standing()) == (None, "unpaired")
    assert [each.ended_why for each in await pairings(network)] == [why]
    with pytest.raises(NotFound, match="personal_link_unknown"):
        await network.in_chat(lambda work: stations.recognise_link(work, link))


async def test_the_department_ends_a_pairing_and_the_invitation_that_lies_about(network: Network) -> None:
    await network.paired()
    word = (await network.invited()).secret
    await network.do(lambda work: stations.unpair(work, network.person_id))
    assert (await network.recognised(), await network.standing()) == (None, "unpaired")
    assert await refused(network, word) == "invitation_unknown"
    with pytest.raises(NotFound, match="pairing_unknown"):
        await network.do(lambda work: stations.unpair(work, network.person_id))


async def test_a_person_of_two_stations_has_both_in_one_chat(network: Network, desk: App) -> None:
    other = await a_unit(desk, "liaison_station")
    await appointed(desk, network.person_id, other, "station_head")
    await appointed(desk, network.person_id, await a_unit(desk), "auditor")
    liaison = await network.paired()
    assert {(each.role, each.unit_id) for each in liaison.held} == {
        ("station_liaison", network.station_id),
        ("station_head", other),
    }


async def test_whose_role_ended_yesterday_is_known_and_holds_nothing(
    network: Network, desk: App, clock: FixedClock
) -> None:
    person_id = await somebody_of(desk, network.station_id, until=clock.today())
    await network.paired(person_id=person_id)
    link = await network.do(lambda work: stations.personal_link(work, person_id))
    clock.move(timedelta(days=1))
    found = await network.recognised()
    assert found is not None
    assert (found.liaison, found.person_name) == (Liaison(person_id, ()), NAME)
    by_link = await network.in_chat(lambda work: stations.recognise_link(work, link))
    assert by_link.liaison == found.liaison
    with pytest.raises(Conflict, match="person_without_station"):
        await network.invited(person_id)


async def test_the_address_is_sealed_so_that_the_worker_alone_opens_it(
    network: Network, worker: App, desk: App
) -> None:
    await network.paired()
    (row,) = await pairings(network)
    assert row.address_id is not None
    async with network.intake.database.transaction(write=False) as session:
        address = await session.get_one(Address, row.address_id)
    assert CHAT.encode() not in address.sealed + row.chat_hash
    place = Context("address", "sealed", address.id)
    for app in (network.intake, desk):
        for secret in (each for name in app.keys.secrets for each in app.keys.all(name)):
            with pytest.raises(JingshiError):
                open_envelope(address.sealed, key=KeyPair.from_private(secret), context=place)
        with pytest.raises(Misconfigured):
            app.keys.all("notifier")
    async with worker.work(WORKER, "worker") as work:
        assert await open_kept(work, [address.id]) == {address.id: outbox.ChatAddress("liaison", CHAT, "zh_CN")}


async def test_a_chat_that_was_blocked_and_comes_back_can_be_reached_again(network: Network, worker: App) -> None:
    await network.paired()
    (row,) = await pairings(network)
    async with worker.work(WORKER, "worker") as work:
        await work.session.execute(delete(Address).where(Address.id == row.address_id))
    assert await network.standing() == "unreachable"
    assert await network.recognised() is not None
    (again,) = await pairings(network)
    assert await network.standing() == "paired"
    async with worker.work(WORKER, "worker") as work:
        assert again.address_id is not None
        assert (await open_kept(work, [again.address_id]))[again.address_id].chat == CHAT


async def test_that_somebody_is_at_it_is_noted(network: Network, clock: FixedClock) -> None:
    await network.paired()
    clock.move(timedelta(minutes=7))
    await network.recognised()
    assert [each.active_at for each in await pairings(network)] == [clock.now()]


async def test_another_language_is_spoken_from_then_on_in_what_is_sent_as_well(network: Network, worker: App) -> None:
    await network.paired()
    found = await network.recognised()
    assert found is not None
    await network.in_chat(lambda work: stations.speak(work, found, "en"))
    again = await network.recognised()
    assert again is not None
    assert again.language == "en"
    (row,) = await pairings(network)
    async with worker.work(WORKER, "worker") as work:
        assert row.address_id is not None
        assert (await open_kept(work, [row.address_id]))[row.address_id].language == "en"
        assert await stations.erase_left(work) == 1
    assert await network.standing() == "paired"
    with pytest.raises(Invalid, match="unknown_language"):
        await network.in_chat(lambda work: stations.speak(work, found, "fr"))
    await network.in_chat(lambda work: stations.leave(work, CHAT))
    with pytest.raises(NotFound, match="pairing_unknown"):
        await network.in_chat(lambda work: stations.speak(work, found, "zh_CN"))


async def test_the_worker_erases_where_nobody_is_told_any_more_with_what_is_owed_there(
    network: Network, worker: App, desk: App
) -> None:
    await network.paired()
    another = await somebody_of(desk, network.station_id)
    await network.paired(OTHER, another)
    obligation = await _an_obligation(desk, network.station_id)
    first, second = [each.address_id for each in await pairings(network)]
    async with worker.work(WORKER, "worker") as work:
        for address_id in (first, second):
            assert address_id is not None
            work.session.add(
                Delivery(
                    bot="liaison",
                    template="round",
                    obligation_id=obligation,
                    address_id=address_id,
                    state="queued",
                    due_at=work.now(),
                    changed_at=work.now(),
                )
            )
    await network.in_chat(lambda work: stations.leave(work, CHAT))
    async with worker.work(WORKER, "worker") as work:
        assert await stations.erase_left(work) == 1
    async with worker.work(WORKER, "worker") as work:
        assert await stations.erase_left(work) == 0
        kept = [each.address_id for each in await pairings(network) if each.ended_at is None]
        assert list(await work.session.scalars(select(Address.id))) == kept
        assert list(await work.session.scalars(select(Delivery.address_id))) == kept


async def _an_obligation(desk: App, station_id: UUID) -> UUID:
    async with desk.work(System("desk"), "console") as work:
        round_id, obligation_id = uuid4(), uuid4()
        work.session.add(Round(id=round_id, quarter="2026Q3", due_on=date(2026, 9, 30), opened_at=work.now()))
        await work.session.flush()
        work.session.add(
            Obligation(
                id=obligation_id, round_id=round_id, station_id=station_id, state="prompted", changed_at=work.now()
            )
        )
    return obligation_id


async def test_only_the_department_invites_and_only_people_of_a_station(network: Network, desk: App) -> None:
    clerk = await a_colleague(desk, "intake_clerk", "leading_group_office")
    organiser = await a_colleague(desk, "organisation_staff", "organisation_department")
    for verb in (stations.invite, stations.withdraw_invitation, stations.unpair, stations.personal_link):
        with pytest.raises(Denied):
            await network.do(lambda work, verb=verb: verb(work, network.person_id), staff=clerk)  # type: ignore[misc]
    await network.do(lambda work: stations.invite(work, network.person_id), staff=organiser)
    with pytest.raises(Conflict, match="person_without_station"):
        await network.invited(clerk.person_id)
    with pytest.raises(NotFound, match="person_unknown"):
        await network.invited(uuid4())


async def test_a_personal_link_is_one_at_a_time_and_good_for_45_days(network: Network, clock: FixedClock) -> None:
    liaison = await network.paired()
    first = await network.do(lambda work: stations.personal_link(work, network.person_id))
    async with network.intake.work(liaison, "liaison") as work:
        second = await stations.personal_link(work)
    with pytest.raises(NotFound, match="personal_link_unknown"):
        await network.in_chat(lambda work: stations.recognise_link(work, first))
    found = await network.in_chat(lambda work: stations.recognise_link(work, second))
    assert (found.liaison, found.pairing_id, found.person_name) == (liaison, None, NAME)
    clock.move(timedelta(days=45))
    with pytest.raises(NotFound, match="personal_link_unknown"):
        await network.in_chat(lambda work: stations.recognise_link(work, second))
    async with network.intake.work(Reporter(), "web") as work:
        with pytest.raises(NotSignedIn):
            await stations.personal_link(work)


async def test_the_trail_tells_who_invited_whom_and_neither_word_nor_chat(network: Network, desk: App) -> None:
    invited = await network.invited()
    await network.redeemed(invited.secret)
    async with desk.work(System("desk"), "console", write=False) as work:
        trail = await audit.entries(work)
        (kept,) = await work.session.scalars(select(Invitation))
    told = [(each.action, each.actor) for each in trail if each.action.split(":")[1] in {"invitation", "pairing"}]
    assert sorted(told) == [
        ("console:invitation:made", str(network.staff)),
        ("liaison:pairing:begun", f"liaison:{network.person_id}"),
    ]
    assert not {CHAT, invited.secret, invited.code} & {part for each in trail for part in repr(each).split("'")}
    assert invited.secret.encode() not in kept.secret_hash
