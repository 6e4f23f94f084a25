"""The statistics of one question of any survey file: respondents in, figures with their uncertainty out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_consult.analysis.concern import PROBLEM_SHARE, Concern, Measure, concern_from_totals
from csp_consult.analysis.estimates import design_effect, laid_out, means_of, ratios, shares_of
from csp_consult.analysis.figures import Estimate, FloatArray
from csp_consult.analysis.merging import Merging
from csp_consult.analysis.ranks import HIDDEN_BELOW, INDICATIVE_BELOW
from csp_consult.analysis.totals import ANSWERED, EVERYONE, Design, Key, Totals, totals_of_respondents
from csp_consult.analysis.weights import NOT_SAID, Target, Weighting, kish_effect, weigh

SHARE = "share"
MEAN = "mean"
VALUE: Key = ("", "value")
COUNTS = "counts"
"""The option under which an answer that counts as concern is counted."""
MANY = 20
"""A numeric question with more different answers than this is shown as a mean."""


class MicrodataError(ValueError):
    """A survey file that cannot be analysed as asked; the message says why in one plain sentence."""


@dataclass(frozen=True)
class Plan:
    """Which columns of the file say how it was drawn and how it is to be weighted."""

    weights: str | None = None
    """Column of final weights."""
    targets: Sequence[Target] = ()
    """Or targets to rake to."""
    base_weight: str | None = None
    """Column of the weights that raking starts from."""
    strata: str | None = None
    psu: str | None = None
    fpc: str | None = None
    """Column with the number of primary units in the population of each stratum."""
    merging: Merging | None = None
    cap: float | None = None
    names: Mapping[str, Mapping[str, str]] | None = None
    """Variable to the words of its codes."""


@dataclass(frozen=True)
class Row:
    """One option (or the mean), for everyone or for one group."""

    group: str | None
    option: str
    figure: Estimate
    se_raked: float | None
    """Standard error that takes the raking into account; None without targets."""
    design_effect: float | None
    unweighted: float | None


@dataclass(frozen=True)
class Analysis:
    """A question of a survey file, weighted."""

    statistic: str
    """``share`` or ``mean``."""
    rows: tuple[Row, ...]
    base: int
    """Respondents in the file."""
    design_effect: float
    effective_base: float
    """Kish's, of the whole file."""
    se_method: str
    weighting: Weighting | None
    """How the targets were met; None where the weights were given, or there are none."""


def is_measured(column: "pd.Series[str]") -> bool:
    """Whether the answers are numbers of many sizes, to be shown as a mean rather than by option."""
    answers = column.dropna().drop_duplicates()
    return len(answers) > MANY and bool(pd.to_numeric(answers, errors="coerce").notna().all())


def analyse(
    frame: pd.DataFrame,
    question: str,
    plan: Plan,
    *,
    by: str | None = None,
    options: Sequence[str] | None = None,
    measured: bool = False,
    hidden_below: float = HIDDEN_BELOW,
    indicative_below: float = INDICATIVE_BELOW,
) -> Analysis:
    """The weighted share of every option of ``question`` (or its mean), for everyone or for each group of ``by``.

    ``frame`` has one row a respondent and its answers as text, missing where there is none. ``options`` puts the
    options in order, ``measured`` asks for the mean. Effective bases under ``hidden_below`` are not shown.

    Raises MicrodataError, WeightingError or DesignError, in words.
    """
    _check(frame, question, by, plan)
    base_weights = _numbers(frame, plan.base_weight)
    weights, weighting, calibration = _weights(frame, plan, base_weights)
    counted = weights > 0
    if counted.sum() < 2:
        raise MicrodataError("Fewer than two respondents have a weight, so there is nothing to estimate.")
    frame, weights, base_weights = frame[counted], weights[counted], base_weights[counted]
    calibration = None if calibration is None else calibration[counted]
    variables = _measured(frame, question) if measured else _chosen(frame, question, options)
    answered = frame[question].notna().to_numpy()
    asked = _Asked(variables, answered, weights, base_weights, _design(frame, plan), calibration)
    effect = kish_effect(weights, np.ones(len(weights)), np.ones(len(weights)), np.ones(len(weights)))
    found = [row for group, member in _groups(frame, by) for row in _rows(asked, group, member)]
    rows = [_held(row, hidden_below, indicative_below) for row in found]
    return Analysis(
        statistic=MEAN if measured else SHARE,
        rows=tuple(rows),
        base=len(weights),
        design_effect=effect,
        effective_base=len(weights) / effect,
        se_method=rows[0].figure.se_method,
        weighting=weighting,
    )


def concern(
    frame: pd.DataFrame, columns: Mapping[str, str], counts: Collection[str], plan: Plan, *, kind: str = PROBLEM_SHARE
) -> Concern:
    """The concern measure of a survey file: of each topic, the weighted share whose answer is one of ``counts``.

    ``columns`` is topic to the column that asks about it; who left it open is outside the topic's base. Raises
    MicrodataError, WeightingError or DesignError, in words.
    """
    for column in columns.values():
        _check(frame, column, None, plan)
        if not frame[column].isin(list(counts)).any():
            raise MicrodataError(f"Nobody answered {column!r} with {' or '.join(sorted(counts))}.")
    weights, _, _ = _weights(frame, plan, _numbers(frame, plan.base_weight))
    counted = weights > 0
    if counted.sum() < 2:
        raise MicrodataError("Fewer than two respondents have a weight, so there is nothing to estimate.")
    frame, weights = frame[counted], weights[counted]
    variables: dict[Key, FloatArray] = {}
    for topic, column in columns.items():
        variables[topic, COUNTS] = np.asarray(frame[column].isin(list(counts)), np.float64)
        variables[topic, ANSWERED] = np.asarray(frame[column].notna(), np.float64)
    measure = Measure(
        kind=kind,
        topics=tuple(columns),
        scores=tuple({(topic, COUNTS): 1.0} for topic in columns),
        bases=tuple({(topic, ANSWERED): 1.0} for topic in columns),
    )
    return concern_from_totals(totals_of_respondents(variables, weights, design=_design(frame, plan)), measure)


@dataclass(frozen=True)
class _Asked:
    """One question of a weighted sample."""

    variables: Mapping[Key, FloatArray]
    answered: NDArray[np.bool_]
    weights: FloatArray
    base_weights: FloatArray
    design: Design
    calibration: FloatArray | None

    def totals(self, domain: NDArray[np.bool_], *, raked: bool) -> Totals:
        return totals_of_respondents(
            self.variables,
            self.weights,
            design=self.design,
            domain=domain,
            base_weights=self.base_weights,
            calibration=self.calibration if raked else None,
        )


def _rows(asked: _Asked, group: str | None, member: NDArray[np.bool_]) -> list[Row]:
    domain = member & asked.answered
    is_mean = VALUE in asked.variables
    totals = asked.totals(domain, raked=False)
    numerators = laid_out(totals, [{key: 1.0} for key in asked.variables])
    denominators = laid_out(totals, [{EVERYONE: 1.0}] * len(asked.variables))
    found = ratios(totals, numerators, denominators)
    figures = means_of(found) if is_mean else shares_of(found)
    raked: Sequence[float | None] = [None] * len(figures)
    if asked.calibration is not None:
        calibrated = ratios(asked.totals(domain, raked=True), numerators, denominators)
        raked = [float(v) ** 0.5 for v in np.maximum(np.diag(calibrated.covariance), 0)]
    return [
        Row(
            group=group,
            option="mean" if is_mean else key[1],
            figure=figure,
            se_raked=se_raked,
            design_effect=None if is_mean else design_effect(figure),
            unweighted=float(values[domain].mean()) if domain.any() else None,
        )
        for (key, values), figure, se_raked in zip(asked.variables.items(), figures, raked, strict=True)
    ]


def _held(row: Row, hidden_below: float, indicative_below: float) -> Row:
    """The row under the base rules; what is refused is refused in every column."""
    figure = row.figure.held_to(hidden_below=hidden_below, indicative_below=indicative_below)
    if figure.estimate is None:
        return Row(row.group, row.option, figure, None, None, None)
    return replace(row, figure=figure)


def _check(frame: pd.DataFrame, question: str, by: str | None, plan: Plan) -> None:
    columns = [question, by, plan.weights, plan.base_weight, plan.strata, plan.psu, plan.fpc]
    columns += [variable for target in plan.targets for variable in target.variables]
    for column in columns:
        if column is not None and column not in frame.columns:
            raise MicrodataError(f"The file has no column {column!r}. It has {', '.join(map(str, frame.columns))}.")
    if plan.weights is not None and plan.targets:
        raise MicrodataError("Give either a column of weights or targets to weight to, not both.")
    if not frame[question].notna().any():
        raise MicrodataError(f"Nobody answered {question!r}.")


def _numbers(frame: pd.DataFrame, column: str | None) -> FloatArray:
    """A column of weights; 1 for everybody where none is named."""
    if column is None:
        return np.ones(len(frame))
    numbers = pd.to_numeric(frame[column], errors="coerce").to_numpy(float)
    wrong = np.flatnonzero(~(numbers >= 0) | np.isinf(numbers))
    if len(wrong):
        raise MicrodataError(
            f"Respondent {wrong[0] + 1} has {frame[column].iloc[wrong[0]]!r} in {column!r}: "
            "it must be a number of 0 or more."
        )
    return numbers


def _weights(
    frame: pd.DataFrame, plan: Plan, base_weights: FloatArray
) -> tuple[FloatArray, Weighting | None, FloatArray | None]:
    """Final weights; where raked, how, and the 0/1 columns of the margins by respondent."""
    if not plan.targets:
        given = base_weights if plan.weights is None else _numbers(frame, plan.weights)
        return given, None, None
    variables = list(dict.fromkeys(variable for target in plan.targets for variable in target.variables))
    # With the base weight in the cell, weights are constant in it and a cap cuts exactly whom it should.
    keyed = frame[variables].fillna(NOT_SAID).assign(base_weight=base_weights)
    grouped = keyed.groupby([*variables, "base_weight"], sort=True)
    cells = grouped.size().rename("n").reset_index()
    cells["d"] = cells["n"] * cells["base_weight"]
    cells["d2"] = cells["n"] * cells["base_weight"] ** 2
    weighting = weigh(cells, plan.targets, merging=plan.merging, cap=plan.cap, names=plan.names)
    cell = grouped.ngroup().to_numpy()
    return weighting.factors[cell] * base_weights, weighting, weighting.calibration()[cell]


def _design(frame: pd.DataFrame, plan: Plan) -> Design:
    def names(column: str | None) -> NDArray[np.object_] | None:
        return None if column is None else frame[column].fillna(NOT_SAID).to_numpy(object)

    return Design(
        strata=names(plan.strata),
        units=names(plan.psu),
        population=None if plan.fpc is None else _numbers(frame, plan.fpc),
    )


def _measured(frame: pd.DataFrame, question: str) -> dict[Key, FloatArray]:
    numbers = pd.to_numeric(frame[question], errors="coerce")
    if bool((numbers.isna() & frame[question].notna()).any()):
        raise MicrodataError(f"{question!r} has answers that are not numbers, so it has no mean.")
    return {VALUE: numbers.fillna(0).to_numpy(float)}


def _chosen(frame: pd.DataFrame, question: str, options: Sequence[str] | None) -> dict[Key, FloatArray]:
    present = sorted(set(frame[question].dropna()))
    ordered = [*(o for o in options or () if o in present), *(o for o in present if o not in (options or ()))]
    return {(question, option): np.asarray(frame[question] == option, np.float64) for option in ordered}


def _groups(frame: pd.DataFrame, by: str | None) -> list[tuple[str | None, NDArray[np.bool_]]]:
    if by is None:
        return [(None, np.ones(len(frame), bool))]
    return [(group, np.asarray(frame[by] == group, bool)) for group in sorted(set(frame[by].dropna()))]
