"""The first tables."""

import sqlalchemy as sa
from alembic import op

import core.database
from migrations.guards import postgresql_guards, sqlite_guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('child', 'erasure', 'complaint', 'bounce', 'opt_out', 'hold')", name=op.f("ck_block_reason")
        ),
        sa.PrimaryKeyConstraint("address_key", "scope", "reason", name=op.f("pk_block")),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index("ix_block_family_key", ["family_key"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("preheader", sa.String(length=255), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", core.database.Json, nullable=False),
        sa.Column("audience", core.database.Json, nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("sender_email", sa.String(length=320), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("tracking", sa.Boolean(), nullable=False),
        sa.Column("personal_path", sa.String(length=20), nullable=False),
        sa.Column("personal_kind", sa.Integer(), nullable=True),
        sa.Column("wished_at", sa.String(length=40), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("scheduled_at", core.database.Moment(), nullable=True),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("updated_at", core.database.Moment(), nullable=False),
        sa.CheckConstraint("(personal_path = '') = (personal_kind IS NULL)", name=op.f("ck_campaign_personal")),
        sa.CheckConstraint("state <> 'scheduled' OR scheduled_at IS NOT NULL", name=op.f("ck_campaign_scheduled")),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'sending', 'paused', 'finished', 'cancelled')",
            name=op.f("ck_campaign_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("name", name=op.f("uq_campaign_name")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_state"), ["state"], unique=False)

    op.create_table(
        "canary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_canary_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canary")),
    )
    op.create_table(
        "consent",
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("policy_version", sa.String(length=40), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.CheckConstraint("basis IN ('consent', 'notice')", name=op.f("ck_consent_basis")),
        sa.PrimaryKeyConstraint("address_key", "scope", name=op.f("pk_consent")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_at", core.database.Moment(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("attributes", core.database.Json, nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("updated_at", core.database.Moment(), nullable=False),
        sa.CheckConstraint(
            "source IN ('purchase', 'download', 'registration', 'correspondence', 'mailing_list', 'survey')",
            name=op.f("ck_contact_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("address_key", name=op.f("uq_contact_address_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_address", ["address"], unique=False)
        batch_op.create_index("ix_contact_family_key", ["family_key"], unique=False)
        batch_op.create_index("ix_contact_family_name", ["family_name", "given_name"], unique=False)

    op.create_table(
        "event",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("at", core.database.Moment(), nullable=False),
        sa.Column("recorded_at", core.database.Moment(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.String(length=40), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("details", core.database.Json, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "kind IN ('consent', 'notice', 'opt_out', 'complaint', 'bounce', 'child', 'erasure', 'hold', 'release')",
            name=op.f("ck_event_kind"),
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_address_key", ["address_key", "sequence"], unique=False)
        batch_op.create_index("ix_event_at", ["at"], unique=False)
        batch_op.create_index("ix_event_family_key", ["family_key"], unique=False)

    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.create_index("ix_failed_sign_in_subject_at", ["subject", "at"], unique=False)

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
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_import_run_finished")),
        sa.CheckConstraint("state IN ('running', 'finished', 'failed')", name=op.f("ck_import_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("disabled_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("role IN ('analyst', 'editor', 'admin')", name=op.f("ck_operator_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("email", name=op.f("uq_operator_email")),
    )
    op.create_table(
        "permit",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=False),
        sa.Column("granted_at", core.database.Moment(), nullable=False),
        sa.Column("settled_at", core.database.Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint("outcome IN ('sent', 'deferred', 'failed', 'unknown')", name=op.f("ck_permit_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_permit_settled")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.create_index("ix_permit_address_key", ["address_key", "scope", "granted_at"], unique=False)
        batch_op.create_index("ix_permit_message_id", ["message_id"], unique=False)
        batch_op.create_index(
            "ix_permit_open",
            ["address_key"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index(
            "ix_permit_open_sender",
            ["sender_id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "policy",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("preset", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("published_at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy")),
    )
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
        "sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("started_at", core.database.Moment(), nullable=False),
        sa.Column("seen_at", core.database.Moment(), nullable=False),
        sa.Column("stopped_at", core.database.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender")),
    )
    with op.batch_alter_table("sender", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sender_running",
            ["seen_at"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )

    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opens_at", core.database.Moment(), nullable=True),
        sa.Column("closes_at", core.database.Moment(), nullable=True),
        sa.Column("most_reminders", sa.Integer(), nullable=False),
        sa.Column("reminder_days", sa.Integer(), nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("updated_at", core.database.Moment(), nullable=False),
        sa.CheckConstraint("state <> 'open' OR version > 0", name=op.f("ck_survey_open")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_survey_state")),
        sa.CheckConstraint(
            "most_reminders BETWEEN 0 AND 10 AND reminder_days BETWEEN 1 AND 365", name=op.f("ck_survey_reminders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("name", name=op.f("uq_survey_name")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index("ix_survey_state", ["state"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("cap_count", sa.Integer(), nullable=True),
        sa.Column("cap_days", sa.Integer(), nullable=True),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("archived_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("(cap_count IS NULL) = (cap_days IS NULL)", name=op.f("ck_topic_cap")),
        sa.CheckConstraint("cap_count IS NULL OR (cap_count > 0 AND cap_days > 0)", name=op.f("ck_topic_cap_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("name", name=op.f("uq_topic_name")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("reminders", sa.SmallInteger(), nullable=False),
        sa.Column("reminded_at", core.database.Moment(), nullable=True),
        sa.Column("declined_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("(reminders > 0) = (reminded_at IS NOT NULL)", name=op.f("ck_invitation_reminded")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_invitation_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("survey_id", "address_key", name=op.f("uq_invitation_survey_id_address_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index("ix_invitation_address_key", ["address_key"], unique=False)
        batch_op.create_index(
            "ix_invitation_declined_at",
            ["survey_id"],
            unique=False,
            sqlite_where=sa.text("declined_at IS NOT NULL"),
            postgresql_where=sa.text("declined_at IS NOT NULL"),
        )

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_link_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("campaign_id", "digest", name=op.f("uq_link_campaign_id_digest")),
    )
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", core.database.Moment(), nullable=False),
        sa.Column("frozen_at", core.database.Moment(), nullable=True),
        sa.Column("finished_at", core.database.Moment(), nullable=True),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("subject_template", sa.Text(), nullable=False),
        sa.Column("preheader", sa.String(length=255), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", core.database.Json, nullable=False),
        sa.Column("audience", core.database.Json, nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("sender_email", sa.String(length=320), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("tracking", sa.Boolean(), nullable=False),
        sa.Column("personal_path", sa.String(length=20), nullable=False),
        sa.Column("personal_kind", sa.Integer(), nullable=True),
        sa.CheckConstraint("(personal_path = '') = (personal_kind IS NULL)", name=op.f("ck_mailing_personal")),
        sa.CheckConstraint("kind IN ('first', 'reminder', 'test')", name=op.f("ck_mailing_kind")),
        sa.CheckConstraint(
            "state IN ('planned', 'sending', 'paused', 'finished', 'cancelled')", name=op.f("ck_mailing_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'paused', 'finished') OR frozen_at IS NOT NULL", name=op.f("ck_mailing_frozen")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_mailing_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailing_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_mailing_state", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "uq_mailing_first",
            ["campaign_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'first' AND state <> 'cancelled'"),
            postgresql_where=sa.text("kind = 'first' AND state <> 'cancelled'"),
        )

    op.create_table(
        "policy_rule",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.CheckConstraint("basis IN ('none', 'consent', 'notice')", name=op.f("ck_policy_rule_basis")),
        sa.CheckConstraint(
            "source IN ('purchase', 'download', 'registration', 'correspondence', 'mailing_list', 'survey')",
            name=op.f("ck_policy_rule_source"),
        ),
        sa.ForeignKeyConstraint(["version"], ["policy.version"], name=op.f("fk_policy_rule_version_policy")),
        sa.PrimaryKeyConstraint("version", "source", "scope", name=op.f("pk_policy_rule")),
    )
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("started_at", core.database.Moment(), nullable=False),
        sa.Column("expires_at", core.database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_sign_in_operator_id_operator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_operator_id"), ["operator_id"], unique=False)

    op.create_table(
        "survey_campaign",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.CheckConstraint("purpose IN ('invite', 'remind')", name=op.f("ck_survey_campaign_purpose")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_survey_campaign_campaign_id_campaign"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_campaign_survey_id_survey")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_survey_campaign")),
    )
    with op.batch_alter_table("survey_campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_campaign_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_version",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definition", core.database.Json, nullable=False),
        sa.Column("published_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_survey_version_number")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_version_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", "number", name=op.f("pk_survey_version")),
    )
    with op.batch_alter_table("survey_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_survey_version_draft",
            ["survey_id"],
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "message",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("next_try_at", core.database.Moment(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("lease_until", core.database.Moment(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.String(length=500), nullable=True),
        sa.Column("header_id", sa.String(length=120), nullable=True),
        sa.Column("handed_over_at", core.database.Moment(), nullable=True),
        sa.Column("reference", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state <> 'claimed' OR (sender_id IS NOT NULL AND lease_until IS NOT NULL)", name=op.f("ck_message_claimed")
        ),
        sa.CheckConstraint("state <> 'planned' OR next_try_at IS NOT NULL", name=op.f("ck_message_planned")),
        sa.CheckConstraint("state <> 'sent' OR handed_over_at IS NOT NULL", name=op.f("ck_message_sent")),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'failed', 'withheld', 'unknown', 'cancelled', 'excluded')",
            name=op.f("ck_message_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('excluded', 'withheld', 'cancelled') OR reason IS NOT NULL", name=op.f("ck_message_reason")
        ),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailing.id"], name=op.f("fk_message_mailing_id_mailing")),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_message_sender_id_sender")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("address_key", "mailing_id", name=op.f("uq_message_address_key_mailing_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_lease_until",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.create_index("ix_message_mailing_id", ["mailing_id", "state", "next_try_at"], unique=False)
        batch_op.create_index(
            "ix_message_reason",
            ["mailing_id", "state", "reason"],
            unique=False,
            sqlite_where=sa.text("reason IS NOT NULL"),
            postgresql_where=sa.text("reason IS NOT NULL"),
        )

    op.create_table(
        "response",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("invitation_id", core.database.Number, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("started_at", core.database.Moment(), nullable=False),
        sa.Column("completed_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("(state = 'complete') = (completed_at IS NOT NULL)", name=op.f("ck_response_completed")),
        sa.CheckConstraint("state IN ('open', 'complete')", name=op.f("ck_response_state")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_response_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id", "version"],
            ["survey_version.survey_id", "survey_version.number"],
            name=op.f("fk_response_survey_id_version_survey_version"),
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_response_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_response_invitation_id")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index("ix_response_survey_id", ["survey_id", "state", "id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("response_id", core.database.Number, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.CheckConstraint("question <> ''", name=op.f("ck_answer_question")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_answer_response_id_response"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "question", "row", "value", name=op.f("pk_answer")),
    )
    op.create_table(
        "click",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("message_id", core.database.Number, nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("at", core.database.Moment(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_click_link_id_link")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_click_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click")),
        sa.UniqueConstraint("message_id", "link_id", "at", name=op.f("uq_click_message_id_link_id_at")),
    )
    with op.batch_alter_table("click", schema=None) as batch_op:
        batch_op.create_index("ix_click_contact_id", ["contact_id"], unique=False)
        batch_op.create_index("ix_click_link_id", ["link_id", "message_id"], unique=False)
    guards = sqlite_guards() if op.get_bind().dialect.name == "sqlite" else postgresql_guards()
    for guard in guards:
        op.execute(guard)


def downgrade() -> None:
    with op.batch_alter_table("click", schema=None) as batch_op:
        batch_op.drop_index("ix_click_link_id")
        batch_op.drop_index("ix_click_contact_id")

    op.drop_table("click")
    op.drop_table("answer")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index("ix_response_survey_id")

    op.drop_table("response")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_reason",
            sqlite_where=sa.text("reason IS NOT NULL"),
            postgresql_where=sa.text("reason IS NOT NULL"),
        )
        batch_op.drop_index("ix_message_mailing_id")
        batch_op.drop_index(
            "ix_message_lease_until",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )

    op.drop_table("message")
    with op.batch_alter_table("survey_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_survey_version_draft",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.drop_table("survey_version")
    with op.batch_alter_table("survey_campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_campaign_survey_id"))

    op.drop_table("survey_campaign")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_operator_id"))

    op.drop_table("sign_in")
    op.drop_table("policy_rule")
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mailing_first",
            sqlite_where=sa.text("kind = 'first' AND state <> 'cancelled'"),
            postgresql_where=sa.text("kind = 'first' AND state <> 'cancelled'"),
        )
        batch_op.drop_index("ix_mailing_state")
        batch_op.drop_index(batch_op.f("ix_mailing_campaign_id"))

    op.drop_table("mailing")
    op.drop_table("link")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_invitation_declined_at",
            sqlite_where=sa.text("declined_at IS NOT NULL"),
            postgresql_where=sa.text("declined_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_invitation_address_key")

    op.drop_table("invitation")
    op.drop_table("topic")
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_state")

    op.drop_table("survey")
    with op.batch_alter_table("sender", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sender_running",
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )

    op.drop_table("sender")
    op.drop_table("segment")
    op.drop_table("policy")
    with op.batch_alter_table("permit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_permit_open_sender",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.drop_index(
            "ix_permit_open", sqlite_where=sa.text("outcome IS NULL"), postgresql_where=sa.text("outcome IS NULL")
        )
        batch_op.drop_index("ix_permit_message_id")
        batch_op.drop_index("ix_permit_address_key")

    op.drop_table("permit")
    op.drop_table("operator")
    op.drop_table("ledger_head")
    op.drop_table("import_run")
    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.drop_index("ix_failed_sign_in_subject_at")

    op.drop_table("failed_sign_in")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_family_key")
        batch_op.drop_index("ix_event_at")
        batch_op.drop_index("ix_event_address_key")

    op.drop_table("event")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_family_name")
        batch_op.drop_index("ix_contact_family_key")
        batch_op.drop_index("ix_contact_address")

    op.drop_table("contact")
    op.drop_table("consent")
    op.drop_table("canary")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_state"))

    op.drop_table("campaign")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index("ix_block_family_key")

    op.drop_table("block")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION heedful_refuse()")
