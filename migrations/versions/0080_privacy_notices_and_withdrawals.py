"""which privacy notice a response was given under, and what was withdrawn

Revision: 0080
After: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("response") as table:
        table.add_column(sa.Column("notice", sa.String(length=10), nullable=True))
    op.create_table(
        "withdrawal",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_withdrawal")),
    )


def downgrade() -> None:
    op.drop_table("withdrawal")
    with op.batch_alter_table("response") as table:
        table.drop_column("notice")
