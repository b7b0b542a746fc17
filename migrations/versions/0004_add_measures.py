"""Add measures, their effects, reviews, and the codes that are served with them."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('measure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('follows_id', sa.Uuid(), nullable=True),
    sa.Column('body', sa.String(length=40), nullable=False),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('profile', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state_signature', sa.LargeBinary(), nullable=False),
    sa.Column('person_hash', sa.LargeBinary(), nullable=False),
    sa.Column('drafted_by', sa.Uuid(), nullable=False),
    sa.Column('drafted_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('changed_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('series', sa.String(length=60), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('approved_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('served_on', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('service_signature', sa.LargeBinary(), nullable=True),
    sa.Column('reminded', sa.Integer(), nullable=False),
    sa.Column('assessment_opened_on', sa.Date(), nullable=True),
    sa.Column('ended_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=True),
    sa.CheckConstraint('(served_on IS NULL) = (service_signature IS NULL)', name=op.f('ck_measure_served')),
    sa.CheckConstraint('last_day IS NULL OR served_on IS NOT NULL', name=op.f('ck_measure_term')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_measure_case_id')),
    sa.ForeignKeyConstraint(['drafted_by'], ['person.id'], name=op.f('fk_measure_drafted_by')),
    sa.ForeignKeyConstraint(['follows_id'], ['measure.id'], name=op.f('fk_measure_follows_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure')),
    sa.UniqueConstraint('series', 'year', 'number', name='uq_measure_number')
    )
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.create_index('ix_measure_calendar', ['body', 'last_day', 'id'], unique=False)
        batch_op.create_index('ix_measure_case', ['case_id', 'drafted_at'], unique=False)
        batch_op.create_index('ix_measure_list', ['body', 'state', 'drafted_at', 'id'], unique=False)
        batch_op.create_index('ix_measure_running', ['last_day', 'id'], unique=False, sqlite_where=sa.text('ended_at IS NULL AND last_day IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND last_day IS NOT NULL'))

    op.create_table('measure_effect',
    sa.Column('measure_id', sa.Uuid(), nullable=False),
    sa.Column('person_hash', sa.LargeBinary(), nullable=False),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('profile', sa.String(length=20), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('served_on', sa.Date(), nullable=False),
    sa.Column('revoked_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_measure_effect_measure_id')),
    sa.PrimaryKeyConstraint('measure_id', name=op.f('pk_measure_effect'))
    )
    with op.batch_alter_table('measure_effect', schema=None) as batch_op:
        batch_op.create_index('ix_measure_effect_person', ['person_hash', 'served_on'], unique=False)

    op.create_table('remedy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('measure_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('admitted', sa.Boolean(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('ruling', sa.String(length=20), nullable=True),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("kind IN ('review', 'appeal')", name=op.f('ck_remedy_kind')),
    sa.CheckConstraint("ruling IS NULL OR ruling IN ('upheld', 'dismissed', 'corrected')", name=op.f('ck_remedy_ruling')),
    sa.CheckConstraint('(ruling IS NULL) = (decided_by IS NULL)', name=op.f('ck_remedy_decided')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_remedy_decided_by')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_remedy_measure_id')),
    sa.ForeignKeyConstraint(['taken_by'], ['person.id'], name=op.f('fk_remedy_taken_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remedy'))
    )
    with op.batch_alter_table('remedy', schema=None) as batch_op:
        batch_op.create_index('ix_remedy_measure', ['measure_id', 'received_on'], unique=False)

    op.create_table('served_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('measure_id', sa.Uuid(), nullable=True),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('lookup_hash', sa.LargeBinary(), nullable=False),
    sa.Column('box_public_key', sa.LargeBinary(), nullable=False),
    sa.Column('verify_key', sa.LargeBinary(), nullable=False),
    sa.Column('case_public_key', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('ended_at', core.db.Instant(timezone=True), nullable=True),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_served_code_case_id')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_served_code_measure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_served_code')),
    sa.UniqueConstraint('lookup_hash', name=op.f('uq_served_code_lookup_hash'))
    )
    with op.batch_alter_table('served_code', schema=None) as batch_op:
        batch_op.create_index('ix_served_code_case', ['case_id', 'made_at'], unique=False)
        batch_op.create_index('ix_served_code_document', ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_served_code_measure_id'), ['measure_id'], unique=False)
        batch_op.create_index('uq_served_code_living', ['document_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('told_of',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('measure_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('delivery', sa.String(length=20), nullable=False),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.Column('settled_at', core.db.Instant(timezone=True), nullable=True),
    sa.CheckConstraint("delivery IN ('none', 'due', 'delivered', 'unknown')", name=op.f('ck_told_of_delivery')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_told_of_measure_id')),
    sa.ForeignKeyConstraint(['settled_by'], ['person.id'], name=op.f('fk_told_of_settled_by')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_told_of_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_told_of'))
    )
    with op.batch_alter_table('told_of', schema=None) as batch_op:
        batch_op.create_index('ix_told_of_delivery', ['delivery', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_told_of_measure_id'), ['measure_id'], unique=False)

    op.create_table('code_word',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_code_word_author_id')),
    sa.ForeignKeyConstraint(['code_id'], ['served_code.id'], name=op.f('fk_code_word_code_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_word')),
    sa.UniqueConstraint('code_id', 'place', name='uq_code_word_place')
    )
    op.create_table('subject_message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('received_at', core.db.Instant(timezone=True), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=True),
    sa.Column('taken_at', core.db.Instant(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('explanation', 'objection', 'review', 'appeal', 'report', 'consent')", name=op.f('ck_subject_message_kind')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_subject_message_case_id')),
    sa.ForeignKeyConstraint(['code_id'], ['served_code.id'], name=op.f('fk_subject_message_code_id')),
    sa.ForeignKeyConstraint(['taken_by'], ['person.id'], name=op.f('fk_subject_message_taken_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_message')),
    sa.UniqueConstraint('code_id', 'place', name='uq_subject_message_place')
    )
    with op.batch_alter_table('subject_message', schema=None) as batch_op:
        batch_op.create_index('ix_subject_message_code', ['code_id', 'place'], unique=False)
        batch_op.create_index('ix_subject_message_waiting', ['case_id', 'taken_at'], unique=False)

    


def downgrade() -> None:
    with op.batch_alter_table('subject_message', schema=None) as batch_op:
        batch_op.drop_index('ix_subject_message_waiting')
        batch_op.drop_index('ix_subject_message_code')

    op.drop_table('subject_message')
    op.drop_table('code_word')
    with op.batch_alter_table('told_of', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_told_of_measure_id'))
        batch_op.drop_index('ix_told_of_delivery')

    op.drop_table('told_of')
    with op.batch_alter_table('served_code', schema=None) as batch_op:
        batch_op.drop_index('uq_served_code_living', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_served_code_measure_id'))
        batch_op.drop_index('ix_served_code_document')
        batch_op.drop_index('ix_served_code_case')

    op.drop_table('served_code')
    with op.batch_alter_table('remedy', schema=None) as batch_op:
        batch_op.drop_index('ix_remedy_measure')

    op.drop_table('remedy')
    with op.batch_alter_table('measure_effect', schema=None) as batch_op:
        batch_op.drop_index('ix_measure_effect_person')

    op.drop_table('measure_effect')
    with op.batch_alter_table('measure', schema=None) as batch_op:
        batch_op.drop_index('ix_measure_running', sqlite_where=sa.text('ended_at IS NULL AND last_day IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND last_day IS NOT NULL'))
        batch_op.drop_index('ix_measure_list')
        batch_op.drop_index('ix_measure_case')
        batch_op.drop_index('ix_measure_calendar')

    op.drop_table('measure')
