"""The Strategy Group's page: one quarter, to be read in a meeting and printed on a sheet."""

from datetime import date

from flask import render_template, request

from csp_consult.db import db
from csp_consult.reports.readings import MEASURES, ranking_reading
from csp_consult.reports.strategy import Quarter, StrategyPage, latest_quarter, strategy_page
from csp_consult.web.officer.door import base_rules, district

_MOST = 5
"""Concerns named: the first of the ranking."""


def strategy_group() -> str:
    """The quarter of the address, or the one in which residents were asked last."""
    session, today = db.session(), date.today()
    given = request.args.get("quarter")
    quarter = Quarter.read(given) if given else latest_quarter(session, today)
    page = strategy_page(session, district(), quarter, today, rules=base_rules())
    return render_template(
        "officer/strategy_group.html",
        page=page,
        quarter=quarter,
        reading=ranking_reading(page.ranking) if page.ranking else "",
        concerns=_concerns(page),
        synthetic=page.synthetic,
    )


def _concerns(page: StrategyPage) -> list[tuple[str, str]]:
    """The first concerns with their figures."""
    if page.ranking is None:
        return []
    found = page.ranking
    measure = MEASURES[found.ranking.measure]
    return [
        (found.topic_titles.get(one.topic, one.topic), f"{measure.figures(one.concern)} {measure.said}")
        for one in found.ranking.topics[:_MOST]
    ]
