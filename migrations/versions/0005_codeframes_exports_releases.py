"""codeframes, coded words, log of exports, releases, registered sources

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_text_code_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_code")),
        sa.UniqueConstraint("survey_id", "question", "name", name=op.f("uq_text_code_survey_id_question_name")),
    )
    op.create_table(
        "export_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("exported_by", sa.String(length=255), nullable=False),
        sa.Column("exported_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_export_log_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_log")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("tables", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_release_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "registered_source",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("recruitment", sa.String(length=10), nullable=True),
        sa.Column("period", sa.String(length=120), nullable=False),
        sa.Column("citation", sa.String(length=400), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column(
            "concern", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.CheckConstraint("audience IN ('residents', 'institutions')", name=op.f("ck_registered_source_audience")),
        sa.CheckConstraint("recruitment IN ('invited', 'open')", name=op.f("ck_registered_source_recruitment")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_registered_source")),
    )
    op.create_table(
        "coded_text",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("codes", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("shareable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("coded_by", sa.String(length=255), nullable=False),
        sa.Column("coded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_coded_text_response_id_response"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "question", name=op.f("pk_coded_text")),
    )


def downgrade() -> None:
    op.drop_table("coded_text")
    op.drop_table("registered_source")
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_wave_id"))

    op.drop_table("release")
    op.drop_table("export_log")
    op.drop_table("text_code")
