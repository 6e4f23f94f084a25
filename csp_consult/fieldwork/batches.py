"""Counting many responses at once: every option an answer chooses gets a number, and numpy adds the numbers up."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csp_consult.fieldwork.counting import CellCounts, Counted, Option
from csp_consult.questionnaire.measures import ConcernMeasure
from csp_consult.questionnaire.model import Questionnaire

Floats = NDArray[np.float64]


class Counting:
    """The counts of one questionnaire's responses by cell, added to batch by batch; only counts are kept."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._chosen = _Chosen(questionnaire)
        self._cells: dict[str, int] = {}
        self._sums = np.zeros((3, 0, 0))
        """Of n, d and d2 by cell and option; the last option stands for having answered at all."""
        self._measures = [_Products(measure, self._chosen) for measure in questionnaire.concern]

    def take(self, responses: Sequence[Counted], *, sign: int = 1) -> None:
        """Add these responses, or with ``sign=-1`` take them away."""
        if not responses:
            return
        cells = self._cells
        cell = np.array([cells.setdefault(one.cell, len(cells)) for one in responses])
        chosen = [self._chosen(one.answers) for one in responses]
        row = np.repeat(np.arange(len(responses)), [len(mine) for mine in chosen])
        option = np.fromiter(chain.from_iterable(chosen), dtype=np.intp, count=len(row))
        weight = np.array([one.base_weight for one in responses], dtype=float)
        shape = (len(cells), len(self._chosen.ids) + 1)
        sums = _grown(self._sums[:, :, :-1], (3, shape[0], shape[1] - 1))
        everybody = _grown(self._sums[:, :, -1:], (3, shape[0], 1))
        self._sums = np.concatenate([sums, everybody], axis=2)
        at = np.concatenate([cell[row] * shape[1] + option, cell * shape[1] + shape[1] - 1])
        for place, each in enumerate((np.ones_like(weight), weight, weight**2)):
            counted = np.bincount(at, np.concatenate([each[row], each]), minlength=shape[0] * shape[1])
            self._sums[place] += sign * counted.reshape(shape)
        for measure in self._measures:
            measure.take(cell, row, option, sign * weight**2, shape[0])

    def counts(self) -> dict[str, CellCounts]:
        """Everything counted so far."""
        return {name: self._of(place) for name, place in self._cells.items()}

    def _of(self, cell: int) -> CellCounts:
        n, d, d2 = self._sums[:, cell]
        options: dict[str, dict[str, list[float]]] = {}
        names = self._chosen.names
        for place in np.flatnonzero(n[:-1]).tolist():
            question, option = names[place]
            options.setdefault(question, {})[option] = [int(n[place]), float(d[place]), float(d2[place])]
        products = {measure.question: measure.of(cell) for measure in self._measures}
        return CellCounts(int(n[-1]), float(d[-1]), float(d2[-1]), options, products)


class _Chosen:
    """The numbers of the options that answers choose. What was looked up once is known."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questions = questionnaire.questions
        self.ids: dict[Option, int] = {}
        self.names: list[Option] = []
        self._known: dict[str, dict[Hashable, list[int]]] = {name: {} for name in self._questions}

    def __call__(self, answers: Mapping[str, Any]) -> list[int]:
        found: list[int] = []
        for name, answer in answers.items():
            known = self._known[name]
            # One option of a list, as most answers are, is its own key.
            if type(answer) is str:
                found += known.get(answer) or self._learnt(known, answer, name, answer)
                continue
            for part, key in self._questions[name].tally_parts(answer):
                if key is None:
                    found += self._numbered(name, part)
                    continue
                found += known.get(key) or self._learnt(known, key, name, part)
        return found

    def _learnt(self, known: dict[Hashable, list[int]], key: Hashable, name: str, answer: Any) -> list[int]:
        numbered = self._numbered(name, answer)
        # What counts under nothing is people's own words: however many responses there are, they take no memory.
        if numbered:
            known[key] = numbered
        return numbered

    def _numbered(self, name: str, answer: Any) -> list[int]:
        return [self.number(option) for option in self._questions[name].tally(answer)]

    def number(self, option: Option) -> int:
        """The number of an option, new where it has none."""
        if option not in self.ids:
            self.ids[option] = len(self.names)
            self.names.append(option)
        return self.ids[option]


class _Products:
    """The sums of products of one concern measure: what a covariance between its topics is made of."""

    def __init__(self, measure: ConcernMeasure, chosen: _Chosen) -> None:
        self.question = measure.question
        options = list(dict.fromkeys(option for variable in measure.variables for option in variable))
        self._numbers = np.array([chosen.number(option) for option in options], dtype=np.intp)
        self._of_options = np.array([[variable.get(one, 0) for variable in measure.variables] for one in options])
        self._triangle = np.triu_indices(len(measure.variables))
        self._sums = np.zeros((0, len(self._triangle[0])))

    def take(
        self, cell: NDArray[np.intp], row: NDArray[np.intp], option: NDArray[np.intp], squared: Floats, cells: int
    ) -> None:
        """Add responses: the cell and squared base weight of each, and (row, option) for what was chosen."""
        columns = np.full(int(max(option.max(initial=0), self._numbers.max())) + 1, -1)
        columns[self._numbers] = np.arange(len(self._numbers))
        column = columns[option]
        here = column >= 0
        laid = np.zeros((len(cell), len(self._numbers)))
        laid[row[here], column[here]] = 1
        variables = laid @ self._of_options
        order = np.argsort(cell, kind="stable")
        starts = np.flatnonzero(np.diff(cell[order], prepend=-1))
        self._sums = _grown(self._sums, (cells, self._sums.shape[1]))
        for inside in np.split(order, starts[1:]):
            mine = variables[inside]
            self._sums[cell[inside[0]]] += (mine.T @ (squared[inside, None] * mine))[self._triangle]

    def of(self, cell: int) -> list[float]:
        """The upper triangle of a cell, row by row."""
        sums: list[float] = self._sums[cell].tolist()
        return sums


def _grown(array: Floats, shape: Iterable[int]) -> Floats:
    """The array with zeros behind what is new."""
    return np.pad(array, [(0, more - have) for have, more in zip(array.shape, shape, strict=True)])
