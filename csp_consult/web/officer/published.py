"""Figures that others published: shown as printed, with their source, and nothing made up between the lines."""

from collections.abc import Sequence

from flask import Response, render_template
from sqlalchemy import select

from csp_consult import words
from csp_consult.db import db
from csp_consult.recorded.models import PublishedComparison
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.sources.models import PublishedResult, PublishedSurvey
from csp_consult.web.officer.door import download

_NOT_PRINTED = "not printed"
_COLUMNS = (
    Column("As printed", "text"),
    Column(None, "id"),
    Column("Figure", "value", number=True),
    Column("Unit", "unit"),
    Column("Period", "period"),
    Column("Before", "previous_value", number=True),
    Column("Period before", "previous_period"),
)


def published() -> str:
    """Every published figure with its source."""
    session = db.session()
    surveys = session.scalars(select(PublishedSurvey).order_by(PublishedSurvey.title)).unique().all()
    comparisons = session.scalars(select(PublishedComparison).order_by(PublishedComparison.position)).all()
    return render_template(
        "officer/published.html",
        surveys=[(survey, survey_table(survey.results, survey.title)) for survey in surveys],
        comparisons=comparison_table(comparisons),
        citations=sorted({comparison.citation for comparison in comparisons}),
    )


def published_csv() -> Response:
    """Every published recorded figure as a file."""
    comparisons = db.session().scalars(select(PublishedComparison).order_by(PublishedComparison.position)).all()
    return download(comparison_table(comparisons))


def survey_table(results: Sequence[PublishedResult], title: str) -> Table:
    """The printed results of one survey."""
    rows = [
        (
            Cell(result.text, result.text),
            Cell("", result.id),
            _printed(result.value),
            Cell(result.unit or "–", result.unit),
            Cell(result.period or _NOT_PRINTED, result.period),
            _printed(result.previous_value),
            Cell(result.previous_period or "–", result.previous_period),
        )
        for result in results
    ]
    name = f"published-{results[0].survey_slug}" if results else "published"
    return Table(
        id=name, caption=f"Results printed of: {title}", columns=_COLUMNS, rows=rows, about={}, synthetic=False
    )


def comparison_table(comparisons: Sequence[PublishedComparison]) -> Table:
    """Recorded figures known only as somebody printed them."""
    columns = (*_COLUMNS, Column("Change", "change_pct", number=True), Column("Recorded by", "source"))
    rows = [
        (
            Cell(comparison.text, comparison.text),
            Cell("", comparison.id),
            _printed(comparison.value),
            Cell(comparison.unit or "–", comparison.unit),
            Cell(comparison.period, comparison.period),
            _printed(comparison.previous_value),
            Cell(comparison.previous_period or "–", comparison.previous_period),
            _change(comparison),
            Cell(comparison.source, comparison.source),
        )
        for comparison in comparisons
    ]
    return Table(
        id="published-record",
        caption="Recorded figures as printed",
        columns=columns,
        rows=rows,
        about={},
        synthetic=False,
    )


def _printed(value: float | None) -> Cell:
    return Cell(_NOT_PRINTED if value is None else words.as_printed(value), value)


def _change(comparison: PublishedComparison) -> Cell:
    if comparison.change_pct is not None:
        return Cell(words.change(comparison.change_pct), comparison.change_pct)
    if comparison.change_abs is not None:
        return Cell(words.signed(comparison.change_abs), None)
    return Cell("–")
