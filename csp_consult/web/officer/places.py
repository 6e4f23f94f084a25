"""Where residents place each concern, beside where the record places it."""

from collections.abc import Mapping

from flask import Response, render_template, request, url_for

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.findings.ranking_gaps import RankingGapFinding, RecordedBy, ranking_gaps
from csp_consult.places.lookup import areas
from csp_consult.reports.gap_tables import ranking_gap_table
from csp_consult.web.officer.door import base_rules, district, download
from csp_consult.web.officer.typology import wave_or_refusal

_ORDERS: Mapping[RecordedBy, str] = {"volume": "How many were recorded", "change": "How fast the record rises"}


def places() -> str:
    """Both orders as one table, with the places each allows."""
    found = _found()
    return render_template(
        "officer/places.html",
        found=found,
        reading=_reading(found),
        waves=[(one.key, one.title) for one in waves.listed(db.session(), audience="residents")],
        areas=_areas(),
        orders=list(_ORDERS.items()),
        table=ranking_gap_table(found),
        csv=url_for(".places_csv", wave=found.wave, area=found.area, by=found.by),
        synthetic=found.synthetic,
    )


def places_csv() -> Response:
    """The same figures as a file."""
    return download(ranking_gap_table(_found()))


def _found() -> RankingGapFinding:
    return ranking_gaps(
        db.session(),
        wave_or_refusal(),
        request.args.get("area") or None,
        by="change" if request.args.get("by") == "change" else "volume",
        rules=base_rules(),
    )


def _areas() -> list[tuple[str, str]]:
    """The district, its beats and its wards."""
    on, session = wave_or_refusal().closes_on, db.session()
    parts = [one for kind in ("beat", "ward") for one in areas(session, kind, on)]
    return [(district(), "The whole district"), *((one.code, f"{one.name} ({one.kind})") for one in parts)]


def _reading(found: RankingGapFinding) -> str:
    if found.reason:
        return found.reason
    apart = [found.topic_titles[row.topic] for row in found.rows if row.apart]
    if not apart:
        return "No concern is placed apart from its record beyond chance."
    verb = "is" if len(apart) == 1 else "are"
    return f"{words.listing(apart)} {verb} placed apart from the record beyond chance."
