"""forms on paper and by telephone, keyed by officers

Revision: 0030
After: 0061
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0061"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "form_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("again_every", sa.Integer(), nullable=False),
        sa.Column("again_from", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=255), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.CheckConstraint("mode IN ('paper', 'telephone')", name=op.f("ck_form_batch_mode")),
        sa.CheckConstraint("again_every >= 0 AND again_from >= 0", name=op.f("ck_form_batch_again")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_form_batch_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_batch")),
        sa.UniqueConstraint("wave_id", "name", name=op.f("uq_form_batch_wave_id_name")),
    )
    op.create_index(op.f("ix_form_batch_wave_id"), "form_batch", ["wave_id"])
    op.create_table(
        "keyed_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("keyed_by", sa.String(length=255), nullable=False),
        sa.Column("keyed_on", sa.Date(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("again_by", sa.String(length=255), nullable=True),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("compared", sa.Integer(), nullable=True),
        sa.Column("settled", DOCUMENT, nullable=True),
        sa.Column("settled_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("state IN ('once', 'differs', 'done')", name=op.f("ck_keyed_form_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["form_batch.id"], name=op.f("fk_keyed_form_batch_id_form_batch")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_keyed_form_response_id_response"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_form")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_keyed_form_batch_id_number")),
    )
    op.create_index(op.f("ix_keyed_form_response_id"), "keyed_form", ["response_id"])
    op.create_table(
        "form_entry",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answers", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["keyed_form.id"], name=op.f("fk_form_entry_form_id_keyed_form"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("form_id", "turn", name=op.f("pk_form_entry")),
    )


def downgrade() -> None:
    op.drop_table("form_entry")
    op.drop_index(op.f("ix_keyed_form_response_id"), table_name="keyed_form")
    op.drop_table("keyed_form")
    op.drop_index(op.f("ix_form_batch_wave_id"), table_name="form_batch")
    op.drop_table("form_batch")
