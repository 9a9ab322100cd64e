"""The permission core at full depth: limits, pauses, partners, sign-ups, cases, and what a verdict was read from."""

import sqlalchemy as sa
from alembic import op

import core.database
from core.errors import SchemaMismatch
from migrations.block_guards import (
    postgresql_block_guards,
    sqlite_block_guards,
)
from migrations.topic_guards import LATTICE, postgresql_topic_guards, sqlite_topic_guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OLD_KINDS = "'consent', 'notice', 'opt_out', 'complaint', 'bounce', 'child', 'erasure', 'hold', 'release'"
NEW_KINDS = OLD_KINDS + ", 'pause', 'rhythm', 'shared', 'disclosed'"
OLD_MAILINGS = "'first', 'reminder', 'test'"
NEW_MAILINGS = OLD_MAILINGS + ", 'confirmation'"
LONG_AGO = "1970-01-01 00:00:00.000000"
TABLES = (
    "attempt",
    "case_file",
    "closure",
    "frequency",
    "legal_hold",
    "partner",
    "pause",
    "receipt",
    "rhythm",
    "signup",
    "signup_form",
    "api_token",
    "partner_handout",
    "proposal",
)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _recheck(table: str, name: str, old: str, new: str) -> None:
    """Change which words a CHECK takes.

    SQLite has no ALTER for it: the text in its schema is changed, which its manual names as right for a CHECK
    (lang_altertable, section 7), and which costs nothing however long the table is.
    """
    if not _is_sqlite():
        op.drop_constraint(f"ck_{table}_{name}", table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{name} IN ({new})")
        return
    bind = op.get_bind()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (f"{name} IN ({old})", f"{name} IN ({new})", table, f"{name} IN ({old})"),
    )
    assert changed.rowcount == 1, f"the check on {table}.{name} is not the one that is known"
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar()
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")


def _add_filled(table: str, column: str, kind: sa.types.TypeEngine, filling: str) -> None:
    """Add a column that is never empty; the default fills old rows and, on PostgreSQL, goes again."""
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=filling))
    if not _is_sqlite():
        op.alter_column(table, column, server_default=None)


def upgrade() -> None:
    _new_tables()
    _recheck("event", "kind", OLD_KINDS, NEW_KINDS)
    _recheck("mailing", "kind", OLD_MAILINGS, NEW_MAILINGS)
    _add_filled("consent", "given_at", core.database.Moment(), LONG_AGO)
    op.execute(
        "UPDATE consent SET given_at = (SELECT event.at FROM event WHERE event.sequence = consent.event_sequence)"
    )
    op.add_column("consent", sa.Column("lapses_at", core.database.Moment(), nullable=True))
    op.add_column("message", sa.Column("judged_at", core.database.Moment(), nullable=True))
    op.add_column("message", sa.Column("judged_sequence", sa.BigInteger(), nullable=True))
    _add_filled("permit", "judged_sequence", sa.BigInteger(), "0")
    op.add_column(
        "policy_rule",
        sa.Column(
            "expires_days",
            sa.Integer(),
            sa.CheckConstraint("expires_days > 0", name=op.f("ck_policy_rule_expires_days")),
            nullable=True,
        ),
    )
    _move_caps()
    _guard_topics()
    _count_generations()
    for guard in sqlite_block_guards() if _is_sqlite() else postgresql_block_guards():
        op.execute(guard)


def _move_caps() -> None:
    """Topics' caps become frequencies, and what was archived becomes a closure."""
    op.execute(
        "INSERT INTO frequency (scope, cap_count, cap_days, since, operator) "
        "SELECT name, cap_count, cap_days, created_at, '' FROM topic WHERE cap_count IS NOT NULL"
    )
    op.execute(
        "INSERT INTO frequency (scope, cap_count, cap_days, since, operator) "
        "SELECT 'partners', 1, 30, created_at, '' FROM topic WHERE name = 'research'"
    )
    op.execute(
        "INSERT INTO closure (scope, closed_at, operator, why) "
        "SELECT name, archived_at, '', '' FROM topic WHERE archived_at IS NOT NULL"
    )
    if not _is_sqlite():
        for name in ("cap", "cap_positive"):
            op.drop_constraint(f"ck_topic_{name}", "topic")
        for column in ("cap_count", "cap_days", "archived_at"):
            op.drop_column("topic", column)
        return
    op.execute("ALTER TABLE topic RENAME TO topic_old")
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("name", name=op.f("uq_topic_name")),
        sa.CheckConstraint(LATTICE, name=op.f("ck_topic_lattice")),
    )
    op.execute(
        "INSERT INTO topic (id, name, parent, title, description, created_at) "
        "SELECT id, name, parent, title, description, created_at FROM topic_old"
    )
    op.execute("DROP TABLE topic_old")


def _guard_topics() -> None:
    """The lattice of topics is the rules' own, and a name stays."""
    if not _is_sqlite():
        op.create_check_constraint(op.f("ck_topic_lattice"), "topic", LATTICE)
    for guard in sqlite_topic_guards() if _is_sqlite() else postgresql_topic_guards():
        op.execute(guard)


def _count_generations() -> None:
    """The canary of the one pepper becomes that of the first generation."""
    op.execute("ALTER TABLE canary RENAME TO canary_old")
    op.create_table(
        "canary",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_canary_generation")),
        sa.UniqueConstraint("value", name=op.f("uq_canary_value")),
    )
    op.execute("INSERT INTO canary (generation, value) SELECT 1, value FROM canary_old")
    op.execute("DROP TABLE canary_old")


def _new_tables() -> None:
    op.create_table(
        "attempt",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hour", core.database.Moment(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "hour", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_hour", "attempt", ["hour"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("opened_at", core.database.Moment(), nullable=False),
        sa.Column("due_at", core.database.Moment(), nullable=False),
        sa.Column("closed_at", core.database.Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "kind IN ('opt_out', 'access', 'erasure', 'correction', 'objection', 'child', 'question')",
            name=op.f("ck_case_file_kind"),
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_case_file_closed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_file_address_key", "case_file", ["address_key"], unique=False)
    op.create_index("ix_case_file_closed_at", "case_file", ["closed_at", "due_at"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("closed_at", core.database.Moment(), nullable=False),
        sa.Column("reopened_at", core.database.Moment(), nullable=True),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_scope", "closure", ["scope", "closed_at"], unique=False)
    op.create_index(
        "ux_closure_open",
        "closure",
        ["scope"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.create_table(
        "frequency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("cap_count", sa.Integer(), nullable=True),
        sa.Column("cap_days", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("since", core.database.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(cap_count IS NULL) = (cap_days IS NULL)", name=op.f("ck_frequency_cap")),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_frequency_quiet")),
        sa.CheckConstraint(
            "cap_count IS NULL OR (cap_count > 0 AND cap_days > 0)", name=op.f("ck_frequency_cap_positive")
        ),
        sa.CheckConstraint(
            "quiet_from IS NULL OR (quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439)",
            name=op.f("ck_frequency_quiet_minutes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frequency")),
    )
    op.create_index("ix_frequency_scope", "frequency", ["scope", "since"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("placed_at", core.database.Moment(), nullable=False),
        sa.Column("placed_by", sa.String(length=200), nullable=False),
        sa.Column("lifted_at", core.database.Moment(), nullable=True),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_legal_hold_lifted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index("ix_legal_hold_address_key", "legal_hold", ["address_key"], unique=False)
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("contract_reference", sa.String(length=200), nullable=False),
        sa.Column("privacy_email", sa.String(length=320), nullable=False),
        sa.Column("suppression_email", sa.String(length=320), nullable=False),
        sa.Column("fields", core.database.Json, nullable=False),
        sa.Column("acknowledge_days", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_table(
        "pause",
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("until", core.database.Moment(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", "scope", name=op.f("pk_pause")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("at", core.database.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("counts", core.database.Json, nullable=False),
        sa.CheckConstraint(
            "act IN ('export', 'erasure', 'correction', 'child_deletion', 'disclosure')", name=op.f("ck_receipt_act")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index("ix_receipt_address_key", "receipt", ["address_key"], unique=False)
    op.create_table(
        "rhythm",
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("days IN (7, 30)", name=op.f("ck_rhythm_days")),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_rhythm")),
    )
    op.create_table(
        "signup",
        sa.Column("id", core.database.Number, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=False),
        sa.Column("topics", core.database.Json, nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("requested_at", core.database.Moment(), nullable=False),
        sa.Column("expires_at", core.database.Moment(), nullable=False),
        sa.Column("mailed_at", core.database.Moment(), nullable=True),
        sa.Column("confirmed_at", core.database.Moment(), nullable=True),
        sa.CheckConstraint("expires_at > requested_at", name=op.f("ck_signup_expires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signup_address_key", "signup", ["address_key"], unique=False)
    op.create_index("ix_signup_expires_at", "signup", ["expires_at"], unique=False)
    op.create_table(
        "signup_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("topics", core.database.Json, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", core.database.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_form")),
        sa.UniqueConstraint("name", name=op.f("uq_signup_form_name")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", core.database.Moment(), nullable=False),
        sa.Column("last_used_at", core.database.Moment(), nullable=True),
        sa.Column("revoked_at", core.database.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["operator.id"], name=op.f("fk_api_token_made_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_table(
        "partner_handout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("made_at", core.database.Moment(), nullable=False),
        sa.Column("operator", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("details", core.database.Json, nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", core.database.Moment(), nullable=True),
        sa.Column("acknowledged_at", core.database.Moment(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind <> 'opt_outs' OR due_at IS NOT NULL", name=op.f("ck_partner_handout_due")),
        sa.CheckConstraint("kind IN ('contacts', 'opt_outs')", name=op.f("ck_partner_handout_kind")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_handout_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_handout")),
    )
    op.create_index("ix_partner_handout_partner_id", "partner_handout", ["partner_id", "made_at"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("details", core.database.Json, nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", core.database.Moment(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", core.database.Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "act IN ('child_correction', 'disclosure', 'lift_legal_hold')", name=op.f("ck_proposal_act")
        ),
        sa.CheckConstraint("outcome IN ('approved', 'refused')", name=op.f("ck_proposal_outcome")),
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_proposal_decided")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_proposal_two_people")),
        sa.ForeignKeyConstraint(["decided_by"], ["operator.id"], name=op.f("fk_proposal_decided_by_operator")),
        sa.ForeignKeyConstraint(["proposed_by"], ["operator.id"], name=op.f("fk_proposal_proposed_by_operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_address_key", "proposal", ["address_key"], unique=False)


def downgrade() -> None:
    raise SchemaMismatch("An older program does not know what newer events mean.", remedy="Restore the backup.")
