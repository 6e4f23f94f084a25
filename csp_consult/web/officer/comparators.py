"""Districts like ours: the list, which officers keep, and the rates that stand beside ours."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult import words
from csp_consult.db import db
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded import comparators
from csp_consult.recorded.comparators import ComparatorError
from csp_consult.recorded.models import ComparatorArea, ComparatorRate
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.topics.models import Topic


def comparator_areas() -> str | WerkzeugResponse:
    """Read the list; add an area, take one off, or take in a file of rates."""
    session = db.session()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            flash(_change(), "success")
            session.commit()
            return redirect(url_for(".comparator_areas"))
        except ComparatorError as error:
            errors = [{"field_id": error.field_id, "message": str(error)}]
        except FileError as error:
            errors = [{"field_id": "rates", "message": f"Nothing was taken in. {error}"}]
        session.rollback()
    return render_template(
        "officer/comparator_areas.html",
        areas=(areas := comparators.listed(session)),
        choices=[(area.code, area.name) for area in areas],
        columns=comparators.COLUMNS,
        table=_rates_table(),
        typed=request.form,
        errors=errors,
        error_of={one["field_id"]: one["message"] for one in errors},
    )


def _change() -> str:
    """Do what the form says; gives the sentence that says it was done. Raises ComparatorError and FileError."""
    session, form = db.session(), request.form
    if form.get("then") == "add":
        area = comparators.add(session, form.get("code", ""), form.get("name", ""), form.get("source", ""))
        return f"{area.name} is on the list."
    if form.get("then") == "take-off":
        comparators.take_off(session, form.get("area", ""))
        return "The area is off the list, with its rates."
    file = request.files.get("rates")
    if file is None or not file.filename:
        raise FileError("Choose a file first.")
    return " ".join(comparators.import_rates(session, file.stream, file.filename).sentences())


def _rates_table() -> Table:
    query = (
        select(ComparatorArea.name, Topic.title, ComparatorRate)
        .join(ComparatorRate, ComparatorRate.area_code == ComparatorArea.code)
        .join(Topic, Topic.slug == ComparatorRate.topic_slug)
        .order_by(Topic.position, ComparatorRate.period_to.desc(), ComparatorRate.per_1000)
    )
    columns = (
        Column("Area", None),
        Column("Topic", None),
        Column("Period", None),
        Column("Per 1,000 residents", None, number=True),
        Column("Source", None),
    )
    rows = [
        (
            Cell(name),
            Cell(title),
            Cell(words.period(rate.period_from, rate.period_to)),
            Cell(words.number(rate.per_1000, 2)),
            Cell(rate.source),
        )
        for name, title, rate in db.session().execute(query)
    ]
    return Table("rates-alike", "Rates on record", columns, rows, about={}, synthetic=False)


def alike_table(topic: str, ours: tuple[str, float, date, date]) -> Table | None:
    """Our rate among those of areas like ours in the same period; None where there are none."""
    name, rate, start, end = ours
    found = comparators.rates_alike(db.session(), topic, start, end)
    if not found:
        return None
    columns = (
        Column("Area", "area"),
        Column("Per 1,000 residents", "per_1000", number=True),
        Column("Source", "source"),
    )
    every = sorted([(one.per_1000, one.name, one.source) for one in found] + [(rate, f"{name} (ours)", "As above")])
    rows = [(Cell(area, area), Cell(words.number(n, 2), n), Cell(source, source)) for n, area, source in every]
    caption = f"Beside areas like ours, {words.period(start, end)}"
    return Table(f"alike-{topic}", caption, columns, rows, about={}, synthetic=False)
