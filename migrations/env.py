"""Alembic runs the migrations through the connection that `jingshi.schema` hands in."""

from alembic import context

from core.app import App  # importing the core registers every table
from core.db import Base

assert App  # noqa: S101 - named so that the import is not taken for a leftover

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
