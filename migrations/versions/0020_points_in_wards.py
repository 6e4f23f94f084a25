"""Count incidents by the ward that their map point lies in

Beside the count by LSOA: best fit and point in polygon put many incidents in different wards.

Revision ID: 0020
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recorded_point",
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_recorded_point_n")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["recorded_import.id"], name=op.f("fk_recorded_point_import_id_recorded_import")
        ),
        sa.PrimaryKeyConstraint(
            "source", "period", "area_code", "recorded_by", "category", name=op.f("pk_recorded_point")
        ),
    )
    with op.batch_alter_table("recorded_point", schema=None) as batch:
        batch.create_index(batch.f("ix_recorded_point_import_id"), ["import_id"])


def downgrade() -> None:
    op.drop_table("recorded_point")
