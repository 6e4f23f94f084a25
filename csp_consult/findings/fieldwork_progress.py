"""Fieldwork so far: who has answered against who lives here, and where ten more answers would help the most."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.analysis.representativeness import Representativeness, representativeness
from csp_consult.fieldwork.cells import Cell
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import councils
from csp_consult.findings.cache import kept
from csp_consult.findings.contract import CellProgress, ParishProgress, Progress, ProgressGroup
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
        groups=kept(session, ("groups", wave.id, counted.version, recipe), partial(_groups, cells, recipe, made))
        if recipe
        else (),
        cells=tuple(_cells(cells, recipe)) if recipe else (),
        evenness=_evenness(cells, recipe) if recipe else None,
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
        cells=(),
        evenness=None,
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


def _groups(cells: Mapping[Cell, int], recipe: Recipe, made: Weighed | None) -> tuple[ProgressGroup, ...]:
    """Every group of every target, and of each variable of a joint one by itself. Each costs a weighting."""
    found: list[ProgressGroup] = []
    for target in recipe.targets:
        margins = [*((v,) for v in target.variables if len(target.variables) > 1), target.variables]
        for variables in margins:
            people: Counter[tuple[str, ...]] = Counter()
            for category, n in target.populations:
                people[tuple(category[target.variables.index(v)] for v in variables)] += round(n)
            found += _margin(variables, people, cells, recipe, made)
    return tuple(found)


def _evenness(cells: Mapping[Cell, int], recipe: Recipe) -> Representativeness | None:
    """The R-indicator over the targets; people who did not say are left out, as nobody knows their groups' size."""
    people: dict[str, list[float]] = {}
    answered: dict[str, list[int]] = {}
    for target in recipe.targets:
        name = " x ".join(target.variables)
        counts = Counter[tuple[str, ...]]()
        for cell, n in cells.items():
            counts[_category(cell, target.variables)] += n
        people[name] = [n for _, n in target.populations]
        answered[name] = [counts[category] for category, _ in target.populations]
    if not people or not all(sum(counts) for counts in answered.values()):
        return None
    return representativeness(people, answered)


def _cells(cells: Mapping[Cell, int], recipe: Recipe) -> Iterator[CellProgress]:
    """Ward by age by sex; the population of a cell is taken from both margins, as if they were independent."""
    by_variables = {target.variables: target.populations for target in recipe.targets}
    groups, wards = by_variables.get(("age", "sex")), by_variables.get(("area",))
    if groups is None or wards is None:
        return
    answered: Counter[tuple[str, ...]] = Counter()
    for cell, n in cells.items():
        answered[cell.area, cell.age, cell.sex] += n
    known = sum(answered[ward, *group] for (ward,), _ in wards for group, _ in groups)
    whole = sum(n for _, n in groups) * sum(n for _, n in wards)
    names = {variable: recipe.names.get(variable, {}) for variable in VARIABLES}
    for (ward,), living in wards:
        for (age, sex), of_group in groups:
            n = answered[ward, age, sex]
            yield CellProgress(
                ward=names["area"].get(ward, ward),
                group=f"{names['age'].get(age, age)} {names['sex'].get(sex, sex)}",
                responses=None if hidden_inside(n) else n,
                expected=known * living * of_group / whole,
            )


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
