"""What the intervals promise, checked on populations whose truth is known. Run by the third command."""

import numpy as np
import pandas as pd
import pytest
from analysis_samples import VARIABLES, one_way, ratings

from csp_consult.analysis.concern import concern_from_respondents
from csp_consult.analysis.estimates import share
from csp_consult.analysis.ranks import rank_concern
from csp_consult.analysis.totals import totals_of_respondents
from csp_consult.analysis.weights import weigh

pytestmark = pytest.mark.long

REPEATS = 4_000
YES = ("q", "yes")


@pytest.mark.parametrize("n", [60, 214, 416, 2_000])
@pytest.mark.parametrize("p", [0.02, 0.05, 0.1, 0.25, 0.5])
def test_intervals_of_shares_cover_the_truth(n: int, p: float) -> None:
    coverage, effective = covered_shares(n, p)

    assert coverage >= 0.93
    if effective * min(p, 1 - p) >= 5:
        assert coverage <= 0.97


def covered_shares(n: int, p: float) -> tuple[float, float]:
    """How often the interval holds a share of p, and the mean effective base."""
    rng = np.random.default_rng([n, round(1000 * p)])
    covered, effective = 0, 0.0
    for _ in range(REPEATS):
        weights = rng.lognormal(sigma=0.5, size=n)
        found = share(totals_of_respondents({YES: (rng.random(n) < p).astype(float)}, weights), {YES: 1})
        assert found.lower is not None
        assert found.upper is not None
        covered += found.lower <= p <= found.upper
        effective += found.effective_base / REPEATS
    return covered / REPEATS, effective


@pytest.mark.parametrize("n", [214, 416])
def test_intervals_cover_when_people_chose_themselves_and_raking_puts_it_right(n: int) -> None:
    rng = np.random.default_rng(n)
    cells = pd.MultiIndex.from_product([list("123"), list("12"), list("1234")], names=VARIABLES).to_frame(index=False)
    people = rng.uniform(500, 2500, len(cells))
    answering = people * np.exp(0.5 * cells["age"].astype(int) + 0.2 * cells["ward"].astype(int))
    opinion = 0.15 + 0.1 * cells["age"].astype(int).to_numpy() + 0.03 * cells["ward"].astype(int).to_numpy()
    truth = float(people @ opinion / people.sum())
    targets = [one_way(v, pd.Series(people).groupby(cells[v].to_numpy()).sum().tolist()) for v in VARIABLES]
    covered = 0
    for _ in range(1_000):
        drawn = rng.choice(len(cells), n, p=answering / answering.sum())
        counts = np.bincount(drawn, minlength=len(cells)).astype(float)
        weights = weigh(cells.assign(n=counts, d=counts, d2=counts), targets).factors[drawn]
        yes = (rng.random(n) < opinion[drawn]).astype(float)
        found = share(totals_of_respondents({YES: yes}, weights), {YES: 1})
        assert found.lower is not None
        assert found.upper is not None
        covered += found.lower <= truth <= found.upper

    # Weights taken as fixed are the cautious form, so more than 95% is no fault here.
    assert covered / 1_000 >= 0.93


@pytest.mark.parametrize("n", [60, 214, 416, 2_000])
def test_rank_intervals_cover_all_ranks_at_once(n: int) -> None:
    assert covered_ranks(n) >= 0.95


def covered_ranks(n: int) -> float:
    """How often the intervals hold the true ranks of all topics at once."""
    rng = np.random.default_rng(n)
    truth = np.array([0.7, 0.6, 0.6, 0.55, 0.5, 0.45, 0.45, 0.45, 0.3, 0.25])
    topics = [f"t{t}" for t in range(len(truth))]
    # Where topics tie, any of their ranks is true.
    best = {t: 1 + int((truth > truth[i]).sum()) for i, t in enumerate(topics)}
    worst = {t: len(truth) - int((truth < truth[i]).sum()) for i, t in enumerate(topics)}
    cut = np.quantile(rng.normal(size=200_000) * np.sqrt(1.5), 1 - truth)
    codes = np.array(["0", "3"])
    covered = 0
    for _ in range(500):
        level = rng.normal(scale=np.sqrt(0.5), size=(n, 1)) + rng.normal(size=(n, len(truth)))
        answers = pd.DataFrame(codes[(level > cut).astype(int)], columns=[f"prob_{t}" for t in topics])
        concern = concern_from_respondents(answers, ratings(topics), rng.lognormal(sigma=0.4, size=n))
        ranking = rank_concern(concern, hidden_below=0)
        covered += all(t.rank_lower <= best[t.topic] and worst[t.topic] <= t.rank_upper for t in ranking.topics)
    return covered / 500
