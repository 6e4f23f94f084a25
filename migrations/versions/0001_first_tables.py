"""first tables

Revision: 0001
After:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "kind IN ('district', 'ward', 'parish', 'beat', 'lsoa11', 'lsoa21')", name=op.f("ck_area_kind")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_area_period")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_kind"), ["kind"], unique=False)

    op.create_table(
        "demo_build",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_build")),
    )
    op.create_table(
        "published_survey",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("recruitment", sa.String(length=10), nullable=True),
        sa.Column("period", sa.String(length=120), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("citation", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("audience IN ('residents', 'institutions')", name=op.f("ck_published_survey_audience")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_published_survey")),
    )
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("loaded_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint("slug", "version", name=op.f("uq_questionnaire_version_slug_version")),
    )
    op.create_table(
        "recorded_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.Column(
            "receipt", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_import")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.CheckConstraint("audience IN ('residents', 'parishes')", name=op.f("ck_survey_audience")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("slug", name=op.f("uq_survey_slug")),
    )
    op.create_table(
        "topic",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("theme_slug", sa.String(length=60), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["theme_slug"], ["topic.slug"], name=op.f("fk_topic_theme_slug_topic")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_topic")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
    )
    op.create_table(
        "area_link",
        sa.Column("inner_code", sa.String(length=12), nullable=False),
        sa.Column("outer_code", sa.String(length=12), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["inner_code"], ["area.code"], name=op.f("fk_area_link_inner_code_area")),
        sa.ForeignKeyConstraint(["outer_code"], ["area.code"], name=op.f("fk_area_link_outer_code_area")),
        sa.PrimaryKeyConstraint("inner_code", "outer_code", name=op.f("pk_area_link")),
    )
    with op.batch_alter_table("area_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_link_outer_code"), ["outer_code"], unique=False)

    op.create_table(
        "clerk_parish",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_clerk_parish_parish_code_area")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clerk_parish_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "parish_code", name=op.f("pk_clerk_parish")),
    )
    op.create_table(
        "electorate",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("electors", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_electorate_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "as_at", name=op.f("pk_electorate")),
    )
    op.create_table(
        "population",
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_population_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "sex", "age_band", "as_at", name=op.f("pk_population")),
    )
    op.create_table(
        "postcode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("postcode", sa.String(length=7), nullable=False),
        sa.Column("ward_code", sa.String(length=12), nullable=True),
        sa.Column("parish_code", sa.String(length=12), nullable=True),
        sa.Column("lsoa_code", sa.String(length=12), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["lsoa_code"], ["area.code"], name=op.f("fk_postcode_lsoa_code_area")),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_postcode_parish_code_area")),
        sa.ForeignKeyConstraint(["ward_code"], ["area.code"], name=op.f("fk_postcode_ward_code_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postcode")),
    )
    with op.batch_alter_table("postcode", schema=None) as batch_op:
        batch_op.create_index("ix_postcode_postcode", ["postcode"], unique=False)

    op.create_table(
        "priority",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic_slug", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_priority_topic_slug_topic")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_priority")),
    )
    op.create_table(
        "published_comparison",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("citation", sa.String(length=400), nullable=False),
        sa.Column("topic_slug", sa.String(length=60), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=120), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("previous_period", sa.String(length=120), nullable=True),
        sa.Column("as_at", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("previous_value", sa.Double(), nullable=True),
        sa.Column("change_pct", sa.Double(), nullable=True),
        sa.Column("change_abs", sa.Double(), nullable=True),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('change', 'rate', 'count', 'order', 'share', 'statement')",
            name=op.f("ck_published_comparison_kind"),
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_published_comparison_area_code_area")),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_published_comparison_topic_slug_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_comparison")),
    )
    op.create_table(
        "published_result",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("survey_slug", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=True),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("topic_slug", sa.String(length=60), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=120), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("previous_value", sa.Double(), nullable=True),
        sa.Column("previous_period", sa.String(length=120), nullable=True),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("direction", sa.String(length=40), nullable=True),
        sa.Column("order", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "kind IN ('share', 'count', 'order', 'direction', 'statement')", name=op.f("ck_published_result_kind")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_published_result_area_code_area")),
        sa.ForeignKeyConstraint(
            ["survey_slug"], ["published_survey.slug"], name=op.f("fk_published_result_survey_slug_published_survey")
        ),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_published_result_topic_slug_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_result")),
    )
    with op.batch_alter_table("published_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_result_survey_slug"), ["survey_slug"], unique=False)

    op.create_table(
        "recorded_count",
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_recorded_count_n")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["recorded_import.id"], name=op.f("fk_recorded_count_import_id_recorded_import")
        ),
        sa.PrimaryKeyConstraint(
            "source", "period", "area_code", "recorded_by", "category", name=op.f("pk_recorded_count")
        ),
    )
    with op.batch_alter_table("recorded_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recorded_count_import_id"), ["import_id"], unique=False)
        batch_op.create_index("ix_recorded_count_period", ["source", "period"], unique=False)

    op.create_table(
        "recording_note",
        sa.Column("topic_slug", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_recording_note_topic_slug_topic")),
        sa.PrimaryKeyConstraint("topic_slug", name=op.f("pk_recording_note")),
    )
    op.create_table(
        "topic_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_slug", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_topic_record_period")),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_topic_record_topic_slug_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_record")),
    )
    with op.batch_alter_table("topic_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_record_topic_slug"), ["topic_slug"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_user_role_role_id_role")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_user_role")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("recruitment", sa.String(length=10), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tally_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("recruitment IN ('invited', 'open')", name=op.f("ck_wave_recruitment")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_wave_period")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_wave_questionnaire_id_questionnaire_version"),
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_wave_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("survey_id", "slug", name=op.f("uq_wave_survey_id_slug")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("topic_slug", sa.String(length=60), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("priority_slug", sa.String(length=60), nullable=True),
        sa.Column("audience", sa.String(length=300), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("engagement", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("gap", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'under way', 'done', 'stopped')", name=op.f("ck_activity_status")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_activity_period")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_activity_area_code_area")),
        sa.ForeignKeyConstraint(["priority_slug"], ["priority.slug"], name=op.f("fk_activity_priority_slug_priority")),
        sa.ForeignKeyConstraint(["topic_slug"], ["topic.slug"], name=op.f("fk_activity_topic_slug_topic")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_activity_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_draft_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "parish_draft",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.Column(
            "answers", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("edits", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_parish_draft_parish_code_area")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_parish_draft_saved_by_user")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_parish_draft_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "parish_code", name=op.f("pk_parish_draft")),
    )
    op.create_table(
        "parish_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("parish_code", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column(
            "answers", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("mandate", sa.String(length=20), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=False),
        sa.Column("minute_reference", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "mandate IN ('full council', 'committee', 'delegation')", name=op.f("ck_parish_response_mandate")
        ),
        sa.CheckConstraint("version = 1 OR reason IS NOT NULL", name=op.f("ck_parish_response_amendment_reason")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_parish_response_version")),
        sa.ForeignKeyConstraint(["parish_code"], ["area.code"], name=op.f("fk_parish_response_parish_code_area")),
        sa.ForeignKeyConstraint(["submitted_by"], ["user.id"], name=op.f("fk_parish_response_submitted_by_user")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_parish_response_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parish_response")),
        sa.UniqueConstraint("reference", name=op.f("uq_parish_response_reference")),
        sa.UniqueConstraint("submission", name=op.f("uq_parish_response_submission")),
        sa.UniqueConstraint(
            "wave_id", "parish_code", "version", name=op.f("uq_parish_response_wave_id_parish_code_version")
        ),
    )
    with op.batch_alter_table("parish_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parish_response_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column(
            "answers", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("cell", sa.String(length=60), nullable=False),
        sa.Column("base_weight", sa.Double(), server_default=sa.text("1"), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("folded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("mode IN ('online', 'paper', 'telephone', 'imported')", name=op.f("ck_response_mode")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_response_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("reference", name=op.f("uq_response_reference")),
        sa.UniqueConstraint("submission", name=op.f("uq_response_submission")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(
            "ix_response_unfolded",
            ["wave_id"],
            unique=False,
            sqlite_where=sa.text("NOT folded"),
            postgresql_where=sa.text("NOT folded"),
        )
        batch_op.create_index(batch_op.f("ix_response_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=60), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("option", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("d", sa.Double(), nullable=False),
        sa.Column("d2", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "cell", "question", "option", name=op.f("pk_tally")),
    )
    op.create_table(
        "tally_cell",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("d", sa.Double(), nullable=False),
        sa.Column("d2", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_cell_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "cell", name=op.f("pk_tally_cell")),
    )
    op.create_table(
        "tally_pair",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=60), nullable=False),
        sa.Column("question_a", sa.String(length=80), nullable=False),
        sa.Column("option_a", sa.String(length=60), nullable=False),
        sa.Column("question_b", sa.String(length=80), nullable=False),
        sa.Column("option_b", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("d", sa.Double(), nullable=False),
        sa.Column("d2", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_pair_wave_id_wave")),
        sa.PrimaryKeyConstraint(
            "wave_id", "cell", "question_a", "option_a", "question_b", "option_b", name=op.f("pk_tally_pair")
        ),
    )
    op.create_table(
        "weighting_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("tally_version", sa.Integer(), nullable=False),
        sa.Column(
            "targets", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "options", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_weighting_run_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighting_run")),
    )
    with op.batch_alter_table("weighting_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weighting_run_wave_id"), ["wave_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("weighting_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weighting_run_wave_id"))

    op.drop_table("weighting_run")
    op.drop_table("tally_pair")
    op.drop_table("tally_cell")
    op.drop_table("tally")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_wave_id"))
        batch_op.drop_index(
            "ix_response_unfolded", sqlite_where=sa.text("NOT folded"), postgresql_where=sa.text("NOT folded")
        )

    op.drop_table("response")
    with op.batch_alter_table("parish_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parish_response_wave_id"))

    op.drop_table("parish_response")
    op.drop_table("parish_draft")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_wave_id"))

    op.drop_table("draft")
    op.drop_table("activity")
    op.drop_table("wave")
    op.drop_table("user_role")
    with op.batch_alter_table("topic_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_record_topic_slug"))

    op.drop_table("topic_record")
    op.drop_table("recording_note")
    with op.batch_alter_table("recorded_count", schema=None) as batch_op:
        batch_op.drop_index("ix_recorded_count_period")
        batch_op.drop_index(batch_op.f("ix_recorded_count_import_id"))

    op.drop_table("recorded_count")
    with op.batch_alter_table("published_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_result_survey_slug"))

    op.drop_table("published_result")
    op.drop_table("published_comparison")
    op.drop_table("priority")
    with op.batch_alter_table("postcode", schema=None) as batch_op:
        batch_op.drop_index("ix_postcode_postcode")

    op.drop_table("postcode")
    op.drop_table("population")
    op.drop_table("electorate")
    op.drop_table("clerk_parish")
    with op.batch_alter_table("area_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_link_outer_code"))

    op.drop_table("area_link")
    op.drop_table("user")
    op.drop_table("topic")
    op.drop_table("survey")
    op.drop_table("role")
    op.drop_table("recorded_import")
    op.drop_table("questionnaire_version")
    op.drop_table("published_survey")
    op.drop_table("demo_build")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_kind"))

    op.drop_table("area")
