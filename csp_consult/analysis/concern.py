"""What people are concerned about: one figure a topic between 0 and 1, with the covariance of all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_consult.analysis.estimates import laid_out, ratios
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.totals import (
    EVERYONE,
    Design,
    Key,
    Tally,
    Totals,
    indicators,
    totals_of_respondents,
)

PROBLEM_SHARE = "problem share"
MEAN_RATING = "mean rating"
MENTION_SHARE = "mention share"
RANK_POINTS = "rank points"
POINTS = (1.0, 2 / 3, 1 / 3)
"""Of a topic named first, second and third."""


@dataclass(frozen=True)
class Measure:
    """How answers become concern: what each answer scores for each topic, and who is in each topic's base."""

    kind: str
    topics: tuple[str, ...]
    scores: tuple[Mapping[Key, float], ...]
    """By topic: score of an answer, 0 to 1."""
    bases: tuple[Mapping[Key, float], ...]
    """By topic: the answers (each 1) that put a respondent in the base."""

    def keys(self) -> list[Key]:
        """Every (question, option) that the measure reads."""
        return sorted({key for part in (*self.scores, *self.bases) for key in part if key != EVERYONE})


@dataclass(frozen=True)
class Concern:
    """The concern measure of one source over its T topics."""

    measure: str
    topics: tuple[str, ...]
    values: FloatArray
    """C_t, 0 to 1; NaN where nobody answered on the topic."""
    covariance: FloatArray | None
    """T x T; None where the source published nothing that gives a sampling error."""
    bases: FloatArray
    """Unweighted respondents by topic; don't know and no answer are outside."""
    effective_bases: FloatArray
    base: int
    """Respondents of the source or the domain; 0 where none was published."""
    effective_base: float
    degrees: float
    se_method: str
    exhausted: bool = False
    """True where the whole finite population answered."""

    def only(self, topics: Collection[str]) -> "Concern":
        """The same source over some of its topics, in its own order."""
        kept = [i for i, topic in enumerate(self.topics) if topic in topics]
        return replace(
            self,
            topics=tuple(self.topics[i] for i in kept),
            values=self.values[kept],
            covariance=None if self.covariance is None else self.covariance[np.ix_(kept, kept)],
            bases=self.bases[kept],
            effective_bases=self.effective_bases[kept],
        )


def rating_measure(kind: str, questions: Mapping[str, str], scores: Mapping[str, float]) -> Measure:
    """Concern from a grid of ratings: ``problem share`` or ``mean rating``.

    ``questions`` maps topic to the question rating it; ``scores`` the options that count as an answer to their score
    (1 for the top two and 0 for the rest, or the rating over its maximum). Options without a score, such as
    *don't know*, are outside the topic's base.
    """
    return Measure(
        kind=kind,
        topics=tuple(questions),
        scores=tuple(
            {(question, option): score for option, score in scores.items()} for question in questions.values()
        ),
        bases=tuple({(question, option): 1.0 for option in scores} for question in questions.values()),
    )


def mention_measure(
    kind: str, positions: Sequence[str], options: Mapping[str, str | None], *, base: Sequence[Key] | None = None
) -> Measure:
    """Concern from a top three: ``mention share`` or ``rank points``.

    ``positions`` are the questions holding the first, second and third choice (or the one question where any number
    may be ticked); ``options`` maps each option that counts as an answer to its topic, or to None where it is none
    of them. The base is by default whoever answered the first position; for a question of several choices pass
    ``[(question, ANSWERED)]``, or ``[EVERYONE]``.
    """
    points = POINTS if kind == RANK_POINTS else (1.0,) * len(positions)
    topics = tuple(dict.fromkeys(topic for topic in options.values() if topic is not None))
    answered = [(positions[0], option) for option in options] if base is None else base
    return Measure(
        kind=kind,
        topics=topics,
        scores=tuple(
            {
                (question, option): worth
                for question, worth in zip(positions, points, strict=True)
                for option, named in options.items()
                if named == topic
            }
            for topic in topics
        ),
        bases=(dict.fromkeys(answered, 1.0),) * len(topics),
    )


def concern_from_totals(totals: Totals, measure: Measure) -> Concern:
    """The concern measure from totals, whichever way those were made."""
    found = ratios(totals, laid_out(totals, measure.scores), laid_out(totals, measure.bases))
    everyone = totals.keys[EVERYONE]
    base = float(totals.counts[everyone])
    weight, squares = float(totals.totals[everyone]), float(totals.squares[everyone, everyone])
    return Concern(
        measure=measure.kind,
        topics=measure.topics,
        values=found.values,
        covariance=found.covariance,
        bases=found.bases,
        effective_bases=found.effective_bases,
        base=round(base),
        effective_base=weight**2 / squares if squares else 0.0,
        degrees=totals.degrees(base),
        se_method=found.se_method,
        exhausted=found.exhausted,
    )


def concern_from_tally(
    tally: Tally,
    measure: Measure,
    factors: Mapping[str, float],
    *,
    domain: Collection[str] | None = None,
    calibration: FloatArray | None = None,
) -> Concern:
    """The concern measure of a wave from its tally.

    ``factors`` is the raking factor by cell (all 1 for the unweighted ranking), ``domain`` the cells of an area or a
    group, ``calibration`` as in ``Tally.totals``.
    """
    return concern_from_totals(tally.totals(factors, domain=domain, calibration=calibration), measure)


def concern_from_respondents(
    answers: pd.DataFrame,
    measure: Measure,
    weights: FloatArray,
    *,
    design: Design | None = None,
    domain: NDArray[np.bool_] | None = None,
) -> Concern:
    """The concern measure from a table with a column a question and option codes as values."""
    variables = indicators(answers, measure.keys())
    return concern_from_totals(totals_of_respondents(variables, weights, design=design, domain=domain), measure)


def concern_of_councils(
    answers: pd.DataFrame, measure: Measure, *, councils: int, electorates: FloatArray | None = None
) -> Concern:
    """The concern measure of parish councils: one row each, weighted by electorate or, without one, equally.

    ``councils`` is the number of all councils asked, answered or not: a finite population.
    """
    weights = np.ones(len(answers)) if electorates is None else electorates
    return concern_from_respondents(answers, measure, weights, design=Design(population=float(councils)))


def concern_from_order(order: Sequence[str], asked: Collection[str]) -> Concern:
    """A printed order without figures, as rank points of its first three and no variance.

    ``asked`` are the topics the source is known to have asked about; those printed are among them by definition.
    """
    topics = tuple(dict.fromkeys([*order, *asked]))
    values = np.zeros(len(topics))
    values[: min(len(order), len(POINTS))] = POINTS[: len(order)]
    return _published(RANK_POINTS, topics, values, None, None)


def concern_from_shares(kind: str, shares: Mapping[str, float], base: int | None) -> Concern:
    """A published table of shares, 0 to 1 by topic.

    With a base, the variance is that of a simple random sample, topics taken as independent since a table does not
    print how answers went together; without one there is none.
    """
    values = np.array(list(shares.values()), float)
    covariance = np.diag(values * (1 - values) / (base - 1)) if base is not None and base > 1 else None
    return _published(kind, tuple(shares), values, covariance, base)


def to_themes(concern: Concern, themes: Mapping[str, str]) -> Concern:
    """The concern measure by theme.

    Ratings are averaged over a theme's topics, so that a theme asked about in five rows gains nothing by it; mentions
    and rank points are added up, as a mention of any of its topics is a mention of the theme. A topic without a theme
    in ``themes`` is taken to be one.
    """
    belongs = [themes.get(topic, topic) for topic in concern.topics]
    names = tuple(dict.fromkeys(belongs))
    matrix = np.array([[float(theme == name) for theme in belongs] for name in names])
    counted = matrix.astype(bool)
    if concern.measure in (PROBLEM_SHARE, MEAN_RATING):
        matrix /= matrix.sum(axis=1, keepdims=True)
    return replace(
        concern,
        topics=names,
        values=matrix @ concern.values,
        covariance=None if concern.covariance is None else matrix @ concern.covariance @ matrix.T,
        bases=np.array([concern.bases[row].min() for row in counted]),
        effective_bases=np.array([concern.effective_bases[row].min() for row in counted]),
    )


def concern_index(concern: Concern) -> tuple[FloatArray, FloatArray | None]:
    """I_t = 100 T C_t / sum C, with its covariance by the delta method: 100 is the average topic."""
    size, whole = len(concern.values), concern.values.sum()
    if whole <= 0:
        return np.full(size, np.nan), None
    index = 100 * size * concern.values / whole
    if concern.covariance is None:
        return index, None
    slope = (100 * size * np.eye(size) - index[:, None]) / whole
    return index, slope @ concern.covariance @ slope.T


def _published(
    kind: str, topics: tuple[str, ...], values: FloatArray, covariance: FloatArray | None, base: int | None
) -> Concern:
    known = float(base or 0)
    return Concern(
        measure=kind,
        topics=topics,
        values=values,
        covariance=covariance,
        bases=np.full(len(topics), known),
        effective_bases=np.full(len(topics), known),
        base=base or 0,
        effective_base=known,
        degrees=max(known - 1, 0.0),
        se_method="none: no base was published" if covariance is None else "simple random sample of the printed base",
    )
