"""Surveys in full."""

import sqlalchemy as sa
from alembic import op

import core.database
from migrations.anonymity_guards import guard_anonymity, unguard_anonymity

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_pack",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_answer_pack_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", "block", "question", name=op.f("pk_answer_pack")),
    )
    op.create_table(
        "quota_count",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("completed", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("completed >= 0", name=op.f("ck_quota_count_completed")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_quota_count_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", "name", name=op.f("pk_quota_count")),
    )
    op.create_table(
        "spent_mark",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_spent_mark_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", "mark", name=op.f("pk_spent_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "text_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_text_code_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_code")),
        sa.UniqueConstraint("survey_id", "question", "name", name=op.f("uq_text_code_survey_id_question_name")),
    )
    op.create_table(
        "weighting",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("plan", core.database.Json, nullable=False),
        sa.Column("updated_at", core.database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_weighting_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_weighting")),
    )
    op.create_table(
        "anonymous_response",
        sa.Column("id", core.database.Number, autoincrement=False, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="complete", nullable=False),
        sa.Column("completed_at", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=35), server_default="", nullable=False),
        sa.Column("ending", sa.String(length=40), server_default="", nullable=False),
        sa.Column("quota", sa.String(length=40), server_default="", nullable=False),
        sa.Column("shown", core.database.Json, nullable=True),
        sa.Column("signs", sa.String(length=80), server_default="", nullable=False),
        sa.CheckConstraint("state = 'complete'", name=op.f("ck_anonymous_response_state")),
        sa.ForeignKeyConstraint(
            ["survey_id", "version"],
            ["survey_version.survey_id", "survey_version.number"],
            name=op.f("fk_anonymous_response_survey_id_version_survey_version"),
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_anonymous_response_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_response")),
    )
    with op.batch_alter_table("anonymous_response", schema=None) as batch_op:
        batch_op.create_index("ix_anonymous_response_survey_id", ["survey_id", "id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("pseudonym_id", core.database.Number, autoincrement=False, nullable=False),
        sa.Column("invitation_id", core.database.Number, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_identity_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["pseudonym_id"], ["invitation.id"], name=op.f("fk_identity_pseudonym_id_invitation")),
        sa.PrimaryKeyConstraint("pseudonym_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_identity_invitation_id")),
    )
    op.create_table(
        "text_coding",
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("response_id", core.database.Number, autoincrement=False, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["text_code.id"], name=op.f("fk_text_coding_code_id_text_code"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_text_coding_survey_id_survey")),
        sa.PrimaryKeyConstraint("code_id", "response_id", name=op.f("pk_text_coding")),
    )
    with op.batch_alter_table("text_coding", schema=None) as batch_op:
        batch_op.create_index("ix_text_coding_response", ["survey_id", "response_id"], unique=False)

    op.create_table(
        "anonymous_answer",
        sa.Column("response_id", core.database.Number, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.CheckConstraint("question <> ''", name=op.f("ck_anonymous_answer_question")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["anonymous_response.id"],
            name=op.f("fk_anonymous_answer_response_id_anonymous_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question", "row", "value", name=op.f("pk_anonymous_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "upload",
        sa.Column("response_id", core.database.Number, autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", core.database.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id", "question", "row", "digest"],
            ["answer.response_id", "answer.question", "answer.row", "answer.value"],
            name=op.f("fk_upload_response_id_question_row_digest_answer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered", sa.Boolean(), server_default="0", nullable=False))

    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("language", sa.String(length=35), server_default="", nullable=False))
        batch_op.add_column(sa.Column("ending", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("quota", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("shown", core.database.Json, nullable=True))
        batch_op.add_column(sa.Column("pace", core.database.Json, nullable=True))
        batch_op.add_column(sa.Column("signs", sa.String(length=80), server_default="", nullable=False))

    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=12), nullable=True))

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("anonymity", sa.String(length=20), server_default="identified", nullable=False))
        batch_op.add_column(sa.Column("access", sa.String(length=20), server_default="invited", nullable=False))
        batch_op.add_column(sa.Column("unlink_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unlinked_at", core.database.Moment(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", core.database.Moment(), nullable=True))

    with op.batch_alter_table("survey_campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("whom", sa.String(length=10), server_default="anybody", nullable=False))

    for guard in guard_anonymity(op.get_bind().dialect.name):
        op.execute(guard)


def downgrade() -> None:
    for guard in unguard_anonymity(op.get_bind().dialect.name):
        op.execute(guard)
    with op.batch_alter_table("survey_campaign", schema=None) as batch_op:
        batch_op.drop_column("whom")

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
        batch_op.drop_column("unlinked_at")
        batch_op.drop_column("unlink_days")
        batch_op.drop_column("access")
        batch_op.drop_column("anonymity")

    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.drop_column("code")

    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_column("signs")
        batch_op.drop_column("pace")
        batch_op.drop_column("shown")
        batch_op.drop_column("quota")
        batch_op.drop_column("ending")
        batch_op.drop_column("language")
        batch_op.drop_column("seed")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("answered")

    op.drop_table("upload")
    op.drop_table("anonymous_answer")
    with op.batch_alter_table("text_coding", schema=None) as batch_op:
        batch_op.drop_index("ix_text_coding_response")

    op.drop_table("text_coding")
    op.drop_table("identity")
    with op.batch_alter_table("anonymous_response", schema=None) as batch_op:
        batch_op.drop_index("ix_anonymous_response_survey_id")

    op.drop_table("anonymous_response")
    op.drop_table("weighting")
    op.drop_table("text_code")
    op.drop_table("spent_mark")
    op.drop_table("quota_count")
    op.drop_table("answer_pack")
