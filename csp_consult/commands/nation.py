"""Publish a wave's counts as Parquet, and ask a question over those of many partnerships."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import emit, format_option, stray_lines_aside
from csp_consult.commands.response import officer_of
from csp_consult.db import writing
from csp_consult.fieldwork import exports, waves
from csp_consult.findings.errors import FindingError
from csp_consult.findings.national_counts import PARTS, counts_of
from csp_consult.reports.national import METHOD, NationalShare, ScaleError, ask, write_counts
from csp_consult.settings import current_settings


@click.group()
def nation() -> None:
    """Counts of closed waves as Parquet, and questions over many partnerships. Needs the optional extra "scale"."""


@nation.command()
@click.argument("key", metavar="WAVE")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the file.")
@click.option("--by", metavar="EMAIL", required=True, help="The officer who gives it out; it is written down.")
@with_appcontext
def publish(key: str, output: Path, by: str) -> None:
    """Write the weighted counts of a closed wave as a Parquet file.

    For whoever holds the files of many partnerships under an agreement, not for the public: it has counts by age and
    by sex, none from 1 to 4 nor what would tell one, and no area within the district. An earlier file of the same wave
    in the folder gives way.
    """
    with writing() as session:
        try:
            found = waves.find(session, key)
            rows = counts_of(session, found, current_settings().district, today=date.today())
            exports.log_export(session, found, by=officer_of(session, by), what="counts as parquet")
            # Within the transaction: what could not be written was not given out.
            file = write_counts(output, rows)
        except (waves.WaveError, FindingError, ScaleError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{len(rows)} rows of {key} written to {file}.")


@nation.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("question")
@click.option("--by", "part", type=click.Choice([part for part in PARTS if part]), help="Apart for each age or sex.")
@click.option("--spark", metavar="MASTER", help="Ask this Spark cluster, as in spark://host:7077 [DuckDB, here].")
@format_option
def shares(folder: Path, question: str, part: str | None, spark: str | None, output_format: str) -> None:
    """The weighted shares of QUESTION's answers over all partnerships whose counts lie in FOLDER.

    QUESTION is a question's id, or grid.row. The files come from csp-consult nation publish.
    """
    try:
        with stray_lines_aside():
            found = ask(folder, question, part or "", spark=spark)
    except ScaleError as error:
        raise click.ClickException(str(error)) from error
    emit(
        {
            "question": question,
            "by": part,
            "se_method": METHOD,
            "synthetic": any(one.synthetic for one in found),
            "estimates": [_row(one, part) for one in found],
        },
        "estimates",
        output_format,
    )


def _row(one: NationalShare, part: str | None) -> dict[str, Any]:
    share = one.share
    return ({part: one.category} if part else {}) | {
        "option": one.option,
        "estimate": share.estimate,
        "se": share.se,
        "lower": share.lower,
        "upper": share.upper,
        "base": share.base,
        "effective_base": share.effective_base,
        "partnerships": one.partnerships,
        "withheld": one.withheld,
    }
