"""boundaries, figures of context, and the kinds of area that come with them

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind IN ('district', 'ward', 'parish', 'beat', 'lsoa11', 'lsoa21')"
KINDS_AFTER = "kind IN ('district', 'ward', 'parish', 'beat', 'lsoa11', 'lsoa21', 'msoa21', 'oa11', 'csp', 'pfa')"


def upgrade() -> None:
    _change_kinds(KINDS_BEFORE, KINDS_AFTER)
    op.create_table(
        "area_statistic",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_area_statistic_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "measure", "category", "as_at", name=op.f("pk_area_statistic")),
    )
    op.create_table(
        "boundary",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("vintage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "geometry", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_boundary_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "vintage", name=op.f("pk_boundary")),
    )


def downgrade() -> None:
    op.drop_table("boundary")
    op.drop_table("area_statistic")
    area = sa.table("area", sa.column("code"), sa.column("kind"))
    link = sa.table("area_link", sa.column("inner_code"), sa.column("outer_code"))
    added = sa.select(area.c.code).where(area.c.kind.in_(("msoa21", "oa11", "csp", "pfa")))
    op.execute(sa.delete(link).where(link.c.inner_code.in_(added) | link.c.outer_code.in_(added)))
    op.execute(sa.delete(area).where(area.c.kind.in_(("msoa21", "oa11", "csp", "pfa"))))
    _change_kinds(KINDS_AFTER, KINDS_BEFORE)


def _change_kinds(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_area_kind"), "area", type_="check")
        op.create_check_constraint(op.f("ck_area_kind"), "area", after)
        return
    # Rebuilding the table, as a batch does, would drop one that rows of other tables refer to. SQLite
    # describes this way for a changed check (lang_altertable.html, section 7): edit the definition it keeps.
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'area'"),
        {"before": before, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1:d}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")
