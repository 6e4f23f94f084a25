"""How small a base may be before a figure is marked, or not shown at all."""

from dataclasses import dataclass

from csp_consult.analysis.ranks import HIDDEN_BELOW, INDICATIVE_BELOW


@dataclass(frozen=True)
class BaseRules:
    """Effective bases under the first are not shown, under the second marked indicative."""

    hidden_below: float = HIDDEN_BELOW
    indicative_below: float = INDICATIVE_BELOW


DEFAULT_RULES = BaseRules()
NO_RULES = BaseRules(0, 0)
"""For parish councils: a whole population is never too small to show."""
