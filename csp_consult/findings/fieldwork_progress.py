"""Fieldwork so far: who has answered against who lives here, and where ten more answers would help the most."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.fieldwork.cells import Cell
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import councils
from csp_consult.findings.contract import ParishProgress, Progress, ProgressGroup
from csp_consult.findings.errors import NotYetError
from csp_consult.findings.groups import EVERYBODY
from csp_consult.findings.reading import is_outside, of_parishes, read_tally
from csp_consult.findings.small_counts import hidden_inside
from csp_consult.findings.targets import VARIABLES
from csp_consult.findings.weighting import Recipe, Weighed, effective_base_if, recipe_for, weighed
from csp_consult.parishes.bodies import asked_on
from csp_consult.parishes.standing import Stage, standings

TEN_MORE: Final = 10
_STATES: Final[Mapping[Stage, str]] = {
    Stage.NOT_STARTED: "not started",
    Stage.DRAFT: "drafting",
    Stage.OFFICER_DRAFT: "officer draft",
    Stage.SUBMITTED: "answered",
    Stage.AMENDING: "answered",
}


def progress(session: Session, wave: Wave) -> Progress:
    """How far a wave's fieldwork has come, with every response submitted until now in it."""
    return _of_councils(session, wave) if of_parishes(wave) else _of_residents(session, wave)


def _of_residents(session: Session, wave: Wave) -> Progress:
    counted = read_tally(session, wave)
    made, recipe, reason = None, None, None
    try:
        recipe = recipe_for(session, wave)
        made = weighed(session, wave)
    except NotYetError as error:
        reason = str(error)
    cells = {Cell.parse(cell): n for cell, n in counted.cells.items() if not is_outside(cell)}
    return Progress(
        wave=wave.key,
        wave_title=wave.title,
        period=(wave.opens_on, wave.closes_on),
        responses=counted.responses,
        outside=counted.outside,
        unknown=_unknown(cells, recipe),
        effective_base=made.finding.summary.effective_base if made else None,
        reason=reason,
        groups=tuple(_groups(cells, recipe, made)) if recipe else (),
        parishes=(),
        coverage=None,
        synthetic=wave.synthetic,
    )


def _of_councils(session: Session, wave: Wave) -> Progress:
    read = councils.read(session, wave, EVERYBODY)
    standing = standings(session, [wave], asked_on(session, wave.closes_on).councils)
    return Progress(
        wave=wave.key,
        wave_title=wave.title,
        period=(wave.opens_on, wave.closes_on),
        responses=len(read.responses),
        outside=0,
        unknown=0,
        effective_base=None,
        reason="Parish councils are a whole population: how many have answered says how far it has come.",
        groups=(),
        parishes=tuple(ParishProgress(one.parish.code, one.parish.name, _STATES[one.stage]) for one in standing),
        coverage=read.coverage,
        synthetic=wave.synthetic or read.synthetic,
    )


def _unknown(cells: Mapping[Cell, int], recipe: Recipe | None) -> int:
    """Residents who did not say on at least one of the variables that are weighted by."""
    if recipe is None:
        return 0
    known = [(position, set(recipe.values(v))) for position, v in enumerate(VARIABLES) if recipe.values(v)]
    return sum(n for cell, n in cells.items() if any(cell[position] not in values for position, values in known))


def _groups(cells: Mapping[Cell, int], recipe: Recipe, made: Weighed | None) -> Iterator[ProgressGroup]:
    """Every group of every target, and of each variable of a joint one by itself."""
    for target in recipe.targets:
        margins = [*((v,) for v in target.variables if len(target.variables) > 1), target.variables]
        for variables in margins:
            people: Counter[tuple[str, ...]] = Counter()
            for category, n in target.populations:
                people[tuple(category[target.variables.index(v)] for v in variables)] += round(n)
            yield from _margin(variables, people, cells, recipe, made)


def _margin(
    variables: Sequence[str],
    people: Mapping[tuple[str, ...], int],
    cells: Mapping[Cell, int],
    recipe: Recipe,
    made: Weighed | None,
) -> Iterator[ProgressGroup]:
    responses: Counter[tuple[str, ...]] = Counter()
    for cell, n in cells.items():
        responses[_category(cell, variables)] += n
    answered = sum(responses[category] for category in people)
    names = [recipe.names.get(variable, {}) for variable in variables]
    for category, population in people.items():
        few = hidden_inside(responses[category])
        yield ProgressGroup(
            variable=" x ".join(variables),
            category="|".join(category),
            title=" ".join(said.get(code, code) for said, code in zip(names, category, strict=True)),
            responses=None if few else responses[category],
            response_share=None if few else responses[category] / answered if answered else 0.0,
            population=population,
            population_share=population / sum(people.values()),
            effective_base_with_ten_more=_with_ten_more(made, variables, category, responses[category]),
        )


def _with_ten_more(made: Weighed | None, variables: Sequence[str], category: tuple[str, ...], n: int) -> float | None:
    if made is None or not n:
        return None
    inside = np.array([_category(Cell.parse(cell), variables) == category for cell in made.tally.cells], bool)
    return effective_base_if(made, np.where(inside, (n + TEN_MORE) / n, 1.0))


def _category(cell: Cell, variables: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell[VARIABLES.index(variable)] for variable in variables)
