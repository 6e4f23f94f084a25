"""Questionnaires in the making, changed in the browser until they are kept as a version

Revision ID: 0010
Revises: 0011b
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0011b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("changed_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on"],
            ["questionnaire_version.id"],
            name=op.f("fk_questionnaire_draft_based_on_questionnaire_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("questionnaire_draft")
