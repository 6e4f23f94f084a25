"""``csp-consult analyse``: the statistics of a question in any survey file, no database needed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from csp_consult.analysis.merging import Merging, WeightingError
from csp_consult.analysis.microdata import Analysis, MicrodataError, Plan, Row, is_measured
from csp_consult.analysis.microdata import analyse as analyse_question
from csp_consult.analysis.target_file import read_targets
from csp_consult.analysis.totals import DesignError
from csp_consult.analysis.weights import Target
from csp_consult.commands.output import emit, format_option
from csp_consult.settings import Settings
from csp_consult.sources.survey_file import SurveyFile, SurveyFileError, read_survey_file

CAVEAT = (
    "Intervals describe sampling variation only; where people chose themselves to take part, they hold if the "
    "weights made the sample like the population."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--question", required=True, metavar="Q", help="Column of the question.")
@click.option("--weights-column", metavar="W", help="Column of final weights.")
@click.option("--targets", type=click.Path(path_type=Path), help="YAML file of population targets to weight to.")
@click.option("--base-weight", metavar="D", help="Column of design weights that weighting to targets starts from.")
@click.option("--by", metavar="X", help="Column of groups to show apart.")
@click.option("--strata", metavar="S", help="Column of strata.")
@click.option("--psu", metavar="P", help="Column of primary sampling units.")
@click.option("--fpc", metavar="N", help="Column with the number of primary units in the population of the stratum.")
@click.option("--missing", multiple=True, metavar="CODE", help="A code that is no answer; may be repeated.")
@click.option("--merge", is_flag=True, help="Join adjacent target categories with under 20 respondents.")
@click.option("--cap", type=click.FloatRange(min=1, min_open=True), help="Largest weight, in mean weights.")
@format_option
def analyse(
    *,
    file: Path,
    question: str,
    weights_column: str | None,
    targets: Path | None,
    base_weight: str | None,
    by: str | None,
    strata: str | None,
    psu: str | None,
    fpc: str | None,
    missing: tuple[str, ...],
    merge: bool,
    cap: float | None,
    output_format: str,
) -> None:
    """Weighted shares (or the mean) of a question in a CSV or SPSS file, with intervals and design effects."""
    try:
        survey = read_survey_file(file, missing=missing)
        to_reach = _targets(targets, survey) if targets else ()
        plan = Plan(
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
        found = _analysed(survey, question, plan, by)
    except (DesignError, MicrodataError, SurveyFileError, WeightingError) as error:
        raise click.ClickException(str(error)) from error
    emit(
        _document(file=file, question=question, by=by, survey=survey, plan=plan, found=found),
        "estimates",
        output_format,
    )


def _analysed(survey: SurveyFile, question: str, plan: Plan, by: str | None) -> Analysis:
    settings = Settings.from_environment()
    measured = question in survey.frame and question not in survey.labels and is_measured(survey.frame[question])
    return analyse_question(
        survey.frame,
        question,
        plan,
        by=by,
        options=list(survey.labels.get(question, ())),
        measured=measured,
        hidden_below=settings.hidden_base,
        indicative_below=settings.indicative_base,
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


def _document(
    *, file: Path, question: str, by: str | None, survey: SurveyFile, plan: Plan, found: Analysis
) -> dict[str, Any]:
    """The JSON object: what qualifies the figures, then one row an option."""
    return {
        "file": file.name,
        "question": question,
        "question_text": survey.texts.get(question),
        "statistic": found.statistic,
        "by": by,
        "weighting": _weighting(plan, found),
        "base": found.base,
        "effective_base": found.effective_base,
        "design_effect": found.design_effect,
        "se_method": found.se_method,
        **_how_weighted(found),
        "caveat": CAVEAT,
        "estimates": [_row(row, question, by, survey) for row in found.rows],
    }


def _weighting(plan: Plan, found: Analysis) -> str:
    if found.weighting is not None:
        return f"Weighted to {', '.join(margin.name for margin in found.weighting.margins)}."
    return f"Weighted by the column {plan.weights}." if plan.weights else "Not weighted."


def _how_weighted(found: Analysis) -> Mapping[str, Any]:
    weighting = found.weighting
    if weighting is None:
        return {}
    return {
        "convergence": weighting.convergence(),
        "converged": weighting.converged,
        "largest_margin_error": weighting.largest_margin_error,
        "weight_range": list(weighting.weight_range),
        "trimmed": weighting.trimmed,
        "merges": list(weighting.merges),
        "kept_share": list(weighting.kept_share),
    }


def _row(row: Row, question: str, by: str | None, survey: SurveyFile) -> dict[str, Any]:
    figure = row.figure
    group = {"group": row.group, "group_label": survey.label(by, row.group)} if by and row.group is not None else {}
    return {
        **group,
        "option": row.option,
        "label": survey.label(question, row.option),
        "estimate": figure.estimate,
        "se": figure.se,
        "lower": figure.lower,
        "upper": figure.upper,
        "base": figure.base,
        "effective_base": figure.effective_base,
        "design_effect": row.design_effect,
        "se_raked": row.se_raked,
        "unweighted": row.unweighted,
        "indicative": figure.indicative,
        "reason": figure.reason,
    }
