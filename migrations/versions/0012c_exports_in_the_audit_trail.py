"""exports are written down in the audit trail, chained, and nowhere else

Revision: 0012c
After: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012c"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No release had the table; entries of the chain cannot be made here, since each covers the one before.
    op.drop_table("export_log")


def downgrade() -> None:
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
