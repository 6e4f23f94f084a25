"""``check-figures``: can the figures of a printed report be right?"""

import csv
from io import StringIO
from pathlib import Path

import click
import yaml

from csp_consult.analysis.integrity import check
from csp_consult.analysis.printed_figures import FigureListError, figures_from
from csp_consult.commands.output import emit, format_option


@click.command("check-figures")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option
def check_figures(file: Path, output_format: str) -> None:
    """Check the printed figures in FILE, a YAML or CSV list, against their own bases, parts and periods.

    Exits with 1 when a figure has a fault.

    \b
    YAML: a list of figures, or lists of them under any name. A figure with
    "figures" of its own is a survey: they share its n, wave, previous_wave
    and weighted.
    \b
      figures:
      - {id: hate, value: 119, change_abs: 9, change_pct: 8.2,
         mix_pct: {racial: 43.9, sexual orientation: 29.5}}
      - {id: asb, text: "a -33.4% decrease", change_pct: -33.4,
         period: Apr-Dec 2022, previous_period: Apr-Dec 2021}
      - id: safety-survey
        n: {value: 214, previous: 416}
        wave: Autumn 2022
        previous_wave: 2020
        figures:
        - {id: get-on, value: 64.6, unit: "% agree", previous: 61,
           previous_period: 2019}
    \b
    CSV: the same names as columns, one figure a row; previous_n for the
    earlier base; mix_pct as "racial=43.9; sexual orientation=29.5".
    \b
    What a figure may have (leave out what is not printed; other names are
    passed over):
      id               its name, needed
      text, claim      the words it is printed in
      value, previous  now and before, as printed ("43.90" has two decimals)
      unit             starts with "%" for a percentage, has "per" for a rate
      n, previous_n    the bases; in YAML also n: {value: 214, previous: 416}
      change_pct, change_abs, direction
      period, previous_period, as_at
                       "Apr-Dec 2022", "2021/22", "rolling 12m to Sept 2022"
      wave, previous_wave
      mix_pct          shares of the value, or of n
      part_of          id of the figure this is a part of
      complete         yes, if the parts listed of it are all there are
      beside           id of a figure it is set beside
      weighted         yes, if its percentages are weighted
    """
    try:
        figures = figures_from(_read(file))
    except FigureListError as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    faults = check(figures)
    rows = [{"figure": fault.figure, "rule": fault.rule, "message": fault.message} for fault in faults]
    document = {"file": file.name, "figures_checked": len(figures), "faults_found": len(faults), "faults": rows}
    emit(document, "faults", output_format)
    if faults:
        raise SystemExit(1)


def _read(file: Path) -> object:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FigureListError("it is not text in UTF-8: save it again as “CSV UTF-8”.") from error
    if file.suffix.lower() == ".csv":
        return list(csv.DictReader(StringIO(text)))
    try:
        # Every scalar as text: a number would lose its last zeros, and with them how it was rounded.
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes nothing but text, lists and maps
    except yaml.YAMLError as error:
        raise FigureListError(f"it is not YAML that can be read: {' '.join(str(error).split())}") from error
