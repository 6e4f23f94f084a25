"""Weights of a hosted wave: raked to the district's adults, kept by what they were made from, stored when asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.merging import LEAST, Merging, WeightingError, in_words
from csp_consult.analysis.totals import Tally
from csp_consult.analysis.weights import CAP, NOT_SAID, Margin
from csp_consult.analysis.weights import Weighting as Raked
from csp_consult.analysis.weights import weigh as rake_cells
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.cache import kept
from csp_consult.findings.contract import MarginShare, TargetSource, Weighting, WeightingSummary
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.models import WeightingRun
from csp_consult.findings.phrasing import INVITED, SELF_SELECTED, age_words, plural
from csp_consult.findings.reading import WaveTally, of_parishes, read_tally
from csp_consult.findings.targets import VARIABLES, PopulationTarget, default_targets
from csp_consult.places.models import Area, AreaLink
from csp_consult.questionnaire.model import Questionnaire

Names: TypeAlias = Mapping[str, Mapping[str, str]]
"""Variable to the words of its codes."""


@dataclass(frozen=True)
class WeightingOptions:
    """The choices of a weighting run."""

    cap: float | None = CAP
    """Largest weight, in mean weights; None for no cap."""
    least: int = LEAST
    """Respondents that a category needs, or it is joined to a neighbour."""


DEFAULTS = WeightingOptions()


@dataclass(frozen=True)
class Recipe:
    """Everything but the answers that weights are made from. Hashable, so that weights can be kept by it."""

    targets: tuple[PopulationTarget, ...]
    options: WeightingOptions
    wards: tuple[tuple[str, str], ...]
    """(code, name)."""
    beats: tuple[tuple[str, str], ...]
    """(ward, beat): wards are joined within their beat."""

    @property
    def names(self) -> Names:
        """The words of the codes."""
        ages = {code: age_words(code) or code for code in self.values("age")}
        return {"age": ages, "area": dict(self.wards)}

    def values(self, variable: str) -> list[str]:
        """Every value of a variable that some target has, in the order of the targets."""
        return list(
            dict.fromkeys(
                category[target.variables.index(variable)]
                for target in self.targets
                if variable in target.variables
                for category, _ in target.populations
            )
        )


@dataclass(frozen=True)
class Weighed:
    """A wave with its weights, as further statistics take it."""

    tally: Tally
    finding: Weighting
    calibration: FloatArray
    """0/1 columns of the margins by cell, for standard errors that know of the raking."""
    recipe: Recipe


def weigh(
    session: Session,
    wave: Wave,
    *,
    options: WeightingOptions = DEFAULTS,
    targets: Sequence[PopulationTarget] | None = None,
) -> Weighting:
    """The weights of a resident wave as it stands, to the district's adults or to the targets given.

    Raises FindingError, in words, where it cannot be weighted.
    """
    return weighed(session, wave, options=options, targets=targets).finding


def weighed(
    session: Session,
    wave: Wave,
    *,
    options: WeightingOptions = DEFAULTS,
    targets: Sequence[PopulationTarget] | None = None,
) -> Weighed:
    """As ``weigh``, with the tally the weights belong to."""
    recipe = recipe_for(session, wave, options=options, targets=targets)
    counted = read_tally(session, wave)
    return kept(session, ("weighting", wave.id, counted.version, recipe), lambda: _weighed(wave, counted, recipe))


def recipe_for(
    session: Session,
    wave: Wave,
    *,
    options: WeightingOptions = DEFAULTS,
    targets: Sequence[PopulationTarget] | None = None,
) -> Recipe:
    """What the wave is weighted by. Raises NotYetError where populations are missing, FindingError for councils."""
    if of_parishes(wave):
        raise FindingError(f"{wave.key} asks parish councils, a whole population: only residents' waves are weighted.")
    if targets is None:
        targets = default_targets(session, wave.closes_on, _asked(questionnaire_for(session, wave)))
    return Recipe(tuple(targets), options, _wards(session), _beats(session))


def effective_base_if(made: Weighed, times: FloatArray) -> float:
    """The effective base if each cell had so many times its respondents, weighted by the same recipe."""
    cells = _cells(made.tally, made.recipe)
    cells[["n", "d", "d2"]] = cells[["n", "d", "d2"]].to_numpy(float) * times[:, None]
    return _raked(cells, made.recipe).effective_base


def store_run(session: Session, wave: Wave, made: Weighed, today: date) -> WeightingRun:
    """Keep a weighting with its targets and choices, so that it can be made again; the caller commits."""
    summary, options = made.finding.summary, made.recipe.options
    run = WeightingRun(
        wave_id=wave.id,
        run_on=today,
        tally_version=made.finding.tally_version,
        targets=[target.document() for target in made.recipe.targets],
        options={"cap": options.cap, "least": options.least},
        result={
            "factors": made.finding.factors,
            "merges": list(summary.merges),
            "trimmed": summary.trimmed,
            "base": summary.base,
            "design_effect": summary.design_effect,
            "effective_base": summary.effective_base,
            "converged": summary.converged,
            "largest_margin_error": summary.largest_margin_error,
        },
    )
    session.add(run)
    session.flush()
    return run


def rerun(session: Session, run: WeightingRun) -> Weighting:
    """Make a stored weighting again from its own targets and choices: the same numbers, as long as no answer changed.

    Raises FindingError where responses came or went since.
    """
    wave = session.get_one(Wave, run.wave_id)
    targets = [PopulationTarget.from_document(stored) for stored in run.targets]
    again = weigh(session, wave, options=WeightingOptions(**run.options), targets=targets)
    if again.tally_version != run.tally_version:
        raise FindingError(
            f"{wave.key} has changed since it was weighted on {words.day(run.run_on)}: responses came or were "
            "withdrawn, so the same weights cannot be made again. What came out then is stored with the run."
        )
    return again


def _asked(questionnaire: Questionnaire) -> tuple[str, ...]:
    return tuple(variable for variable in VARIABLES if getattr(questionnaire.cell, variable) is not None)


def _weighed(wave: Wave, counted: WaveTally, recipe: Recipe) -> Weighed:
    tally, options = counted.residents, recipe.options
    try:
        raked = _raked(_cells(tally, recipe), recipe)
    except WeightingError as error:
        raise NotYetError(f"{wave.key} cannot be weighted. {error}") from error
    finding = Weighting(
        wave=wave.key,
        wave_title=wave.title,
        tally_version=counted.version,
        factors=dict(zip(tally.cells, raked.factors.tolist(), strict=True)),
        summary=_summary(recipe, raked),
        margins=tuple(
            share
            for margin, target in zip(raked.margins, recipe.targets, strict=True)
            for share in _shares(margin, target, recipe.names, tally, raked.factors)
        ),
        targets=tuple(TargetSource(target.name, target.source, target.as_at) for target in recipe.targets),
        outside=counted.outside,
        cap=options.cap,
        least=options.least,
        kept_share=raked.kept_share,
        caveat=caveat(wave),
        synthetic=wave.synthetic,
    )
    return Weighed(tally, finding, raked.calibration(), recipe)


def _raked(cells: pd.DataFrame, recipe: Recipe) -> Raked:
    return rake_cells(
        cells,
        [target.target() for target in recipe.targets],
        merging=Merging(recipe.options.least, {"age": recipe.values("age")}, {"area": dict(recipe.beats)}),
        cap=recipe.options.cap,
        names=recipe.names,
    )


def _cells(tally: Tally, recipe: Recipe) -> pd.DataFrame:
    """The cells as a table; a value that no target knows counts as not said."""
    cells = tally.table(VARIABLES)
    for variable in VARIABLES:
        known = set(recipe.values(variable))
        cells[variable] = [value if value in known else NOT_SAID for value in cells[variable]]
    return cells


def _summary(recipe: Recipe, raked: Raked) -> WeightingSummary:
    return WeightingSummary(
        description=_description(recipe, raked),
        base=raked.base,
        design_effect=raked.design_effect,
        effective_base=raked.effective_base,
        weight_range=raked.weight_range,
        trimmed=raked.trimmed,
        merges=raked.merges,
        converged=raked.converged,
        largest_margin_error=raked.largest_margin_error,
    )


def caveat(wave: Wave) -> str:
    """The sentence that every figure of a resident wave carries."""
    said = INVITED if wave.recruitment == "invited" else SELF_SELECTED
    if wave.erased_on is None:
        return said
    return f"{said} Single responses were erased on {words.day(wave.erased_on)}; the counts made before stay."


def _shares(
    margin: Margin, target: PopulationTarget, names: Names, tally: Tally, factors: FloatArray
) -> list[MarginShare]:
    size = len(margin.groups)
    responses = np.bincount(margin.group_of_cell, tally.n, size)
    weights = np.bincount(margin.group_of_cell, factors * tally.d, size)
    labels = [names.get(variable, {}) for variable in target.variables]
    spoken = {in_words(category): in_words(category, labels) for category, _ in target.populations}
    people = {in_words(category): number for category, number in target.populations}
    found = []
    for g, group in enumerate(margin.groups):
        parts = group.split(" + ")
        found.append(
            MarginShare(
                variable=margin.name,
                title=" + ".join(spoken.get(part, part) for part in parts),
                population=round(sum(people[part] for part in parts)) if set(parts) <= people.keys() else None,
                target_share=float(margin.shares[g]),
                responses=round(responses[g]),
                response_share=float(responses[g] / responses.sum()),
                weighted_share=float(weights[g] / weights.sum()),
            )
        )
    return found


def _description(recipe: Recipe, raked: Raked) -> str:
    margins, cap = words.listing([_margin_words(target) for target in recipe.targets]), recipe.options.cap
    capped = f", no weight above {cap:g} times the mean" if cap is not None else ""
    merges = f", {plural(len(raked.merges), 'group', 'groups')} of thin categories joined" if raked.merges else ""
    return f"Weighted to {margins}{capped}{merges}."


def _margin_words(target: PopulationTarget) -> str:
    name = {"age x sex": "age by sex", "area": "ward"}.get(target.name, target.name)
    as_at = f", {words.day(target.as_at)}" if target.as_at else ""
    return f"{name} ({target.source}{as_at})"


def _wards(session: Session) -> tuple[tuple[str, str], ...]:
    rows = session.execute(select(Area.code, Area.name).where(Area.kind == "ward").order_by(Area.code))
    return tuple((code, name) for code, name in rows)


def _beats(session: Session) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(AreaLink.inner_code, AreaLink.outer_code)
        .join(Area, Area.code == AreaLink.outer_code)
        .where(Area.kind == "beat")
        .order_by(AreaLink.inner_code)
    )
    return tuple((ward, beat) for ward, beat in rows)
