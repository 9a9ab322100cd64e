"""The sending engine."""

import sqlalchemy as sa
from alembic import op

import core.database
from migrations.mailing_guards import postgresql_mailing_guards, sqlite_mailing_guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "back_off",
        sa.Column("provider", sa.String(length=255), nullable=False),
        sa.Column("changed_at", core.database.Moment(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("paused_until", core.database.Moment(), nullable=True),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_back_off")),
    )
    with op.batch_alter_table("back_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_back_off_changed_at"), ["changed_at"], unique=False)

    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=280), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", core.database.Moment(), nullable=False),
        sa.Column("promised_until", core.database.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )
    op.create_table(
        "relay_state",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("good", sa.Float(), nullable=False),
        sa.Column("bad", sa.Float(), nullable=False),
        sa.Column("changed_at", core.database.Moment(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("paused_until", core.database.Moment(), nullable=True),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_relay_state")),
    )
    op.create_table(
        "warm_up_day",
        sa.Column("relay", sa.String(length=60), nullable=False),
        sa.Column("provider", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("relay", "provider", "day", name=op.f("pk_warm_up_day")),
    )
    op.create_table(
        "trial",
        sa.Column("mailing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("variants", sa.SmallInteger(), nullable=False),
        sa.Column("share", sa.SmallInteger(), nullable=False),
        sa.Column("wait_hours", sa.SmallInteger(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.SmallInteger(), nullable=False),
        sa.Column("unclear", sa.String(length=20), nullable=False),
        sa.Column("decide_at", core.database.Moment(), nullable=True),
        sa.Column("asked_at", core.database.Moment(), nullable=True),
        sa.Column("answers", core.database.Json, nullable=True),
        sa.Column("winner", sa.SmallInteger(), nullable=True),
        sa.Column("decided_at", core.database.Moment(), nullable=True),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("seen", core.database.Json, nullable=True),
        sa.CheckConstraint("criterion IN ('clicks', 'answers')", name=op.f("ck_trial_criterion")),
        sa.CheckConstraint("unclear IN ('first', 'ask')", name=op.f("ck_trial_unclear")),
        sa.CheckConstraint("(winner IS NULL) = (decided_at IS NULL)", name=op.f("ck_trial_decided")),
        sa.CheckConstraint("share > 0 AND share <= 100", name=op.f("ck_trial_share")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_trial_mailing_id_mailing")),
        sa.PrimaryKeyConstraint("mailing_id", name=op.f("pk_trial")),
    )
    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("subject_template", sa.Text(), nullable=False),
        sa.Column("preheader", sa.String(length=255), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", core.database.Json, nullable=False),
        sa.CheckConstraint("number > 1", name=op.f("ck_variant_number")),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_variant_mailing_id_mailing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("mailing_id", "number", name=op.f("uq_variant_mailing_id_number")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("timed_for", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("relay", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("trial", core.database.Json, nullable=True))
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
        batch_op.add_column(sa.Column("variant", sa.SmallInteger(), nullable=True))
        batch_op.create_index(
            "ix_message_deferred",
            ["mailing_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned' AND code IS NOT NULL"),
            postgresql_where=sa.text("state = 'planned' AND code IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_message_variant",
            ["mailing_id", "variant", "state"],
            unique=False,
            sqlite_where=sa.text("variant IS NOT NULL"),
            postgresql_where=sa.text("variant IS NOT NULL"),
        )

    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_permit_open"), sqlite_where=sa.text("outcome IS NULL"))

    with op.batch_alter_table("sender", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=10), server_default="idle", nullable=False))
        batch_op.add_column(sa.Column("rate", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("handed_over", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("overtaken", sa.BigInteger(), server_default="0", nullable=False))

    guards = sqlite_mailing_guards() if _is_sqlite() else postgresql_mailing_guards()
    for guard in guards:
        op.execute(guard)
    if not _is_sqlite():  # looked up once for each of a million messages: a quarter of the time that freezing takes
        op.drop_constraint("fk_message_mailing_id_mailing", "message")
        op.drop_constraint("fk_message_sender_id_sender", "message")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER mailing_no_delete")
    else:
        op.create_foreign_key("fk_message_sender_id_sender", "message", "sender", ["sender_id"], ["id"])
        op.create_foreign_key("fk_message_mailing_id_mailing", "message", "mailing", ["mailing_id"], ["id"])
        op.execute("DROP TRIGGER mailing_kept ON mailing")
        op.execute("DROP TRIGGER mailing_whole ON mailing")
    with op.batch_alter_table("sender", schema=None) as batch_op:
        batch_op.drop_column("overtaken")
        batch_op.drop_column("handed_over")
        batch_op.drop_column("rate")
        batch_op.drop_column("state")

    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_permit_open"), ["address_key"], unique=False, sqlite_where=sa.text("outcome IS NULL")
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_variant",
            sqlite_where=sa.text("variant IS NOT NULL"),
            postgresql_where=sa.text("variant IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_message_deferred",
            sqlite_where=sa.text("state = 'planned' AND code IS NOT NULL"),
            postgresql_where=sa.text("state = 'planned' AND code IS NOT NULL"),
        )
        batch_op.drop_column("variant")

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
        batch_op.drop_column("trial")
        batch_op.drop_column("relay")
        batch_op.drop_column("timed_for")

    op.drop_table("variant")
    op.drop_table("trial")
    op.drop_table("warm_up_day")
    op.drop_table("relay_state")
    op.drop_table("bucket")
    with op.batch_alter_table("back_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_back_off_changed_at"))

    op.drop_table("back_off")
