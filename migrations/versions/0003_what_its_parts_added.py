"""What its parts added."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("event_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("ordered_at", core.database.Moment(), nullable=False),
        sa.Column("rows_at", core.database.Moment(), nullable=True),
        sa.Column("files_at", core.database.Moment(), nullable=True),
        sa.Column("settled_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("cause IN ('erasure', 'child')", name=op.f("ck_erasure_cause")),
        sa.CheckConstraint("files_at IS NULL OR rows_at IS NOT NULL", name=op.f("ck_erasure_rows_first")),
        sa.CheckConstraint("settled_at IS NULL OR files_at IS NOT NULL", name=op.f("ck_erasure_files_next")),
        sa.PrimaryKeyConstraint("event_sequence", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index("ix_erasure_address_key", ["address_key"], unique=False)
        batch_op.create_index(
            "ix_erasure_open",
            ["cause", "ordered_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "former_key",
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("former_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("former_family", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", "former_key", name=op.f("pk_former_key")),
    )


def downgrade() -> None:
    op.drop_table("former_key")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_erasure_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index("ix_erasure_address_key")

    op.drop_table("erasure")
