"""categories that cover a topic in part

Revision: 0008
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("topic_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partly", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("topic_record", schema=None) as batch_op:
        batch_op.drop_column("partly")
