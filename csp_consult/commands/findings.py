"""``csp-consult weigh``, ``rank``, ``crosstab``, ``trend`` and ``gap``: what the answers say."""

from datetime import date
from pathlib import Path
from typing import get_args

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.output import emit, format_option
from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Survey
from csp_consult.findings import blending, documents
from csp_consult.findings import crosstabs as crosstabs_of
from csp_consult.findings import gaps as gaps_of
from csp_consult.findings import ranking as ranking_of
from csp_consult.findings import trends as trends_of
from csp_consult.findings.answers import toplines
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.contract import TrendFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.published_trends import published_trend
from csp_consult.findings.targets import PopulationTarget, targets_of_file
from csp_consult.findings.weighting import store_run, weighed
from csp_consult.settings import current_settings
from csp_consult.sources import published

# What a table shows of the rows; JSON and CSV have every key.
SHOWN = {
    "estimates": ("question", "label", "estimate", "lower", "upper", "unweighted", "base", "effective_base", "reason"),
    "ranking": (
        *("area_name", "group_title", "title", "rank", "rank_lower", "rank_upper", "estimate", "lower", "upper"),
        *("index", "unweighted", "base", "effective_base", "reason"),
    ),
    "cells": ("row_title", "column_title", "estimate", "lower", "upper", "base", "effective_base", "mark", "reason"),
    "trend": (
        *(
            "label",
            "wave",
            "period",
            "estimate",
            "lower",
            "upper",
            "base",
            "effective_base",
            "change",
            "smallest_significant",
        ),
        *("p", "breaks", "change_reason", "reason"),
    ),
    "gaps": (
        *("topic", "area_name", "subset", "perceived_up", "perceived_down", "recorded_change_pct", "recorded_reason"),
        *("estimate", "class"),
        *("grade", "verdict"),
    ),
    "targets": ("title", "adults", "rate", "lift", "residents", "lower", "upper", "class", "chosen", "channel"),
}

WAVE = click.argument("key", metavar="WAVE")


@click.command()
@WAVE
@click.option("--targets", type=click.Path(path_type=Path), help="YAML file of population targets to weight to.")
@format_option
@with_appcontext
def weigh(key: str, targets: Path | None, output_format: str) -> None:
    """Weight a residents' wave, keep the run, and show what everybody answered."""
    today = date.today()
    try:
        given = _targets(targets) if targets else None
        with writing() as session:
            wave = waves.find(session, key)
            made = weighed(session, wave, targets=given)
            run = store_run(session, wave, made, today)
            shares = toplines(session, wave, made, rules=base_rules())
            document = {**documents.weighting(made.finding, shares, today.isoformat()), "run": run.id}
    except (FindingError, waves.WaveError) as error:
        raise click.ClickException(str(error)) from error
    emit_shown(document, "estimates", output_format)


@click.command()
@click.argument("keys", metavar="[WAVE]...", nargs=-1)
@click.option("--blend", is_flag=True, help="All sources together; of the waves named, or the latest of each survey.")
@click.option("--by", help="Groups to rank apart: area, beat, rural, age, sex, or the id of a question.")
@click.option("--area", metavar="CODE", help="Only the people of a ward or beat.")
@click.option("--theme", metavar="THEME", help="Only the topics of a theme.")
@click.option("--weights", type=click.Choice(get_args(ranking_of.Weights)), help="How answers count.")
@click.option(
    "--institution-weight",
    type=click.FloatRange(0, 1),
    default=blending.INSTITUTION_WEIGHT,
    show_default=True,
    help="What institutions weigh in a blend.",
)
@format_option
@with_appcontext
def rank(
    *,
    keys: tuple[str, ...],
    blend: bool,
    by: str | None,
    area: str | None,
    theme: str | None,
    weights: ranking_of.Weights | None,
    institution_weight: float,
    output_format: str,
) -> None:
    """Rank the concerns of a wave, or of all sources together."""
    mark_reading(True)
    if not blend and len(keys) != 1:
        raise click.UsageError("Name one wave, as in parish-councils/2022-12, or give --blend.")
    session, today = db.session(), date.today().isoformat()
    try:
        chosen = [waves.find(session, key) for key in keys]
        if blend:
            made = blending.blend(
                session, waves=chosen or None, institution_weight=institution_weight, rules=base_rules()
            )
            document = documents.blend(made, today)
        elif by is None:
            one = ranking_of.ranking(session, chosen[0], area=area, theme=theme, weights=weights, rules=base_rules())
            document = documents.rankings([one], None, today)
        else:
            every = ranking_of.rankings_by(session, chosen[0], by, theme=theme, weights=weights, rules=base_rules())
            document = documents.rankings(every, by, today)
    except (FindingError, waves.WaveError) as error:
        raise click.ClickException(str(error)) from error
    emit_shown(document, "ranking", output_format)


@click.command()
@WAVE
@click.argument("row")
@click.argument("column")
@format_option
@with_appcontext
def crosstab(key: str, row: str, column: str, output_format: str) -> None:
    """Set two questions of a wave against each other: shares of ROW's answers within COLUMN's."""
    mark_reading(True)
    session = db.session()
    try:
        found = crosstabs_of.crosstab(session, waves.find(session, key), row, column, rules=base_rules())
    except (FindingError, waves.WaveError) as error:
        raise click.ClickException(str(error)) from error
    emit_shown(documents.crosstab(found, date.today().isoformat()), "cells", output_format)


@click.command()
@click.argument("slug", metavar="SURVEY")
@click.argument("question")
@format_option
@with_appcontext
def trend(slug: str, question: str, output_format: str) -> None:
    """Follow a question over the waves of a survey, testing only what can be compared.

    SURVEY is one held here, or one that another body published (csp-consult source list).
    """
    mark_reading(True)
    try:
        found = _trend_of(db.session(), slug, question)
    except FindingError as error:
        raise click.ClickException(str(error)) from error
    emit_shown(documents.trend(found, date.today().isoformat()), "trend", output_format)


@click.command()
@WAVE
@click.option("--topic", metavar="TOPIC", help="Only this topic.")
@click.option("--by", type=click.Choice(["ward", "area", "beat", "age", "sex"]), help="Parts to show apart.")
@format_option
@with_appcontext
def gap(key: str, topic: str | None, by: str | None, output_format: str) -> None:
    """Hold what residents say of a change against what was recorded of it.

    WAVE is survey/wave; "published" stands for what other bodies' surveys have printed.
    """
    mark_reading(True)
    session = db.session()
    try:
        if key == "published":
            found = [one for one in gaps_of.published_gaps(session) if topic in {None, one.topic}]
        else:
            found = gaps_of.gaps(session, waves.find(session, key), by, topic=topic, rules=base_rules())
    except (FindingError, waves.WaveError) as error:
        raise click.ClickException(str(error)) from error
    emit_shown(documents.gaps(found, date.today().isoformat()), "gaps", output_format)


def emit_shown(document: documents.Document, rows_under: str, output_format: str) -> None:
    """Print a finding; a table shows the chief columns of its rows only."""
    if output_format == "table":
        rows = [{key: row[key] for key in SHOWN[rows_under] if key in row} for row in document[rows_under]]
        document = {**document, rows_under: rows}
    emit(document, rows_under, output_format)


def base_rules() -> BaseRules:
    """The effective bases under which figures are hidden or marked, as this installation sets them."""
    settings = current_settings()
    return BaseRules(settings.hidden_base, settings.indicative_base)


def _trend_of(session: Session, slug: str, question: str) -> TrendFinding:
    survey = session.scalar(select(Survey).where(Survey.slug == slug))
    if survey is not None:
        return trends_of.trend(session, survey, question, rules=base_rules())
    printed = published.survey(session, slug)
    if printed is not None:
        return published_trend(printed, question)
    held = session.scalars(select(Survey.slug).order_by(Survey.slug))
    known = ", ".join([*held, *(one.slug for one in published.surveys(session))]) or "none yet"
    raise FindingError(f"There is no survey {slug!r}; there are: {known}.")


def _targets(path: Path) -> tuple[PopulationTarget, ...]:
    try:
        return targets_of_file(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise FindingError(f"{path} cannot be read: {error}") from error
