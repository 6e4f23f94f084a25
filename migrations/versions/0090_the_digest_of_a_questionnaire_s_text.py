"""Know a questionnaire's text by its digest

So that a page of a survey need not fetch the text to find the questionnaire that its process has read already.

Revision ID: 0090
Revises: 0009
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0009"
branch_labels = None
depends_on = None

_VERSIONS = sa.table(
    "questionnaire_version",
    sa.column("id", sa.Integer),
    sa.column("source", sa.Text),
    sa.column("source_sha256", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("questionnaire_version") as batch:
        batch.add_column(sa.Column("source_sha256", sa.String(length=64), nullable=False, server_default=""))
    connection = op.get_bind()
    for version, source in connection.execute(sa.select(_VERSIONS.c.id, _VERSIONS.c.source)).all():
        digest = hashlib.sha256(source.encode()).hexdigest()
        connection.execute(sa.update(_VERSIONS).where(_VERSIONS.c.id == version).values(source_sha256=digest))
    with op.batch_alter_table("questionnaire_version") as batch:
        batch.alter_column("source_sha256", existing_type=sa.String(length=64), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("questionnaire_version") as batch:
        batch.drop_column("source_sha256")
