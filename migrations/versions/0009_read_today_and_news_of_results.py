"""what is read today, and whom to tell of results

Revision: 0009
After: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news_address",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_news_address_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_address")),
        sa.UniqueConstraint("wave_id", "address", name=op.f("uq_news_address_wave_id_address")),
    )
    op.create_table(
        "care_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("read_by", sa.String(length=255), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_care_flag_response_id_response"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_care_flag_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_flag")),
    )
    with op.batch_alter_table("care_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_flag_response_id"), ["response_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("care_flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_flag_response_id"))

    op.drop_table("care_flag")
    op.drop_table("news_address")
