"""Cross-tabulation: column shares, what stands out, what is too thin to show."""

import numpy as np
import pandas as pd
import pytest
from analysis_samples import drawn_sample, laws
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.crosstab import crosstab
from csp_consult.analysis.estimates import share
from csp_consult.analysis.totals import indicators, totals_of_respondents

seeds = st.integers(0, 10_000)


@laws
@given(seeds)
def test_each_column_is_the_estimate_for_its_group(seed: int) -> None:
    sample = drawn_sample(seed, n=400)
    weights = sample.weighed()[2]

    found = crosstab(sample.answers["prob_asb"], sample.answers["sex"], weights)

    for cell in found.cells:
        totals = totals_of_respondents(
            indicators(sample.answers, [("prob_asb", cell.row)]),
            weights,
            domain=(sample.answers["sex"] == cell.column).to_numpy(),
        )
        alone = share(totals, {("prob_asb", cell.row): 1})
        assert (cell.share.estimate, cell.share.se) == pytest.approx((alone.estimate, alone.se))
        assert (cell.share.lower, cell.share.upper) == pytest.approx((alone.lower, alone.upper))
        assert (cell.share.base, cell.share.effective_base) == pytest.approx((alone.base, alone.effective_base))


@laws
@given(seeds)
def test_columns_add_up_to_one_and_no_more_is_marked_than_is_significant(seed: int) -> None:
    sample = drawn_sample(seed, n=400)

    found = crosstab(sample.answers["prob_asb"], sample.answers["ward"], sample.base_weights)

    for column in found.columns:
        shares = [cell.share.estimate for cell in found.cells if cell.column == column]
        assert sum(value for value in shares if value is not None) == pytest.approx(1)
    assert all((cell.mark is not None) == (cell.p_holm is not None and cell.p_holm <= 0.05) for cell in found.cells)


def test_a_plain_difference_is_marked_in_both_columns() -> None:
    rows = pd.Series(["yes"] * 80 + ["no"] * 20 + ["yes"] * 20 + ["no"] * 80)
    columns = pd.Series(["women"] * 100 + ["men"] * 100)

    found = crosstab(rows, columns, np.ones(200), row_order=["yes", "no"], column_order=["women", "men"])

    assert [(cell.row, cell.column, cell.mark) for cell in found.cells] == [
        ("yes", "women", "higher"),
        ("yes", "men", "lower"),
        ("no", "women", "lower"),
        ("no", "men", "higher"),
    ]
    assert found.totals["yes"].estimate == pytest.approx(0.5)
    # By hand: p = 0.8 and 0.2 of 100 each, so the variance of the difference is 200/199 x 2 x 0.16/100.
    z = 0.6 / (200 / 199 * 0.0032) ** 0.5
    assert z > 10
    assert max(cell.p_holm for cell in found.cells if cell.p_holm is not None) < 1e-10


def test_a_thin_column_is_not_shown_nor_tested() -> None:
    rows = pd.Series(["yes", "no"] * 60)
    columns = pd.Series(["few"] * 20 + ["many"] * 100)

    found = crosstab(rows, columns, np.ones(120))

    few = [cell for cell in found.cells if cell.column == "few"]
    assert {cell.share.estimate for cell in few} == {None}
    assert {cell.p_holm for cell in few} == {None}
    assert {cell.share.reason for cell in few} == {"Not shown: the effective base is under 30."}


def test_who_answered_only_one_of_the_questions_is_not_in_the_table() -> None:
    rows = pd.Series(["yes", "no", None, "yes"] * 40)
    columns = pd.Series(["a", "a", "a", None] * 40)

    found = crosstab(rows, columns, np.ones(160))

    assert found.base == 80
    assert [cell.share.estimate for cell in found.cells] == [0.5, 0.5]
    assert {cell.p_holm for cell in found.cells} == {None}


def test_nobody_answering_both_is_an_empty_table() -> None:
    found = crosstab(pd.Series(["yes", None]), pd.Series([None, "a"]), np.ones(2))

    assert (found.cells, found.base) == ((), 0)
