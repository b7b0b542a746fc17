"""Add cards, cases, registers, numbers and deadlines."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deadline',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.String(length=10), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('begun_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('extended', sa.Boolean(), nullable=False),
    sa.Column('paused_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.CheckConstraint("subject_kind IN ('item', 'case', 'measure')", name=op.f('ck_deadline_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline'))
    )
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.create_index('ix_deadline_due', ['body', 'due_on', 'id'], unique=False, sqlite_where=sa.text('done_on IS NULL'), postgresql_where=sa.text('done_on IS NULL'))
        batch_op.create_index('ix_deadline_running', ['kind', 'body', 'subject_id'], unique=False, sqlite_where=sa.text('done_on IS NULL'), postgresql_where=sa.text('done_on IS NULL'))
        batch_op.create_index('ix_deadline_subject', ['subject_id', 'kind'], unique=False)

    op.create_table('number_series',
    sa.Column('series', sa.String(length=80), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', 'year', name=op.f('pk_number_series'))
    )
    op.create_table('item_stage',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('since', core.db.Instant(timezone=True), nullable=False),
    sa.CheckConstraint("stage IN ('looked_at', 'concluded', 'put_away')", name=op.f('ck_item_stage_stage')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_stage_item_id')),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_item_stage'))
    )
    op.create_table('card',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('clerk_id', sa.Uuid(), nullable=False),
    sa.Column('carded_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('subject_hash', sa.LargeBinary(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['clerk_id'], ['person.id'], name=op.f('fk_card_clerk_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_card_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card')),
    sa.UniqueConstraint('body', 'year', 'number', name='uq_card_number'),
    sa.UniqueConstraint('item_id', name=op.f('uq_card_item_id'))
    )
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.create_index('ix_card_subject', ['subject_hash', 'body'], unique=False)

    op.create_table('case_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('opened_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('changed_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('subject_hash', sa.LargeBinary(), nullable=False),
    sa.Column('is_important', sa.Boolean(), nullable=False),
    sa.Column('finding', sa.String(length=20), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('manifestation', sa.String(length=4), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_case_file_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file')),
    sa.UniqueConstraint('body', 'year', 'number', name='uq_case_file_number')
    )
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index('ix_case_file_opened', ['body', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_case_file_queue', ['body', 'state', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_case_file_subject', ['subject_hash', 'body'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('called_by', sa.Uuid(), nullable=False),
    sa.Column('called_at', core.db.Instant(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('department_meeting', 'leading_group_meeting')", name=op.f('ck_meeting_kind')),
    sa.CheckConstraint("state IN ('called', 'held')", name=op.f('ck_meeting_state')),
    sa.ForeignKeyConstraint(['called_by'], ['person.id'], name=op.f('fk_meeting_called_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_body', ['body', 'held_on', 'id'], unique=False)

    op.create_table('register_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('register', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('entered_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('clerk_id', sa.Uuid(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['clerk_id'], ['person.id'], name=op.f('fk_register_line_clerk_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_register_line_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_line')),
    sa.UniqueConstraint('body', 'register', 'year', 'number', name='uq_register_line_number'),
    sa.UniqueConstraint('item_id', name=op.f('uq_register_line_item_id'))
    )
    op.create_table('triage',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('approver_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('approved', sa.Boolean(), nullable=True),
    sa.Column('return_envelope', sa.LargeBinary(), nullable=True),
    sa.Column('return_signature', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint('(approver_id IS NULL) = (approved IS NULL)', name=op.f('ck_triage_decided')),
    sa.CheckConstraint('(return_envelope IS NOT NULL) = (approved IS NOT NULL AND NOT approved)', name=op.f('ck_triage_returned_with_a_reason')),
    sa.CheckConstraint('approver_id IS NULL OR approver_id <> proposed_by', name=op.f('ck_triage_two_people')),
    sa.ForeignKeyConstraint(['approver_id'], ['person.id'], name=op.f('fk_triage_approver_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_triage_item_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_triage_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_triage'))
    )
    with op.batch_alter_table('triage', schema=None) as batch_op:
        batch_op.create_index('ix_triage_item', ['item_id', 'proposed_at'], unique=False)
        batch_op.create_index('ix_triage_undecided', ['proposed_at', 'item_id'], unique=False, sqlite_where=sa.text('approver_id IS NULL'), postgresql_where=sa.text('approver_id IS NULL'))

    op.create_table('presence',
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('seen_at', core.db.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_presence_person_id')),
    sa.PrimaryKeyConstraint('target_id', 'person_id', name=op.f('pk_presence'))
    )
    with op.batch_alter_table('presence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_presence_seen_at'), ['seen_at'], unique=False)

    op.create_table('saved_filter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('query', sa.String(length=200), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('saved_at', core.db.Instant(timezone=True), nullable=False),
    sa.CheckConstraint("place IN ('inbox', 'cases')", name=op.f('ck_saved_filter_place')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_filter_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('person_id', 'place', 'query', name=op.f('uq_saved_filter_person_id_place_query'))
    )
    op.create_table('card_correction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('card_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('added_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_card_correction_author_id')),
    sa.ForeignKeyConstraint(['card_id'], ['card.id'], name=op.f('fk_card_correction_card_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_correction'))
    )
    with op.batch_alter_table('card_correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_card_correction_card_id'), ['card_id'], unique=False)

    op.create_table('case_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_case_entry_author_id')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_entry_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_entry')),
    sa.UniqueConstraint('case_id', 'place', name='uq_case_entry_place')
    )
    op.create_table('case_item',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('origin', sa.Integer(), nullable=False),
    sa.Column('joined_by', sa.Uuid(), nullable=False),
    sa.Column('joined_at', core.db.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_item_case_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_case_item_item_id')),
    sa.ForeignKeyConstraint(['joined_by'], ['person.id'], name=op.f('fk_case_item_joined_by')),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_case_item'))
    )
    with op.batch_alter_table('case_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_item_case_id'), ['case_id'], unique=False)

    op.create_table('case_search',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('sealed_text', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_search_case_id')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_search'))
    )
    op.create_table('case_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('case_opened_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('since', core.db.Instant(timezone=True), nullable=False),
    sa.Column('until', core.db.Instant(timezone=True), nullable=True),
    sa.Column('declared', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_member_case_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_case_member_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_member'))
    )
    with op.batch_alter_table('case_member', schema=None) as batch_op:
        batch_op.create_index('ix_case_member_case', ['case_id', 'part'], unique=False)
        batch_op.create_index('ix_case_member_declared', ['person_id', 'declared', 'case_id'], unique=False)
        batch_op.create_index('ix_case_member_part', ['person_id', 'part', 'case_id'], unique=False)
        batch_op.create_index('ix_case_member_queue', ['person_id', 'body', 'case_opened_at', 'case_id'], unique=False)

    op.create_table('meeting_matter',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_meeting_matter_case_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_matter_meeting_id')),
    sa.PrimaryKeyConstraint('meeting_id', 'case_id', name=op.f('pk_meeting_matter'))
    )
    op.create_table('meeting_recusal',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_meeting_recusal_case_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_recusal_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_meeting_recusal_person_id')),
    sa.PrimaryKeyConstraint('meeting_id', 'case_id', 'person_id', name=op.f('pk_meeting_recusal'))
    )
    op.create_table('meeting_seat',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('is_present', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_seat_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_meeting_seat_person_id')),
    sa.PrimaryKeyConstraint('meeting_id', 'person_id', name=op.f('pk_meeting_seat'))
    )
    op.create_table('custody_share',
    sa.Column('key_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('holder_id <> partner_id', name=op.f('ck_custody_share_two_people')),
    sa.ForeignKeyConstraint(['holder_id'], ['person.id'], name=op.f('fk_custody_share_holder_id')),
    sa.ForeignKeyConstraint(['key_id'], ['shared_key.id'], name=op.f('fk_custody_share_key_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['person.id'], name=op.f('fk_custody_share_partner_id')),
    sa.PrimaryKeyConstraint('key_id', 'holder_id', 'partner_id', name=op.f('pk_custody_share'))
    )
    op.create_table('identity_opening',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('sealed_reason', sa.LargeBinary(), nullable=False),
    sa.Column('first_id', sa.Uuid(), nullable=True),
    sa.Column('first_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('second_id', sa.Uuid(), nullable=True),
    sa.Column('second_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('sealed_result', sa.LargeBinary(), nullable=True),
    sa.CheckConstraint('first_id IS NULL OR first_id <> asked_by', name=op.f('ck_identity_opening_first_is_another')),
    sa.CheckConstraint('second_id IS NULL OR (second_id <> asked_by AND second_id <> first_id)', name=op.f('ck_identity_opening_second_is_another')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_identity_opening_asked_by')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_identity_opening_case_id')),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_identity_opening_first_id')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_identity_opening_item_id')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_identity_opening_second_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_opening'))
    )
    with op.batch_alter_table('identity_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_opening_case_id'), ['case_id'], unique=False)

    op.create_table('identity_release',
    sa.Column('opening_id', sa.Uuid(), nullable=False),
    sa.Column('partner_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['identity_opening.id'], name=op.f('fk_identity_release_opening_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['person.id'], name=op.f('fk_identity_release_partner_id')),
    sa.PrimaryKeyConstraint('opening_id', 'partner_id', name=op.f('pk_identity_release'))
    )
    op.create_table('notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('sent_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('is_unverified', sa.Boolean(), nullable=False),
    sa.Column('is_routed_up', sa.Boolean(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_notice_case_id')),
    sa.ForeignKeyConstraint(['sent_by'], ['person.id'], name=op.f('fk_notice_sent_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('body', 'year', 'number', name='uq_notice_number')
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_case_id'), ['case_id'], unique=False)

    op.create_table('notice_reader',
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('read_at', core.db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_reader_notice_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_reader_person_id')),
    sa.PrimaryKeyConstraint('notice_id', 'person_id', name=op.f('pk_notice_reader'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('case_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_attachment_case_id'), ['case_id'], unique=False)

    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_item_envelope'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_item_envelope'),
            "envelope IS NOT NULL OR body = 'upper_level' OR state NOT IN ('received', 'acknowledged', 'carded')",
        )

    op.drop_index('ix_item_received', table_name='item')
    op.create_index('ix_item_body', 'item', ['body', 'received_at', 'id'], unique=False)
    op.drop_index(op.f('ix_fact_item_id'), table_name='fact')
    op.create_index('ix_fact_item', 'fact', ['item_id', 'place'], unique=False)
    op.drop_index(op.f('ix_reply_item_id'), table_name='reply')
    op.create_index('ix_reply_item', 'reply', ['item_id', 'place'], unique=False)

    with op.batch_alter_table('seal', schema=None) as batch_op:
        batch_op.drop_index('ix_seal_holder')
        batch_op.create_index('ix_seal_holder', ['holder_kind', 'holder_id', 'target_kind', 'target_id'], unique=False)
        batch_op.drop_constraint(batch_op.f('ck_seal_target'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_seal_holder'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_seal_target'), "target_kind IN ('item', 'case', 'shared_key')")
        batch_op.create_check_constraint(
            batch_op.f('ck_seal_holder'), "holder_kind IN ('person', 'shared_key', 'case', 'escrow')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM seal WHERE target_kind = 'case' OR holder_kind = 'case'")
    with op.batch_alter_table('seal', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_seal_holder'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_seal_target'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_seal_holder'), "holder_kind IN ('person', 'shared_key', 'escrow')")
        batch_op.create_check_constraint(batch_op.f('ck_seal_target'), "target_kind IN ('item', 'shared_key')")
        batch_op.drop_index('ix_seal_holder')
        batch_op.create_index('ix_seal_holder', ['holder_kind', 'holder_id'], unique=False)

    op.drop_index('ix_reply_item', table_name='reply')
    op.create_index(op.f('ix_reply_item_id'), 'reply', ['item_id'], unique=False)
    op.drop_index('ix_fact_item', table_name='fact')
    op.create_index(op.f('ix_fact_item_id'), 'fact', ['item_id'], unique=False)
    op.drop_index('ix_item_body', table_name='item')
    op.create_index('ix_item_received', 'item', ['received_at', 'id'], unique=False)

    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_item_envelope'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_item_envelope'), "envelope IS NOT NULL OR body = 'upper_level' OR state = 'withdrawn'"
        )

    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_case_id'))
        batch_op.drop_column('case_id')

    op.drop_table('identity_release')
    with op.batch_alter_table('identity_opening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_identity_opening_case_id'))

    op.drop_table('identity_opening')
    op.drop_table('custody_share')
    op.drop_table('notice_reader')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_case_id'))

    op.drop_table('notice')
    op.drop_table('meeting_seat')
    op.drop_table('meeting_recusal')
    op.drop_table('meeting_matter')
    with op.batch_alter_table('case_member', schema=None) as batch_op:
        batch_op.drop_index('ix_case_member_queue')
        batch_op.drop_index('ix_case_member_part')
        batch_op.drop_index('ix_case_member_declared')
        batch_op.drop_index('ix_case_member_case')

    op.drop_table('case_member')
    with op.batch_alter_table('case_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_item_case_id'))

    op.drop_table('case_item')
    op.drop_table('case_search')
    op.drop_table('case_entry')
    with op.batch_alter_table('card_correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_card_correction_card_id'))

    op.drop_table('card_correction')
    op.drop_table('saved_filter')
    with op.batch_alter_table('presence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_presence_seen_at'))

    op.drop_table('presence')
    with op.batch_alter_table('triage', schema=None) as batch_op:
        batch_op.drop_index('ix_triage_undecided', sqlite_where=sa.text('approver_id IS NULL'), postgresql_where=sa.text('approver_id IS NULL'))
        batch_op.drop_index('ix_triage_item')

    op.drop_table('triage')
    op.drop_table('register_line')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_body')

    op.drop_table('meeting')
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index('ix_case_file_subject')
        batch_op.drop_index('ix_case_file_queue')
        batch_op.drop_index('ix_case_file_opened')

    op.drop_table('case_file')
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.drop_index('ix_card_subject')

    op.drop_table('card')
    op.drop_table('item_stage')
    op.drop_table('number_series')
    with op.batch_alter_table('deadline', schema=None) as batch_op:
        batch_op.drop_index('ix_deadline_subject')
        batch_op.drop_index('ix_deadline_running', sqlite_where=sa.text('done_on IS NULL'), postgresql_where=sa.text('done_on IS NULL'))
        batch_op.drop_index('ix_deadline_due', sqlite_where=sa.text('done_on IS NULL'), postgresql_where=sa.text('done_on IS NULL'))

    op.drop_table('deadline')
