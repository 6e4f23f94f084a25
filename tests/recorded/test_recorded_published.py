"""What a printed comparison is quoted with."""

import pytest

from csp_consult.recorded.models import PublishedComparison
from csp_consult.recorded.published import left_out


@pytest.mark.parametrize(
    ("text", "value", "unit", "said"),
    [
        ("Serious violence; peak in autumn", 236, "incidents", " (236 incidents; 2020/21: 219)"),
        ("236 incidents of serious violence", 236, "incidents", ""),
        ("Level at around 2.8 for five quarters", 2.8, "per 1000", ""),
        ("Thefts rose to 2,218.", 2218, "thefts", ""),
        ("Felt by 77% of people", 77, "% agree", ""),
        # Another number that only holds the same digits, a year or a percentage does not say how many there were.
        ("Burglary fell by 15%", 5, "crimes", " (5 crimes; 2020/21: 219)"),
        ("Burglary fell by 15%", 15, "crimes", " (15 crimes; 2020/21: 219)"),
        ("The fewest since 2012", 12, "crimes", " (12 crimes; 2020/21: 219)"),
        ("Thefts rose to 2,218", 218, "thefts", " (218 thefts; 2020/21: 219)"),
        ("Up by 1.5 in a year", 1, None, " (1; 2020/21: 219)"),
    ],
)
def test_a_figure_that_the_words_leave_out_is_added_to_them(
    text: str, value: float, unit: str | None, said: str
) -> None:
    one = PublishedComparison(text=text, value=value, unit=unit, previous_value=219, previous_period="2020/21")

    assert left_out(one) == said
