"""The sums of products that a covariance between topics is made of."""

from collections.abc import Sequence

import numpy as np

from csp_consult.questionnaire.measures import ConcernMeasure


class Products:
    """The sums of products of one concern measure."""

    def __init__(self, measure: ConcernMeasure) -> None:
        self.question = measure.question
        options = list(dict.fromkeys(option for variable in measure.variables for option in variable))
        self.positions = {option: position for position, option in enumerate(options)}
        self.of_options = np.array([[variable.get(option, 0) for variable in measure.variables] for option in options])
        self.triangle = np.triu_indices(len(measure.variables))

    def sums(self, chosen: Sequence[Sequence[tuple[str, str]]], squared: Sequence[float]) -> list[float]:
        """Over respondents who chose these options and have these squared base weights."""
        at = [(row, self.positions[one]) for row, mine in enumerate(chosen) for one in mine if one in self.positions]
        laid = np.zeros((len(chosen), len(self.positions)))
        if at:
            laid[tuple(zip(*at, strict=True))] = 1
        variables = laid @ self.of_options
        sums: list[float] = (variables.T @ (np.array(squared)[:, None] * variables))[self.triangle].tolist()
        return sums
