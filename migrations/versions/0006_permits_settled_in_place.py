"""Permits settled in place."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OPEN = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.drop_index("ix_permit_open_sender", table_name="permit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE permit SET (fillfactor = 75)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE permit RESET (fillfactor)")
    op.create_index(
        "ix_permit_open_sender", "permit", ["sender_id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
