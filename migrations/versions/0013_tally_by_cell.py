"""One row of counts a weighting cell; which database this is; when a wave's responses were erased

Rows by pair of options grew with the square of a grid: 400,000 rows for twelve topics. The counts are made again from
the responses, which the first look after the upgrade does by itself (``csp-consult db rebuild-tally`` does it at once).

Revision ID: 0013
Revises: 0012
"""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Replace the three tables of counts by one."""
    for table in ("tally_pair", "tally", "tally_cell"):
        op.drop_table(table)
    op.create_table(
        "tally",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=60), nullable=False),
        *_sums(),
        sa.Column("options", DOCUMENT, nullable=False),
        sa.Column("products", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "cell", name=op.f("pk_tally")),
    )
    _count_again()
    edition = op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.bulk_insert(edition, [{"id": 1, "token": secrets.token_hex(16)}])
    with op.batch_alter_table("wave") as wave:
        wave.add_column(sa.Column("erased_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Put the three tables back."""
    with op.batch_alter_table("wave") as wave:
        wave.drop_column("erased_on")
    op.drop_table("edition")
    op.drop_table("tally")
    _table("tally_cell", [("cell", 60)])
    _table("tally", [("cell", 60), ("question", 80), ("option", 60)])
    pair = [("cell", 60), ("question_a", 80), ("option_a", 60), ("question_b", 80), ("option_b", 60)]
    _table("tally_pair", pair)
    _count_again()


def _sums() -> list[sa.Column]:
    kinds = {"n": sa.Integer(), "d": sa.Double(), "d2": sa.Double()}
    return [sa.Column(name, kind, nullable=False) for name, kind in kinds.items()]


def _table(name: str, keys: list[tuple[str, int]]) -> None:
    op.create_table(
        name,
        sa.Column("wave_id", sa.Integer(), nullable=False),
        *(sa.Column(key, sa.String(length=length), nullable=False) for key, length in keys),
        *_sums(),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f(f"fk_{name}_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", *(key for key, _ in keys), name=op.f(f"pk_{name}")),
    )


def _count_again() -> None:
    op.execute("UPDATE response SET folded = false")
    op.execute("UPDATE wave SET tally_version = tally_version + 1")
