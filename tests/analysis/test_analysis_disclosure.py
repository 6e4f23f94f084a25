"""Disclosure control, tried by an attacker of the test's own."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize
from scipy.optimize import linprog

from csp_consult.analysis.disclosure import Figure, attack, audit, table_figures
from csp_consult.analysis.suppression import protect, protect_table
from csp_consult.analysis.thresholds import is_small

TABLE = np.array([[34, 6, 21], [18, 12, 9], [25, 30, 41], [14, 17, 22]])
ROWS, COLUMNS = ["A", "B", "C", "D"], ["yes", "no", "other"]


def counts_of(table: Any, rows: list[str], columns: list[str]) -> dict[str, int]:
    return {f"{row}|{column}": int(table[i][j]) for i, row in enumerate(rows) for j, column in enumerate(columns)}


def attacker(table: np.ndarray, hidden: np.ndarray, i: int, j: int) -> tuple[float, float]:
    """What linear programming makes of one cell from everything that is not hidden; written apart from the code."""
    rows, columns = table.shape
    full = np.zeros((rows + 1, columns + 1))
    full[:rows, :columns] = table
    full[rows, :columns], full[:rows, columns], full[rows, columns] = table.sum(0), table.sum(1), table.sum()
    known, values = [np.zeros(rows * columns)], [0.0]
    for r in range(rows + 1):
        for c in range(columns + 1):
            if not hidden[r, c]:
                pattern = np.zeros((rows, columns))
                pattern[r if r < rows else slice(None), c if c < columns else slice(None)] = 1
                known.append(pattern.ravel())
                values.append(full[r, c])
    aim = np.zeros((rows, columns))
    aim[i, j] = 1
    least, most = (
        linprog(sign * aim.ravel(), A_eq=np.array(known), b_eq=values, bounds=(0, 1e6)).fun for sign in (1, -1)
    )
    assert least is not None
    assert most is not None
    return least, -most


def test_the_pattern_is_the_cheapest_and_the_oracle_s(oracle: dict[str, Any]) -> None:
    theirs = oracle["suppression"]
    table = np.array(theirs["table"])

    hidden = protect_table(table, theirs["threshold"])

    assert hidden[:-1, :-1].astype(int).tolist() == theirs["optimal_pattern"]
    assert not hidden[-1].any()
    assert not hidden[:, -1].any()
    small = (table > 0) & (table < theirs["threshold"])
    assert table[hidden[:-1, :-1] & ~small].sum() == theirs["secondary_cost"]


def test_the_audit_learns_what_the_oracle_s_attacker_learns(oracle: dict[str, Any]) -> None:
    theirs = oracle["suppression"]
    rows, columns = ["0", "1", "2", "3"], ["0", "1", "2"]
    figures = table_figures(rows, columns)
    counts = counts_of(theirs["table"], rows, columns)
    hidden = protect(figures, counts, threshold=theirs["threshold"]).hidden
    published = [(f, sum(counts[atom] for atom in f.atoms)) for f in figures if f.name not in hidden]

    for cell, expected in theirs["audit_optimal"].items():
        target = next(figure for figure in figures if figure.name == cell.replace(",", "|"))
        known = attack(target, published)
        assert (known.lower, known.upper) == pytest.approx(tuple(expected), abs=1e-6)


def test_hiding_small_cells_alone_gives_them_away() -> None:
    figures, counts = table_figures(ROWS, COLUMNS), counts_of(TABLE, ROWS, COLUMNS)
    small = [figure for figure in figures if is_small(sum(counts[atom] for atom in figure.atoms))]
    published = [(f, sum(counts[atom] for atom in f.atoms)) for f in figures if f not in small]

    given_away = audit(published, small)

    assert set(given_away) == {"A|no", "B|other"}
    assert (given_away["A|no"].lower, given_away["A|no"].upper) == pytest.approx((6, 6))
    assert (given_away["B|other"].lower, given_away["B|other"].upper) == pytest.approx((9, 9))


def test_every_hidden_figure_has_its_reason_for_the_officer() -> None:
    protection = protect(table_figures(ROWS, COLUMNS), counts_of(TABLE, ROWS, COLUMNS))

    assert protection.primary == {"A|no", "B|other"}
    assert protection.reason("A|no") == "Hidden: the count is small enough to point at a person."
    assert protection.reason("B|no") == "Hidden: with it, a small count could be worked out by subtraction."
    assert protection.reason("C|yes") is None


def test_a_table_without_small_counts_is_published_whole() -> None:
    assert not protect_table([[10, 20], [0, 40]]).any()


@pytest.mark.parametrize("found", [None, np.zeros(500)])
def test_when_the_solver_errs_nothing_is_published(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    solve = optimize.milp

    def err(*arguments: Any, **options: Any) -> Any:
        return SimpleNamespace(x=found) if "integrality" in options else solve(*arguments, **options)

    monkeypatch.setattr(optimize, "milp", err)

    assert protect_table(TABLE).all()


def test_inside_the_threshold_is_lower() -> None:
    assert not is_small(6, threshold=5)
    assert is_small(4, threshold=5)
    assert not is_small(0)


def test_an_overlapping_area_cannot_be_subtracted() -> None:
    # The beat is the ward and a hamlet of 4: publishing ward and beat would publish the hamlet.
    figures = [
        Figure("ward", frozenset({"ward"})),
        Figure("beat", frozenset({"ward", "hamlet"})),
        Figure("hamlet", frozenset({"hamlet"})),
    ]

    protection = protect(figures, {"ward": 60, "hamlet": 4})

    assert protection.primary == {"hamlet"}
    assert protection.secondary == {"ward"}


def test_what_was_published_before_is_held_against_what_is_about_to_be() -> None:
    ward, beat = Figure("ward", frozenset({"ward"})), Figure("beat", frozenset({"ward", "hamlet"}))
    hamlet = Figure("hamlet", frozenset({"hamlet"}))
    counts = {"ward": 60, "hamlet": 4}

    protection = protect([beat, hamlet], counts, former=[ward])

    assert protection.hidden == {"beat", "hamlet"}
    assert audit([(ward, 60)], [hamlet]) == {}
    assert "hamlet" in audit([(ward, 60), (beat, 64)], [hamlet])


def test_what_former_releases_already_give_away_is_said() -> None:
    ward, beat = Figure("ward", frozenset({"ward"})), Figure("beat", frozenset({"ward", "hamlet"}))
    hamlet = Figure("hamlet", frozenset({"hamlet"}))

    protection = protect([hamlet], {"ward": 60, "hamlet": 4}, former=[ward, beat])

    assert protection.exposed == {"hamlet"}
    assert "Earlier releases already give it away" in str(protection.reason("hamlet"))


def test_contradicting_figures_are_refused() -> None:
    ward = Figure("ward", frozenset({"ward"}))

    with pytest.raises(ValueError, match="contradict"):
        attack(ward, [(ward, 10), (Figure("again", ward.atoms), 11)])


def test_nothing_is_known_of_people_no_table_counts() -> None:
    known = attack(Figure("hamlet", frozenset({"hamlet"})), [(Figure("ward", frozenset({"ward"})), 60)])

    assert (known.lower, known.upper) == (0, float("inf"))


def test_a_figure_without_its_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="No count is given for ward"):
        protect([Figure("ward", frozenset({"ward"}))], {})


def test_two_figures_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        protect([Figure("ward", frozenset({"a"})), Figure("ward", frozenset({"b"}))], {"a": 1, "b": 2})


tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.one_of(st.integers(0, 12), st.integers(10, 60)))
)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_no_attacker_recovers_a_small_cell(table: np.ndarray) -> None:
    hidden = protect_table(table)

    for i, j in zip(*np.nonzero((table > 0) & (table < 10)), strict=True):
        assert hidden[i, j]
        lower, upper = attacker(table, hidden, i, j)
        assert lower <= 1e-6
        assert upper >= 10 - 1e-6


@settings(max_examples=20, deadline=None)
@given(arrays(np.int64, (2, 3), elements=st.integers(1, 30)))
def test_no_cheaper_pattern_would_do(table: np.ndarray) -> None:
    full = np.zeros((3, 4))
    full[:2, :3] = table
    full[2, :3], full[:2, 3], full[2, 3] = table.sum(0), table.sum(1), table.sum()
    small = (full > 0) & (full < 10)
    chosen = protect_table(table)
    cells = [tuple(cell) for cell in np.argwhere(chosen & ~small)]

    # Publishing any one of the cells hidden for others' sake gives something small away.
    for cell in cells:
        weaker = chosen.copy()
        weaker[cell] = False
        ends = [attacker(table, weaker, i, j) for i, j in np.argwhere(small[:2, :3])]
        sums_at_risk = small[2].any() or small[:, 3].any()
        assert sums_at_risk or any(lower > 1e-6 or upper < 10 - 1e-6 for lower, upper in ends)


@settings(max_examples=20, deadline=None)
@given(tables, tables)
def test_two_releases_together_give_nothing_away(first: np.ndarray, second: np.ndarray) -> None:
    # Two tables of the same people by the same rows: the second's columns split each of the first's cells.
    rows = [str(i) for i in range(min(len(first), len(second)))]
    columns = [str(j) for j in range(min(first.shape[1], second.shape[1]))]
    counts = {
        f"{r}|{c}|{k}": int(table[int(r), int(c)])
        for k, table in (("a", first), ("b", second))
        for r in rows
        for c in columns
    }
    by_column = [
        Figure(f.name, frozenset(f"{a}|{k}" for a in f.atoms for k in "ab")) for f in table_figures(rows, columns)
    ]
    by_kind = [Figure(f"{r}/{k}", frozenset(f"{r}|{c}|{k}" for c in columns)) for r in rows for k in "ab"]
    earlier = protect(by_column, counts)
    out = [figure for figure in by_column if figure.name not in earlier.hidden]

    later = protect(by_kind, counts, former=out)

    def value(figure: Figure) -> int:
        return sum(counts[atom] for atom in figure.atoms)

    everything = [(f, value(f)) for f in out] + [(f, value(f)) for f in by_kind if f.name not in later.hidden]
    small = [f for f in by_kind if f.name in later.primary - later.exposed]
    assert audit(everything, small) == {}
