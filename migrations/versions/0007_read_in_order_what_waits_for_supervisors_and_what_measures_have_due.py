"""Read in order, from an index, what waits for supervisors, and what is due of measures."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

SUPERVISED = sa.text("state IN ('opened', 'classified', 'analysed', 'department_meeting_done')")
OF_MEASURES = sa.text("done_on IS NULL AND subject_kind = 'measure'")


def upgrade() -> None:
    where = {'sqlite_where': SUPERVISED, 'postgresql_where': SUPERVISED}
    op.create_index('ix_case_file_supervised', 'case_file', ['changed_at', 'id'], unique=False, **where)
    where = {'sqlite_where': OF_MEASURES, 'postgresql_where': OF_MEASURES}
    op.create_index('ix_deadline_measure', 'deadline', ['due_on', 'id'], unique=False, **where)


def downgrade() -> None:
    op.drop_index('ix_deadline_measure', 'deadline')
    op.drop_index('ix_case_file_supervised', 'case_file')
