"""Figures and dates are said as people in Britain say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_findings import made_estimate

from csp_consult import words
from csp_consult.reports.readings import share


@pytest.mark.parametrize(
    ("value", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_places_have_their_endings(value: int, text: str) -> None:
    assert words.ordinal(value) == text


def test_a_rank_interval_names_both_ends_or_the_one_place() -> None:
    assert words.ranks(2, 4) == "2nd to 4th"
    assert words.ranks(1, 1) == "1st"


def test_numbers_are_grouped_and_a_negative_has_a_real_minus_sign() -> None:
    assert words.number(2218) == "2,218"
    assert words.number(-3.25, 1) == "−3.2"


@given(st.floats(-0.4999, 0.4999))
def test_nothing_is_never_written_as_minus_nothing(value: float) -> None:
    assert words.number(value) == "0"
    assert words.signed(value) == "0"


def test_shares_are_percentages_for_people() -> None:
    assert words.percent(0.414) == "41%"
    assert words.percent(None) == "–"


def test_a_published_figure_keeps_the_decimals_it_was_printed_with() -> None:
    assert [words.as_printed(value) for value in (77.0, 64.6, 2218.0)] == ["77", "64.6", "2,218"]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2022, 12, 1), date(2022, 12, 31), "1 to 31 December 2022"),
        (date(2022, 10, 1), date(2022, 11, 30), "1 October to 30 November 2022"),
        (date(2021, 12, 5), date(2022, 1, 5), "5 December 2021 to 5 January 2022"),
        (date(2022, 12, 5), date(2022, 12, 5), "5 December 2022"),
    ],
)
def test_a_period_says_month_and_year_once_where_they_are_the_same(first: date, last: date, text: str) -> None:
    assert words.period(first, last) == text


def test_a_change_is_said_as_one_speaks() -> None:
    assert words.change(-33.4) == "down 33.4%"
    assert words.change(6.6) == "up 6.6%"
    assert words.change(0) == "no change"


def test_a_share_brings_its_interval_and_says_when_it_is_indicative() -> None:
    assert share(made_estimate(0.41)) == "41% (35% to 47%)"
    assert share(made_estimate(0.41, indicative=True)) == "41% (35% to 47%), indicative"


def test_a_refused_share_gives_its_reason_instead() -> None:
    assert share(made_estimate(None, reason="Not shown: the effective base is under 30.")) == (
        "Not shown: the effective base is under 30."
    )
    assert share(None) == "not asked"
