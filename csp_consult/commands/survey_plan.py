"""The options that say how a survey file was drawn and how it is to be weighted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from csp_consult.analysis.merging import Merging, WeightingError
from csp_consult.analysis.microdata import Plan
from csp_consult.analysis.target_file import read_targets
from csp_consult.analysis.weights import Target
from csp_consult.sources.survey_file import SurveyFile

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.option("--weights-column", metavar="W", help="Column of final weights."),
    click.option("--targets", type=click.Path(path_type=Path), help="YAML file of population targets to weight to."),
    click.option("--base-weight", metavar="D", help="Column of design weights that weighting to targets starts from."),
    click.option("--strata", metavar="S", help="Column of strata."),
    click.option("--psu", metavar="P", help="Column of primary sampling units."),
    click.option("--fpc", metavar="N", help="Column with the number of primary units in the stratum's population."),
    click.option("--missing", multiple=True, metavar="CODE", help="A code that is no answer; may be repeated."),
    click.option("--merge", is_flag=True, help="Join adjacent target categories with under 20 respondents."),
    click.option("--cap", type=click.FloatRange(min=1, min_open=True), help="Largest weight, in mean weights."),
)


def survey_options(command: Command) -> Command:
    """Add the options of ``survey_plan`` (and ``missing``) to a command that reads a survey file."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def survey_plan(
    survey: SurveyFile,
    *,
    weights_column: str | None,
    targets: Path | None,
    base_weight: str | None,
    strata: str | None,
    psu: str | None,
    fpc: str | None,
    merge: bool,
    cap: float | None,
) -> Plan:
    """How to weight the file, as the options ask. Raises WeightingError, in words."""
    to_reach = _targets(targets, survey) if targets else ()
    return Plan(
        weights=weights_column,
        targets=to_reach,
        base_weight=base_weight,
        strata=strata,
        psu=psu,
        fpc=fpc,
        merging=_merging(to_reach) if merge else None,
        cap=cap,
        names=survey.labels,
    )


def _targets(path: Path, survey: SurveyFile) -> tuple[Target, ...]:
    """The targets of a file, their categories as codes of the survey file."""
    try:
        read = read_targets(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WeightingError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise WeightingError(f"{path} is not a YAML file: {error}") from error
    return tuple(_coded(target, survey) for target in read.targets)


def _coded(target: Target, survey: SurveyFile) -> Target:
    def coded(category: Sequence[str]) -> tuple[str, ...]:
        return tuple(survey.code(v, value) for v, value in zip(target.variables, category, strict=True))

    return replace(target, populations={coded(category): people for category, people in target.populations.items()})


def _merging(targets: Sequence[Target]) -> Merging:
    """Every variable ordered as its targets list it."""
    ordered: dict[str, list[str]] = {}
    for target in targets:
        for category in target.populations:
            for variable, value in zip(target.variables, category, strict=True):
                values = ordered.setdefault(variable, [])
                if value not in values:
                    values.append(value)
    return Merging(ordered=ordered)
