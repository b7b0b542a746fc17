"""On PostgreSQL the whole way of a report can be gone by three processes, each with a role of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from admin_api.files import vault_of
from core import (
    access,
    attachments,
    audit,
    cases,
    documents,
    drafts,
    outbox,
    presence,
    registry,
    saved_filters,
    updates,
    warnings,
)
from core.app import App
from core.cases import proceedings
from core.errors import Conflict, NotFound, NotSignedIn, Stale
from core.sealing import PROCESSES, Escrow, load_process_keys
from core.settings import Settings
from core.work import Reporter, Staff, System, Work
from jingshi import worker
from tests.builders import (
    CHEAP,
    DESK,
    OPERATOR,
    PASSPHRASE,
    PASSWORD,
    SINCE,
    Member,
    a_member,
    a_unit,
    an_appointment,
    hand_key,
    sign_in,
)
from tests.conftest import FixedClock
from tests.core.cases.builders import a_file, submitted
from tests.core.cases.items import entries
from tests.core.cases.offices import (
    Offices,
    a_colleague,
    analysed,
    called,
    confirmed,
    heard,
    opened,
    put_away,
    the_offices,
    verified,
    verifying,
)
from tests.core.warnings.test_what_the_person_answers import inquired
from tests.databases import Cluster
from tests.jingshi.granted import Granted, database_with_roles

REASON = "登记新到的反映"
_OWN = ("saved_filter", "presence")
OFFICE = "leading_group_office"
KEY = f"intake:{OFFICE}"


@pytest.fixture
def granted(cluster: Cluster) -> Iterator[Granted]:
    with database_with_roles(cluster) as made:
        yield made


@pytest.fixture
def database_url(granted: Granted) -> str:
    return granted.url


@pytest.fixture
async def owner(desk: App) -> App:
    """The core of the commands at the machine, which work as the owner of the tables."""
    return desk


@pytest.fixture
async def confined(
    owner: App, granted: Granted, settings: Settings, clock: FixedClock
) -> AsyncIterator[Mapping[str, App]]:
    """The core of each process, connected as its role."""
    await granted.apply()
    apps = {}
    for process in PROCESSES:
        own = replace(settings, database_url=granted.url_of(process))
        apps[process] = App(own, load_process_keys(settings.keys, process), clock=clock)
        await apps[process].open()
    yield apps
    for app in apps.values():
        await app.close()


async def _turn(app: App) -> None:
    for tick in worker.TICKS:
        assert await worker.turn(app, tick), tick.name


async def _clerk(owner: App, desk: App, escrow: Escrow) -> Member:
    member = await a_member(owner, "intake_clerk")
    await hand_key(owner, KEY, member.person_id, escrow)
    return await sign_in(desk, member)


@asynccontextmanager
async def _as(desk: App, member: Member) -> AsyncIterator[Work]:
    async with desk.work(await member.staff(desk), "console") as work:
        yield work


async def _arriving(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_report_goes_all_its_way(
    confined: Mapping[str, App], owner: App, granted: Granted, escrow: Escrow
) -> None:
    intake, desk = confined["intake"], confined["desk"]
    clerk, officer = await _clerk(owner, desk, escrow), await a_member(owner, "case_officer_org")
    file = await a_file(intake)
    item = await submitted(intake, identity={"name": "公冶望舒", "contact": "面谈"}, files=(file,))
    async with _as(desk, clerk) as work:
        assert [row.id for row in (await cases.inbox(work)).items] == [item.item_id]
        assert (await cases.counts(work)).waiting == 1
        opening = await access.begin_opening(work, item.item_id, REASON)
        opened = await cases.open_item(work, item.item_id, opening_id=opening.id)
        assert [view.id for view in opened.attachments] == [file.id]
        read = await cases.open_file(work, item.item_id, file.id, opening_id=opening.id, kind="original")
        copy = replace(read.original, id=uuid4())
        await attachments.add_clean_copy(work, item.item_id, file.id, copy, read.item_public_key)
        await cases.answer(work, item.item_id, "已经登记。")
        await cases.ask_back(work, item.item_id, "是哪一天？")
        assert officer.person_id in {each.person_id for each in await access.colleagues(work)}
        await cases.grant(work, item.item_id, officer.person_id, reason=REASON)
    async with _as(desk, await sign_in(desk, officer)) as work:
        assert [row.id for row in (await cases.inbox(work)).items] == [item.item_id]
    async with _as(desk, clerk) as work:
        await cases.revoke(work, item.item_id, officer.person_id, reason=REASON)
    more = await a_file(intake, name="more.pdf")
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "上周三。", (more,))
    async with intake.work(Reporter(), "web") as work:
        standing = await cases.standing(work, item.receipt)
        await cases.withdraw(work, item.receipt)
    assert [message.text for message in standing.thread] == ["已经登记。", "是哪一天？", None]
    await _turn(confined["worker"])
    async with intake.work(Reporter(), "web") as work:
        assert (await cases.standing(work, item.receipt)).state == "withdrawn"
    for gone in ("identity", "fact", "reply", "attachment", "seal WHERE target_kind = 'item'"):
        assert granted.run(f"SELECT FROM {gone}") == 0, gone


async def test_reports_for_the_upper_level_and_refused_ones_are_taken(
    confined: Mapping[str, App], granted: Granted
) -> None:
    intake = confined["intake"]
    item = await submitted(intake, subject_kind="office_director")
    assert item.body == "upper_level"
    async with intake.work(Reporter(), "web") as work:
        assert (await cases.standing(work, item.receipt)).state == "routed_up"
        await cases.add_facts(work, item.receipt, "补充一点。")
        await cases.refuse(work, category="family", channel="web")
    assert granted.run("SELECT FROM packet") == granted.run("SELECT FROM refusal") == 1


async def test_a_packet_is_given_out_by_the_desk_and_erased_by_the_worker(
    confined: Mapping[str, App], owner: App, granted: Granted
) -> None:
    intake, desk = confined["intake"], confined["desk"]
    item = await submitted(intake, subject_kind="office_director", files=(await a_file(intake),))
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "补充一点。")
    clerk = await sign_in(desk, await a_member(owner, "intake_clerk", "discipline_commission"))
    async with _as(desk, clerk) as work:
        (packet,) = await cases.packets(work)
        export = await cases.export_packet(work, packet.id)
    assert (len(export.facts), len(export.files)) == (1, 1)
    with pytest.raises(Conflict, match="item_handed_on"):
        async with intake.work(Reporter(), "web") as work:
            await cases.add_facts(work, item.receipt, "再补一点。")
    async with _as(desk, clerk) as work:
        await cases.confirm_handed_over(work, packet.id)
    await _turn(confined["worker"])
    assert granted.run("SELECT FROM packet WHERE sealed IS NULL AND erased_at IS NOT NULL") == 1
    assert granted.run("SELECT FROM fact") == granted.run("SELECT FROM attachment") == 0


async def test_facts_that_are_being_added_are_waited_for_and_handed_on(confined: Mapping[str, App], owner: App) -> None:
    intake, desk = confined["intake"], confined["desk"]
    item = await submitted(intake, subject_kind="office_director")
    clerk = await sign_in(desk, await a_member(owner, "intake_clerk", "discipline_commission"))
    added = asyncio.Event()

    async def export() -> cases.Export:
        async with _as(desk, clerk) as work:
            (packet,) = await cases.packets(work)
            added.set()
            return await cases.export_packet(work, packet.id)

    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "补充一点。")
        exporting = asyncio.ensure_future(export())
        await added.wait()
    assert len((await exporting).facts) == 1


async def test_intake_keeps_and_forgets_drafts_with_their_files(confined: Mapping[str, App], granted: Granted) -> None:
    intake = confined["intake"]
    file = await a_file(intake)
    async with intake.work(Reporter(), "web") as work:
        draft = await drafts.save(work, drafts.Draft("web", "a chat"), {"answers": {}})
    async with intake.work(Reporter(), "web") as work:
        found = await drafts.load(work, "web", "a chat")
        assert found is not None
        await drafts.save(work, found, {"answers": {"unit": "u1"}})
        await attachments.keep(work, [file.id])
    async with intake.work(Reporter(), "web") as work:
        with pytest.raises(Stale):
            await drafts.save(work, draft, {})
        await attachments.discard(work, [file.id])
        await drafts.discard(work, draft)
    assert granted.run("SELECT FROM draft") == granted.run("SELECT FROM attachment") == 0


async def test_an_update_of_a_chat_is_applied_once_and_forgotten_by_the_worker(
    confined: Mapping[str, App], granted: Granted, clock: FixedClock
) -> None:
    for first in (True, False):
        async with confined["intake"].work(Reporter(), "telegram") as work:
            assert await updates.first_time(work, "informant", 7) is first
            assert await updates.seen(work, "informant", 7)
    clock.move(updates.KEPT + timedelta(hours=1))
    async with confined["worker"].work(System("worker"), "worker") as work:
        assert await updates.expire(work) == 1
    assert granted.run("SELECT FROM update_key") == 0


class Postman:
    """Brings every message."""

    def __init__(self) -> None:
        self.brought: list[tuple[str, str]] = []

    async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
        self.brought.append((address.chat, template))
        return outbox.Sent()


async def _tell_here(intake: App, item: cases.Submitted, chat: str) -> None:
    async with intake.work(Reporter(), "telegram") as work:
        await cases.tell_here(work, item.receipt, outbox.ChatAddress("informant", chat, "zh_CN"))


async def test_whoever_wishes_is_told_of_an_answer_until_they_wish_no_more(
    confined: Mapping[str, App], owner: App, granted: Granted, escrow: Escrow
) -> None:
    intake, desk, sender = confined["intake"], confined["desk"], confined["worker"]
    clerk = await _clerk(owner, desk, escrow)
    told, forgotten = await submitted(intake), await submitted(intake)
    await _tell_here(intake, told, "1001")
    await _tell_here(intake, forgotten, "1002")
    async with _as(desk, clerk) as work:
        for item in (told, forgotten):
            await access.begin_opening(work, item.item_id, REASON)
            await cases.answer(work, item.item_id, "已经登记。")
    assert granted.run("SELECT FROM delivery WHERE state = 'queued'") == 2
    async with intake.work(Reporter(), "telegram") as work:
        await outbox.forget(work, "informant", "1002")
    async with sender.work(System("worker"), "worker") as work:
        assert await outbox.carry_out_forgettings(work) == 1
    postman = Postman()
    await outbox.Sender("informant", postman, asyncio.Event()).send_due(sender)
    assert postman.brought == [("1001", outbox.REPLY_WAITING)]
    assert granted.run("SELECT FROM delivery WHERE state = 'sent'") == 1
    async with intake.work(Reporter(), "telegram") as work:
        await cases.withdraw(work, told.receipt)
    await _turn(sender)
    assert granted.run("SELECT FROM address") == granted.run("SELECT FROM forgetting") == 0


async def test_every_process_knows_which_channels_are_accepted(confined: Mapping[str, App], owner: App) -> None:
    async with owner.work(OPERATOR, "cli") as work:
        await registry.accept_channel(work, "telegram", by="某人，主任", assessment="评估")
    for app in confined.values():
        async with app.work(System("checkup"), "cli", write=False) as work:
            assert [each.channel for each in await registry.accepted_channels(work)] == ["telegram"]
            await registry.require_accepted(work, "telegram")


async def test_staff_sign_in_and_look_after_their_secrets(confined: Mapping[str, App], owner: App) -> None:
    desk = confined["desk"]
    begin = partial(desk.work, DESK, "console")
    member = await a_member(owner, "intake_clerk")
    with pytest.raises(NotSignedIn):
        await access.sign_in(begin, username=member.username, password="not the password", totp=member.code())
    member = await sign_in(desk, member)
    as_member = partial(desk.work, await member.staff(desk), "console")
    await access.change_password(as_member, old=PASSWORD, new=PASSWORD + "!", cost=CHEAP)
    await access.change_passphrase(as_member, old=PASSPHRASE, new=PASSPHRASE + "!", cost=CHEAP)
    async with as_member() as work:
        token = await access.create_token(work, name="counter", days=30)
        await access.revoke_token(work, token.session_id)
        assert len(await access.sessions(work)) == 1
    for _ in range(2):
        async with as_member() as work:
            assert await access.once(work, key="k", request=b"r", act=_nothing) == {}
    async with as_member() as work:
        await access.lock(work)
        await access.sign_out(work)


async def test_holders_of_a_key_grant_and_rotate_it(confined: Mapping[str, App], owner: App, escrow: Escrow) -> None:
    desk = confined["desk"]
    holder, colleague = await _clerk(owner, desk, escrow), await a_member(owner, "intake_clerk")
    async with _as(desk, holder) as work:
        (key,) = await access.held_keys(work)
        assert [each.person_id for each in key.waiting] == [colleague.person_id]
        await access.grant_shared_key(work, KEY, colleague.person_id)
        await access.rotate_shared_key(work, KEY)
        assert await access.held_keys(work) == [access.HeldKey(KEY, is_due=False, waiting=[])]
    async with _as(desk, await sign_in(desk, colleague)) as work:
        held = await access.holds_shared(work, colleague.person_id)
        assert len([await access.open_shared_key(work, key_id) for key_id in held]) == 2


async def test_staff_read_the_registers_and_the_trail(confined: Mapping[str, App], owner: App) -> None:
    desk = confined["desk"]
    unit_id = await a_unit(owner, "township")
    async with owner.work(OPERATOR, "cli") as work:
        person = await registry.add_person(work, "闾丘知微", is_fictional=True)
        await registry.add_official(work, person.id, unit_id, post="镇长", rank="full_section", since=SINCE)
    async with _as(desk, await sign_in(desk, await a_member(owner, "auditor"))) as work:
        assert [official.person for official in await registry.officials(work)] == [person]
        assert unit_id in {branch.unit.id for branch in await registry.unit_tree(work)}
        assert len(await audit.entries(work)) > 0
    async with confined["intake"].work(Reporter(), "web", write=False) as work:
        assert len(await registry.unit_choices(work)) == 1


async def test_the_worker_throws_away_what_is_over(
    confined: Mapping[str, App], owner: App, granted: Granted, escrow: Escrow, clock: FixedClock
) -> None:
    intake, desk = confined["intake"], confined["desk"]
    leaving = await a_member(owner)
    last = clock.today() + timedelta(days=1)
    await an_appointment(owner, leaving.person_id, "intake_clerk", until=last)
    await hand_key(owner, KEY, leaving.person_id, escrow)
    await a_file(intake)
    item = await submitted(intake)
    async with _as(desk, await sign_in(desk, leaving)) as work:
        await access.once(work, key="k", request=b"r", act=_nothing)
        await access.begin_opening(work, item.item_id, REASON)
    async with intake.work(Reporter(), "web") as work:
        await drafts.save(work, drafts.Draft("web", "a chat"), {})
    clock.move(timedelta(days=60))
    await _turn(confined["worker"])
    for gone in ("attachment", "draft", "session", "opening", "repeat", "tries", "seal WHERE holder_kind = 'person'"):
        assert granted.run(f"SELECT FROM {gone}") == 0, gone
    assert granted.run("SELECT FROM shared_key WHERE rotation_due_at IS NOT NULL") == 1
    async with owner.work(OPERATOR, "cli") as work:
        verdict = await audit.verify_chain(work)
    assert (verdict.broken, verdict.heads) == ("", 1)


async def _searched(offices: Offices) -> proceedings.Found:
    return await offices.do(offices.disc, lambda work: proceedings.search(work, "扑克", reason=REASON))


async def _nothing() -> access.Result:
    return {}


async def test_a_case_goes_its_way_and_its_end_within_the_rights(
    confined: Mapping[str, App], owner: App, granted: Granted, escrow: Escrow, clock: FixedClock
) -> None:
    offices = replace(await the_offices(owner, escrow), desk=confined["desk"])
    await confirmed(offices, confined["intake"])
    unfounded = await verified(offices, confined["intake"], "unfounded")
    archivist = await a_colleague(owner, "archivist", OFFICE)
    assert len((await _searched(offices)).hits) == 2
    await offices.do(
        offices.disc, lambda work: proceedings.close_unproven(work, unfounded, reason="失实", clarification=True)
    )
    assert len((await _searched(offices)).hits) == 2
    await put_away(offices, unfounded)
    clock.move(timedelta(days=190))
    made = await offices.do(offices.clerk, lambda work: proceedings.propose_destruction(work, unfounded, reason="期满"))
    await offices.do(archivist, lambda work: proceedings.sign_destruction(work, unfounded, made.id))
    await _turn(confined["worker"])
    assert granted.run("SELECT FROM case_file WHERE state = 'expunged'") == 1
    for table in ("case_entry", "case_search"):
        assert granted.run(f"SELECT FROM {table} WHERE case_id = '{unfounded}'") == 0


async def test_meetings_are_moved_called_off_and_put_a_case_off_within_the_rights(
    confined: Mapping[str, App], owner: App, escrow: Escrow
) -> None:
    offices = replace(await the_offices(owner, escrow), desk=confined["desk"])
    case_id, member = await analysed(offices, confined["intake"]), offices.department[0]
    first, later = await called(offices, case_id, "department_meeting"), offices.desk.clock.today() + timedelta(days=2)
    await offices.do(offices.supervisor, lambda work: proceedings.move_meeting(work, first, later))
    await offices.do(offices.supervisor, lambda work: proceedings.call_meeting_off(work, first, reason=REASON))
    with pytest.raises(NotFound, match="case_not_found"):  # row-level security shows them nothing any more
        await offices.do(member, lambda work: proceedings.summary(work, case_id))
    off = {"votes_for": 0, "recommendation": proceedings.DEFERRED, "form": ""}
    await heard(offices, case_id, "department_meeting", **off)
    await heard(offices, case_id, "department_meeting")
    assert (await offices.summary(case_id)).state == "department_meeting_done"
    for meeting in await offices.do(offices.supervisor, proceedings.meetings):
        with pytest.raises(Conflict, match=r"meeting_held|meeting_called_off"):
            await offices.do(
                offices.supervisor,
                lambda work, at=meeting: proceedings.call_meeting_off(work, at.id, reason=REASON),  # type: ignore[misc]
            )
    await called(offices, case_id, "leading_group_meeting")
    made = await offices.do(offices.supervisor, lambda work: proceedings.refer(work, case_id, reason="新的事实"))
    await offices.do(offices.receiver, lambda work: proceedings.accept_referral(work, case_id, made.id))
    (left,) = await offices.do(offices.group[0], proceedings.meetings_to_hold)
    assert left.case_ids == []


async def test_reporters_are_told_and_complain_within_the_rights(
    confined: Mapping[str, App], owner: App, granted: Granted, escrow: Escrow
) -> None:
    offices, intake = replace(await the_offices(owner, escrow), desk=confined["desk"]), confined["intake"]
    case_id = await verifying(offices, intake)
    assert granted.run("SELECT FROM item_stage WHERE stage = 'looked_at'") == 1
    await offices.do(offices.org, lambda work: proceedings.give_feedback(work, case_id, "正在核实。"))
    assert granted.run("SELECT FROM reply WHERE kind = 'answer'") == 1
    item = await submitted(intake)
    for text_ in ("被调了岗", "又被找去谈话"):
        async with intake.work(Reporter(), "web") as work:
            await cases.complain(work, item.receipt, text_, language="zh_CN")
    async with intake.work(Reporter(), "web") as work:
        (complaint,) = (await cases.standing(work, item.receipt)).complaints
    assert [message.kind for message in complaint.thread] == ["facts"]


async def test_documents_are_numbered_and_taken_out_within_the_rights(
    confined: Mapping[str, App], owner: App, escrow: Escrow, upper_level: Escrow
) -> None:
    offices = replace(await the_offices(owner, escrow), desk=confined["desk"])
    case_id = await verifying(offices, confined["intake"])
    draft = await offices.do(offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="经过"))
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, draft.id))

    async def take(work: Work) -> str:
        opening = await proceedings.begin_reading(work, case_id, REASON)
        return (await documents.inquiry(work, case_id, opening_id=opening.id)).number

    assert await offices.do(offices.disc, take) == "云组函〔2026〕1号"
    sealed = await offices.do(
        offices.supervisor,
        lambda work: documents.export_case(work, case_id, recipient=upper_level.recipient, reason=REASON),
    )
    assert documents.open_archive(sealed.sealed, upper_level.identity)


async def test_notices_identities_and_files_of_the_evidence_go_their_way_within_the_rights(
    confined: Mapping[str, App], owner: App, escrow: Escrow
) -> None:
    offices = replace(await the_offices(owner, escrow), desk=confined["desk"])
    reader = await a_colleague(owner, "district_committee_reader", "district_committee")
    first, second, third = [await a_colleague(owner, "identity_custodian", OFFICE) for _ in range(3)]
    async with owner.work(OPERATOR, "cli") as work:
        people = [one.person_id for one in (first, second, third)]
        await access.share_out(work, "identity", people, escrow.identity)
    case_id = await verifying(offices, confined["intake"], identity={"reporter_name": "太叔知白"})
    importance = proceedings.Importance("涉及安全生产", harm=True)
    prospect = await offices.do(offices.supervisor, lambda work: proceedings.before_escalating(work, case_id))
    assert [one.id for one in prospect.told] == [reader.person_id]
    line = await offices.do(offices.supervisor, lambda work: proceedings.escalate(work, case_id, importance))
    assert await offices.do(reader, proceedings.unread_notices) == 1
    await offices.do(reader, lambda work: proceedings.read_notice(work, line.id))
    assert await offices.do(reader, proceedings.unread_notices) == 0
    (item_id,) = (await offices.do(offices.org, lambda work: proceedings.identities_of(work, case_id))).named_items
    wish = await offices.do(
        offices.org, lambda work: proceedings.ask_for_identity(work, case_id, item_id, reason=REASON)
    )
    assert await offices.do(first, proceedings.waiting_wishes) == 1
    await offices.do(first, lambda work: proceedings.release_identity(work, wish))
    assert [each.wish.id for each in await offices.do(second, proceedings.identities_asked)] == [wish]
    await offices.do(second, lambda work: proceedings.open_identity(work, wish))
    assert await offices.do(offices.org, lambda work: proceedings.read_identity(work, wish))
    file = await attachments.store(vault_of(confined["desk"]), _arriving(b"%PDF-1.7 roster"), name="a.pdf")
    await offices.do(offices.org, lambda work: proceedings.add_file(work, case_id, file, exculpatory=True))

    async def read(work: Work) -> proceedings.OpenedEvidence:
        opening = await proceedings.begin_reading(work, case_id, REASON)
        return await proceedings.open_evidence(work, case_id, file.id, opening_id=opening.id, kind="clean")

    evidence = await offices.do(offices.disc, read)
    copy = replace(evidence.original, id=uuid4())
    public = evidence.case_public_key
    await offices.do(offices.disc, lambda work: attachments.add_clean_copy(work, case_id, file.id, copy, public))
    assert (await offices.do(offices.disc, read)).clean_copy == copy
    assert await offices.do(offices.supervisor, lambda work: documents.taken_from(work, case_id)) == []


async def test_the_person_concerned_is_served_answers_and_is_heard_within_the_rights(
    confined: Mapping[str, App], owner: App, escrow: Escrow, granted: Granted
) -> None:
    offices, intake = replace(await the_offices(owner, escrow), desk=confined["desk"]), confined["intake"]
    case_id, code = await inquired(offices, intake)
    stored = await a_file(intake, b"%PDF-1.7 rota")
    async with intake.work(Reporter(), "web") as work:
        await warnings.send(work, code, "explanation", "当日在楼下值守", [stored])
    (message,) = await offices.do(offices.supervisor, lambda work: warnings.messages_waiting(work, case_id))
    await offices.do(offices.org, lambda work: warnings.take_message(work, message.id))
    await offices.do(offices.org, lambda work: warnings.answer_person(work, message.id, text="收悉"))
    async with intake.work(Reporter(), "web", write=False) as work:
        standing = await warnings.read_code(work, code)
    assert ([each.kind for each in standing.sent], [each.text for each in standing.told]) == (["explanation"], ["收悉"])
    other = f"UPDATE attachment SET case_id = '{uuid4()}' WHERE id = '{(await a_file(intake)).id}'"  # noqa: S608 - ids
    for refused in (other, "SELECT envelope FROM subject_message", "UPDATE subject_message SET kind = 'appeal'"):
        with pytest.raises(InsufficientPrivilege):
            granted.run_as("intake", refused)
    granted.run(f"UPDATE case_file SET state = 'destroyed' WHERE id = '{case_id}'")  # noqa: S608 - an id
    await _turn(confined["worker"])
    with pytest.raises(NotFound, match="code_unknown"):
        async with intake.work(Reporter(), "web", write=False) as work:
            await warnings.read_code(work, code)


async def test_the_database_shows_nobody_the_items_and_cases_of_another_body(
    confined: Mapping[str, App], owner: App, escrow: Escrow
) -> None:
    offices = replace(await the_offices(owner, escrow), desk=confined["desk"])
    case_id = await opened(offices, confined["intake"])
    tables = ("item", "case_file", "case_entry", "case_item")

    async def seen(staff: Staff | System) -> list[int]:
        async with confined["desk"].work(staff, "console", write=False) as work:
            counted = [await work.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables]  # noqa: S608
            return [number or 0 for number in counted]

    stranger = await a_colleague(owner, "intake_clerk", "discipline_commission")
    assert await seen(offices.clerk) == [1, 1, 1, 1]
    assert await seen(stranger) == await seen(System("desk")) == [0, 0, 0, 0]
    assert await seen(offices.disc) == [0, 0, 0, 0]  # has no part in it yet
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
    )
    assert await seen(offices.disc) == [1, 1, 2, 1]
    await offices.do(offices.disc, lambda work: proceedings.declare(work, case_id, relation="witness"))
    assert await seen(offices.disc) == [0, 0, 0, 0]


async def test_filters_are_kept_and_colleagues_seen_within_the_rights_by_nobody_else(
    confined: Mapping[str, App], owner: App, granted: Granted, escrow: Escrow, clock: FixedClock
) -> None:
    offices = replace(await the_offices(owner, escrow), desk=confined["desk"])
    item, case_id = await submitted(confined["intake"]), await opened(offices, confined["intake"])
    stranger = await a_colleague(owner, "intake_clerk", "discipline_commission")
    made = await offices.do(
        offices.clerk, lambda work: saved_filters.save(work, "inbox", "待办", {"state": "acknowledged"})
    )
    await offices.do(offices.clerk, lambda work: saved_filters.rename(work, made, "新来的"))
    for staff in (offices.supervisor, offices.clerk, offices.supervisor):
        await offices.do(staff, lambda work: presence.at_item(work, item.item_id))
        await offices.do(staff, lambda work: presence.at_case(work, case_id))
    seen = await offices.do(offices.supervisor, lambda work: presence.at_case(work, case_id))
    assert [each.person_id for each in seen] == [offices.clerk.person_id]

    async def shown(work: Work) -> list[int]:
        counted = [await work.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in _OWN]  # noqa: S608
        return [number or 0 for number in counted]

    assert await offices.do(offices.clerk, shown) == [1, 4]
    assert await offices.do(offices.supervisor, shown) == [0, 4]
    assert await offices.do(stranger, shown) == [0, 0]
    await offices.do(offices.clerk, lambda work: saved_filters.forget(work, made))
    clock.move(timedelta(minutes=3))
    async with confined["worker"].work(System("worker"), "worker") as work:
        await presence.expire(work)
    assert [granted.run(f"SELECT FROM {name}") for name in _OWN] == [0, 0]


async def test_what_clerks_enter_is_taken_in_read_in_its_book_and_emptied(
    confined: Mapping[str, App], owner: App, escrow: Escrow
) -> None:
    intake, desk = confined["intake"], confined["desk"]
    await entries.a_coded_unit(owner, "luting")
    clerk = await a_register_member(owner, desk, escrow, "intake_clerk", entries.OFFICE)
    auditor = await a_register_member(owner, desk, escrow, "auditor", entries.OFFICE, entries.COMMISSION)
    await submitted(intake)
    kept = await entries.entered(desk, clerk, entries.an_entry(**entries.WHO))
    theirs = await entries.entered(desk, clerk, entries.an_entry(subject_kind="not_sure", unit=""))
    above = await entries.entered(desk, clerk, entries.an_entry(subject_kind="office_director", unit=""))
    assert [made.number for made in (kept, theirs, above)] == [1, 1, None]
    async with _as(desk, clerk) as work:
        assert await cases.enter(work, entries.an_entry(category="family")) == cases.TurnedAway("family")
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, kept.receipt)
    async with confined["worker"].work(System("worker"), "worker") as work:
        await cases.carry_out_withdrawals(work)
    for body, is_destroyed in ((entries.OFFICE, True), (entries.COMMISSION, False)):
        book = await entries.a_book(desk, auditor, cases.BookName(body, "telephone", 2026))
        assert [(line.number, line.is_destroyed, line.content is None) for line in book.lines] == [
            (1, is_destroyed, is_destroyed)
        ]
    owner.clock.move(timedelta(hours=1))
    received = cases.BookName(entries.OFFICE, "bot_intake", 2026)
    auditor = await a_register_member(owner, desk, escrow, "auditor", entries.OFFICE)
    assert len((await entries.a_book(desk, auditor, received)).lines) == 1


async def a_register_member(owner: App, desk: App, escrow: Escrow, role: str, *bodies: str) -> Member:
    member = await a_member(owner, role)
    for body in bodies:
        await hand_key(owner, f"register:{body}", member.person_id, escrow)
    return await sign_in(desk, member)
