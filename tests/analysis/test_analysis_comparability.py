"""Grades and the words that go with them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from csp_consult.analysis.comparability import Comparison, grade, period_overlap
from csp_consult.analysis.gap import perception_gap
from csp_consult.analysis.recorded_change import Change, published_change, recorded_change
from csp_consult.analysis.verdict import published_verdict, recorded_in_words, verdict

LIKE_WITH_LIKE = Comparison(record_area="same", overlap=0.9, wording="local", base="known", category="covers")
FELL = recorded_change([1500], [999])
ROSE = recorded_change([999], [1500])
WORDS: dict[str, Any] = {"topic": "anti-social behaviour", "area": "Harborough", "contrary_adults": 26098}


def test_like_with_like_is_an_a_without_reasons() -> None:
    given = grade(LIKE_WITH_LIKE, FELL)

    assert (given.letter, given.reasons) == ("A", ())


@pytest.mark.parametrize(
    ("facts", "letter", "reason"),
    [
        ({"overlap": 0.6}, "B", "share 60% of the longer one"),
        ({"base": "indicative"}, "B", "few people"),
        ({"category": "partly"}, "B", "only in part"),
        ({"category": "partly", "base": "indicative"}, "C", "few people"),
        ({"record_area": "district only"}, "C", "the record is known for the district only"),
        ({"base": "not published"}, "C", "base was not published"),
        ({"overlap": 0.2}, "C", "share 20% of the longer one"),
        ({"wording": "not known"}, "C", "local area is not known"),
        ({"wording": "national"}, "D", "whole country"),
        ({"category": "none"}, "D", "no recorded category"),
        ({"overlap": 0.0}, "D", "do not overlap"),
        ({"record_area": "elsewhere"}, "D", "different area"),
        ({"base": "too small"}, "D", "too few people"),
    ],
)
def test_each_shortfall_has_its_grade_and_reason(facts: dict[str, Any], letter: str, reason: str) -> None:
    given = grade(replace(LIKE_WITH_LIKE, **facts), FELL)

    assert given.letter == letter
    assert any(reason in said for said in given.reasons)


@pytest.mark.parametrize(
    ("recorded", "letter", "reason"),
    [
        (published_change(-33.4), "B", "published without its counts"),
        (None, "D", "no recorded figure is held"),
        (recorded_change([0], [0]), "D", "nothing was recorded in either period"),
    ],
)
def test_the_record_itself_may_fall_short(recorded: Change | None, letter: str, reason: str) -> None:
    given = grade(LIKE_WITH_LIKE, recorded)

    assert given.letter == letter
    assert reason in given.reasons[0]


def test_a_refusal_names_only_what_forbids_the_comparison() -> None:
    given = grade(replace(LIKE_WITH_LIKE, wording="national", base="not published"), FELL)

    assert given.reasons == ("the question asked about the whole country and the record is local",)


def test_a_record_without_smaller_areas_is_noted_and_does_not_lower_the_grade() -> None:
    given = grade(replace(LIKE_WITH_LIKE, smaller_areas_recorded=False), FELL)

    assert given.letter == "A"
    assert "nothing is said of its parts" in given.reasons[0]


def test_overlap_is_over_the_longer_period() -> None:
    year = date(2021, 10, 1), date(2022, 9, 30)
    nine_months = date(2022, 4, 1), date(2022, 12, 31)

    assert period_overlap(year, nine_months) == pytest.approx(183 / 365)
    assert period_overlap(nine_months, year) == period_overlap(year, nine_months)
    assert period_overlap(year, year) == 1
    assert period_overlap(year, (date(2023, 1, 1), date(2023, 2, 1))) == 0


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        period_overlap((date(2022, 2, 1), date(2022, 1, 1)), (date(2022, 1, 1), date(2022, 2, 1)))


def test_the_verdict_can_be_read_out() -> None:
    gap = perception_gap(0.4966, 0.1693, 0.079, FELL)

    assert verdict(gap, grade(LIKE_WITH_LIKE, FELL), **WORDS) == (
        "Recorded anti-social behaviour in Harborough fell by 33.4% (from 1,500 to 999; 95% interval −38.5% to "
        "−27.9%), and 50% of residents say it rose (about 26,000 adults) while 17% say it fell. More people say it is "
        "rising than falling, and the record fell: there is good news to tell."
    )


@pytest.mark.parametrize(
    ("p_up", "p_down", "recorded", "said"),
    [
        (0.5, 0.2, FELL, "good news to tell"),
        (0.5, 0.2, ROSE, "calls for action"),
        (0.2, 0.5, ROSE, "need to be warned"),
        (0.2, 0.5, FELL, "keep up what is being done"),
        (0.3, 0.3, FELL, "too uncertain"),
    ],
)
def test_flipping_the_record_or_the_answers_moves_the_verdict(
    p_up: float, p_down: float, recorded: Change, said: str
) -> None:
    words = verdict(perception_gap(p_up, p_down, 0.08, recorded), grade(LIKE_WITH_LIKE, recorded), **WORDS)

    assert said in words


def test_the_adults_stand_beside_the_share_that_contradicts_the_record() -> None:
    words = verdict(perception_gap(0.2, 0.5, 0.08, ROSE), grade(LIKE_WITH_LIKE, ROSE), **WORDS)

    assert "50% say it fell (about 26,000 adults)" in words


def test_a_weak_comparison_is_read_with_care() -> None:
    weak = grade(replace(LIKE_WITH_LIKE, record_area="district only"), FELL)

    words = verdict(perception_gap(0.5, 0.2, 0.08, FELL), weak, **WORDS)

    assert words.endswith("Read with care: the record is known for the district only.")


def test_a_refused_comparison_says_why_and_nothing_else() -> None:
    refused = grade(replace(LIKE_WITH_LIKE, category="none", overlap=0), None)

    assert verdict(None, refused, **WORDS) == (
        "Cannot be compared, because no recorded category covers the topic, and the two periods do not overlap, "
        "and no recorded figure is held for this topic, area and period."
    )


def test_the_plan_s_own_case_says_what_follows_and_what_does_not() -> None:
    recorded = published_change(-33.4)
    facts = Comparison(
        record_area="same",
        overlap=0.5,
        wording="local",
        base="not published",
        category="covers",
        smaller_areas_recorded=False,
    )
    given = grade(facts, recorded)

    words = published_verdict(
        share=0.77,
        previous_share=0.94,
        statement="ASB has decreased or stayed the same",
        recorded=recorded,
        grade=given,
        topic="anti-social behaviour",
        area="Harborough",
    )

    assert given.letter == "C"
    for part in (
        "fell by 33.4% (published without counts)",
        "77% agreed that “ASB has decreased or stayed the same”, down from 94% before",
        "At most 23% said it rose",
        "cannot be said which way people lean",
        "base was not published",
        "known for the district only",
        "overlap but differ",
    ):
        assert part in words


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        (recorded_change([400], [400]), "Recorded burglary in Glen did not change (from 400 to 400)"),
        (recorded_change([0], [3]), "Recorded burglary in Glen rose from 0 to 3"),
        (recorded_change([0], [0]), "No burglary was recorded in Glen in either period"),
        (published_change(6.6), "Recorded burglary in Glen rose by 6.6% (published without counts)"),
        (published_change(0), "Recorded burglary in Glen did not change"),
    ],
)
def test_the_record_in_words(recorded: Change, words: str) -> None:
    assert recorded_in_words(recorded, topic="burglary", area="Glen") == words
