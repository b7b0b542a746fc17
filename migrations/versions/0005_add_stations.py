"""Add stations: residences, pairings, rounds and what they oblige to, reminders, records, meetings of the heads."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

ABOUT = '(item_id IS NULL) <> (obligation_id IS NULL)'


def upgrade() -> None:
    op.create_table('invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('secret_hash', sa.LargeBinary(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('code_until', core.db.Instant(timezone=True), nullable=False),
    sa.Column('until', core.db.Instant(timezone=True), nullable=False),
    sa.Column('used_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('ended_at', core.db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_invitation_made_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_invitation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_invitation_secret_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_code_hash'), ['code_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_person_id'), ['person_id'], unique=False)

    op.create_table('personal_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('secret_hash', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('until', core.db.Instant(timezone=True), nullable=False),
    sa.Column('ended_at', core.db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_personal_link_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_link')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_personal_link_secret_hash'))
    )
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_link_person_id'), ['person_id'], unique=False)

    op.create_table('residence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('station_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_residence_order')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_residence_person_id')),
    sa.ForeignKeyConstraint(['station_id'], ['unit.id'], name=op.f('fk_residence_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_residence'))
    )
    with op.batch_alter_table('residence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_residence_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_residence_station', ['station_id', 'since'], unique=False)

    op.create_table('round',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('quarter', sa.String(length=6), nullable=False),
    sa.Column('prompt_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('grace_until', sa.Date(), nullable=True),
    sa.Column('meeting_by', sa.Date(), nullable=True),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('opened_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('locked_at', core.db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_round_opened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('quarter', name=op.f('uq_round_quarter'))
    )
    op.create_table('heads_meeting',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('called_by', sa.Uuid(), nullable=False),
    sa.Column('sealed_agenda', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_minutes', sa.LargeBinary(), nullable=True),
    sa.Column('closed_at', core.db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['called_by'], ['person.id'], name=op.f('fk_heads_meeting_called_by')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_heads_meeting_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_heads_meeting')),
    sa.UniqueConstraint('round_id', name=op.f('uq_heads_meeting_round_id'))
    )
    op.create_table('obligation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('station_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('is_nil', sa.Boolean(), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('changed_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('submitted_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('signed_by', sa.Uuid(), nullable=True),
    sa.Column('signed_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('reviewed_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('sealed_draft', sa.LargeBinary(), nullable=True),
    sa.Column('sealed_remark', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_obligation_round_id')),
    sa.ForeignKeyConstraint(['signed_by'], ['person.id'], name=op.f('fk_obligation_signed_by')),
    sa.ForeignKeyConstraint(['station_id'], ['unit.id'], name=op.f('fk_obligation_station_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['person.id'], name=op.f('fk_obligation_submitted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obligation')),
    sa.UniqueConstraint('round_id', 'station_id', name='uq_obligation_station')
    )
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.create_index('ix_obligation_state', ['round_id', 'state'], unique=False)
        batch_op.create_index('ix_obligation_station', ['station_id'], unique=False)

    op.create_table('pairing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('chat_hash', sa.LargeBinary(), nullable=False),
    sa.Column('address_id', sa.Uuid(), nullable=True),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('paired_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('active_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('ended_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('ended_why', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['address_id'], ['address.id'], name=op.f('fk_pairing_address_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_pairing_invitation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pairing_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pairing'))
    )
    with op.batch_alter_table('pairing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pairing_address_id'), ['address_id'], unique=False)
        batch_op.create_index('uq_pairing_chat', ['chat_hash'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('uq_pairing_person', ['person_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('heads_attendance',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('station_id', sa.Uuid(), nullable=False),
    sa.Column('attended', sa.String(length=10), nullable=False),
    sa.CheckConstraint("attended IN ('head', 'deputy', 'absent')", name=op.f('ck_heads_attendance_attended')),
    sa.ForeignKeyConstraint(['meeting_id'], ['heads_meeting.id'], name=op.f('fk_heads_attendance_meeting_id')),
    sa.ForeignKeyConstraint(['station_id'], ['unit.id'], name=op.f('fk_heads_attendance_station_id')),
    sa.PrimaryKeyConstraint('meeting_id', 'station_id', name=op.f('pk_heads_attendance'))
    )
    op.create_table('obligation_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('obligation_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('at', core.db.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], name=op.f('fk_obligation_step_obligation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_obligation_step_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obligation_step')),
    sa.UniqueConstraint('obligation_id', 'place', name='uq_obligation_step_place')
    )
    op.create_table('record_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('obligation_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('is_held', sa.Boolean(), nullable=False),
    sa.Column('released_by', sa.Uuid(), nullable=True),
    sa.Column('result', sa.String(length=20), nullable=True),
    sa.Column('read_by', sa.Uuid(), nullable=True),
    sa.Column('read_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> read_by', name=op.f('ck_record_entry_two_readers')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_record_entry_confirmed_by')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_record_entry_item_id')),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], name=op.f('fk_record_entry_obligation_id')),
    sa.ForeignKeyConstraint(['read_by'], ['person.id'], name=op.f('fk_record_entry_read_by')),
    sa.ForeignKeyConstraint(['released_by'], ['person.id'], name=op.f('fk_record_entry_released_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_entry')),
    sa.UniqueConstraint('obligation_id', 'place', name='uq_record_entry_place')
    )
    op.create_table('reminder',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('obligation_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('delivery_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_reminder_delivery_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], name=op.f('fk_reminder_obligation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('obligation_id', 'stage', 'person_id', name='uq_reminder_once')
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_delivery_id'), ['delivery_id'], unique=False)
        batch_op.create_index('ix_reminder_person', ['person_id', 'at'], unique=False)
    with op.batch_alter_table('address', schema=None) as batch_op:
        batch_op.alter_column('item_id', existing_type=sa.Uuid(), nullable=True)
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('obligation_id', sa.Uuid(), nullable=True))
        batch_op.alter_column('item_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index(batch_op.f('ix_delivery_obligation_id'), ['obligation_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_delivery_obligation_id'), 'obligation', ['obligation_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_delivery_about'), ABOUT)


def downgrade() -> None:
    op.drop_table('reminder')
    op.execute('DELETE FROM delivery WHERE item_id IS NULL')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_delivery_about'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_delivery_obligation_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_delivery_obligation_id'))
        batch_op.alter_column('item_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column('obligation_id')
    op.drop_table('record_entry')
    op.drop_table('obligation_step')
    op.drop_table('heads_attendance')
    op.drop_table('pairing')
    op.drop_table('obligation')
    op.drop_table('heads_meeting')
    op.drop_table('round')
    op.drop_table('residence')
    op.drop_table('personal_link')
    op.drop_table('invitation')
    op.execute('DELETE FROM address WHERE item_id IS NULL')
    with op.batch_alter_table('address', schema=None) as batch_op:
        batch_op.alter_column('item_id', existing_type=sa.Uuid(), nullable=False)
