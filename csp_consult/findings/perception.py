"""What residents say of a change: the shares who say up and down, of everybody or of part of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from scipy import stats

from csp_consult.analysis.estimates import mean, share
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.small_areas import ShrunkAreas, shrink
from csp_consult.analysis.totals import Key
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.groups import Group
from csp_consult.findings.weighting import Weighed
from csp_consult.questionnaire.measures import ChangeMeasure
from csp_consult.questionnaire.model import Questionnaire

SHRUNK = "drawn towards the mean of all areas (Paule-Mandel); own effective base shown"
LEAST = 1e-9
"""Effective base under which an area has no answers of its own."""
Standing: TypeAlias = Literal["known", "indicative", "too small"]
_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Sides:
    """Three figures of one group: who says up, who says down, and the balance of the two."""

    up: Estimate
    down: Estimate
    balance: Estimate
    """Share who say up less share who say down, -1 to 1."""

    def held_to(self, rules: BaseRules) -> "Sides":
        """The figures under the base rules."""
        return Sides(*(_held(figure, rules) for figure in (self.up, self.down, self.balance)))


@dataclass(frozen=True)
class Perception:
    """What a group says, by itself and, for a small area, drawn towards the others."""

    group: Group
    direct: Sides
    drawn: Sides | None = None

    @property
    def sides(self) -> Sides:
        """The figures to use."""
        return self.drawn or self.direct

    def shown(self, rules: BaseRules) -> Sides:
        """The figures as they may be shown.

        A figure drawn towards the other areas rests on everybody's answers, so that it is marked where its own area
        has few, and refused only where it has none.
        """
        if self.drawn is None:
            return self.direct.held_to(rules)
        return self.drawn.held_to(replace(rules, hidden_below=min(rules.hidden_below, LEAST)))

    def standing(self, rules: BaseRules) -> Standing:
        """How the base stands under the rules."""
        figure = self.shown(rules).up
        if figure.estimate is None:
            return "too small"
        return "indicative" if figure.indicative else "known"


def perceive(made: Weighed, questionnaire: Questionnaire, change: ChangeMeasure, whom: Group) -> Perception:
    """What a group of a wave's residents says, among all who answered: *don't know* counts, declining does not.

    The group must be one that weighting cells tell (everybody, an area, an age band, a sex).
    """
    return Perception(whom, sides(made, questionnaire, change, whom.domain(made.tally.cells)))


def sides(made: Weighed, questionnaire: Questionnaire, change: ChangeMeasure, domain: frozenset[str] | None) -> Sides:
    """The same of the people in some weighting cells; None for everybody."""
    totals = made.tally.totals(made.finding.factors, domain=domain)
    question = questionnaire.question(change.question)
    among = {(question.id, choice.code): 1.0 for choice in question.choices() if choice.role != "prefer_not"}
    up: dict[Key, float] = {(question.id, option): 1.0 for option in change.up}
    down: dict[Key, float] = {(question.id, option): 1.0 for option in change.down}
    less: dict[Key, float] = dict.fromkeys(down, -1.0)
    return Sides(share(totals, up, among), share(totals, down, among), mean(totals, {**up, **less}, among))


def drawn_together(areas: Sequence[Perception]) -> list[Perception]:
    """The same areas with figures drawn towards their mean, the more the fewer answered in each.

    Where the answers do not tell the areas apart, each keeps its own: drawn together they would all print the mean
    under their names, as if it had been measured there.
    """
    if not any(one.direct.balance.se for one in areas) or not shrunk([one.direct.balance for one in areas]).tau2:
        return list(areas)
    ups, downs, balances = (
        _estimates([getattr(one.direct, side) for one in areas]) for side in ("up", "down", "balance")
    )
    return [
        replace(one, drawn=Sides(up, down, balance))
        for one, up, down, balance in zip(areas, ups, downs, balances, strict=True)
    ]


def drawn_figures(figures: Sequence[Estimate]) -> list[Estimate]:
    """One figure of every area, drawn towards their mean; each as it is where the answers do not tell them apart."""
    if not any(one.se for one in figures) or not shrunk(figures).tau2:
        return list(figures)
    return _estimates(figures)


def shrunk(figures: Sequence[Estimate]) -> ShrunkAreas:
    """The figures of areas drawn towards their mean. Raises ValueError where none of them varies."""
    return shrink(
        [np.nan if figure.estimate is None else figure.estimate for figure in figures],
        [figure.se or 0.0 for figure in figures],
        [figure.effective_base for figure in figures],
    )


def _held(figure: Estimate, rules: BaseRules) -> Estimate:
    return figure.held_to(hidden_below=rules.hidden_below, indicative_below=rules.indicative_below)


def _estimates(figures: Sequence[Estimate]) -> list[Estimate]:
    if not any(figure.se for figure in figures):
        return list(figures)
    found = shrunk(figures)
    return [
        Estimate(
            estimate=float(value),
            se=float(se),
            lower=float(value - _Z * se),
            upper=float(value + _Z * se),
            base=figure.base,
            effective_base=figure.effective_base,
            se_method=SHRUNK,
        )
        for figure, value, se in zip(figures, found.shrunk, found.se, strict=True)
    ]
