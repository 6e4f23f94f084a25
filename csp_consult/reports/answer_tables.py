"""Tables of what was answered: two questions against each other, and one question through time."""

from collections.abc import Sequence

from csp_consult import words
from csp_consult.analysis.figures import Estimate
from csp_consult.findings.contract import CrosstabCell, CrosstabFinding, ThemesFinding, TrendFinding, TrendShare
from csp_consult.findings.small_counts import FEW, hidden_inside
from csp_consult.reports.readings import interval
from csp_consult.reports.tables import Cell, Column, Table, Value

MARKS = {"higher": "▲ higher", "lower": "▼ lower"}
_ESTIMATE = ("estimate", "se", "lower", "upper", "base", "effective_base", "indicative", "reason")


def crosstab_table(found: CrosstabFinding) -> Table:
    """The shares of one question's answers within another's, as a grid: rows by columns, then everybody."""
    titles = {cell.column: cell.column_title for cell in found.cells}
    shown = {(cell.row, cell.column): cell for cell in found.cells}
    bases = {cell.column: cell.share for cell in found.cells}
    rows = [
        (Cell(title), *(_crossed(shown[row, column]) for column in titles), Cell(_with_interval(found.totals[row])))
        for row, title in {cell.row: cell.row_title for cell in found.cells}.items()
    ]
    everybody = next(iter(found.totals.values()), None)
    all_bases = [*(bases[column] for column in titles), *([everybody] if everybody else [])]
    rows += [
        (Cell("Base"), *(Cell(_few(one, words.number(one.base))) for one in all_bases)),
        (Cell("Effective base"), *(Cell(_few(one, words.number(one.effective_base))) for one in all_bases)),
    ]
    columns = (
        Column("Answer", None),
        *(Column(title, None, number=True) for title in titles.values()),
        Column("Everybody", None, number=True),
    )
    return Table("crosstab", f"{found.row_text} By: {found.column_text}", columns, rows, {}, found.synthetic)


def crosstab_file(found: CrosstabFinding) -> Table:
    """The same figures, a cell a line, for programs."""
    columns = tuple(Column(None, name) for name in ("row", "row_title", "column", "column_title", *_ESTIMATE, "mark"))
    titles = {cell.row: cell.row_title for cell in found.cells}
    rows = [
        *(
            (
                *_values(cell.row, cell.row_title, cell.column, cell.column_title),
                *_estimate(cell.share),
                _value(cell.mark),
            )
            for cell in found.cells
        ),
        *(
            (*_values(row, titles[row], None, "Everybody"), *_estimate(share), _value(None))
            for row, share in found.totals.items()
        ),
    ]
    about: dict[str, Value] = {
        "wave": found.wave,
        "row_question": found.row_question,
        "column_question": found.column_question,
        "weighting": found.weighting,
        "se_method": found.se_method,
    }
    name = f"crosstab-{found.wave.replace('/', '-')}-{found.row_question}-{found.column_question}"
    return Table(name, f"{found.row_text} By: {found.column_text}", columns, rows, about, found.synthetic)


def trend_table(*findings: TrendFinding, name: str = "trend") -> Table:
    """Each option wave by wave: its share, the change from the wave before, and what changed besides opinion."""
    first = findings[0]
    columns = (
        Column("Answer", "label"),
        Column(None, "option"),
        Column("Wave", "wave_title"),
        Column(None, "wave"),
        Column("Asked", "period"),
        Column("Share", "estimate", number=True),
        Column("95% interval", None, number=True),
        Column(None, "lower"),
        Column(None, "upper"),
        Column("Base", "base", number=True),
        Column("Effective base", "effective_base", number=True),
        Column("Change from the wave before", "change"),
        Column(None, "change_lower"),
        Column(None, "change_upper"),
        Column(None, "p"),
        Column(None, "smallest_significant_change"),
        Column("What changed besides opinion", "breaks"),
        Column(None, "change_reason"),
    )
    rows = [_trend_row(point) for found in findings for point in found.points]
    about: dict[str, Value] = {"survey": first.survey, "question": first.question_text} if len(findings) == 1 else {}
    caption = first.question_text if len(findings) == 1 else "What others printed of it"
    return Table(name, caption, columns, rows, about, any(found.synthetic for found in findings))


def themes_table(found: ThemesFinding) -> Table:
    """Each code with the weighted share of coded answers that it was found in."""
    columns = (
        Column("Theme", "theme"),
        Column("What it holds", "description"),
        Column("Share", None, number=True),
        Column("95% interval", None, number=True),
        *(Column(None, name) for name in _ESTIMATE),
        Column("Base", None, number=True),
        Column("Effective base", None, number=True),
    )
    rows = [
        (
            Cell(one.name, one.name),
            Cell(one.description, one.description),
            Cell(_share(one.share)),
            Cell(interval(one.share)),
            *_estimate(one.share),
            Cell(_few(one.share, words.number(one.share.base))),
            Cell(_few(one.share, words.number(one.share.effective_base))),
        )
        for one in found.themes
    ]
    about: dict[str, Value] = {"wave": found.wave, "question": found.question_text, "weighting": found.weighting}
    name = f"themes-{found.wave.replace('/', '-')}-{found.question}"
    return Table(name, f"What people wrote: {found.question_text}", columns, rows, about, found.synthetic)


def change_in_words(point: TrendShare) -> str:
    """The change from the wave before as it may be said: with its interval and test, or why it cannot be."""
    if point.change is None:
        return point.reason or "–"
    said = f"{words.signed(100 * point.change)} points"
    if point.change_lower is not None and point.change_upper is not None:
        said += f" ({words.signed(100 * point.change_lower)} to {words.signed(100 * point.change_upper)})"
    if point.significant:
        return f"{said}: significant"
    least = (
        ""
        if point.smallest_significant is None
        else f"; under {words.number(100 * point.smallest_significant)} points nothing could be"
    )
    return f"{said}: not significant{least}"


def _trend_row(point: TrendShare) -> Sequence[Cell]:
    share = point.share
    has_base = share.base > 0
    return (
        Cell(point.option_title, point.option_title),
        Cell("", point.option),
        Cell(point.wave_title, point.wave_title),
        Cell("", point.wave),
        Cell(point.period, point.period),
        Cell("not shown" if share.estimate is None else _share(share), share.estimate),
        Cell(interval(share)),
        Cell("", share.lower),
        Cell("", share.upper),
        Cell(words.number(share.base) if has_base else "not printed", share.base if has_base else None),
        Cell(words.number(share.effective_base) if has_base else "–", share.effective_base if has_base else None),
        Cell(change_in_words(point), point.change),
        Cell("", point.change_lower),
        Cell("", point.change_upper),
        Cell("", point.p),
        Cell("", point.smallest_significant),
        Cell(" ".join(point.breaks) or "–", " ".join(point.breaks) or None),
        Cell("", point.reason),
    )


def _crossed(cell: CrosstabCell) -> Cell:
    if cell.share.estimate is None:
        return Cell("not shown")
    mark = f" {MARKS[cell.mark]}" if cell.mark else ""
    return Cell(f"{_with_interval(cell.share)}{mark}")


def _with_interval(share: Estimate) -> str:
    return _share(share) if share.estimate is None else f"{_share(share)} ({interval(share)})"


def _share(estimate: Estimate) -> str:
    if estimate.estimate is None:
        return "not shown"
    return f"{words.percent(estimate.estimate)}{', indicative' if estimate.indicative else ''}"


def _few(estimate: Estimate, text: str) -> str:
    """The text, unless it would tell how few people a figure rests on."""
    return FEW if hidden_inside(estimate.base) else text


def _estimate(share: Estimate) -> tuple[Cell, ...]:
    return _values(
        share.estimate,
        share.se,
        share.lower,
        share.upper,
        None if hidden_inside(share.base) else share.base,
        None if hidden_inside(share.base) else share.effective_base,
        "yes" if share.indicative else "no",
        share.reason,
    )


def _values(*values: Value) -> tuple[Cell, ...]:
    return tuple(_value(value) for value in values)


def _value(value: Value) -> Cell:
    return Cell("", value)
