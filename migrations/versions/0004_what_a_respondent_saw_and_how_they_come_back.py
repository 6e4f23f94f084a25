"""what order a respondent saw, which responses want a look, codes to come back by, calls counted for a day

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "call_count",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_call_count")),
    )
    op.create_table(
        "day_key",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_key")),
    )
    op.create_table(
        "return_code",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_return_code_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_code")),
    )
    op.create_index(op.f("ix_return_code_wave_id"), "return_code", ["wave_id"])
    with op.batch_alter_table("response") as response:
        response.add_column(sa.Column("orders", DOCUMENT, nullable=True))
        response.add_column(sa.Column("likeness", sa.String(length=64), nullable=True))
        response.add_column(sa.Column("trapped", sa.Boolean(), server_default=sa.false(), nullable=False))
        response.create_index("ix_response_likeness", ["wave_id", "likeness"])


def downgrade() -> None:
    with op.batch_alter_table("response") as response:
        response.drop_index("ix_response_likeness")
        response.drop_column("trapped")
        response.drop_column("likeness")
        response.drop_column("orders")
    for name in ("return_code", "day_key", "call_count"):
        op.drop_table(name)
