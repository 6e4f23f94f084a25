"""The rules of printed figures, each broken once and kept once."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.integrity import PrintedFigure, check, is_possible, smallest_base
from csp_consult.analysis.printed_figures import FigureListError, figures_from
from csp_consult.analysis.printed_periods import Window, window


def faults(*figures: dict[str, Any]) -> list[tuple[str, str]]:
    numbered = [{"id": f"f{i}", **figure} for i, figure in enumerate(figures)]
    return [(fault.rule, fault.message) for fault in check(figures_from({"figures": numbered}))]


def rules(*figures: dict[str, Any]) -> list[str]:
    return [rule for rule, _ in faults(*figures)]


def test_the_hate_crime_shares_of_the_plan_are_not_possible_counts() -> None:
    found = faults({"value": "119", "mix_pct": {"racial": "43.9", "sexual orientation": "29.5"}})

    assert {rule for rule, _ in found} == {"impossible percentage"}
    unless = "of 119 is not possible, unless it is weighted or of fewer answers"
    assert [message for _, message in found] == [
        f"racial: 43.9% {unless}: 52 is 43.7% and 53 is 44.5%.",
        f"sexual orientation: 29.5% {unless}: 35 is 29.4% and 36 is 30.3%.",
        "the smallest base on which all these shares are possible is 132.",
    ]


def test_the_serious_violence_shares_of_the_plan_are_possible() -> None:
    assert faults({"value": "236", "mix_pct": {"assault": "91.5", "robbery": "3.8", "serious harm": "2.5"}}) == []


def test_decimals_count_as_printed() -> None:
    assert rules({"value": "43.7", "unit": "%", "n": "119"}) == []
    assert rules({"value": "43.70", "unit": "%", "n": "119"}) == []
    assert rules({"value": "43.71", "unit": "%", "n": "119"}) == ["impossible percentage"]


def test_weighted_percentages_need_not_be_counts() -> None:
    assert rules({"value": "43.9", "unit": "%", "n": "119", "weighted": "yes"}) == []


def test_the_earlier_percentage_is_held_against_the_earlier_base() -> None:
    found = faults({"value": "50", "unit": "%", "n": "80", "previous": "43.9", "previous_n": "119"})

    assert found[0][1].startswith("the earlier figure: 43.9% of 119 is not possible")


def test_more_than_everybody_is_not_a_share() -> None:
    assert faults({"value": "103", "unit": "%", "n": "80"})[0][1] == "103% is not a share: it must be from 0 to 100."


def test_shares_may_pass_a_hundred_by_rounding_only() -> None:
    assert rules({"value": "3", "mix_pct": {"a": "33.3", "b": "66.7"}}) == []
    assert rules({"n": "1000", "mix_pct": {"a": "50.3", "b": "49.9"}}) == ["shares beyond the whole"]


def test_a_percentage_needs_its_base() -> None:
    assert rules({"value": "77", "unit": "% agree"}) == ["missing base"]
    assert rules({"value": "77", "unit": "incidents"}) == []


@pytest.mark.parametrize(
    "figure",
    [
        {"value": "77", "previous": "64", "change_pct": "20.3"},
        {"value": "119", "change_abs": "9", "change_pct": "8.2"},
        {"value": "12.9", "previous": "7.3", "unit": "per 1000", "change_pct": "76"},
        {"value": "77", "previous": "94", "unit": "%", "n": "500", "previous_n": "500", "change_pct": "-17"},
        {"value": "5", "previous": "0", "change_pct": "100"},
    ],
)
def test_a_change_that_its_figures_allow_is_let_pass(figure: dict[str, str]) -> None:
    assert "wrong change" not in rules(figure)


def test_a_change_is_computed_again_from_its_figures() -> None:
    assert faults({"value": "77", "previous": "64", "change_pct": "25", "change_abs": "12"}) == [
        ("wrong change", "from 64 to 77 is a change of +13, not +12."),
        ("wrong change", "from 64 to 77 is a change of +20.3%, not +25%."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "There has been a -33.4% decrease in the number of ASB incidents",
        "has seen a small decrease of -2.7% from the previous YTD",
        "fell by −8",
        "a –5 per cent drop",
    ],
)
def test_a_fall_said_twice_is_a_double_sign(text: str) -> None:
    assert rules({"text": text}) == ["double sign"]


@pytest.mark.parametrize("text", ["a 33.4% decrease", "a 10-20% decrease", "a change of -33.4%", "down 8"])
def test_a_fall_said_once_is_none(text: str) -> None:
    assert rules({"text": text}) == []


def test_the_direction_must_be_that_of_the_change() -> None:
    assert rules({"change_pct": "6.6", "direction": "decreased"}) == ["wrong direction"]
    assert rules({"change_pct": "6.6", "direction": "slightly up"}) == []
    assert rules({"value": "77", "previous": "94", "direction": "rising"}) == ["wrong direction"]


def test_part_of_a_year_is_not_set_against_a_full_year() -> None:
    found = faults({"value": "999", "period": "Apr-Dec 2022", "previous_period": "2021/22"})

    assert found == [
        (
            "unequal periods",
            "Apr-Dec 2022 has 9 months and 2021/22 has 12: part of a year is set against more of one.",
        )
    ]
    assert rules({"value": "999", "period": "Apr-Dec 2022", "previous_period": "Apr-Dec 2021"}) == []


def test_a_year_that_was_not_over_is_part_of_a_year() -> None:
    unfinished = {"value": "236", "previous": "219", "period": "2022/23", "previous_period": "2021/22"}

    assert rules({**unfinished, "as_at": "Jan 2023"}) == ["unequal periods"]
    assert rules({**unfinished, "as_at": "April 2023"}) == []


def test_different_times_of_year_are_said() -> None:
    assert "season alone" in faults({"period": "Q2 2022/23", "previous_period": "Q1 2018/19"})[0][1]


def test_windows_set_side_by_side_must_be_the_same() -> None:
    year_to_date = {"id": "ytd", "change_abs": "-8", "period": "YTD to Dec 2022"}
    rolling = {"id": "rolling", "value": "119", "period": "rolling 12m to Sept 2022", "beside": "ytd"}

    assert rules(year_to_date, rolling) == ["different periods side by side"]
    assert rules(year_to_date, {**rolling, "period": "Apr-Dec 2022"}) == []


def test_parts_may_not_pass_their_total() -> None:
    total = {"id": "all", "value": "100"}

    assert faults(total, {"value": "60", "part_of": "all"}, {"value": "50", "part_of": "all"}) == [
        ("parts against total", "its parts add to 110, but 100 is printed.")
    ]
    assert rules(total, {"value": "60", "part_of": "all"}) == []
    assert rules({**total, "complete": "yes"}, {"value": "60", "part_of": "all"}) == ["parts against total"]


def test_bases_of_the_parts_must_add() -> None:
    everyone = {"id": "all", "n": "214", "complete": "yes"}
    women, men = {"n": "110", "part_of": "all"}, {"n": "100", "part_of": "all"}

    assert faults(everyone, women, men) == [
        ("parts against total", "the bases of its parts add to 210, but 214 is printed.")
    ]


def test_a_base_that_fell_is_said_once_a_survey() -> None:
    survey = {
        "id": "vrn",
        "n": {"value": "214", "previous": "416"},
        "figures": [{"id": "a", "value": "50", "unit": "%"}, {"id": "b", "value": "20", "unit": "%"}],
    }

    found = [fault for fault in check(figures_from({"surveys": [survey]})) if fault.rule == "base fell"]

    assert [(fault.figure, fault.message) for fault in found] == [
        ("vrn.a", "the base fell from 416 to 214, by 48.6%: say so wherever the two are compared.")
    ]


def test_an_earlier_year_must_be_that_of_the_earlier_wave() -> None:
    figure = {"value": "64", "unit": "%", "n": "214", "previous": "61", "previous_wave": "2020"}

    assert rules({**figure, "previous_period": "2019"}) == ["not the earlier wave"]
    assert rules({**figure, "previous_period": "Autumn 2020"}) == []


def test_every_rule_stays_silent_on_a_sound_figure() -> None:
    sound = {
        "text": "Just over half (51.4%, 110 of 214) say so, up from 48.0% (168 of 350)",
        "value": "51.4",
        "unit": "%",
        "n": "214",
        "previous": "48.0",
        "previous_n": "350",
        "change_abs": "3.4",
        "direction": "up",
        "period": "Oct 2022",
        "previous_period": "Oct 2020",
        "previous_wave": "autumn 2020",
    }

    assert faults(sound) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Sept 2022", (2022, 9, 1)),
        ("2022-09", (2022, 9, 1)),
        ("2022-04 to 2022-12", (2022, 4, 9)),
        ("Apr-Dec 2022", (2022, 4, 9)),
        ("April – December 2022", (2022, 4, 9)),
        ("Oct 2021 to Sept 2022", (2021, 10, 12)),
        ("2022", (2022, 1, 12)),
        ("2021/22", (2021, 4, 12)),
        ("Qtr 2 2022/23", (2022, 7, 3)),
        ("rolling 12m to Sept 2022", (2021, 10, 12)),
        ("year ending March 2022", (2021, 4, 12)),
        ("YTD to Dec 2022 (end Q3)", (2022, 4, 9)),
        ("year to date to March 2023", (2022, 4, 12)),
    ],
)
def test_printed_periods_are_understood(text: str, months: tuple[int, int, int]) -> None:
    year, first, length = months

    assert window(text) == Window(year * 12 + first - 1, length)


@pytest.mark.parametrize("text", ["", "first three quarters", "previous YTD", "last year", "Dec-Apr 2022"])
def test_from_a_period_not_understood_nothing_is_concluded(text: str) -> None:
    assert window(text) is None


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"products": "none"}, "There is no figure in the file"),
        ([{"value": "3"}], "A figure has no id"),
        ([{"id": "a"}, {"id": "a"}], "Two figures have the id a"),
        ([{"id": "a", "part_of": "b"}], "a refers to b, which is not in the file"),
        ([{"id": "a", "previous": "many"}], "a: previous is “many”, which is not a number"),
        ([{"id": "a", "n": "0"}], "a base is a whole number from 1 up"),
        ([{"id": "a", "mix_pct": "racial 43.9"}], "write mix_pct as"),
    ],
)
def test_a_list_that_cannot_be_read_says_which_figure_and_why(document: object, words: str) -> None:
    with pytest.raises(FigureListError, match=words):
        figures_from(document)


def test_shares_may_stand_in_one_cell_of_a_sheet() -> None:
    [figure] = figures_from([{"id": "hate", "mix_pct": "racial=43.9; sexual orientation=29.5"}])

    assert figure == PrintedFigure(id="hate", shares={"racial": Decimal("43.9"), "sexual orientation": Decimal("29.5")})


@given(st.integers(1, 5000), st.data(), st.integers(0, 3))
def test_every_rounded_count_is_possible(base: int, data: st.DataObject, decimals: int) -> None:
    count = data.draw(st.integers(0, base))

    assert is_possible(Decimal(f"{100 * count / base:.{decimals}f}"), base)


@given(st.integers(1, 60), st.integers(0, 1000))
def test_a_percentage_is_possible_when_some_count_rounds_to_it(base: int, tenths: int) -> None:
    printed = Decimal(tenths) / 10
    near = any(abs(Decimal(100 * count) / base - printed) <= Decimal("0.05") for count in range(base + 1))

    assert is_possible(printed.quantize(Decimal("0.1")), base) == near


@given(st.integers(1, 60), st.data())
def test_the_smallest_base_is_never_larger_than_the_true_one(base: int, data: st.DataObject) -> None:
    printed = [Decimal(f"{100 * data.draw(st.integers(0, base)) / base:.1f}") for _ in range(3)]
    found = smallest_base(printed)

    assert found is not None
    assert found <= base
    assert all(is_possible(share, found) for share in printed)
