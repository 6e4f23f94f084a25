"""Small samples that several tests of the statistics share, drawn or read, and their tallies."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import settings

from csp_consult.analysis.concern import (
    MEAN_RATING,
    MENTION_SHARE,
    POINTS,
    PROBLEM_SHARE,
    RANK_POINTS,
    Concern,
    Measure,
    concern_measure,
    concern_of_councils,
)
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.totals import Key, Tally, indicators
from csp_consult.analysis.weights import Target, Weighting, weigh

laws = settings(deadline=None, max_examples=25)
"""Other work on the machine must not fail a law; 25 random samples find what there is to find."""

VARIABLES = ("age", "sex", "ward")
TOPICS = ("speeding", "asb", "burglary", "vehicle", "drugs", "flytip")
PROBLEM = {"0": 0.0, "1": 0.0, "2": 1.0, "3": 1.0}


def ratings(
    topics: Sequence[str] = TOPICS, *, kind: str = PROBLEM_SHARE, scores: dict[str, float] = PROBLEM
) -> Measure:
    """A grid of ratings 0 to 3, the top two of which are a problem."""
    return concern_measure(
        kind, {(f"prob_{t}", option): (t, score) for t in topics for option, score in scores.items()}
    )


def mentions(topics: Sequence[str] = TOPICS, *, kind: str = MENTION_SHARE, answered: Sequence[Key] = ()) -> Measure:
    """A top three, topics numbered from 1."""
    worth = POINTS if kind == RANK_POINTS else (1.0, 1.0, 1.0)
    numbered = {str(i): topic for i, topic in enumerate(topics, 1)}
    values = {
        (f"top{place}", number): (topic, points)
        for place, points in enumerate(worth, 1)
        for number, topic in numbered.items()
    }
    return concern_measure(kind, values, answered=answered or [("top1", number) for number in numbered])


@dataclass(frozen=True)
class Sample:
    """Respondents with their answers as text, base weights and the margins of their population."""

    answers: pd.DataFrame
    base_weights: FloatArray
    targets: tuple[Target, ...]

    @property
    def cell(self) -> list[str]:
        """The weighting cell of each respondent."""
        return ["|".join(row) for row in self.answers[list(VARIABLES)].to_numpy()]

    def tally(self, keys: Sequence[Key], measure: Measure | None = None) -> Tally:
        """The counts that a wave would keep of these respondents, with the products of a concern measure."""
        x = np.column_stack(list(indicators(self.answers, keys).values()))
        names, of_respondent = np.unique(self.cell, return_inverse=True)
        powers = np.vstack([np.ones(len(x)), self.base_weights, self.base_weights**2])
        cells, options, products = {}, {}, []
        for c, name in enumerate(names):
            mine, sums = x[of_respondent == c], powers[:, of_respondent == c]
            cells[str(name)] = sums.sum(axis=1).tolist()
            options[str(name)] = {key: (sums @ mine[:, i]).tolist() for i, key in enumerate(keys)}
            if measure is not None:
                of_options = np.array([[v.get(key, 0.0) for v in measure.variables().values()] for key in keys])
                variables = mine @ of_options
                products.append((variables.T @ (sums[2][:, None] * variables))[np.triu_indices(variables.shape[1])])
        return Tally.from_counts(cells, options, {measure.question: np.array(products)} if measure else None)

    def cells(self) -> pd.DataFrame:
        """The cells as a table to weigh."""
        keyed = self.answers[list(VARIABLES)].assign(n=1.0, d=self.base_weights, d2=self.base_weights**2)
        return keyed.groupby(list(VARIABLES), as_index=False)[["n", "d", "d2"]].sum()

    def weighed(self, **choices: Any) -> tuple[Weighting, dict[str, float], FloatArray]:
        """The weighting, its factor by cell, and each respondent's final weight."""
        cells = self.cells()
        weighting = weigh(cells, self.targets, **choices)
        names = ["|".join(row) for row in cells[list(VARIABLES)].to_numpy()]
        factors = dict(zip(names, weighting.factors.tolist(), strict=True))
        return weighting, factors, np.array([factors[cell] for cell in self.cell]) * self.base_weights

    def dummies(self) -> FloatArray:
        """0/1 columns of the one-way margins by respondent."""
        return np.column_stack([pd.get_dummies(self.answers[v]).to_numpy(float) for v in VARIABLES])


def one_way(variable: str, populations: Sequence[float]) -> Target:
    """A target over categories numbered from 1."""
    return Target((variable,), {(str(i),): float(people) for i, people in enumerate(populations, 1)})


def oracle_sample(folder: Path, name: str, margins: dict[str, Any]) -> Sample:
    """A wave of the oracle."""
    frame = pd.read_csv(folder / f"{name}.csv", dtype=str)
    targets = tuple(one_way(variable, margins[variable]) for variable in VARIABLES)
    return Sample(frame, frame["d"].to_numpy(float), targets)


def oracle_councils(folder: Path) -> Concern:
    """The parish councils of the oracle, weighted by electorate."""
    councils = pd.read_csv(folder / "parishes.csv", dtype=str)
    answered = councils[councils["responded"] == "1"]
    values = {(f"rate_{t}", f"{r}.0"): (t, (r - 1) / 4) for t in TOPICS for r in range(1, 6)}
    return concern_of_councils(
        answered,
        concern_measure(MEAN_RATING, values),
        councils=len(councils),
        electorates=answered["electorate"].to_numpy(float),
    )


def drawn_sample(seed: int, n: int = 150, *, unanswered: float = 0.1) -> Sample:
    """A random sample with every category present, unequal base weights and some answers missing."""
    rng = np.random.default_rng(seed)
    sizes = {"age": 3, "sex": 2, "ward": 4}
    answers = {v: np.resize(np.arange(1, size + 1), n).astype(str) for v, size in sizes.items()}
    for values in answers.values():
        rng.shuffle(values)
    level = rng.normal(size=n)
    for t, topic in enumerate(TOPICS):
        rated = np.clip(np.round(1.5 + 0.4 * (2.5 - t) + level + rng.normal(size=n)), 0, 3).astype(int).astype(str)
        answers[f"prob_{topic}"] = np.where(rng.random(n) < unanswered, "dont_know", rated)
    order = np.array([rng.permutation(len(TOPICS)) + 1 for _ in range(n)]).astype(str)
    for place in range(3):
        answers[f"top{place + 1}"] = order[:, place]
    targets = tuple(one_way(v, rng.uniform(1000, 3000, size).tolist()) for v, size in sizes.items())
    return Sample(pd.DataFrame(answers, dtype=object), rng.choice([1.0, 1.5, 3.0], n), targets)
