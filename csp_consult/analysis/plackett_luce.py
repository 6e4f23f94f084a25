"""A model check of a ranking from top threes: how often each topic would be put first, were all compared.

Sources: Plackett (1975), *Applied Statistics* 24, 193-202; the algorithm, Hunter (2004), *Annals of Statistics* 32,
384-406.
"""

import numpy as np
from numpy.typing import NDArray

from csp_consult.analysis.figures import FloatArray

TOLERANCE = 1e-12
MOST_ROUNDS = 10_000


def worths(choices: NDArray[np.intp], weights: FloatArray, topics: int) -> FloatArray:
    """Worth of each of ``topics`` topics, adding up to 1.

    ``choices`` has a row a respondent: the positions of the topics named first, second, third, … Each is taken as
    chosen, with probability proportional to its worth, among those not yet named. A topic that nobody names has no
    worth; where the topics fall apart into sets of which one is always named before the other there is no finite
    answer, and the rounds run out.
    """
    people, places = choices.shape
    left = np.ones((people, places, topics))
    for place in range(1, places):
        left[:, place] = left[:, place - 1]
        left[np.arange(people), place, choices[:, place - 1]] = 0
    chosen = np.bincount(choices.ravel(), np.repeat(weights, places), topics)
    worth = np.full(topics, 1 / topics)
    for _ in range(MOST_ROUNDS):
        among = left @ worth
        pull = np.einsum("np,npt->t", weights[:, None] / among, left)
        better: FloatArray = np.divide(chosen, pull, out=np.zeros(topics), where=pull > 0)
        better = better / better.sum()
        if np.abs(better - worth).max() <= TOLERANCE:
            return better
        worth = better
    return worth
