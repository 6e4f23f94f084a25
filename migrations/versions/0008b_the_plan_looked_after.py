"""engagement, partner, cost, priorities, approval, history and baseline of an activity

Revision: 0008b
After: 0012b
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from csp_consult.db import refusing_changes

revision = "0008b"
down_revision = "0012b"
branch_labels = None
depends_on = None

ONLY_ADDED_TO = ("activity_event", "baseline")


def upgrade() -> None:
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("audience_age", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("engagement_type", sa.String(length=20), server_default="broadcast", nullable=False)
        )
        batch_op.add_column(sa.Column("partner", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("cost", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("approved_by", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_activity_priority_slug_priority"), type_="foreignkey")
        batch_op.drop_column("priority_slug")
        batch_op.create_check_constraint(
            op.f("ck_activity_engagement_type"), "engagement_type IN ('broadcast', 'conversation', 'visible action')"
        )
        batch_op.create_check_constraint(op.f("ck_activity_cost"), "cost IS NULL OR cost >= 0")

    op.create_table(
        "activity_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column(
            "changes", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_event_activity_id_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_event")),
    )
    with op.batch_alter_table("activity_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_event_activity_id"), ["activity_id"], unique=False)
    op.create_table(
        "activity_priority",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("priority_slug", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_priority_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["priority_slug"], ["priority.slug"], name=op.f("fk_activity_priority_priority_slug_priority")
        ),
        sa.PrimaryKeyConstraint("activity_id", "priority_slug", name=op.f("pk_activity_priority")),
    )
    op.create_table(
        "baseline",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_baseline_activity_id_activity")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_baseline_wave_id_wave")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_baseline")),
    )
    for table in ONLY_ADDED_TO:
        for statement in refusing_changes(table)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("baseline")
    op.drop_table("activity_priority")
    with op.batch_alter_table("activity_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_event_activity_id"))
    op.drop_table("activity_event")
    if op.get_bind().dialect.name == "postgresql":
        for table in ONLY_ADDED_TO:
            op.execute(f"DROP FUNCTION {table}_refuse()")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_activity_cost"), type_="check")
        batch_op.drop_constraint(op.f("ck_activity_engagement_type"), type_="check")
        batch_op.add_column(sa.Column("priority_slug", sa.String(length=60), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_activity_priority_slug_priority"), "priority", ["priority_slug"], ["slug"]
        )
        for column in ("approved_on", "approved_by", "cost", "partner", "engagement_type", "audience_age"):
            batch_op.drop_column(column)
