"""The sending engine."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("timed_for", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("rate_per_minute", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("sending_hours", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sending_zone", sa.String(length=60), server_default="", nullable=False))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_trouble",
            ["recorded_at"],
            unique=False,
            sqlite_where=sa.text("kind IN ('complaint', 'bounce')"),
            postgresql_where=sa.text("kind IN ('complaint', 'bounce')"),
        )

    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("local_moment", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("paused_by", core.database.Json, nullable=True))
        batch_op.add_column(sa.Column("armed_from", core.database.Json, nullable=True))
        batch_op.add_column(sa.Column("rate_per_minute", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("sending_hours", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sending_zone", sa.String(length=60), server_default="", nullable=False))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_deferred",
            ["mailing_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned' AND code IS NOT NULL"),
            postgresql_where=sa.text("state = 'planned' AND code IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_deferred",
            sqlite_where=sa.text("state = 'planned' AND code IS NOT NULL"),
            postgresql_where=sa.text("state = 'planned' AND code IS NOT NULL"),
        )

    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.drop_column("sending_zone")
        batch_op.drop_column("sending_hours")
        batch_op.drop_column("rate_per_minute")
        batch_op.drop_column("armed_from")
        batch_op.drop_column("paused_by")
        batch_op.drop_column("local_moment")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_trouble",
            sqlite_where=sa.text("kind IN ('complaint', 'bounce')"),
            postgresql_where=sa.text("kind IN ('complaint', 'bounce')"),
        )

    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_column("sending_zone")
        batch_op.drop_column("sending_hours")
        batch_op.drop_column("rate_per_minute")
        batch_op.drop_column("timed_for")
