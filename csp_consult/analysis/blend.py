"""One ranking from several sources, with its weights in the open and what would change the order.

Each source gives a concern index over the topics all of them asked about; the blend is their weighted mean. Inside a
group (residents, institutions) a source counts by its effective base and its quality; between the groups the weight
is a choice, so the order is computed for every value it could take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import inf, sqrt
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy import stats

from csp_consult.analysis.concern import Concern, concern_index, to_themes
from csp_consult.analysis.estimates import symmetric_interval
from csp_consult.analysis.figures import ConcernRanking, Estimate, FloatArray
from csp_consult.analysis.ranks import ordinal, rank_concern, rank_figures

Side: TypeAlias = Literal["residents", "institutions"]
RESIDENTS: Final = "residents"
INSTITUTIONS: Final = "institutions"
INSTITUTION_WEIGHT = 0.25
"""Published default: what institutions (parish councils) say counts a quarter, what residents say the rest."""
QUALITY: Mapping[str | None, float] = {"invited": 1.0, "open": 0.5, None: 0.5}
"""By recruitment: an invitation to a list or to everybody counts fully, an open link half, and so does not saying."""
LEAST_TOPICS = 3
"""Topics common to all sources that make a blend by topic worth reading; with fewer it is made by theme."""


class BlendError(ValueError):
    """Sources that cannot be blended; the message says why in one plain sentence."""


@dataclass(frozen=True)
class BlendSource:
    """A source of evidence on concerns as it enters a blend."""

    name: str
    side: Side
    concern: Concern
    quality: float = 1.0


@dataclass(frozen=True)
class SourceShare:
    """What a source contributes to a blend."""

    name: str
    side: Side
    weight: float
    """Omega, 0 to 1; all sources add up to 1."""
    quality: float
    effective_base: float | None
    """None where the source published no base; it then counts as the smallest of its side."""
    order_only: bool
    """True where the source has no sampling error, so the interval of the blend does not cover it."""
    index: tuple[float, ...]
    """Concern index by topic, in the order of ``Blend.topics``."""
    order: tuple[str, ...]


@dataclass(frozen=True)
class Crossing:
    """The weight of institutions at which two topics change places."""

    institution_weight: float
    above_before: str
    """The topic that is higher while institutions weigh less."""
    above_after: str


@dataclass(frozen=True)
class OrderRange:
    """An order and the weights of institutions between which it holds."""

    lowest: float
    highest: float
    order: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """The order when one source is given no weight."""

    name: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Blend:
    """A ranking of topics from several sources, and how far it can be trusted."""

    level: str
    """``topic`` or ``theme``."""
    topics: tuple[str, ...]
    """Compared in every source, in the order of the first."""
    ranking: ConcernRanking
    """Of several sources, the ``concern`` figures are the index over its total, since sources measure differently."""
    shares: tuple[SourceShare, ...]
    institution_weight: float
    not_asked: Mapping[str, tuple[str, ...]]
    """Topics left out, each with the sources that did not ask about it."""
    crossings: tuple[Crossing, ...]
    orders: tuple[OrderRange, ...]
    """The order for every weight of institutions from 0 to 1."""
    left_out: tuple[LeftOut, ...]
    mean_rank: Mapping[str, float]
    """Borda: the mean rank of each topic over the sources, weighted like the blend."""
    notes: tuple[str, ...]


def blend(
    sources: Sequence[BlendSource],
    *,
    themes: Mapping[str, str] | None = None,
    institution_weight: float = INSTITUTION_WEIGHT,
) -> Blend:
    """The blend of sources over the topics that all of them asked about, else over their themes.

    ``themes`` maps topic to theme; a name that it does not hold stands for itself, so a printed list may mix both.
    Raises BlendError where nothing is common to the sources. A topic that a source did not ask about is *not asked*,
    never zero.
    """
    if not sources:
        raise BlendError("There is no source to blend.")
    level, levelled = _levelled(sources, themes or {})
    common = _common(levelled)
    narrowed = [replace(source, concern=source.concern.only(common)) for source in levelled]
    topics = narrowed[0].concern.topics
    indices, covariances = _indices(narrowed, topics)
    omegas = source_weights(narrowed, institution_weight)
    sides = _sides(narrowed, indices)
    return Blend(
        level=level,
        topics=topics,
        ranking=_ranking(narrowed, topics, omegas, indices, covariances),
        shares=tuple(
            SourceShare(
                name=source.name,
                side=source.side,
                weight=float(omega),
                quality=source.quality,
                effective_base=source.concern.effective_base or None,
                order_only=source.concern.covariance is None,
                index=tuple(float(value) for value in index),
                order=_order(index, topics),
            )
            for source, omega, index in zip(narrowed, omegas, indices, strict=True)
        ),
        institution_weight=institution_weight,
        not_asked=_not_asked(levelled, common),
        crossings=_crossings(*sides, topics),
        orders=_orders(*sides, topics),
        left_out=_leave_one_out(narrowed, indices, topics, omegas),
        mean_rank=dict(zip(topics, map(float, omegas @ _ranks(indices)), strict=True)),
        notes=_notes(narrowed),
    )


def source_weights(sources: Sequence[BlendSource], institution_weight: float) -> FloatArray:
    """Omega of each source: the side's weight, shared by effective base times quality.

    A source without a base counts as the smallest of its side (as 1 where none has a base). A side without sources
    leaves its weight to the other.
    """
    omegas = np.zeros(len(sources))
    present = {source.side for source in sources}
    for side, weight in ((RESIDENTS, 1 - institution_weight), (INSTITUTIONS, institution_weight)):
        members = [i for i, source in enumerate(sources) if source.side == side]
        bases = np.array([sources[i].concern.effective_base for i in members])
        smallest = min((base for base in bases if base > 0), default=1.0)
        sizes = np.where(bases > 0, bases, smallest) * np.array([sources[i].quality for i in members])
        omegas[members] = (weight if len(present) > 1 else 1.0) * sizes / sizes.sum() if members else []
    return omegas


def robustness(found: Blend, titles: Mapping[str, str] | None = None, *, first: int = 3) -> str:
    """When the order of the first few topics would be another, in plain sentences."""
    if len(found.shares) == 1:
        return "There is one source, so there is nothing to compare it with."
    titles = titles or {}
    top = tuple(found.ranking.order()[:first])
    named = ", ".join(titles.get(topic, topic) for topic in top)
    sentences = [_disagreement(found, top, titles)]
    if len({share.side for share in found.shares}) > 1:
        low, high = _holds(found, top)
        sentences.append(
            f"The order {named} holds whatever weight institutions are given."
            if (low, high) == (0.0, 1.0)
            else f"The order {named} holds while institutions weigh between {low:.0%} and {high:.0%}."
        )
    upset = [left.name for left in found.left_out if left.order[: len(top)] != top]
    sentences.append(
        f"Leaving out {_listed(upset)} changes it." if upset else "Leaving out any one source does not change it."
    )
    return " ".join(sentences)


def _levelled(sources: Sequence[BlendSource], themes: Mapping[str, str]) -> tuple[str, Sequence[BlendSource]]:
    by_theme = [replace(source, concern=to_themes(source.concern, themes)) for source in sources]
    topics, common_themes = len(_common(sources)), len(_common(by_theme))
    if len(sources) == 1 or topics >= LEAST_TOPICS or topics >= max(common_themes, 2):
        return "topic", sources
    if common_themes < 2:
        raise BlendError("The sources have fewer than two topics or themes in common, so they cannot be blended.")
    return "theme", by_theme


def _common(sources: Sequence[BlendSource]) -> set[str]:
    return set.intersection(*(set(source.concern.topics) for source in sources))


def _not_asked(sources: Sequence[BlendSource], common: set[str]) -> dict[str, tuple[str, ...]]:
    every = dict.fromkeys(topic for source in sources for topic in source.concern.topics)
    return {
        topic: tuple(source.name for source in sources if topic not in source.concern.topics)
        for topic in every
        if topic not in common
    }


def _indices(sources: Sequence[BlendSource], topics: Sequence[str]) -> tuple[FloatArray, list[FloatArray | None]]:
    """Index by source and topic (S x T), and each source's covariance, all in the order of ``topics``."""
    rows, covariances = [], []
    for source in sources:
        index, covariance = concern_index(source.concern)
        if np.isnan(index).any():
            raise BlendError(f"{source.name} names none of the topics that all sources asked about.")
        place = [source.concern.topics.index(topic) for topic in topics]
        rows.append(index[place])
        covariances.append(None if covariance is None else covariance[np.ix_(place, place)])
    return np.array(rows), covariances


def _ranking(
    sources: Sequence[BlendSource],
    topics: Sequence[str],
    omegas: FloatArray,
    indices: FloatArray,
    covariances: Sequence[FloatArray | None],
) -> ConcernRanking:
    if len(sources) == 1:
        return rank_concern(sources[0].concern, hidden_below=0, indicative_below=0)
    values = omegas @ indices
    known = [omega**2 * v for omega, v in zip(omegas, covariances, strict=True) if v is not None]
    covariance = np.sum(known, axis=0) if known else None
    base = sum(source.concern.base for source in sources)
    effective = sum(source.concern.effective_base for source in sources)
    method = "sum of the sources' index covariances" if known else "none"
    reason = None if known else "No source has a sampling error."
    scale = 100 * len(topics)

    def figure(t: int, unit: float) -> Estimate:
        value = float(values[t]) / unit
        se = None if covariance is None else sqrt(max(float(covariance[t, t]), 0.0)) / unit
        low, high = (None, None) if se is None else symmetric_interval(value, se, inf)
        return Estimate(value, se, low, high, base, effective, method, reason=reason)

    return rank_figures(
        "blended index",
        topics,
        None if covariance is None else covariance / scale**2,
        concerns=[figure(t, scale) for t in range(len(topics))],
        indices=[figure(t, 1) for t in range(len(topics))],
        values=values / scale,
        base=base,
        effective_base=effective,
        degrees=inf,
        se_method=method,
    )


def _sides(sources: Sequence[BlendSource], indices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The index with institutions at nothing, and at everything; both alike where there is one side only."""
    residents, institutions = (source_weights(sources, weight) @ indices for weight in (0.0, 1.0))
    return residents, institutions


def _crossings(residents: FloatArray, institutions: FloatArray, topics: Sequence[str]) -> tuple[Crossing, ...]:
    """Every weight strictly between 0 and 1 at which two topics tie, by rising weight."""
    found = []
    for s, t in combinations(range(len(topics)), 2):
        start, end = residents[s] - residents[t], institutions[s] - institutions[t]
        if start * end < 0:
            before, after = (s, t) if start > 0 else (t, s)
            found.append(Crossing(float(start / (start - end)), topics[before], topics[after]))
    return tuple(sorted(found, key=lambda crossing: crossing.institution_weight))


def _orders(residents: FloatArray, institutions: FloatArray, topics: Sequence[str]) -> tuple[OrderRange, ...]:
    weights = [0.0, *(crossing.institution_weight for crossing in _crossings(residents, institutions, topics)), 1.0]
    ranges: list[OrderRange] = []
    for low, high in pairwise(weights):
        middle = (low + high) / 2
        order = _order((1 - middle) * residents + middle * institutions, topics)
        if ranges and ranges[-1].order == order:
            ranges[-1] = replace(ranges[-1], highest=high)
        elif high > low:
            ranges.append(OrderRange(low, high, order))
    return tuple(ranges)


def _leave_one_out(
    sources: Sequence[BlendSource], indices: FloatArray, topics: Sequence[str], omegas: FloatArray
) -> tuple[LeftOut, ...]:
    """The order with each source at no weight, the others keeping theirs in proportion."""
    found = []
    for i, source in enumerate(sources):
        rest = np.delete(np.arange(len(sources)), i)
        if omegas[rest].sum() > 0:
            found.append(LeftOut(source.name, _order(omegas[rest] @ indices[rest], topics)))
    return tuple(found)


def _order(values: FloatArray, topics: Sequence[str]) -> tuple[str, ...]:
    return tuple(topics[t] for t in sorted(range(len(topics)), key=lambda t: (-values[t], topics[t])))


def _ranks(indices: FloatArray) -> FloatArray:
    """Ranks of each row, 1 for the largest, ties sharing their mean."""
    return np.array([stats.rankdata(-row) for row in indices])


def _disagreement(found: Blend, top: Sequence[str], titles: Mapping[str, str]) -> str:
    """Of the first topics, the one that the sources place furthest apart."""
    places = {topic: [share.order.index(topic) + 1 for share in found.shares] for topic in top}
    topic = max(top, key=lambda one: max(places[one]) - min(places[one]))
    best, worst = min(places[topic]), max(places[topic])
    names = [share.name for share in found.shares]
    title = titles.get(topic, topic)
    if best == worst:
        return f"Every source puts {title} {ordinal(best)}."
    high, low = names[places[topic].index(best)], names[places[topic].index(worst)]
    return f"{high} puts {title} {ordinal(best)}, {low} {ordinal(worst)}."


def _holds(found: Blend, top: tuple[str, ...]) -> tuple[float, float]:
    """The widest range of institution weights around the chosen one over which the first topics stay so."""
    low, high = found.institution_weight, found.institution_weight
    for held in found.orders:
        if held.order[: len(top)] == top and held.lowest <= high and held.highest >= low:
            low, high = min(low, held.lowest), max(high, held.highest)
    return low, high


def _notes(sources: Sequence[BlendSource]) -> tuple[str, ...]:
    """What a reader must know of sources without a sampling error or a base."""
    order_only = [source.name for source in sources if source.concern.covariance is None]
    notes = []
    if len(order_only) == len(sources):
        notes.append("No source has a sampling error, so the blend has no interval.")
    elif order_only:
        notes.append(f"The interval covers only the sources that have one, so not {_listed(order_only)}.")
    baseless = [source.name for source in sources if source.concern.effective_base <= 0]
    if baseless and len(sources) > 1:
        notes.append(
            f"No base was published by {_listed(baseless)}: it is given the smallest base of its side here, and none "
            "where the order is shown without it."
        )
    return tuple(notes)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
