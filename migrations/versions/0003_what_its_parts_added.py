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
        "contact_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("segment", sa.String(length=100), nullable=False),
        sa.Column("condition", core.database.Json, nullable=False),
        sa.Column("edit", core.database.Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("met", core.database.Number, nullable=False),
        sa.Column("counts", core.database.Json, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("started_at", core.database.Moment(), nullable=False),
        sa.Column("touched_at", core.database.Moment(), nullable=False),
        sa.Column("finished_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_contact_edit_finished")),
        sa.CheckConstraint("state IN ('running', 'finished', 'failed')", name=op.f("ck_contact_edit_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_edit")),
    )
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
        "foreign_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("import_run", sa.BigInteger(), nullable=False),
        sa.Column("made_at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_list")),
    )
    op.create_table(
        "former_key",
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("former_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("former_family", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", "former_key", name=op.f("pk_former_key")),
    )
    op.create_index("ix_former_key_former_key", "former_key", ["former_key"], unique=False)
    op.create_table(
        "signup_wording",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("said", core.database.Json, nullable=False),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_signup_wording")),
    )
    op.create_table(
        "address_change",
        sa.Column("signup_id", core.database.Number, autoincrement=False, nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_address_change_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("signup_id", name=op.f("pk_address_change")),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index("ix_address_change_address_key", ["address_key"], unique=False)

    op.create_table(
        "foreign_entry",
        sa.Column("kept", sa.LargeBinary(length=32), nullable=False),
        sa.Column("list_id", core.database.Number, nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["foreign_list.id"], name=op.f("fk_foreign_entry_list_id_foreign_list")),
        sa.PrimaryKeyConstraint("kept", name=op.f("pk_foreign_entry")),
    )
    with op.batch_alter_table("foreign_entry", schema=None) as batch_op:
        batch_op.create_index("ix_foreign_entry_list_id", ["list_id"], unique=False)

    op.create_table(
        "partner_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", core.database.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("terms", core.database.Json, nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_change_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_change")),
    )
    with op.batch_alter_table("partner_change", schema=None) as batch_op:
        batch_op.create_index("ix_partner_change_partner_id", ["partner_id", "changed_at"], unique=False)

    op.create_table(
        "partner_duty",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_duty_partner_id_partner")),
        sa.PrimaryKeyConstraint("partner_id", "event_sequence", name=op.f("pk_partner_duty")),
    )
    op.create_table(
        "shared_person",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("partner_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("first_sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_shared_person_partner_id_partner")),
        sa.PrimaryKeyConstraint("partner_id", "address_key", name=op.f("pk_shared_person")),
    )
    with op.batch_alter_table("shared_person", schema=None) as batch_op:
        batch_op.create_index("ix_shared_person_address_key", ["address_key"], unique=False)
        batch_op.create_index("ix_shared_person_family_key", ["family_key"], unique=False)

    # by hand: in a batch SQLite would copy the table for a foreign key, and lose its CHECKs and everybody's sign-ins
    for column in ("made_by", "password_by"):
        op.execute(
            f'ALTER TABLE "operator" ADD COLUMN {column} INTEGER'
            f' CONSTRAINT fk_operator_{column}_operator REFERENCES "operator" (id)'
        )
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("password_at", core.database.Moment(), nullable=True))

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_by", sa.String(length=200), server_default="", nullable=False))

    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signup_unmailed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        )

    with op.batch_alter_table("signup_form", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("confirmed", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("signup_form", schema=None) as batch_op:
        batch_op.drop_column("confirmed")
        batch_op.drop_column("asked")

    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_signup_unmailed",
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        )

    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.drop_column("published_by")

    for column in ("made_by", "password_by", "password_at"):
        op.execute(f'ALTER TABLE "operator" DROP COLUMN {column}')

    with op.batch_alter_table("shared_person", schema=None) as batch_op:
        batch_op.drop_index("ix_shared_person_family_key")
        batch_op.drop_index("ix_shared_person_address_key")

    op.drop_table("shared_person")
    op.drop_table("partner_duty")
    with op.batch_alter_table("partner_change", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_change_partner_id")

    op.drop_table("partner_change")
    with op.batch_alter_table("foreign_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_foreign_entry_list_id")

    op.drop_table("foreign_entry")
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.drop_index("ix_address_change_address_key")

    op.drop_table("address_change")
    op.drop_table("signup_wording")
    op.drop_index("ix_former_key_former_key", table_name="former_key")
    op.drop_table("former_key")
    op.drop_table("foreign_list")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_erasure_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index("ix_erasure_address_key")

    op.drop_table("erasure")
    op.drop_table("contact_edit")
