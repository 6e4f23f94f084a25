"""The record: figures of a topic by month or quarter, and the files they came from with their receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, abort, render_template, request
from sqlalchemy import select

from csp_consult import words
from csp_consult.db import db
from csp_consult.findings.recorded_spans import Span, Spans, spans
from csp_consult.places.lookup import areas
from csp_consult.recorded import imports
from csp_consult.recorded.periods import first_day, in_short, in_words, is_quarter, last_day
from csp_consult.recorded.placements import Placements, placements
from csp_consult.recorded.series import SOURCE_TITLES, NoSeriesError, Series, series
from csp_consult.reports.chart_data import series_chart
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.topics.models import Topic, TopicRecord
from csp_consult.web.officer import traced
from csp_consult.web.officer.comparators import alike_table
from csp_consult.web.officer.door import district, download, pictures

_DEFAULT_TOPIC = "asb"


@dataclass(frozen=True)
class Choice:
    """Which series the address asks for."""

    topic: str
    area: str
    source: str | None
    """None for the first source that has figures."""

    def series(self) -> Series:
        """What is asked for. Raises NoSeriesError."""
        return series(db.session(), self.topic, self.area, source=self.source)


def recorded() -> str:
    """The monthly figures of one topic in one area, as chart and table."""
    session, choice = db.session(), _choice()
    found, refusal = None, None
    try:
        found = choice.series()
    except NoSeriesError as error:
        refusal = str(error)
    title = _title(found) if found else ""
    months = imports.current_months(session)
    added_up = spans(session, found) if found else None
    return render_template(
        "officer/recorded.html",
        choice=choice,
        rates_of=added_up.base if added_up else None,
        spans=spans_table(found, added_up) if found and added_up else None,
        alike=_alike(found, added_up) if found and added_up else None,
        series=found,
        refusal=refusal,
        reading=series_reading(found) if found else None,
        drawing=pictures(series_chart(title, found.source_title, _by_month(found))) if found else None,
        table=series_table(found) if found else None,
        traced=traced.files_of(found) + traced.of_code() if found else [],
        topics=_topics(),
        sources=_sources(found),
        areas=_areas(),
        imports=[(one, _span(months.get(one.id, ()))) for one in imports.imports(session)],
    )


def recorded_spans_csv() -> Response:
    """Quarters and years as a file."""
    choice = _choice()
    try:
        found = choice.series()
    except NoSeriesError:
        abort(404)
    return download(spans_table(found, spans(db.session(), found)))


def placing() -> str:
    """How far best fit and map points put a topic's incidents in different wards."""
    topic = request.args.get("topic", _DEFAULT_TOPIC)
    found, refusal = None, ""
    try:
        found = _placements(topic)
    except NoSeriesError as error:
        refusal = str(error)
    return render_template(
        "officer/placing.html",
        topic=topic,
        topics=_topics(),
        found=found,
        refusal=refusal,
        period=in_words(found.months[0], found.months[-1]) if found else "",
        table=placing_table(found) if found else None,
    )


def placing_csv() -> Response:
    """The same figures as a file."""
    try:
        return download(placing_table(_placements(request.args.get("topic", ""))))
    except NoSeriesError:
        abort(404)


def _placements(topic: str) -> Placements:
    return placements(db.session(), topic, district(), date.today())


def placing_table(found: Placements) -> Table:
    """Each ward counted both ways, the furthest apart first."""
    columns = (
        Column("Ward", "ward_name"),
        Column(None, "ward"),
        Column("By best fit", "best_fit", number=True),
        Column("By map point", "by_point", number=True),
        Column("Difference", "difference", number=True),
        Column("By point of best fit", "ratio", number=True),
    )
    rows = [
        (
            Cell(one.ward_name, one.ward_name),
            Cell("", one.ward),
            Cell(words.number(one.best_fit), one.best_fit),
            Cell(words.number(one.by_point), one.by_point),
            Cell(words.signed(one.by_point - one.best_fit, 0), one.by_point - one.best_fit),
            Cell("–" if one.ratio is None else words.percent(one.ratio), one.ratio),
        )
        for one in found.rows
    ]
    return Table(
        id=f"placing-{found.topic}",
        caption=f"{found.topic_title} in each ward, placed two ways",
        columns=columns,
        rows=rows,
        about={"topic": found.topic, "months": " ".join(found.months), "methods": "; ".join(found.methods)},
        synthetic=False,
    )


def recorded_csv() -> Response:
    """The same figures as a file."""
    choice = _choice()
    try:
        return download(series_table(choice.series()))
    except NoSeriesError:
        abort(404)


def series_reading(found: Series) -> str:
    """A series in two sentences."""
    if not found.points:
        return f"No month of {found.topic_title.lower()} is on record for {found.area_name}."
    most = max(found.points, key=lambda point: point.count)
    least = min(found.points, key=lambda point: point.count)
    text = (
        f"{words.number(found.total)} incidents are on record in {found.area_name} from "
        f"{in_words(found.points[0].period, found.points[-1].period)}"
    )
    if most.count == least.count:
        return f"{text}."
    return (
        f"{text}: most in {in_words(most.period)} ({words.number(most.count)}), "
        f"fewest in {in_words(least.period)} ({words.number(least.count)})."
    )


def series_table(found: Series) -> Table:
    """A series period by period; one that is not on record says so."""
    counts = _by_month(found)
    rows = [
        (Cell(in_short(period), period), Cell("not on record" if n is None else words.number(n), n))
        for period, n in counts.items()
    ]
    return Table(
        id=f"record-{found.topic}",
        caption=_title(found),
        columns=(
            Column("Quarter" if _by_quarter(found) else "Month", "period"),
            Column("Incidents", "count", number=True),
        ),
        rows=rows,
        about={
            "topic": found.topic,
            "area": found.area,
            "source": found.source_title,
            "categories": "; ".join(found.categories),
            "placed_by": found.method,
        },
        synthetic=False,
    )


def spans_table(found: Series, added_up: Spans) -> Table:
    """Quarters, the financial year to date and the last twelve months, each beside its own months a year before."""
    columns = (
        Column("Months", "months"),
        Column("What they are", "kind"),
        Column("Incidents", "count", number=True),
        Column("Same months a year before", "before", number=True),
        Column("Change", "change_pct", number=True),
        Column("95% interval", None),
        Column(None, "change_lower_pct"),
        Column(None, "change_upper_pct"),
        Column("Per 1,000 residents", "per_1000", number=True),
    )
    return Table(
        id=f"record-spans-{found.topic}",
        caption=f"{found.topic_title} recorded in {found.area_name}, months added up",
        columns=columns,
        rows=[_span_row(one) for one in added_up.spans],
        about={
            "topic": found.topic,
            "area": found.area,
            "source": found.source_title,
            "placed_by": found.method,
            "rates_of": added_up.base,
        },
        synthetic=False,
    )


def _alike(found: Series, added_up: Spans) -> Table | None:
    """Our rate of twelve months beside those of areas like ours; only for the district, which is what is alike."""
    year = next((one for one in added_up.spans if one.kind == "Twelve months"), None)
    if year is None or year.rate is None or found.area != district():
        return None
    return alike_table(found.topic, (found.area_name, year.rate, first_day(year.months[0]), last_day(year.months[-1])))


def _span_row(one: Span) -> tuple[Cell, ...]:
    change = one.change
    interval = "–"
    if change and change.lower_pct is not None and change.upper_pct is not None:
        interval = f"{words.signed(change.lower_pct, 1)}% to {words.signed(change.upper_pct, 1)}%"
    pct = change.change_pct if change else None
    return (
        Cell(one.title, one.title),
        Cell(one.kind, one.kind),
        Cell(words.number(one.count), one.count),
        Cell("not imported" if one.before is None else words.number(one.before), one.before),
        Cell("–" if pct is None else words.change(pct), pct),
        Cell(interval),
        Cell("", change.lower_pct if change else None),
        Cell("", change.upper_pct if change else None),
        Cell("–" if one.rate is None else words.number(one.rate, 2), one.rate),
    )


def _title(found: Series) -> str:
    return f"{found.topic_title} recorded in {found.area_name}, by {'quarter' if _by_quarter(found) else 'month'}"


def _by_quarter(found: Series) -> bool:
    return bool(found.points) and is_quarter(found.points[0].period)


def _by_month(found: Series) -> dict[str, int | None]:
    counts: dict[str, int | None] = {point.period: point.count for point in found.points}
    return dict(sorted({**dict.fromkeys(found.missing), **counts}.items()))


def _choice() -> Choice:
    asked = request.args
    return Choice(
        asked.get("topic") or _DEFAULT_TOPIC, asked.get("area") or district(), source=asked.get("source") or None
    )


def _topics() -> list[tuple[str, str]]:
    mapped = select(TopicRecord.topic_slug).where(TopicRecord.withdrawn_by.is_(None)).distinct()
    query = select(Topic.slug, Topic.title).where(Topic.slug.in_(mapped)).order_by(Topic.position)
    return [(slug, title) for slug, title in db.session().execute(query)]


def _sources(found: Series | None) -> list[tuple[str, str]]:
    """The sources to choose from; none to choose where there is one."""
    if found is None or not found.other_sources:
        return []
    return [(name, SOURCE_TITLES[name]) for name in (found.source, *found.other_sources)]


def _areas() -> list[tuple[str, str]]:
    session, today = db.session(), date.today()
    return [
        (area.code, f"{area.name} {kind}")
        for kind in ("district", "beat", "ward")
        for area in areas(session, kind, today)
    ]


def _span(months: Sequence[str]) -> str:
    if not months:
        return "replaced by a later file"
    kinds = [[one for one in months if is_quarter(one) is quarterly] for quarterly in (False, True)]
    return "; ".join(in_words(min(periods), max(periods)) for periods in kinds if periods)
