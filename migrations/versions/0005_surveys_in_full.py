"""Surveys in full."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("language", sa.String(length=35), server_default="", nullable=False))
        batch_op.add_column(sa.Column("ending", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("quota", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("shown", core.database.Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_column("shown")
        batch_op.drop_column("quota")
        batch_op.drop_column("ending")
        batch_op.drop_column("language")
        batch_op.drop_column("seed")
