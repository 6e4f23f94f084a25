"""the marks of imported responses that were erased, so that no later import brings them back

Revision: 0006
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_import",
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("submission", name=op.f("pk_erased_import")),
    )


def downgrade() -> None:
    op.drop_table("erased_import")
