"""which privacy notice the forms of a batch carry

Revision: 0130
After: 0080
"""

import sqlalchemy as sa
from alembic import op

revision = "0130"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("form_batch", sa.Column("notice", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("form_batch") as table:
        table.drop_column("notice")
