"""The plan's own case, on the demo: agreement fell from 94% to 77% while the record fell by 33.4%."""

import pytest
from flask import Flask

from csp_consult.db import db, mark_reading
from csp_consult.fieldwork import waves
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.gaps import gap, published_gaps
from csp_consult.findings.targeting import targets

WAVE = "vrn-community-safety/2022-autumn"


@pytest.fixture
def case(app: Flask) -> GapFinding:
    """What the county's survey printed of anti-social behaviour, beside the record."""
    with app.app_context():
        mark_reading(True)
        (found,) = (one for one in published_gaps(db.session()) if one.topic == "asb")
    return found


def test_the_case_says_what_was_printed_on_both_sides(case: GapFinding) -> None:
    assert "94%" in case.perception_text
    assert "77%" in case.perception_text
    assert case.recorded is not None
    assert case.recorded.change_pct == -33.4
    assert "fell by 33.4% (published without counts)" in case.verdict
    assert "77% agreed" in case.verdict
    assert "down from 94% before" in case.verdict


def test_the_case_says_what_cannot_be_concluded(case: GapFinding) -> None:
    assert case.grade == "C"
    said = " ".join(case.grade_reasons)
    assert "the periods overlap but differ" in said
    assert "the survey's base was not published" in said
    assert "the record is known for the district only" in said
    assert "At most 23% said it rose" in case.verdict
    assert "it cannot be said which way people lean" in case.verdict
    assert (case.classification, case.contrary_share, case.gap_points) == ("", None, None)


def test_the_hosted_wave_proposes_audiences_for_the_case(app: Flask) -> None:
    with app.app_context():
        mark_reading(True)
        session = db.session()
        wave = waves.find(session, WAVE)
        found, whole = targets(session, wave, "asb"), gap(session, wave, "asb")

    chosen = [segment for segment in found.segments if segment.chosen]
    assert (whole.classification, whole.synthetic) == ("reassure", True)
    assert chosen
    assert found.covered_share >= 0.5
    assert all(segment.lower < segment.residents < segment.upper and segment.lift >= 1 for segment in chosen)
    assert any("the record is known for the district only" in reason for reason in found.grade_reasons)
    assert any(segment.channel for segment in chosen)
