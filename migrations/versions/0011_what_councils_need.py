"""officer drafts, attachments, extensions, comments and bodies of parishes

Revision: 0011
After: 0008b
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parish_body",
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("answers_with", sa.String(length=12), nullable=True),
        sa.CheckConstraint("(kind = 'grouped') = (answers_with IS NOT NULL)", name=op.f("ck_parish_body_grouped")),
        sa.CheckConstraint("kind IN ('council', 'meeting', 'grouped', 'none')", name=op.f("ck_parish_body_kind")),
        sa.CheckConstraint("answers_with <> parish_code", name=op.f("ck_parish_body_with_another")),
        sa.ForeignKeyConstraint(["answers_with"], ["area.code"], name=op.f("fk_parish_body_answers_with_area")),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_parish_body_parish_code_area")),
        sa.PrimaryKeyConstraint("parish_code", name=op.f("pk_parish_body")),
    )
    op.create_table(
        "comment_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_comment_link_made_by_user")),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_comment_link_parish_code_area")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_comment_link_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_comment_link_digest")),
    )
    op.create_table(
        "parish_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_until", sa.Date(), nullable=True),
        sa.Column("asked_reason", sa.String(length=500), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(decided_on IS NULL) = (decision_reason IS NULL)", name=op.f("ck_parish_extension_decision")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_parish_extension_asked_by_user")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_parish_extension_decided_by_user")),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_parish_extension_parish_code_area")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_parish_extension_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parish_extension")),
    )
    with op.batch_alter_table("parish_extension", schema=None) as batch_op:
        batch_op.create_index(
            "ix_parish_extension_open",
            ["wave_id", "parish_code"],
            unique=True,
            sqlite_where=sa.text("decided_on IS NULL"),
            postgresql_where=sa.text("decided_on IS NULL"),
        )
        batch_op.create_index("ix_parish_extension_wave", ["wave_id", "parish_code"], unique=False)

    op.create_table(
        "councillor_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["comment_link.id"], name=op.f("fk_councillor_comment_link_id_comment_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_councillor_comment")),
    )
    with op.batch_alter_table("councillor_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_councillor_comment_link_id"), ["link_id"], unique=False)

    op.create_table(
        "parish_attachment",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_parish_attachment_added_by_user")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["parish_response.id"], name=op.f("fk_parish_attachment_response_id_parish_response")
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_parish_attachment")),
    )
    with op.batch_alter_table("parish_response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mode", sa.String(length=10), server_default="online", nullable=False))
        batch_op.add_column(sa.Column("minuted_on", sa.Date(), nullable=True))
        batch_op.alter_column("mandate", existing_type=sa.VARCHAR(length=20), nullable=True)
        batch_op.alter_column("meeting_on", existing_type=sa.DATE(), nullable=True)
        batch_op.alter_column("minute_reference", existing_type=sa.VARCHAR(length=120), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_parish_response_submission"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_parish_response_wave_id_parish_code_submission"), ["wave_id", "parish_code", "submission"]
        )
        batch_op.drop_constraint(batch_op.f("ck_parish_response_mandate"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_parish_response_mandate"),
            "mandate IN ('full council', 'committee', 'delegation', 'parish meeting')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_parish_response_minuted"),
            "(mandate IS NULL) = (meeting_on IS NULL) AND (mandate IS NULL) = (minute_reference IS NULL)",
        )
        batch_op.create_check_constraint(batch_op.f("ck_parish_response_mode"), "mode IN ('online', 'paper')")


def downgrade() -> None:
    with op.batch_alter_table("parish_response", schema=None) as batch_op:
        for name in ("mandate", "minuted", "mode"):
            batch_op.drop_constraint(batch_op.f(f"ck_parish_response_{name}"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_parish_response_mandate"), "mandate IN ('full council', 'committee', 'delegation')"
        )
        batch_op.drop_constraint(batch_op.f("uq_parish_response_wave_id_parish_code_submission"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_parish_response_submission"), ["submission"])
        batch_op.alter_column("minute_reference", existing_type=sa.VARCHAR(length=120), nullable=False)
        batch_op.alter_column("meeting_on", existing_type=sa.DATE(), nullable=False)
        batch_op.alter_column("mandate", existing_type=sa.VARCHAR(length=20), nullable=False)
        batch_op.drop_column("minuted_on")
        batch_op.drop_column("mode")

    op.drop_table("parish_attachment")
    with op.batch_alter_table("councillor_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_councillor_comment_link_id"))

    op.drop_table("councillor_comment")
    with op.batch_alter_table("parish_extension", schema=None) as batch_op:
        batch_op.drop_index("ix_parish_extension_wave")
        batch_op.drop_index(
            "ix_parish_extension_open",
            sqlite_where=sa.text("decided_on IS NULL"),
            postgresql_where=sa.text("decided_on IS NULL"),
        )

    op.drop_table("parish_extension")
    op.drop_table("comment_link")
    op.drop_table("parish_body")
