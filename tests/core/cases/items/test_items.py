"""An item's way: submitted, read by receipt, opened with a reason, answered, granted, withdrawn."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from core import access, attachments, audit, cases
from core.access.tables import Seal
from core.app import App
from core.cases.items.queries import load_genuine
from core.errors import Conflict, Denied, Forged, Invalid, KeyLocked, NotFound
from core.sealing import Escrow, KeyPair, Receipt, escrow_open, seal_private_key
from core.work import Reporter, Staff, System
from tests.builders import a_clerk, a_member, hand_key, sign_in
from tests.core.cases.builders import a_file, a_report, submitted

REASON = "登记新到的反映"


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Staff:
    return await (await a_clerk(desk, escrow=escrow)).staff(desk)


async def _open(desk: App, staff: Staff, item: cases.Submitted) -> cases.OpenedItem:
    async with desk.work(staff, "console") as work:
        opening = await access.begin_opening(work, item.item_id, REASON)
        return await cases.open_item(work, item.item_id, opening_id=opening.id)


async def _standing(intake: App, receipt: Receipt) -> cases.Standing:
    async with intake.work(Reporter(), "web", write=False) as work:
        return await cases.standing(work, receipt)


async def test_a_report_is_read_by_a_clerk_as_it_was_confirmed(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    opened = await _open(desk, clerk, item)
    assert opened.content.summary == a_report().summary
    assert opened.content.answers == a_report().answers
    assert opened.summary.state == "acknowledged"


async def test_answers_reach_the_holder_of_the_receipt_in_order(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    async with desk.work(clerk, "console") as work:
        await cases.answer(work, item.item_id, "已经登记。")
        await cases.ask_back(work, item.item_id, "是哪一天？")
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "上周三。")
    standing = await _standing(intake, item.receipt)
    assert [(message.kind, message.text) for message in standing.thread] == [
        ("answer", "已经登记。"),
        ("question", "是哪一天？"),
        ("facts", None),
    ]
    opened = await _open(desk, clerk, item)
    assert [entry.text for entry in opened.thread] == ["已经登记。", "是哪一天？", "上周三。"]


async def test_every_time_a_reporter_leaves_behind_is_a_full_hour(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "还有一点。")
    async with desk.work(clerk, "console") as work:
        await cases.answer(work, item.item_id, "收到。")
    standing = await _standing(intake, item.receipt)
    times = [standing.received_at, *(message.at for message in standing.thread)]
    assert {(at.minute, at.second, at.microsecond) for at in times} == {(0, 0, 0)}


async def test_an_unknown_receipt_finds_nothing(intake: App) -> None:
    with pytest.raises(NotFound):
        await _standing(intake, Receipt.new())


async def test_content_needs_a_reason(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    with pytest.raises(Denied):
        async with desk.work(clerk, "console") as work:
            await cases.open_item(work, item.item_id, opening_id=uuid4())


async def test_a_locked_key_opens_nothing(intake: App, desk: App, escrow: Escrow) -> None:
    item = await submitted(intake)
    member = await a_member(desk, "intake_clerk")
    await hand_key(desk, "intake:leading_group_office", member.person_id, escrow)
    locked = await (await sign_in(desk, member, unlocked=False)).staff(desk)
    with pytest.raises(KeyLocked):
        await _open(desk, locked, item)


async def test_a_clerk_of_the_other_body_does_not_know_of_the_item(intake: App, desk: App, escrow: Escrow) -> None:
    item = await submitted(intake)
    other = await (await a_clerk(desk, "discipline_commission", escrow=escrow)).staff(desk)
    with pytest.raises(NotFound):
        await _open(desk, other, item)
    async with desk.work(other, "console", write=False) as work:
        assert (await cases.inbox(work)).items == []


@pytest.mark.parametrize("kind", ["organisation_department_staff", "not_sure"])
async def test_what_concerns_the_office_itself_goes_to_the_commission(
    intake: App, desk: App, escrow: Escrow, kind: str
) -> None:
    item = await submitted(intake, subject_kind=kind)
    commission = await (await a_clerk(desk, "discipline_commission", escrow=escrow)).staff(desk)
    assert (await _open(desk, commission, item)).content.subject_kind == kind


@pytest.mark.parametrize(
    "kind", ["discipline_commission_staff", "office_director", "leading_group_member", "above_section_level"]
)
async def test_what_the_upper_level_decides_leaves_no_text_and_no_seal_here(
    intake: App, desk: App, upper_level: Escrow, escrow: Escrow, kind: str
) -> None:
    item = await submitted(intake, subject_kind=kind)
    async with desk.database.transaction(write=False) as session:
        envelope = await session.scalar(text("SELECT envelope FROM item"))
        seals = await session.scalar(text("SELECT count(*) FROM seal WHERE target_kind = 'item'"))
        packet = await session.scalar(text("SELECT sealed FROM packet"))
    assert (envelope, seals) == (None, 0)
    assert "茶水间" in escrow_open(packet, identity=upper_level.identity).decode()
    with pytest.raises(Forged):
        escrow_open(packet, identity=escrow.identity)
    assert (await _standing(intake, item.receipt)).state == "routed_up"


async def test_a_name_lies_apart_from_the_report(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake, identity={"reporter_name": "令狐听雨", "reporter_contact": "000-1"})
    opened = await _open(desk, clerk, item)
    assert opened.summary.has_identity
    assert "令狐" not in repr(opened.content.answers) + repr(opened.content.summary)


@pytest.mark.parametrize(
    ("category", "evidence"),
    [("family", "told"), ("on_duty:M3", "covert_recording"), ("gambling_or_drunkenness", "told")],
)
async def test_what_the_gate_refuses_is_not_stored(intake: App, category: str, evidence: str) -> None:
    with pytest.raises(Invalid, match="refused_at_gate"):
        await submitted(intake, category=category, evidence=evidence)
    async with intake.database.transaction(write=False) as session:
        assert await session.scalar(text("SELECT count(*) FROM item")) == 0


async def test_a_refusal_is_counted_by_category_and_date_only(intake: App) -> None:
    async with intake.work(Reporter(), "web") as work:
        await cases.refuse(work, category="family", channel="web")
    async with intake.database.transaction(write=False) as session:
        row = (await session.execute(text("SELECT category, channel, refused_on FROM refusal"))).one()
    assert tuple(map(str, row)) == ("family", "web", "2026-09-30")


async def test_a_colleague_reads_what_was_granted_and_nothing_else(
    intake: App, desk: App, clerk: Staff, escrow: Escrow
) -> None:
    granted, other = await submitted(intake), await submitted(intake)
    officer = await (await sign_in(desk, await a_member(desk, "case_officer_org"))).staff(desk)
    async with desk.work(clerk, "console") as work:
        await cases.grant(work, granted.item_id, officer.person_id, reason="请核对经办情况")
    assert (await _open(desk, officer, granted)).content.answers == a_report().answers
    with pytest.raises(NotFound):
        await _open(desk, officer, other)
    async with desk.work(officer, "console") as work:
        await cases.answer(work, granted.item_id, "正在了解。")
    async with desk.work(clerk, "console") as work:
        await cases.revoke(work, granted.item_id, officer.person_id, reason="换人经办了")
    with pytest.raises(NotFound):
        await _open(desk, officer, granted)


async def test_nobody_grants_what_they_cannot_open(intake: App, desk: App, escrow: Escrow) -> None:
    item = await submitted(intake)
    without_key = await (await a_clerk(desk)).staff(desk)
    officer = await a_member(desk, "case_officer_org")
    with pytest.raises(Denied, match="no_grant"):
        async with desk.work(without_key, "console") as work:
            await cases.grant(work, item.item_id, officer.person_id, reason="请核对经办情况")


@pytest.mark.parametrize("role", ["system_admin", "auditor"])
async def test_nothing_is_granted_to_who_opens_no_items(intake: App, desk: App, clerk: Staff, role: str) -> None:
    item = await submitted(intake)
    colleague = await a_member(desk, role)
    with pytest.raises(Invalid, match="grant_to_unentitled") as refused:
        async with desk.work(clerk, "console") as work:
            await cases.grant(work, item.item_id, colleague.person_id, reason="请核对经办情况")
    assert refused.value.params["field"] == "person_id"


@pytest.mark.parametrize("role", ["system_admin", "auditor", "archivist", "privacy_officer"])
async def test_other_roles_do_not_know_of_items(intake: App, desk: App, role: str) -> None:
    item = await submitted(intake)
    staff = await (await sign_in(desk, await a_member(desk, role))).staff(desk)
    with pytest.raises((NotFound, Denied)):
        await _open(desk, staff, item)


async def test_a_question_is_not_put_to_who_wished_for_none(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake, wants_questions=False)
    async with desk.work(clerk, "console") as work:
        with pytest.raises(Conflict, match="reporter_wants_no_questions"):
            await cases.ask_back(work, item.item_id, "是哪一天？")
        await cases.answer(work, item.item_id, "收到。")


@pytest.mark.parametrize("words", ["", "  \n", "字" * 5001])
async def test_an_empty_or_over_long_answer_is_refused(intake: App, desk: App, clerk: Staff, words: str) -> None:
    item = await submitted(intake)
    with pytest.raises(Invalid):
        async with desk.work(clerk, "console") as work:
            await cases.answer(work, item.item_id, words)


async def test_a_withdrawn_report_is_erased_and_its_receipt_says_so(
    intake: App, desk: App, worker: App, clerk: Staff
) -> None:
    item = await submitted(intake, identity={"reporter_name": "令狐听雨", "reporter_contact": "000-1"})
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "还有一点。")
        await cases.withdraw(work, item.receipt)
        await cases.withdraw(work, item.receipt)
    assert (await _standing(intake, item.receipt)).state == "withdrawal_asked"
    async with worker.work(System("worker"), "worker") as work:
        assert await cases.carry_out_withdrawals(work) == (item.item_id,)
        assert await cases.carry_out_withdrawals(work) == ()
    standing = await _standing(intake, item.receipt)
    assert (standing.state, standing.thread, standing.may_add) == ("withdrawn", [], False)
    with pytest.raises(Conflict):
        await _open(desk, clerk, item)
    async with desk.database.transaction(write=False) as session:
        counts = [text(f"SELECT count(*) FROM {table}") for table in ("fact", "reply", "identity")]  # noqa: S608 - ours
        left = [await session.scalar(count) for count in counts]
        seals = await session.scalar(text("SELECT count(*) FROM seal WHERE target_kind = 'item'"))
    assert (left, seals) == ([0, 0, 0], 0)


async def test_a_withdrawal_that_the_receipt_did_not_sign_is_not_carried_out(
    intake: App, worker: App, desk: App, clerk: Staff
) -> None:
    item = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, item.receipt)
    async with worker.database.transaction() as session:
        await session.execute(text("UPDATE withdrawal SET signature = :signature"), {"signature": bytes(64)})
    async with worker.work(System("worker"), "worker") as work:
        await cases.carry_out_withdrawals(work)
    assert (await _open(desk, clerk, item)).content.answers == a_report().answers
    async with desk.work(System("test"), "cli", write=False) as work:
        actions = [entry.action for entry in await audit.entries(work, subject_id=str(item.item_id))]
    assert "worker:item:withdrawal_forged" in actions
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, item.receipt)
    async with worker.work(System("worker"), "worker") as work:
        assert await cases.carry_out_withdrawals(work) == (item.item_id,)


async def test_facts_cannot_follow_a_withdrawal_nor_be_empty_or_over_long(intake: App) -> None:
    item = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        for words in ("", " ", "字" * 10_001):
            with pytest.raises(Invalid):
                await cases.add_facts(work, item.receipt, words)
        await cases.withdraw(work, item.receipt)
        with pytest.raises(Conflict, match="item_withdrawn"):
            await cases.add_facts(work, item.receipt, "还有一点。")


@pytest.mark.parametrize(
    "change",
    [
        "body = 'discipline_commission'",
        "received_at = '2020-01-01 00:00:00+00'",
        "channel = 'letter'",
        "signer = 'desk'",
    ],
)
async def test_a_row_changed_behind_our_back_is_seen(
    intake: App, desk: App, clerk: Staff, escrow: Escrow, change: str
) -> None:
    item = await submitted(intake)
    async with desk.database.transaction() as session:
        await session.execute(text(f"UPDATE item SET {change}"))  # noqa: S608 - our own words
    body = "discipline_commission" if "body" in change else None
    staff = await (await a_clerk(desk, body, escrow=escrow)).staff(desk) if body else clerk
    with pytest.raises(Forged):
        await _open(desk, staff, item)


async def test_files_come_with_the_report_and_with_facts(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake, files=[await a_file(intake, name="一.pdf")])
    later = await a_file(intake, name="二.pdf")
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "", (later,))
    assert [view.name for view in (await _open(desk, clerk, item)).attachments] == ["一.pdf", "二.pdf"]


@pytest.mark.parametrize("change", ["DELETE FROM attachment", "UPDATE attachment SET item_id = NULL"])
async def test_a_file_that_somebody_took_away_is_missed(intake: App, desk: App, clerk: Staff, change: str) -> None:
    item = await submitted(intake, files=[await a_file(intake)])
    async with desk.database.transaction() as session:
        await session.execute(text(change))
    with pytest.raises(Forged, match="attachments_differ"):
        await _open(desk, clerk, item)


async def test_a_file_that_somebody_slipped_in_is_neither_listed_nor_read(intake: App, desk: App, clerk: Staff) -> None:
    item, slipped = await submitted(intake), await a_file(intake)
    async with desk.work(clerk, "console") as work:
        public_key = (await load_genuine(work, item.item_id)).public_key
        await attachments.claim(work, [slipped], item.item_id, public_key)
    assert (await _open(desk, clerk, item)).attachments == []
    async with desk.work(clerk, "console") as work:
        opening = await access.begin_opening(work, item.item_id, REASON)
        with pytest.raises(NotFound):
            await cases.open_file(work, item.item_id, slipped.id, opening_id=opening.id, kind="original")


async def test_a_clean_copy_that_the_desk_did_not_make_is_not_shown(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake, files=[await a_file(intake)])
    original = (await _open(desk, clerk, item)).attachments[0].id
    planted = await a_file(intake, b"%PDF-1.7 planted")
    async with desk.work(clerk, "console") as work:
        public_key = (await load_genuine(work, item.item_id)).public_key
        await attachments.claim(work, [planted], item.item_id, public_key)
        marks = {"original": original.hex if desk.database.is_sqlite else original, "copy": planted.id.hex}
        marks["copy"] = planted.id.hex if desk.database.is_sqlite else planted.id
        await work.session.execute(text("UPDATE attachment SET original_id = :original WHERE id = :copy"), marks)
    assert [view.clean_copy_id for view in (await _open(desk, clerk, item)).attachments] == [None]


async def test_facts_and_seals_that_somebody_made_up_do_not_bar_the_way(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, item.receipt, "还有一点。")
    async with desk.database.transaction() as session:
        await session.execute(text("UPDATE fact SET signature = :signature"), {"signature": bytes(64)})
    pair = KeyPair.new()
    async with intake.work(Reporter(), "web") as work:
        work.session.add(
            Seal(
                target_kind="item",
                target_id=item.item_id,
                holder_kind="person",
                holder_id=work.shared["intake:leading_group_office"].id,
                sealed_key=seal_private_key(pair.private, to=work.shared["intake:leading_group_office"].public),
                granted_at=work.hour(),
            )
        )
    opened = await _open(desk, clerk, item)
    assert [(entry.kind, entry.text) for entry in opened.thread] == [("forged", "")]


async def test_an_answer_that_the_desk_did_not_send_is_not_shown(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    async with desk.work(clerk, "console") as work:
        await cases.answer(work, item.item_id, "收到。")
    async with desk.database.transaction() as session:
        await session.execute(text("UPDATE reply SET signature = :signature"), {"signature": bytes(64)})
    with pytest.raises(Forged):
        await _standing(intake, item.receipt)
    with pytest.raises(Forged):
        await _open(desk, clerk, item)


async def test_the_inbox_pages_through_equal_times_without_loss(intake: App, desk: App, clerk: Staff) -> None:
    made = {(await submitted(intake)).item_id for _ in range(7)}
    seen, after = [], None
    while True:
        async with desk.work(clerk, "console", write=False) as work:
            page = await cases.inbox(work, after=after, limit=3)
        seen += [item.id for item in page.items]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(made)
    assert set(seen) == made


async def test_the_inbox_filters_by_channel_and_state(intake: App, desk: App, clerk: Staff) -> None:
    await submitted(intake)
    await submitted(intake, channel="telegram")
    async with desk.work(clerk, "console", write=False) as work:
        assert [item.channel for item in (await cases.inbox(work, channel="telegram")).items] == ["telegram"]
        assert len((await cases.inbox(work, state="acknowledged")).items) == 2
        assert (await cases.inbox(work, state="withdrawn")).items == []


async def test_every_read_and_write_is_on_record(intake: App, desk: App, clerk: Staff) -> None:
    item = await submitted(intake)
    await _open(desk, clerk, item)
    async with desk.work(clerk, "console") as work:
        await cases.answer(work, item.item_id, "收到。")
    async with desk.work(System("test"), "cli", write=False) as work:
        actions = {entry.action for entry in await audit.entries(work, subject_id=str(item.item_id), limit=100)}
    assert {"web:item:received", "console:item:read", "console:item:answered"} <= actions
