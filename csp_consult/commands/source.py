"""``csp-consult source``: surveys of others, as they were published."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from csp_consult.analysis.concern import MENTION_SHARE, PROBLEM_SHARE
from csp_consult.analysis.merging import WeightingError
from csp_consult.analysis.microdata import MicrodataError
from csp_consult.analysis.totals import DesignError
from csp_consult.commands.output import emit, format_option
from csp_consult.commands.published_files import file_argument, preview_option, take_in
from csp_consult.commands.survey_plan import survey_options, survey_plan
from csp_consult.db import db, mark_reading, writing
from csp_consult.sources.published import survey, surveys
from csp_consult.sources.registered import About, RegistrationError, register, registered
from csp_consult.sources.result_file import ACTION, import_results
from csp_consult.sources.survey_file import SurveyFileError, read_survey_file


@click.group()
def source() -> None:
    """Surveys run by others, known by what they published."""


@source.command("list")
@format_option
@with_appcontext
def list_(output_format: str) -> None:
    """List the published surveys and registered files; a base that was not published is left empty."""
    mark_reading(True)
    rows = [
        {
            "source": one.slug,
            "title": one.title,
            "organisation": one.organisation,
            "audience": one.audience,
            "period": one.period,
            "base": one.base,
            "results": len(one.results),
            "citation": one.citation,
        }
        for one in surveys(db.session())
    ] + [
        {
            "source": one.slug,
            "title": one.title,
            "organisation": None,
            "audience": one.audience,
            "period": one.period,
            "base": one.concern["base"],
            "results": len(one.concern["topics"]),
            "citation": one.citation,
        }
        for one in registered(db.session())
    ]
    emit({"sources": rows}, "sources", output_format)


@source.command("register")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--slug", required=True, help="A short name, as in county-panel-2023.")
@click.option("--title", required=True, help="What the survey is called.")
@click.option("--period", required=True, help="When it was asked, in words.")
@click.option("--question", "questions", multiple=True, required=True, metavar="TOPIC=COLUMN", help="May be repeated.")
@click.option("--counts", multiple=True, required=True, metavar="CODE", help="An answer that counts; may be repeated.")
@click.option("--measure", type=click.Choice([PROBLEM_SHARE, MENTION_SHARE]), default=PROBLEM_SHARE, show_default=True)
@click.option("--audience", type=click.Choice(["residents", "institutions"]), default="residents", show_default=True)
@click.option("--recruitment", type=click.Choice(["invited", "open"]), help="How people came to answer, if known.")
@click.option("--synthetic", is_flag=True, help="Nobody gave these answers; the source is marked so for ever.")
@survey_options
@with_appcontext
def register_file(
    *,
    file: Path,
    slug: str,
    title: str,
    period: str,
    questions: tuple[str, ...],
    counts: tuple[str, ...],
    measure: str,
    audience: str,
    recruitment: str | None,
    synthetic: bool,
    missing: tuple[str, ...],
    **weighting: Any,
) -> None:
    """Make a CSV or SPSS file a source of the blend: its weighted concern by topic is kept, its answers are not."""
    try:
        survey_file = read_survey_file(file, missing=missing)
        columns = dict(_topic_and_column(one) for one in questions)
        mark = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
        how = weighting["weights_column"] or weighting["targets"] or "no weights"
        citation = f"{file.name} (SHA-256 {mark}), weighted by {how}."
        about = About(slug, title, audience, recruitment, period, citation, synthetic)
        plan = survey_plan(survey_file, **weighting)
        with writing() as session:
            register(session, about, survey_file, columns, counts=counts, plan=plan, kind=measure, today=date.today())
    except (DesignError, MicrodataError, RegistrationError, SurveyFileError, WeightingError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{slug} is a source of the blend: {len(columns)} topics. Its answers are not kept.")


def _topic_and_column(given: str) -> tuple[str, str]:
    topic, _, column = given.partition("=")
    if not column:
        raise RegistrationError(f"{given!r} names no column: write TOPIC=COLUMN, as in asb=q5a.")
    return topic.strip(), column.strip()


@source.command("import-published")
@file_argument
@preview_option
@with_appcontext
def import_published(file: Path, preview: bool) -> None:
    """Take in a CSV file of what other surveys printed, one result a row; no base is ever inferred."""
    take_in(import_results, file, ACTION, preview=preview)


@source.command("show")
@click.argument("slug")
@format_option
@with_appcontext
def show(slug: str, output_format: str) -> None:
    """Show the results of one published survey, as printed (percentages stay percentages)."""
    mark_reading(True)
    found = survey(db.session(), slug)
    if found is None:
        raise click.ClickException(f"No published survey is called {slug!r}; see csp-consult source list.")
    rows = [
        {
            "id": result.id,
            "kind": result.kind,
            "question": result.question,
            "topic": result.topic_slug,
            "area": result.area_code,
            "text": result.text,
            "period": result.period,
            "value": result.value,
            "unit": result.unit,
            "previous_value": result.previous_value,
            "previous_period": result.previous_period,
            "direction": result.direction,
            "order": [row["printed"] for row in result.order or []],
        }
        for result in found.results
    ]
    document = {
        "source": found.slug,
        "title": found.title,
        "organisation": found.organisation,
        "period": found.period,
        "base": found.base,
        "citation": found.citation,
        "note": found.note,
        "results": rows,
    }
    emit(document, "results", output_format)
