"""Index what the lists of cases, measures and clocks are read by: what waits, what is due, who has a part."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

SUPERVISED = sa.text("state IN ('opened', 'classified', 'analysed', 'department_meeting_done')")
OF_MEASURES = sa.text("done_on IS NULL AND subject_kind = 'measure'")
WAITING = sa.text(
    "(state IN ('drafted', 'checked', 'approved', 'assessed', 'outcome_decided')"
    " OR state = 'served' AND form = 'letter'"
    " OR state IN ('active', 'term_ended') AND assessment_opened_on IS NOT NULL)"
)


def upgrade() -> None:
    _index('ix_case_file_supervised', 'case_file', 'changed_at', where=SUPERVISED)
    _index('ix_deadline_measure', 'deadline', 'due_on', where=OF_MEASURES)
    _index('ix_measure_waiting', 'measure', 'changed_at', where=WAITING)
    op.drop_index('ix_case_member_case', 'case_member')
    op.create_index('ix_case_member_case', 'case_member', ['case_id', 'person_id'], unique=False)
    op.create_index('ix_measure_drafted', 'measure', ['drafted_at', 'id'], unique=False)
    op.drop_index('ix_measure_list', 'measure')
    op.create_index('ix_measure_list', 'measure', ['state', 'drafted_at', 'id'], unique=False)
    op.drop_index('ix_measure_calendar', 'measure')
    op.create_index('ix_measure_calendar', 'measure', ['last_day', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_measure_calendar', 'measure')
    op.create_index('ix_measure_calendar', 'measure', ['body', 'last_day', 'id'], unique=False)
    op.drop_index('ix_measure_list', 'measure')
    op.create_index('ix_measure_list', 'measure', ['body', 'state', 'drafted_at', 'id'], unique=False)
    op.drop_index('ix_measure_drafted', 'measure')
    op.drop_index('ix_case_member_case', 'case_member')
    op.create_index('ix_case_member_case', 'case_member', ['case_id', 'part'], unique=False)
    op.drop_index('ix_measure_waiting', 'measure')
    op.drop_index('ix_deadline_measure', 'deadline')
    op.drop_index('ix_case_file_supervised', 'case_file')


def _index(name: str, table: str, column: str, *, where: sa.TextClause) -> None:
    op.create_index(name, table, [column, 'id'], unique=False, sqlite_where=where, postgresql_where=where)
