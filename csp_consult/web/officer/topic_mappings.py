"""What each topic is held against: read by everyone who wonders, added to and ended by officers, with its history."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult import words
from csp_consult.db import db
from csp_consult.recorded.incident_counts import EVERY_CATEGORY, FILE_CATEGORIES
from csp_consult.recorded.models import RecordedCount
from csp_consult.recorded.series import SOURCE_TITLES
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.topics import record_mapping
from csp_consult.topics.models import Topic, TopicRecord
from csp_consult.topics.record_mapping import RecordMappingError
from csp_consult.topics.taxonomy import Mapped
from csp_consult.typed_dates import PARTS, DateError, read_date

_DEFAULT_TOPIC = "asb"
_SHORT_TITLES = {
    "police_uk": "police.uk",
    "stats19": "STATS19 collisions",
    "stats19_casualties": "STATS19 casualties",
    "stats19_vehicles": "STATS19 vehicles",
    "own_sheet": "Sheets of our own",
    "fire_rescue": "Fire and rescue service",
}


def topic_mappings() -> str | WerkzeugResponse:
    """The mappings of one topic, with a form for another."""
    session = db.session()
    topic = session.get(Topic, request.values.get("topic") or _DEFAULT_TOPIC) or abort(404)
    fault: RecordMappingError | None = None
    if request.method == "POST":
        try:
            _change(topic)
            session.commit()
        except RecordMappingError as error:
            session.rollback()
            fault = error
        else:
            return redirect(url_for(".topic_mappings", topic=topic.slug))
    rows = record_mapping.history(session, topic.slug)
    # Topic and source are chosen with the category, in one list.
    field_id = "category" if fault and fault.field_id in {"topic", "source"} else fault.field_id if fault else ""
    return render_template(
        "officer/topic_mappings.html",
        topic=topic,
        topics=_topics(),
        live=[(row.id, _named(row)) for row in rows if row.withdrawn_by is None],
        table=_history_table(rows),
        choices=_choices(),
        typed=request.form,
        dates={name: {part: request.form.get(f"{name}-{part}", "") for part in PARTS} for name in ("from", "to")},
        errors=[{"field_id": field_id, "message": str(fault)}] if fault else [],
        error_of={field_id: str(fault)} if fault else {},
    )


def _change(topic: Topic) -> None:
    """Do what the form says: a mapping added, ended or withdrawn."""
    session, form, today, by = db.session(), request.form, date.today(), str(current_user.name or "an officer")
    if form.get("then") == "add":
        source, _, category = form.get("category", "").partition("|")
        start = _day("from", "first day")
        if start is None:
            raise RecordMappingError("Say from which day on", "from")
        mapped = Mapped(source, category, start, _day("to", "end"), form.get("partly") == "yes")
        record_mapping.add(session, topic.slug, mapped, by=by, today=today)
        flash(f"{topic.title} is held against {category} too.", "success")
        return
    chosen = form.get("mapping", "")
    row = session.get(TopicRecord, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if row is None or row.topic_slug != topic.slug or row.withdrawn_by is not None:
        raise RecordMappingError("Choose the mapping to end", "mapping")
    last = _day("until", "end")
    if last is None:
        record_mapping.withdraw(session, row, by=by, today=today)
    else:
        record_mapping.end(session, row, last, by=by, today=today)
    flash(f"{_named(row)}: changed. What it was stays in the history.", "success")


def _day(name: str, what: str) -> date | None:
    try:
        return read_date(request.form, name, what)
    except DateError as error:
        raise RecordMappingError(str(error), name) from error


def _named(row: TopicRecord) -> str:
    start, end = words.day(row.valid_from), f" to {words.day(row.valid_to)}" if row.valid_to else ""
    return f"{_SHORT_TITLES[row.source]}: {row.category}, from {start}{end}"


def _history_table(rows: list[TopicRecord]) -> Table:
    columns = (
        Column("Category", None),
        Column("Source", None),
        Column("From", None),
        Column("To", None),
        Column("Covers", None),
        Column("Added", None),
        Column("Withdrawn", None),
    )
    cells = [
        (
            Cell("every category" if row.category == EVERY_CATEGORY else row.category),
            Cell(_SHORT_TITLES[row.source]),
            Cell(words.day(row.valid_from)),
            Cell(words.day(row.valid_to) if row.valid_to else "in use"),
            Cell("in part" if row.partly else "the topic"),
            Cell(_by(row.added_by, row.added_on)),
            Cell(_by(row.withdrawn_by, row.withdrawn_on) if row.withdrawn_by else "no"),
        )
        for row in rows
    ]
    return Table("mappings", "Every mapping there is and was", columns, cells, about={}, synthetic=False)


def _by(who: str, day: date | None) -> str:
    return f"{who}, {words.day(day)}" if day else who


def _choices() -> list[tuple[str, str]]:
    """Every category that files tell apart or sheets have given, with its source."""
    known = {(source, name) for source, names in FILE_CATEGORIES.items() for name in names}
    known |= {(source, EVERY_CATEGORY) for source in FILE_CATEGORIES}
    query = select(RecordedCount.source, RecordedCount.category).distinct()
    known |= {(source, category) for source, category in db.session().execute(query)}
    order = list(SOURCE_TITLES)
    return [
        (f"{source}|{name}", f"{_SHORT_TITLES[source]}: {'every category' if name == EVERY_CATEGORY else name}")
        for source, name in sorted(known, key=lambda one: (order.index(one[0]), one[1] != EVERY_CATEGORY, one[1]))
    ]


def _topics() -> list[tuple[str, str]]:
    query = select(Topic.slug, Topic.title).order_by(Topic.position)
    return [(slug, title) for slug, title in db.session().execute(query)]
