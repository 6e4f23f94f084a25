"""``csp-consult analyse``: the statistics of a question in any survey file, no database needed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from csp_consult.analysis.merging import WeightingError
from csp_consult.analysis.microdata import Analysis, MicrodataError, Plan, Row, is_measured
from csp_consult.analysis.microdata import analyse as analyse_question
from csp_consult.analysis.totals import DesignError
from csp_consult.commands.output import emit, format_option
from csp_consult.commands.survey_plan import survey_options, survey_plan
from csp_consult.settings import Settings
from csp_consult.sources.survey_file import SurveyFile, SurveyFileError, read_survey_file

CAVEAT = (
    "Intervals describe sampling variation only; where people chose themselves to take part, they hold if the "
    "weights made the sample like the population."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--question", required=True, metavar="Q", help="Column of the question.")
@click.option("--by", metavar="X", help="Column of groups to show apart.")
@survey_options
@format_option
def analyse(
    *, file: Path, question: str, by: str | None, missing: tuple[str, ...], output_format: str, **weighting: Any
) -> None:
    """Weighted shares (or the mean) of a question in a CSV or SPSS file, with intervals and design effects."""
    try:
        survey = read_survey_file(file, missing=missing)
        plan = survey_plan(survey, **weighting)
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
