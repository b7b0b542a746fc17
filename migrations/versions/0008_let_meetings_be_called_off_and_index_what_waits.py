"""Let a meeting be called off; index what the lists of measures are read by, who has a part, and what waits.

A home may have been brought to another 0007 for a while, which made some of these: what is there already is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

WAITING = (
    "(coalesce(state, '') IN ('drafted', 'checked', 'approved', 'assessed', 'outcome_decided')"
    " OR coalesce(state, '') = 'served' AND form = 'letter'"
    " OR coalesce(state, '') IN ('active', 'term_ended') AND assessment_opened_on IS NOT NULL)"
)


def upgrade() -> None:
    _states("state IN ('called', 'held', 'called_off')")
    _index('ix_case_member_case', 'case_member', ['case_id', 'person_id'])
    _index('ix_measure_drafted', 'measure', ['drafted_at', 'id'])
    _index('ix_measure_list', 'measure', ['state', 'drafted_at', 'id'])
    _index('ix_measure_calendar', 'measure', ['last_day', 'id'])
    _index('ix_measure_waiting', 'measure', ['changed_at', 'id'], where=WAITING)
    _index('ix_remedy_open', 'remedy', ['measure_id'], where='ruling IS NULL')
    _index('ix_subject_message_untaken', 'subject_message', ['received_at', 'id'], where='taken_at IS NULL')


def downgrade() -> None:
    op.drop_index('ix_subject_message_untaken', 'subject_message')
    op.drop_index('ix_remedy_open', 'remedy')
    op.drop_index('ix_measure_waiting', 'measure')
    _index('ix_measure_calendar', 'measure', ['body', 'last_day', 'id'])
    _index('ix_measure_list', 'measure', ['body', 'state', 'drafted_at', 'id'])
    op.drop_index('ix_measure_drafted', 'measure')
    _index('ix_case_member_case', 'case_member', ['case_id', 'part'])
    op.execute("UPDATE meeting SET state = 'called' WHERE state = 'called_off'")  # the older code knows no other
    _states("state IN ('called', 'held')")


def _states(these: str) -> None:
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_meeting_state'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_meeting_state'), these)


def _index(name: str, table: str, columns: list[str], *, where: str = '') -> None:
    """Make an index, in the place of one of this name if there is one."""
    op.drop_index(name, table, if_exists=True)
    only = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=False, sqlite_where=only, postgresql_where=only)
