"""The four figures of an evaluation: audience and rest, before and after."""

from csp_consult import words
from csp_consult.analysis.figures import Estimate
from csp_consult.plan.evaluation import Outcome
from csp_consult.reports.tables import Cell, Column, Table


def evaluation_table(found: Outcome) -> Table:
    """Balances in points with interval and bases; the audience and everybody else, wave by wave."""
    frozen = found.frozen
    waves = [(found.before, frozen.target if frozen else None, frozen.rest if frozen else None)]
    if found.now is not None:
        waves.append((found.after, found.now.target, found.now.rest))
    rows = [
        _row(who, wave.title if wave else "", figure)
        for wave, target, rest in waves
        for who, figure in (("The audience", target), ("Everybody else", rest))
        if figure is not None
    ]
    return Table(
        id="evaluation",
        caption="Share who say it rose less share who say it fell",
        columns=(
            Column("Who", "who"),
            Column("Wave", "wave"),
            Column("Points", "balance", number=True),
            Column("95% interval", None),
            Column(None, "balance_lower"),
            Column(None, "balance_upper"),
            Column("Base", "base", number=True),
            Column("Effective base", "effective_base", number=True),
        ),
        rows=rows,
        about={},
        synthetic=any(wave is not None and wave.synthetic for wave in (found.before, found.after)),
    )


def _row(who: str, wave: str, figure: Estimate) -> tuple[Cell, ...]:
    interval, points = "–", Cell(figure.reason or "–")
    if figure.lower is not None and figure.upper is not None:
        interval = f"{words.signed(100 * figure.lower)} to {words.signed(100 * figure.upper)}"
    if figure.estimate is not None:
        points = Cell(words.signed(100 * figure.estimate), figure.estimate)
    return (
        Cell(who, who),
        Cell(wave, wave),
        points,
        Cell(interval),
        Cell("", figure.lower),
        Cell("", figure.upper),
        Cell(words.number(figure.base), figure.base),
        Cell(words.number(figure.effective_base), figure.effective_base),
    )
