"""After the close: the council beside the others, small counts hidden; what changed since; what was done."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from parish_world import GLEN, KIBWORTH, WAVE, respond
from sqlalchemy import select
from walker import Walker, table

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.plan.council_receipt import hidden
from csp_consult.plan.models import Activity
from csp_consult.topics.models import Topic

OUTCOME = f"/clerk/{GLEN}/{WAVE}/outcome"


def rows_of(walker: Walker, question: str) -> list[list[str]]:
    for one in walker.page.select("table"):
        caption = one.select_one("caption")
        if caption is not None and question in caption.get_text():
            return table(walker, str(one["id"]))
    raise AssertionError(walker.text)


def test_small_counts_and_what_would_give_them_away_are_not_shown(
    closed_site: Flask, sign_in: Callable[[str], Walker]
) -> None:
    gill = sign_in("glen")
    gill.follow("What became of it: First test consultation for Great Glen")

    assert gill.path == OUTCOME
    # Two other councils have not met the police: few enough to name, so the ten that have are not shown either.
    assert rows_of(gill, "met the police") == [["It has", "", "Not shown"], ["It has not", "Yes", "Not shown"]]
    assert ["Very much", "Yes", "100%"] in rows_of(gill, "Speeding")
    assert "Parish 3" not in gill.text


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 1, "b": 1, "c": 10}, ""),  # a and b would have to be 1 each
        ({"a": 1, "b": 1, "c": 5, "d": 6}, "d"),
        ({"a": 4, "b": 4, "c": 6}, "c"),
        ({"a": 1, "b": 6, "c": 7}, "c"),
        ({"a": 0, "b": 5, "c": 7}, "abc"),
        ({"a": 2, "b": 0}, "b"),
    ],
)
def test_small_counts_cannot_be_worked_out_from_their_sum(counts: dict[str, int], shown: str) -> None:
    assert set(counts) - hidden(counts) == set(shown)


def test_what_changed_since_last_time_and_what_was_done_is_told(
    closed_site: Flask, sign_in: Callable[[str], Walker]
) -> None:
    with closed_site.app_context():
        session = db.session()
        session.add(Topic(slug="speeding", title="Speeding", position=1))
        session.flush()
        for title, approved in (("Speed checks on the A6", date.today()), ("Not approved", None)):
            session.add(_activity(title, approved))
        session.commit()
    gill = sign_in("glen")

    gill.get(OUTCOME)

    assert "Then: It has Now: It has not" in gill.text
    assert "Great Glen in Earlier test consultation" in gill.text
    assert "Speed checks on the A6" in gill.text
    assert "Not approved" not in gill.text


def test_before_the_close_and_with_too_few_others_nothing_is_compared(
    site: Flask, gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    with site.app_context():
        wave = db.session.scalars(select(Wave)).one()
        for code in (GLEN, KIBWORTH):
            respond(db.session(), wave, code, "met")
        db.session.commit()
    gill.get(OUTCOME)
    assert gill.path == f"/clerk/{GLEN}/{WAVE}/", "the wave is open"

    with site.app_context():
        db.session.scalars(select(Wave)).one().closes_on = date.today() - timedelta(days=1)
        db.session.commit()
    gill.get(OUTCOME)
    assert "Fewer than 10 other councils answered" in gill.text
    assert "There is no earlier answer" in gill.text


def _activity(title: str, approved: date | None) -> Activity:
    return Activity(
        title=title,
        topic_slug="speeding",
        area_code=GLEN,
        audience="Residents",
        message="Checks are made.",
        channel="Newsletter",
        owner="The partnership",
        starts_on=date.today(),
        status="under way",
        approved_by="lead" if approved else "",
        approved_on=approved,
        gap={},
    )
