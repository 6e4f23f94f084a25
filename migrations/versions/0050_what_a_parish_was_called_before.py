"""what a parish was called before

Revision: 0050
After: 0060
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_name",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_former_name_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "until", name=op.f("pk_former_name")),
    )


def downgrade() -> None:
    op.drop_table("former_name")
