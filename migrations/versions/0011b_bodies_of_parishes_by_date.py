"""who speaks for a parish from a day on; reminders of councils

Revision: 0011b
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0011b"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parish_reminder",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_parish_reminder_parish_code_area")),
        sa.ForeignKeyConstraint(["sent_by"], ["user.id"], name=op.f("fk_parish_reminder_sent_by_user")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_parish_reminder_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "parish_code", "sent_on", name=op.f("pk_parish_reminder")),
    )
    with op.batch_alter_table("parish_body", schema=None) as batch_op:
        # A body from before there were days is taken to have spoken all along.
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=False, server_default="2000-01-01"))
        batch_op.drop_constraint("pk_parish_body", type_="primary")
        batch_op.create_primary_key("pk_parish_body", ["parish_code", "since"])
    with op.batch_alter_table("parish_body", schema=None) as batch_op:
        batch_op.alter_column("since", server_default=None)


def downgrade() -> None:
    op.execute(
        "DELETE FROM parish_body WHERE since < "
        "(SELECT max(later.since) FROM parish_body AS later WHERE later.parish_code = parish_body.parish_code)"
    )
    with op.batch_alter_table("parish_body", schema=None) as batch_op:
        batch_op.drop_constraint("pk_parish_body", type_="primary")
        batch_op.drop_column("since")
        batch_op.create_primary_key("pk_parish_body", ["parish_code"])
    op.drop_table("parish_reminder")
