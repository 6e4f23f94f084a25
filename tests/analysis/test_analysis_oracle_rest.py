"""What the oracle says besides: small cases, other intervals, what a next wave can detect, what a table tells."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from csp_consult.analysis.disclosure import attack, table_figures
from csp_consult.analysis.estimates import korn_graubard_interval, logit_interval
from csp_consult.analysis.gap import class_probabilities, probability_positive
from csp_consult.analysis.ranks import holm
from csp_consult.analysis.waves import detectable_difference, smallest_significant_difference
from csp_consult.analysis.weights import Target, weigh


def test_the_two_by_two_table(oracle: dict[str, Any]) -> None:
    theirs = oracle["rake_2x2"]
    counts = np.array(theirs["counts"], dtype=float)
    cells = pd.DataFrame(
        [(str(i), str(j), n, n, n) for (i, j), n in np.ndenumerate(counts)], columns=["row", "column", "n", "d", "d2"]
    )
    targets = [
        Target((name,), {(str(i),): float(n) for i, n in enumerate(theirs[key])})
        for name, key in (("row", "row_targets"), ("column", "col_targets"))
    ]

    found = weigh(cells, targets)

    factors = found.factors.reshape(2, 2)
    raked = factors * counts
    odds = [table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) for table in (counts, raked)]
    assert raked == pytest.approx(np.array(theirs["raked_table"]), rel=1e-9)
    assert factors == pytest.approx(np.array(theirs["factors"]), rel=1e-9)
    assert odds == pytest.approx(theirs["odds_ratio_before_and_after"], rel=1e-9)
    assert found.design_effect == pytest.approx(theirs["kish_deff"], rel=1e-9)


def test_post_stratification_to_age_by_sex(oracle: dict[str, Any], oracle_folder: Path) -> None:
    margins = json.loads((oracle_folder / "margins.json").read_text())
    wave = pd.read_csv(oracle_folder / "wave1.csv", dtype={"age": str, "sex": str})
    cells = wave.assign(n=1.0, d2=wave["d"] ** 2).groupby(["age", "sex"], as_index=False)[["n", "d", "d2"]].sum()
    population: dict[tuple[str, ...], float] = {
        (str(age), str(sex)): float(margins["agesex"][(age - 1) * 2 + sex - 1]) for age in (1, 2, 3) for sex in (1, 2)
    }

    found = weigh(cells, [Target(("age", "sex"), population)])

    factor = dict(zip(zip(cells["age"], cells["sex"], strict=True), found.factors, strict=True))
    weights = [row.d * factor[row.age, row.sex] for row in wave.itertuples()]
    theirs = oracle["from_R"]["rake"]["wave1_poststratify_agesex"]
    assert weights == pytest.approx(theirs["weights"] if isinstance(theirs, dict) else theirs, rel=1e-9)


def test_intervals_of_shares_on_their_effective_bases(oracle: dict[str, Any]) -> None:
    theirs, concern = oracle["intervals"], oracle["from_R"]["concern"]["wave1_problem"]
    est, se = (np.array(concern[key]) for key in ("est", "se"))
    bases = est * (1 - est) / se**2

    assert bases == pytest.approx(theirs["wave1_problem_n_eff_linearised"], rel=1e-9)
    assert 119 / bases == pytest.approx(oracle["from_R"]["concern"]["wave1_problem_deff_wr"], rel=1e-9)
    for p, error, n, wilson, exact, r_exact, logit in zip(
        est,
        se,
        bases,
        theirs["wilson_on_n_eff"],
        theirs["clopper_pearson_on_n_eff_no_df_adjustment"],
        theirs["korn_graubard_R"],
        theirs["logit_R"],
        strict=True,
    ):
        ours = korn_graubard_interval(p, error, n, 120, 119)
        assert ours == pytest.approx(exact, abs=1e-9)
        assert ours == pytest.approx(r_exact, abs=1e-9)
        assert logit_interval(p, error, 119) == pytest.approx(logit, abs=1e-6)
        assert proportion_confint(n * p, n, method="wilson") == pytest.approx(wilson, abs=1e-9)


def test_what_214_after_416_can_detect(oracle: dict[str, Any]) -> None:
    theirs = oracle["waves"]["min_detectable_change_416_vs_214"]

    assert detectable_difference(416, 214) == pytest.approx(theirs["deff_1.0"], rel=1e-9)
    assert detectable_difference(416, 214, deff=1.5) == pytest.approx(theirs["deff_1.5"], rel=1e-9)
    smallest = smallest_significant_difference(416, 214, deff=1.5)
    assert smallest == pytest.approx(theirs["smallest_significant_diff_at_50pct_deff_1.5"], rel=1e-9)


def test_the_tests_between_waves_are_r_s(oracle: dict[str, Any]) -> None:
    theirs, in_r = oracle["waves"], oracle["from_R"]["waves"]

    assert np.array(theirs["rows"]) == pytest.approx(np.array(in_r["rows"]), rel=1e-9)
    adjusted = holm(np.array([row[in_r["columns"].index("p")] for row in in_r["rows"]]))
    for said in (in_r["holm_p"], theirs["holm_statsmodels"], theirs["holm_R"]):
        assert adjusted == pytest.approx(said, abs=1e-9)


@pytest.mark.parametrize(("pattern", "said"), [("primary", "audit_primary_only"), ("optimal_pattern", "audit_optimal")])
def test_what_a_table_tells_of_the_cells_that_a_pattern_hides(oracle: dict[str, Any], pattern: str, said: str) -> None:
    theirs = oracle["suppression"]
    table, hidden = np.array(theirs["table"], dtype=int), np.array(theirs[pattern], dtype=bool)
    rows, columns = [f"r{i}" for i in range(4)], [f"c{j}" for j in range(3)]
    counts = {f"{rows[i]}|{columns[j]}": int(n) for (i, j), n in np.ndenumerate(table)}
    figures = {figure.name: figure for figure in table_figures(rows, columns)}
    out = {f"{rows[i]}|{columns[j]}" for i, j in zip(*np.nonzero(hidden), strict=True)}
    shown = [(one, sum(counts[atom] for atom in one.atoms)) for name, one in figures.items() if name not in out]

    for place, (least, most) in theirs[said].items():
        i, j = map(int, place.split(","))
        found = attack(figures[f"{rows[i]}|{columns[j]}"], shown)
        assert (found.lower, found.upper) == pytest.approx((least, most), abs=1e-6)


def test_the_probabilities_behind_the_district_s_class(oracle: dict[str, Any]) -> None:
    theirs = oracle["gap_district"]
    recorded = theirs["recorded"]

    up = probability_positive(theirs["B"], theirs["se_B"])
    half = stats.norm.ppf(0.975) * theirs["se_gap_points"]

    assert up == pytest.approx(theirs["p_perception_up"], abs=1e-9)
    assert class_probabilities(theirs["p_perception_up"], theirs["p_recorded_up"]) == pytest.approx(
        theirs["class_prob"], abs=1e-9
    )
    assert [theirs["gap_points"] - half, theirs["gap_points"] + half] == pytest.approx(theirs["gap_ci95"], rel=1e-9)
    assert 1 - theirs["p_down"] == pytest.approx(theirs["contrary_share_not_down"], abs=1e-9)
    recorded_up = probability_positive(recorded["log_ratio"], recorded["se_log_ratio"])
    assert recorded_up == pytest.approx(theirs["p_recorded_up"], rel=1e-6)


def test_the_other_way_of_blending_that_the_oracle_worked_out(oracle: dict[str, Any]) -> None:
    theirs = oracle["combined"]
    index, weights = theirs["index"], theirs["source_weights"]

    standardised = sum(weights[name] * stats.zscore(index[name], ddof=1) for name in index)

    assert standardised == pytest.approx(theirs["zscore_mean"], rel=1e-9)
    assert theirs["index_se_residents_R_svyratio"] == pytest.approx(theirs["index_se"]["residents"], rel=1e-9)
