"""the three-year plan

Revision: 0061
After: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "three_year_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("copied_on", sa.Date(), nullable=True),
        sa.Column("final_on", sa.Date(), nullable=True),
        sa.CheckConstraint("last_year > first_year", name=op.f("ck_three_year_plan_years")),
        sa.CheckConstraint(
            "final_on IS NULL OR (copied_on IS NOT NULL AND copied_on < final_on)",
            name=op.f("ck_three_year_plan_copied_before_final"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_three_year_plan")),
        sa.UniqueConstraint("first_year", name=op.f("uq_three_year_plan_first_year")),
    )
    with op.batch_alter_table("priority") as batch_op:
        batch_op.add_column(sa.Column("plan_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_priority_plan_id_three_year_plan"), "three_year_plan", ["plan_id"], ["id"]
        )
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("priority_slug", sa.String(length=60), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("grant_pounds", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('objective', 'measure', 'action')", name=op.f("ck_plan_line_kind")),
        sa.CheckConstraint(
            "status IN ('', 'planned', 'under way', 'done', 'stopped')", name=op.f("ck_plan_line_status")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_plan_line_period")
        ),
        sa.CheckConstraint("grant_pounds IS NULL OR grant_pounds >= 0", name=op.f("ck_plan_line_grant")),
        sa.ForeignKeyConstraint(["plan_id"], ["three_year_plan.id"], name=op.f("fk_plan_line_plan_id_three_year_plan")),
        sa.ForeignKeyConstraint(["priority_slug"], ["priority.slug"], name=op.f("fk_plan_line_priority_slug_priority")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
    )
    with op.batch_alter_table("plan_line") as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_line_plan_id"), ["plan_id"], unique=False)
    op.create_table(
        "plan_evidence",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=150), nullable=False),
        sa.CheckConstraint(
            "kind IN ('topic', 'survey', 'printed', 'recorded', 'activity')", name=op.f("ck_plan_evidence_kind")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_plan_evidence_line_id_plan_line")),
        sa.PrimaryKeyConstraint("line_id", "kind", "reference", name=op.f("pk_plan_evidence")),
    )


def downgrade() -> None:
    op.drop_table("plan_evidence")
    op.drop_table("plan_line")
    with op.batch_alter_table("priority") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_priority_plan_id_three_year_plan"), type_="foreignkey")
        batch_op.drop_column("plan_id")
    op.drop_table("three_year_plan")
