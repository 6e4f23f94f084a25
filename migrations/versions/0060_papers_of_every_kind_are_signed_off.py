"""papers of every kind are signed off

Revision: 0060
After: 0090
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0090"
branch_labels = None
depends_on = None

_OF_WAVE = """
UPDATE publication SET about = (SELECT survey.slug || '/' || wave.slug FROM wave
JOIN survey ON survey.id = wave.survey_id WHERE wave.id = publication.wave_id)
"""
_WAVE_OF = """
UPDATE publication SET wave_id = (SELECT wave.id FROM wave JOIN survey ON survey.id = wave.survey_id
WHERE survey.slug || '/' || wave.slug = publication.about)
"""


def upgrade() -> None:
    with op.batch_alter_table("publication") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default="results"))
        batch_op.add_column(sa.Column("about", sa.String(length=150), nullable=False, server_default=""))
    op.execute(_OF_WAVE)
    with op.batch_alter_table("publication") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_publication_wave_id_version"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_publication_wave_id_wave"), type_="foreignkey")
        batch_op.drop_column("wave_id")
        batch_op.alter_column("kind", server_default=None)
        batch_op.alter_column("about", server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_publication_kind_about_version"), ["kind", "about", "version"])


def downgrade() -> None:
    op.execute("DELETE FROM publication WHERE kind <> 'results'")
    with op.batch_alter_table("publication") as batch_op:
        batch_op.add_column(sa.Column("wave_id", sa.Integer(), nullable=True))
    op.execute(_WAVE_OF)
    with op.batch_alter_table("publication") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_publication_kind_about_version"), type_="unique")
        batch_op.drop_column("about")
        batch_op.drop_column("kind")
        batch_op.alter_column("wave_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_publication_wave_id_wave"), "wave", ["wave_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_publication_wave_id_version"), ["wave_id", "version"])
