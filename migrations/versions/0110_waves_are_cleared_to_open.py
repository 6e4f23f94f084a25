"""A wave opens only once it is cleared to: its checks are signed off, or a command opened it without them

What has begun already is cleared since its first day; what is planned, since its checks were signed off.

Revision ID: 0110
Revises: 0130
"""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0130"
branch_labels = None
depends_on = None

_WAVES = sa.table(
    "wave",
    sa.column("id", sa.Integer),
    sa.column("survey_id", sa.Integer),
    sa.column("slug", sa.String),
    sa.column("opens_on", sa.Date),
    sa.column("cleared_on", sa.Date),
)
_SURVEYS = sa.table("survey", sa.column("id", sa.Integer), sa.column("slug", sa.String))
_SIGNED = sa.table(
    "publication", sa.column("kind", sa.String), sa.column("about", sa.String), sa.column("published_on", sa.Date)
)


def upgrade() -> None:
    with op.batch_alter_table("wave") as batch:
        batch.add_column(sa.Column("cleared_on", sa.Date(), nullable=True))
    begun = _WAVES.c.opens_on <= datetime.date.today()
    op.execute(sa.update(_WAVES).where(begun).values(cleared_on=_WAVES.c.opens_on))
    connection = op.get_bind()
    planned = sa.select(_WAVES.c.id, _SURVEYS.c.slug, _WAVES.c.slug.label("wave")).join(
        _SURVEYS, _SURVEYS.c.id == _WAVES.c.survey_id
    )
    for id_, survey, wave in connection.execute(planned.where(_WAVES.c.cleared_on.is_(None))).all():
        checks = sa.select(sa.func.min(_SIGNED.c.published_on)).where(
            _SIGNED.c.kind == "before-opening", _SIGNED.c.about == f"{survey}/{wave}"
        )
        signed = connection.execute(checks).scalar()
        connection.execute(sa.update(_WAVES).where(_WAVES.c.id == id_).values(cleared_on=signed))


def downgrade() -> None:
    with op.batch_alter_table("wave") as batch:
        batch.drop_column("cleared_on")
