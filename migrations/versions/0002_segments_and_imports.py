"""Segments, and the history of imports."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("condition", core.database.Json, nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("name", name=op.f("uq_segment_name")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("shape", core.database.Json, nullable=False),
        sa.Column("mapping", core.database.Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("size", core.database.Number, nullable=False),
        sa.Column("read", core.database.Number, nullable=False),
        sa.Column("counts", core.database.Json, nullable=False),
        sa.Column("rejects", sa.String(length=255), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("started_at", core.database.Moment(), nullable=False),
        sa.Column("touched_at", core.database.Moment(), nullable=False),
        sa.Column("finished_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'finished', 'failed')", name=op.f("ck_import_run_state")),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_import_run_finished")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )


def downgrade() -> None:
    op.drop_table("import_run")
    op.drop_table("segment")
