"""``csp-consult source``: surveys of others, as they were published."""

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import emit, format_option
from csp_consult.db import db, mark_reading
from csp_consult.sources.published import survey, surveys


@click.group()
def source() -> None:
    """Surveys run by others, known by what they published."""


@source.command("list")
@format_option
@with_appcontext
def list_(output_format: str) -> None:
    """List the published surveys; a base that was not published is left empty."""
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
    ]
    emit({"sources": rows}, "sources", output_format)


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
