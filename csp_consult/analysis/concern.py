"""What people are concerned about: one figure a topic between 0 and 1, with the covariance of all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_consult.analysis.estimates import laid_out, ratios
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.totals import (
    ANSWERED,
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
MENTIONED: Key = ("", ANSWERED)
"""The variable *answered the question that asks for mentions*."""


@dataclass(frozen=True)
class Measure:
    """How answers become concern: what each answer scores for each topic, and who is in each topic's base."""

    kind: str
    topics: tuple[str, ...]
    scores: tuple[Mapping[Key, float], ...]
    """By topic: score of an answer, 0 to 1."""
    bases: tuple[Mapping[Key, float], ...]
    """By topic: the answers (each 1) that put a respondent in the base."""
    answered: tuple[Key, ...] = ()
    """For mentions: the answers of which everyone who answered the question gave exactly one."""
    question: str = ""
    """Whose answers these are: under its id a tally keeps what two topics have in common."""

    def variables(self) -> dict[Key, Mapping[Key, float]]:
        """What each respondent gets, as sums over options: a score for each topic, then what puts them in the bases."""
        scores = {("score", topic): of_topic for topic, of_topic in zip(self.topics, self.scores, strict=True)}
        if self.answered:
            return {**scores, MENTIONED: dict.fromkeys(self.answered, 1.0)}
        return {**scores, **{("base", topic): base for topic, base in zip(self.topics, self.bases, strict=True)}}

    def of_variables(self) -> "Measure":
        """The same measure of ``variables`` in place of options."""
        bases = [MENTIONED if self.answered else ("base", topic) for topic in self.topics]
        return replace(
            self,
            scores=tuple({("score", topic): 1.0} for topic in self.topics),
            bases=tuple({base: 1.0} for base in bases),
        )


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


def concern_measure(
    kind: str, values: Mapping[Key, tuple[str, float]], *, answered: Collection[Key] = (), question: str = ""
) -> Measure:
    """The measure of a question from what each (question, option) says: (topic, score from 0 to 1).

    For ratings (``problem share``: 1 for the top two categories, 0 for the rest; ``mean rating``: the rating over its
    maximum) a topic's base is whoever chose an option that has a score, so *don't know* is outside. For mentions
    (``mention share``: 1 in any position; ``rank points``: ``POINTS`` by position) pass in ``answered`` the keys that
    show that somebody answered at all: every option of the first position, or ``(question, ANSWERED)`` where any
    number may be ticked.
    """
    topics = tuple(dict.fromkeys(topic for topic, _ in values.values()))
    scores = tuple({key: score for key, (named, score) in values.items() if named == topic} for topic in topics)
    bases = tuple({MENTIONED: 1.0} if answered else dict.fromkeys(of_topic, 1.0) for of_topic in scores)
    return Measure(kind, topics, scores, bases, tuple(answered), question)


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
    measured = tally.measured(measure.question, measure.variables())
    totals = measured.totals(factors, domain=domain, calibration=calibration)
    return concern_from_totals(totals, measure.of_variables())


def concern_from_respondents(
    answers: pd.DataFrame,
    measure: Measure,
    weights: FloatArray,
    *,
    design: Design | None = None,
    domain: NDArray[np.bool_] | None = None,
) -> Concern:
    """The concern measure from a table with a column a question and option codes as values."""
    variables = indicators(answers, [key for scores in measure.scores for key in scores])
    if measure.answered:
        shown = indicators(answers, measure.answered).values()
        variables[MENTIONED] = np.sum(list(shown), axis=0) if shown else np.zeros(len(answers))
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
