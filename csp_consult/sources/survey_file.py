"""Survey files of other bodies: CSV and SPSS, read into answers as text with their labels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat


class SurveyFileError(ValueError):
    """A survey file that cannot be read; the message says why in one plain sentence."""


@dataclass(frozen=True)
class SurveyFile:
    """One row a respondent."""

    frame: pd.DataFrame
    """Answers as text (codes, where the file has labels); missing where there is none."""
    labels: Mapping[str, Mapping[str, str]]
    """Column to the words of its codes, in the order of the file."""
    texts: Mapping[str, str]
    """Column to the question as asked, where the file says it."""

    def label(self, column: str, code: str) -> str:
        """The words of a code; the code itself where it has none."""
        return self.labels.get(column, {}).get(code, code)

    def code(self, column: str, value: str) -> str:
        """The code of a value given either as code or in words."""
        codes = {words: code for code, words in self.labels.get(column, {}).items()}
        return codes.get(value, value)


def read_survey_file(path: Path, *, missing: Collection[str] = ()) -> SurveyFile:
    """Read a ``.csv`` or ``.sav`` file.

    Blank answers, the missing codes that an SPSS file declares and the codes in ``missing`` are no answer. Raises
    SurveyFileError.
    """
    if not path.is_file():
        raise SurveyFileError(f"There is no file {path}.")
    readers = {".csv": _read_csv, ".sav": _read_sav}
    if path.suffix.lower() not in readers:
        raise SurveyFileError(f"{path.name} is neither .csv nor .sav; save it as one of these.")
    found = readers[path.suffix.lower()](path)
    if found.frame.empty:
        raise SurveyFileError(f"{path.name} has no respondents.")
    return SurveyFile(found.frame.mask(found.frame.isin(list(missing))), found.labels, found.texts)


def _read_csv(path: Path) -> SurveyFile:
    try:
        frame = _decoded_csv(path)
    except (ValueError, OverflowError) as error:  # of bytes that are no text, too
        raise SurveyFileError(f"{path.name} is not a table with commas between its columns: {error}.") from error
    frame.columns = frame.columns.str.strip()
    return SurveyFile(_blank_is_missing(frame), {}, {})


def _decoded_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        # Excel on Windows saves in this encoding unless told otherwise.
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="cp1252")


def _read_sav(path: Path) -> SurveyFile:
    try:
        raw, about = pyreadstat.read_sav(path)
    except (pyreadstat.ReadstatError, ValueError) as error:
        raise SurveyFileError(f"{path.name} cannot be read as an SPSS file: {error}.") from error
    frame = pd.DataFrame({column: raw[column].map(_as_text, na_action="ignore") for column in raw}, dtype=object)
    return SurveyFile(
        frame=_blank_is_missing(frame),
        labels={
            column: {_as_text(code): str(words) for code, words in labels.items()}
            for column, labels in about.variable_value_labels.items()
        },
        texts={column: text for column, text in about.column_names_to_labels.items() if text},
    )


def _as_text(value: object) -> str:
    """A code as it would be typed: ``1``, not ``1.0``."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _blank_is_missing(frame: pd.DataFrame) -> pd.DataFrame:
    stripped = pd.DataFrame({column: frame[column].str.strip() for column in frame}, dtype=object)
    return stripped.mask(stripped == "")
