"""Tables of a release: for officers with what was hidden and why, for publication with all hidden figures alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from csp_consult import words
from csp_consult.findings.question_keys import AskedFor
from csp_consult.findings.releases import ReleasedFigure, ReleasedTable
from csp_consult.reports.tables import Cell, Column, Table, Value

CONFIDENTIAL: Final = "[c]"
"""Stands in a published table for what is hidden, whatever the reason; the mark that official statistics use."""
UNRELIABLE: Final = "[u]"
EVERYBODY: Final = "Everybody"


@dataclass(frozen=True)
class Titled:
    """A released table with the words of its questions."""

    table: ReleasedTable
    rows: AskedFor
    columns: AskedFor | None

    @property
    def caption(self) -> str:
        """What the table is of."""
        return f"{self.rows.text} By: {self.columns.text}" if self.columns else self.rows.text

    def row_title(self, row: str) -> str:
        """The words of a row."""
        return self.rows.titles.get(row, "Base")

    def column_title(self, column: str) -> str:
        """The words of a column."""
        return self.columns.titles.get(column, EVERYBODY) if self.columns else EVERYBODY


def officers_table(titled: Titled, name: str, *, synthetic: bool) -> Table:
    """Rows by columns: percentage with interval and count, or why there is none."""
    at = {(one.row, one.column): one for one in titled.table.figures}
    columns = _order([column for _, column in at], titled.columns)
    rows = [
        (Cell(titled.row_title(row)), *(Cell(_for_officers(at[row, column])) for column in columns))
        for row in _order([row for row, _ in at], titled.rows)
    ]
    heads = (Column("Answer", None), *(Column(titled.column_title(column), None, number=True) for column in columns))
    return Table(name, titled.caption, heads, rows, {}, synthetic)


def reasons(table: ReleasedTable) -> dict[str, int]:
    """How many figures are withheld for each reason."""
    found = [one.reason or one.share_reason for one in table.figures]
    return {reason: found.count(reason) for reason in dict.fromkeys(found) if reason}


def published_table(tables: Sequence[Titled], wave: str, released: str, *, synthetic: bool) -> Table:
    """A release as it may go out: a figure a line, nothing said of why one is hidden."""
    names = ("question", "by", "answer", "among", "count", "percent_weighted", "percent_lower", "percent_upper")
    rows = [
        tuple(
            Cell("", value)
            for value in (
                one.rows.text,
                one.columns.text if one.columns else None,
                one.row_title(figure.row),
                one.column_title(figure.column),
                CONFIDENTIAL if figure.count is None else figure.count,
                *_published_share(figure),
            )
        )
        for one in tables
        for figure in one.table.figures
    ]
    about: dict[str, Value] = {
        "wave": wave,
        "released_on": released,
        "marks": f"{CONFIDENTIAL} withheld to protect people; {UNRELIABLE} too few answers for a percentage",
    }
    columns = tuple(Column(None, name) for name in names)
    return Table(f"release-{wave.replace('/', '-')}-{released}", "Released tables", columns, rows, about, synthetic)


def _order(codes: Sequence[str], asked: AskedFor | None) -> list[str]:
    """In the order of the question, the total last."""
    given = list(asked.titles) if asked else []
    return sorted(set(codes), key=lambda code: (not code, given.index(code) if code in given else 0))


def _for_officers(one: ReleasedFigure) -> str:
    if one.count is None:
        return "Hidden: small" if one.reason and "small enough" in one.reason else "Hidden: protects another"
    if one.share is None:
        return words.number(one.count) if not one.row else f"{words.number(one.count)}, no percentage"
    share = one.share
    return f"{share.percent}% ({share.lower} to {share.upper}%), {words.number(one.count)}"


def _published_share(one: ReleasedFigure) -> tuple[Value, Value, Value]:
    if one.share:
        return one.share.percent, one.share.lower, one.share.upper
    if not one.row:
        return None, None, None
    return (UNRELIABLE if one.few else CONFIDENTIAL, None, None)
