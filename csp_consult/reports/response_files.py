"""Files of responses for other programs: CSV, JSON, Excel, SPSS and Triple-S, all from the same rows.

Each tells of the wave, says what is synthetic, and carries or is followed by the words of its codes.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyreadstat
from openpyxl import Workbook
from sqlalchemy.orm import Session

from csp_consult.fieldwork import exports
from csp_consult.fieldwork.models import Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import Column
from csp_consult.reports import triple_s
from csp_consult.reports.codebook import Variable, variables
from csp_consult.reports.tables import harmless

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class ResponseFile:
    """What is known of a file of responses before its first row."""

    title: str
    """The survey's."""
    about: Mapping[str, str]
    """Wave, questionnaire and date, each in a word or two."""
    columns: Sequence[Column]
    synthetic: bool
    """Whether nobody gave some of the responses."""

    @property
    def told(self) -> dict[str, str]:
        """What a reader has to know of the whole file, in words."""
        return {**self.about, "synthetic": "yes" if self.synthetic else "no"}

    @property
    def variables(self) -> list[Variable]:
        """Its columns with their codes."""
        return variables(self.columns)


def of_wave(session: Session, wave: Wave, questionnaire: Questionnaire, *, today: date) -> ResponseFile:
    """What a file of the wave's responses, made coarse, holds."""
    about = {
        "wave": wave.key,
        "questionnaire": f"{questionnaire.slug} {questionnaire.version}",
        "date": today.isoformat(),
    }
    columns = exports.coarse_columns(session, wave, questionnaire)
    return ResponseFile(wave.title, about, columns, wave.synthetic)


@dataclass(frozen=True)
class Written:
    """The files made, the one asked for first, and how many responses are in them."""

    files: Sequence[Path]
    rows: int


def write(to: str, path: Path, file: ResponseFile, rows: Iterable[Row]) -> Written:
    """Write the rows in one of FORMATS."""
    written = 0

    def counted() -> Iterator[Row]:
        nonlocal written
        for row in rows:
            written += 1
            yield row

    files = FORMATS[to](path, file, counted())
    return Written(files, written)


def write_dictionary(path: Path, file: ResponseFile) -> None:
    """The data dictionary as CSV: a line for each column, and under it one for each of its codes."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(_dictionary(file))


def _csv(path: Path, file: ResponseFile, rows: Iterable[Row]) -> list[Path]:
    _write_csv(path, [column.name for column in file.columns], rows)
    beside = path.with_name(f"{path.stem}-dictionary.csv")
    write_dictionary(beside, file)
    return [path, beside]


def _write_csv(path: Path, names: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([harmless(row[name]) for name in names] for row in rows)


def _json(path: Path, file: ResponseFile, rows: Iterable[Row]) -> list[Path]:
    # One object, written as the rows come, so that a million of them need no memory.
    about = json.dumps({**file.about, "synthetic": file.synthetic}, ensure_ascii=False)
    with path.open("w", encoding="utf-8") as opened:
        opened.write(about.removesuffix("}") + ', "responses": [')
        for number, row in enumerate(rows):
            opened.write((",\n" if number else "\n") + json.dumps(row, ensure_ascii=False))
        opened.write("\n]}\n")
    return [path]


def _xlsx(path: Path, file: ResponseFile, rows: Iterable[Row]) -> list[Path]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Responses")
    sheet.freeze_panes = "A2"
    names = [column.name for column in file.columns]
    sheet.append(names)
    for row in rows:
        sheet.append([harmless(row[name]) for name in names])
    dictionary = book.create_sheet("Data dictionary")
    dictionary.freeze_panes = "A2"
    for line in _dictionary(file):
        dictionary.append(line)
    about = book.create_sheet("About")
    for line in (["survey", file.title], *([name, value] for name, value in file.told.items())):
        about.append([harmless(value) for value in line])
    book.save(path)
    return [path]


def _sav(path: Path, file: ResponseFile, rows: Iterable[Row]) -> list[Path]:
    listed = list(rows)
    frame = pd.DataFrame({variable.plain_name: _spss_values(variable, listed) for variable in file.variables})
    labelled = [variable for variable in file.variables if variable.values]
    pyreadstat.write_sav(
        frame,
        path,
        file_label=f"{file.title} ({file.about['wave']})",
        note=[_cut(f"{name}: {value}", _LONGEST_NOTE) for name, value in file.told.items()],
        column_labels={variable.plain_name: _cut(variable.label, _LONGEST_LABEL) for variable in file.variables},
        variable_value_labels={
            **{variable.plain_name: _FLAG for variable in file.variables if variable.kind == "flag"},
            **{variable.plain_name: {one.number: one.label for one in variable.values} for variable in labelled},
        },
        missing_ranges={variable.plain_name: _left_out(variable) for variable in labelled if _left_out(variable)},
        variable_measure={variable.plain_name: _MEASURES.get(variable.kind, "nominal") for variable in file.variables},
    )
    return [path]


_MEASURES = {"number": "scale"}
_FLAG: dict[int | float, str] = {1: "Yes", 0: "No"}
_LONGEST_LABEL = 255
"""Bytes that SPSS keeps of a variable's label; what tells two columns of a question apart stands first."""
_LONGEST_NOTE = 80
"""Bytes of a line of notes."""
_DICTIONARY = ["column", "name in SPSS", "what it is", "kind", "code", "number in SPSS", "answer", "left out of bases"]


def _cut(text: str, longest: int) -> str:
    """The text, cut where SPSS would refuse it."""
    return text.encode()[:longest].decode(errors="ignore")


def _left_out(variable: Variable) -> list[Any]:
    return [value.number for value in variable.values if value.missing]


def _spss_values(variable: Variable, rows: Sequence[Row]) -> "pd.Series[Any]":
    given = [row[variable.name] for row in rows]
    if variable.kind in {"code", "flag", "number"}:
        numbers = [variable.number_of(value) for value in given] if variable.kind == "code" else given
        return pd.Series([float("nan") if number is None else float(number) for number in numbers], dtype=float)
    return pd.Series(["" if value is None else str(value) for value in given], dtype=object)


def _triple_s(path: Path, file: ResponseFile, rows: Iterable[Row]) -> list[Path]:
    data = path.with_suffix(".csv")
    path.write_text(triple_s.definition(file.title, file.told, file.variables, data.name), encoding="utf-8")
    with data.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(triple_s.data(file.variables, rows))
    return [path, data]


FORMATS: Mapping[str, Callable[[Path, ResponseFile, Iterable[Row]], list[Path]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "sav": _sav,
    "sss": _triple_s,
}


def _dictionary(file: ResponseFile) -> list[list[Any]]:
    lines: list[list[Any]] = [_DICTIONARY]
    for variable in file.variables:
        about = [variable.name, variable.plain_name, variable.label, variable.kind]
        lines.append([*about, None, None, None, None])
        for value in variable.values:
            lines.append([*about, value.code, value.number, value.label, "yes" if value.missing else "no"])
    return [[harmless(value) for value in line] for line in lines]
