"""How every reading command prints: a table for people, JSON or CSV for programs."""

import csv
import ctypes
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource
from flask import has_app_context

from csp_consult.people import audit

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

Command = TypeVar("Command", bound=Callable[..., Any])
Row = TypeVar("Row")


def format_option(command: Command) -> Command:
    """Add ``--format table|json|csv`` (argument ``output_format``) to a reading command."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="How to print the result.",
    )(command)


def emit(document: Mapping[str, Any], rows_under: str, output_format: str, *, taken: bool = True) -> None:
    """Print one result.

    ``document`` is the whole JSON object; ``document[rows_under]`` its list of flat mappings, which is what
    a table or a CSV shows. What qualifies the rows (wave, weighting, source) precedes a table as ``key: value``;
    in a CSV each row names its wave and whether it is synthetic.
    JSON and CSV of what the database holds are exports, so who took them is written down, as a download in the
    browser is; not where ``taken`` is False: an answer to one question, of which the trail must not keep the words.
    """
    rows: Sequence[Mapping[str, Any]] = document[rows_under]
    # Without an application there is no database that anything could have been taken from.
    if taken and output_format != "table" and has_app_context():
        write_down(_command_line())
    if output_format == "json":
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    elif output_format == "csv":
        _csv(rows, {key: document[key] for key in _ALONG if key in document})
    else:
        for key, value in document.items():
            if key != rows_under and value is not None and not isinstance(value, (list, dict)):
                click.echo(f"{key.replace('_', ' ')}: {value}")
        _table(rows)


def write_down(subject: str) -> None:
    """Note in the audit trail that whoever is at this machine took something out; where it cannot be, nothing is."""
    audit.record_taken(subject, actor=at_the_command_line())


def at_the_command_line() -> str:
    """Who acts here, for the audit trail."""
    return f"{_user()} at the command line"


@contextmanager
def stray_lines_aside() -> Iterator[None]:
    """Send to standard error what a library prints by itself meanwhile, as solvers do past Python's own output."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        # What C code printed may still wait in its own buffer, and would come out after we put ours back.
        ctypes.CDLL(None).fflush(None)
        os.dup2(ours, 1)
        os.close(ours)


def _command_line() -> str:
    """The command as it was typed, without what was left to its default."""
    context = click.get_current_context()
    parts = [context.command_path]
    for parameter in context.command.get_params(context):
        value = context.params.get(parameter.name or "")
        if context.get_parameter_source(parameter.name or "") is not ParameterSource.COMMANDLINE or value is None:
            continue
        if isinstance(parameter, click.Option):
            parts.append(parameter.opts[0])
        if not isinstance(value, bool):
            parts.extend(map(str, value if isinstance(value, tuple) else (value,)))
    return " ".join(parts)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return f"user {os.getuid()}"


_ALONG = ("wave", "synthetic")
"""What every row of a CSV says of itself: rows are cut out and pasted elsewhere."""


def _csv(rows: Sequence[Mapping[str, Any]], along: Mapping[str, Any]) -> None:
    if rows:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(dict.fromkeys([*rows[0], *along])), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _in_one(value) for key, value in {**along, **row}.items()} for row in rows)


def _in_one(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        click.echo("nothing to show")
        return
    heads = list(rows[0])
    cells = [[_cell(row.get(head)) for head in heads] for row in rows]
    widths = [max(len(head), *(len(line[i]) for line in cells)) for i, head in enumerate(heads)]
    click.echo("  ".join(head.replace("_", " ").ljust(width) for head, width in zip(heads, widths, strict=True)))
    for line in cells:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return str(value)


def progress_bar(length: int, label: str) -> "ProgressBar[int]":
    """How far long work has come, shown to whoever sits before a terminal."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def ticking(rows: Iterable[Row], bar: "ProgressBar[int]") -> Iterator[Row]:
    """The rows; the bar moves with every thousand of them."""
    for number, row in enumerate(rows, start=1):
        if number % 1_000 == 0:
            bar.update(1_000)
        yield row
