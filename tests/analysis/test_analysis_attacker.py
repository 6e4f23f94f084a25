"""An attacker of the test's own has every table, the former ones too, and the full crossing of all questions."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from csp_consult.analysis import suppression
from csp_consult.analysis.crossings import Crossing
from csp_consult.analysis.disclosure import Figure, audit
from csp_consult.analysis.released_shares import Column, Printed, WeighedColumn, printed_share, telling
from csp_consult.analysis.suppression import protect

OPTIONS = {"a": ("1", "2", "3"), "b": ("1", "2", "3"), "c": ("1", "2")}
PEOPLE = list(product(*OPTIONS.values()))
Table = tuple[str, str]
Place = tuple[str, str]


@pytest.fixture(params=[0, suppression.EXACT_UP_TO], ids=["one by one", "cheapest"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "EXACT_UP_TO", request.param)


def places(table: Table) -> list[Place]:
    return [(row, column) for row in ("", *OPTIONS[table[0]]) for column in ("", *OPTIONS[table[1]])]


def those(table: Table, place: Place) -> np.ndarray:
    """Of the full crossing, the groups that a figure counts."""
    at = [list(OPTIONS).index(question) for question in table]
    return np.array([all(v in ("", p[i]) for i, v in zip(at, place, strict=True)) for p in PEOPLE], float)


def publish(
    counts: dict[tuple[str, ...], int], tables: Sequence[Table], former: dict[tuple[Table, Place], int]
) -> dict[tuple[Table, Place], int]:
    """What the code lets out of some tables."""
    crossing = Crossing.of(OPTIONS, [*tables, *(table for table, _ in former)])
    people = [person for person, n in counts.items() for _ in range(n)]

    def figure(table: Table, place: Place) -> Figure:
        return Figure(f"{table}{place}", crossing.atoms({q: (v,) for q, v in zip(table, place, strict=True) if v}))

    figures = {(table, place): figure(table, place) for table in tables for place in places(table)}
    protection = protect(
        list(figures.values()),
        crossing.counts(people),
        former=[figure(*one) for one in former],
        withheld=[figure(t, p) for t in {t for t, _ in former} for p in places(t) if (t, p) not in former],
        facts=crossing.links(),
    )
    values = np.array([counts.get(person, 0) for person in PEOPLE])
    return {one: int(those(*one) @ values) for one, f in figures.items() if f.name not in protection.hidden}


def learnt(target: np.ndarray, out: dict[tuple[Table, Place], int]) -> tuple[float, float]:
    known = np.array([those(*one) for one in out] or [np.zeros(len(PEOPLE))])
    ends = [linprog(s * target, A_eq=known, b_eq=list(out.values()) or [0], bounds=(0, 1e5)).fun for s in (1, -1)]
    assert ends[0] is not None
    assert ends[1] is not None
    return ends[0], -ends[1]


# Here the second release, protected by itself, would tell what the first one hid.
@example([8, 8, 0, 1, 0, 0, 1, 8, 0, 1, 2, 8, 15, 3, 1, 2, 3, 0])
@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=len(PEOPLE), max_size=len(PEOPLE)))
def check(sizes: list[int]) -> None:
    counts = dict(zip(PEOPLE, sizes, strict=True))
    values = np.array(sizes)
    first = publish(counts, [("a", "b")], {})
    # The second release closes the ring of three questions, which no two tables at a time would tell of.
    both = first | publish(counts, [("a", "c"), ("b", "c")], first)

    for out, tables in ((first, [("a", "b")]), (both, [("a", "b"), ("a", "c"), ("b", "c")])):
        for table, place in [(one, place) for one in tables for place in places(one)]:
            target = those(table, place)
            if 0 < target @ values < 10 and not _given_away_before(target, table, first):
                assert (table, place) not in out
                lower, upper = learnt(target, out)
                assert lower <= 1e-5
                assert upper >= 10 - 1e-5


def _given_away_before(target: np.ndarray, table: Table, first: dict[tuple[Table, Place], int]) -> bool:
    """Whether a count of a later table was open already from the first: no hiding helps it now."""
    lower, upper = learnt(target, first)
    return table != ("a", "b") and (lower > 1e-6 or upper < 10 - 1e-6)


@pytest.mark.usefixtures("either_way")
def test_no_small_count_can_be_worked_out_of_linked_tables_and_former_releases() -> None:
    check()


def test_a_ring_of_three_tables_is_crossed_in_full_and_a_chain_is_not() -> None:
    ring = Crossing.of(OPTIONS, [("a", "b"), ("b", "c"), ("a", "c")])
    chain = Crossing.of(OPTIONS, [("a", "b"), ("b", "c")])

    assert (ring.size, chain.size) == (18, 15)
    assert len(chain.links()) == 3


def test_people_are_counted_alike_in_every_clique() -> None:
    people = [("1", "2", "1"), ("1", "2", "2"), ("3", "1", "1")]
    chain = Crossing.of(OPTIONS, [("a", "b"), ("b", "c")])
    counts = chain.counts(people)

    for fact in chain.links():
        assert sum(value * counts[atom] for atom, value in fact.coefficients.items()) == 0
    for answer, n in Counter(person[1] for person in people).items():
        assert sum(counts[atom] for atom in chain.atoms({"b": (answer,)})) == n


def test_percentages_that_tell_of_a_hidden_count_are_withheld() -> None:
    # The base of the column is printed by itself only as part of a larger count, but 90 people are 95% of its weight.
    cells = {name: Figure(name, frozenset({name})) for name in ("many", "few")}
    both = Figure("with others", frozenset({"many", "few", "others"}))
    published = [(both, 300), (cells["many"], 90)]
    printed = Printed(95, 90, 98)
    column = WeighedColumn({cells["many"]: 1.0}, [cells["few"]], smallest=0.8, largest=1.2)
    facts = [*column.facts(), *printed.tells(cells["many"], column)]

    assert audit(published, [cells["few"]]) == {}
    known = audit(published, [cells["few"]], facts)["few"]
    # Between 94.5% and 95.5%: the others weigh 4.24 to 5.24, and each of them from 0.8 to 1.2.
    assert (known.lower, known.upper) == pytest.approx((4.24 / 1.2, 5.24 / 0.8), abs=0.01)
    assert telling([Column(frozenset(cells), tuple(facts))], published, [cells["few"]], []) == {0}


def test_a_printed_share_rests_on_printed_figures_alone() -> None:
    assert printed_share(0.6449, 140, 1.4) == Printed(64, 54, 73)
    assert printed_share(0.6351, 140, 1.4) == Printed(64, 54, 73)
    assert printed_share(0.64, 40, 1.4) is None
