"""Keep loaded years of the work calendar; mark what awaits a case or a reply; say who entered a record for a station, by whom an entry was urgent, where heads meet."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

AWAITING = "state = 'accepted' AND NOT EXISTS (SELECT 1 FROM case_item WHERE case_item.item_id = item.id)"
TWO_READERS = 'confirmed_by IS NULL OR (read_by IS NOT NULL AND confirmed_by <> read_by)'
LATER = 'SELECT 1 FROM reply WHERE reply.item_id = fact.item_id AND reply.place > fact.place'
AWAITS = {'sqlite_where': sa.text('awaits_case = 1'), 'postgresql_where': sa.text('awaits_case')}

LIVING = {'sqlite_where': sa.text('until IS NULL'), 'postgresql_where': sa.text('until IS NULL')}
UNANSWERED = {'sqlite_where': sa.text('is_answered = 0'), 'postgresql_where': sa.text('NOT is_answered')}


def upgrade() -> None:
    op.create_table('calendar_year',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('text', sa.String(length=65536), nullable=False),
    sa.Column('loaded_at', core.db.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_calendar_year'))
    )
    true = sa.true().compile(dialect=op.get_bind().dialect)
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('awaits_case', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(f'UPDATE item SET awaits_case = {true} WHERE {AWAITING}')
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.alter_column('awaits_case', existing_type=sa.Boolean(), server_default=None)
    op.create_index('ix_item_awaits_case', 'item', ['body', 'received_at', 'id'], unique=False, **AWAITS)
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_answered', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(f'UPDATE fact SET is_answered = {true} WHERE EXISTS ({LATER})')
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.alter_column('is_answered', existing_type=sa.Boolean(), server_default=None)
    op.create_index('ix_fact_unanswered', 'fact', ['item_id'], unique=False, **UNANSWERED)
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entered_by', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_obligation_entered_by'), 'person', ['entered_by'], ['id'])
    with op.batch_alter_table('record_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('urgent_by', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_record_entry_urgent_by'), 'person', ['urgent_by'], ['id'])
        batch_op.add_column(sa.Column('signer', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('signature', sa.LargeBinary(), nullable=False, server_default=''))
    with op.batch_alter_table('record_entry', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_record_entry_two_readers'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_record_entry_two_readers'), TWO_READERS)
        batch_op.alter_column('signer', existing_type=sa.String(length=20), server_default=None)
        batch_op.alter_column('signature', existing_type=sa.LargeBinary(), server_default=None)
    with op.batch_alter_table('heads_meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('begins_at', sa.Time(), nullable=False, server_default='09:00:00'))
        batch_op.add_column(sa.Column('venue', sa.String(length=100), nullable=False, server_default=''))
    with op.batch_alter_table('heads_meeting', schema=None) as batch_op:
        batch_op.alter_column('begins_at', existing_type=sa.Time(), server_default=None)
        batch_op.alter_column('venue', existing_type=sa.String(length=100), server_default=None)
    op.create_index('uq_residence_person', 'residence', ['person_id'], unique=True, **LIVING)


def downgrade() -> None:
    op.drop_index('uq_residence_person', 'residence')
    with op.batch_alter_table('heads_meeting', schema=None) as batch_op:
        batch_op.drop_column('venue')
        batch_op.drop_column('begins_at')
    with op.batch_alter_table('record_entry', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_record_entry_urgent_by'), type_='foreignkey')
        batch_op.drop_column('signature')
        batch_op.drop_column('signer')
        batch_op.drop_column('urgent_by')
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_obligation_entered_by'), type_='foreignkey')
        batch_op.drop_column('entered_by')
    op.drop_index('ix_fact_unanswered', 'fact')
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.drop_column('is_answered')
    op.drop_index('ix_item_awaits_case', 'item')
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.drop_column('awaits_case')
    op.drop_table('calendar_year')
