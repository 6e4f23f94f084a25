"""Figures that others published: shown as printed, with their source, and nothing made up between the lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.db import db
from csp_consult.findings.published_trends import published_trends
from csp_consult.recorded.models import PublishedComparison
from csp_consult.recorded.published import comparisons
from csp_consult.reports.answer_tables import trend_table
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.sources.models import PublishedResult, PublishedSurvey
from csp_consult.web.officer.door import download

_NOT_PRINTED = "not printed"
_NUMERIC = {"share", "count", "rate"}
_COLUMNS = (
    Column("As printed", "text"),
    Column(None, "id"),
    Column("Figure", "value", number=True),
    Column(None, "unit"),
    Column("Period", "period"),
    Column("Before", "previous_value", number=True),
    Column("Period before", "previous_period"),
)


def published() -> str:
    """Every published figure with its source."""
    session = db.session()
    listed = comparisons(session)
    return render_template(
        "officer/published.html",
        surveys=_surveys(session),
        comparisons=comparison_table(listed),
        trends=_trends(session),
        citations=sorted({comparison.citation for comparison in listed}),
    )


def published_csv() -> Response:
    """Every published figure as a file: those recorded, those of surveys, and those printed at two times."""
    session, trends = db.session(), _trends(db.session())
    of_surveys = [table for _, table in _surveys(session)]
    return download(comparison_table(comparisons(session)), *of_surveys, *([trends] if trends else []))


def _surveys(session: Session) -> list[tuple[PublishedSurvey, Table]]:
    surveys = session.scalars(select(PublishedSurvey).order_by(PublishedSurvey.title))
    return [(survey, survey_table(survey.results, survey.title)) for survey in surveys]


def _trends(session: Session) -> Table | None:
    printed = published_trends(session)
    return trend_table(*printed, name="printed-trends") if printed else None


def survey_table(results: Sequence[PublishedResult], title: str) -> Table:
    """The printed results of one survey."""
    name = f"published-{results[0].survey_slug}" if results else "published"
    caption = f"Results printed of: {title}"
    rows = [_printed_row(result, _with_order(result)) for result in results]
    return Table(id=name, caption=caption, columns=_COLUMNS, rows=rows, about={}, synthetic=False)


def comparison_table(listed: Sequence[PublishedComparison]) -> Table:
    """Recorded figures known only as somebody printed them."""
    more = (
        Column("Change", "change", number=True),
        Column("Also printed", "also_printed"),
        Column("Recorded by", "source"),
        Column(None, "citation"),
    )
    rows = [
        (
            *_printed_row(comparison, comparison.text),
            _change(comparison),
            _cell(in_words(comparison.detail)),
            _cell(comparison.source),
            _cell(comparison.citation),
        )
        for comparison in listed
    ]
    caption = "Recorded figures as printed"
    return Table(
        id="published-record", caption=caption, columns=(*_COLUMNS, *more), rows=rows, about={}, synthetic=False
    )


def in_words(detail: Mapping[str, Any]) -> str:
    """Whatever else was printed, as it stands in the data: ``mix: racial 43.9%, sexual orientation 29.5%``."""
    return "; ".join(f"{_name(key)}: {_value(key, value)}" for key, value in detail.items())


def _value(key: str, value: Any) -> str:
    unit = "%" if key.endswith("_pct") else ""
    if isinstance(value, dict):
        return ", ".join(f"{_name(inner)} {_value(key, part)}" for inner, part in value.items())
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return f"{words.as_printed(value)}{unit}" if isinstance(value, (int, float)) else str(value)


def _name(key: str) -> str:
    return key.removesuffix("_pct").replace("_", " ")


def _with_order(result: PublishedResult) -> str:
    if not result.order:
        return result.text
    return f"{result.text}: {', '.join(row['printed'] for row in result.order)}"


def _printed_row(figure: PublishedResult | PublishedComparison, text: str) -> tuple[Cell, ...]:
    numeric = figure.kind in _NUMERIC
    return (
        _cell(text),
        _cell(figure.id),
        _number(figure.value, figure.unit, expected=numeric),
        _cell(figure.unit),
        _cell(figure.period),
        _number(figure.previous_value, figure.unit, expected=numeric and bool(figure.previous_period)),
        _cell(figure.previous_period),
    )


def _cell(text: str | None) -> Cell:
    return Cell(text or "–", text or None)


def _number(value: float | None, unit: str | None, *, expected: bool) -> Cell:
    """A printed number; where one would be expected and none was printed, the cell says so."""
    if value is None:
        return Cell(_NOT_PRINTED if expected else "–")
    gap = "" if (unit or "").startswith("%") else " "
    return Cell(f"{words.as_printed(value)}{gap}{unit or ''}".strip(), value)


def _change(comparison: PublishedComparison) -> Cell:
    changes = []
    if comparison.change_abs is not None:
        changes.append(words.signed(comparison.change_abs))
    if comparison.change_pct is not None:
        changes.append(words.change(comparison.change_pct))
    return _cell(", ".join(changes))
