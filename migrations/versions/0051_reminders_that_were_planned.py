"""reminders that were planned are sent by nobody

Revision: 0051
After: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("parish_reminder") as batch:
        batch.alter_column("sent_by", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM parish_reminder WHERE sent_by IS NULL")
    with op.batch_alter_table("parish_reminder") as batch:
        batch.alter_column("sent_by", existing_type=sa.Integer(), nullable=False)
