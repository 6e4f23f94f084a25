"""own sheets with quarters and zeros, comparators, history of topic mappings

Revision: 0007
After: 0012c
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0012c"
branch_labels = None
depends_on = None

# The name in full: batch mode would otherwise put the naming convention before it once more.
COUNTED = "ck_recorded_count_n"


def upgrade() -> None:
    op.create_table(
        "comparator_area",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_comparator_area")),
    )
    op.create_table(
        "comparator_rate",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("topic_slug", sa.String(length=60), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("per_1000", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("period_to > period_from", name=op.f("ck_comparator_rate_period")),
        sa.ForeignKeyConstraint(
            ["area_code"], ["comparator_area.code"], name=op.f("fk_comparator_rate_area_code_comparator_area")
        ),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_comparator_rate_topic_slug_topic")),
        sa.PrimaryKeyConstraint("area_code", "topic_slug", "period_from", "period_to", name=op.f("pk_comparator_rate")),
    )
    op.create_table(
        "remembered_mapping",
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("layout", name=op.f("pk_remembered_mapping")),
    )
    op.create_table(
        "waiting_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_on", sa.Date(), nullable=False),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_sheet")),
    )
    with op.batch_alter_table("topic_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("added_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("added_by", sa.String(length=120), server_default="topics file", nullable=False))
        batch_op.add_column(sa.Column("withdrawn_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.String(length=120), nullable=True))
    with op.batch_alter_table("recorded_count", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(COUNTED), type_="check")
        batch_op.create_check_constraint(op.f(COUNTED), "n >= 0")


def downgrade() -> None:
    op.execute("DELETE FROM recorded_count WHERE n = 0")
    with op.batch_alter_table("recorded_count", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(COUNTED), type_="check")
        batch_op.create_check_constraint(op.f(COUNTED), "n > 0")
    with op.batch_alter_table("topic_record", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_by")
        batch_op.drop_column("withdrawn_on")
        batch_op.drop_column("added_by")
        batch_op.drop_column("added_on")
    op.drop_table("waiting_sheet")
    op.drop_table("remembered_mapping")
    op.drop_table("comparator_rate")
    op.drop_table("comparator_area")
