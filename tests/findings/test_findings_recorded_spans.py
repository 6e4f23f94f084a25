"""Months of the record are added up by quarter and year, and never set against more or fewer months."""

from findings_world import DISTRICT, World
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.findings.recorded_spans import Span, _spans, spans
from csp_consult.places.bands import BOTH_SEXES, EVERYONE
from csp_consult.places.models import Population
from csp_consult.recorded.series import Point, Series, series

MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13)]


def made(counts: dict[str, int]) -> Series:
    """A series of these months."""
    points = tuple(Point(period, n) for period, n in sorted(counts.items()))
    return Series("asb", "ASB", "D1", "D", "police_uk", "Police", (), "", points, (), 0, (), None)


def of_kind(found: list[Span], kind: str) -> list[Span]:
    return [one for one in found if one.kind == kind]


@given(st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 50), min_size=1))
def test_a_span_is_held_against_the_same_months_or_against_nothing(counts: dict[str, int]) -> None:
    for one in _spans(made(counts), 1000):
        assert one.count == sum(counts[month] for month in one.months)
        before = [f"{int(month[:4]) - 1}{month[4:]}" for month in one.months]
        if all(month in counts for month in before):
            assert one.before == sum(counts[month] for month in before)
        else:
            assert (one.before, one.change) == (None, None)


def test_the_financial_year_runs_from_april_and_across_the_new_year() -> None:
    found = list(_spans(made(dict.fromkeys(MONTHS[: MONTHS.index("2022-02") + 1], 10)), None))

    (year,) = of_kind(found, "Financial year to date")

    assert (year.months[0], year.months[-1]) == ("2021-04", "2022-02")
    assert (year.count, year.before) == (110, 110)


def test_a_span_with_a_month_that_was_not_imported_is_not_shown() -> None:
    found = list(_spans(made(dict.fromkeys(["2022-01", "2022-02", "2022-04", "2022-05", "2022-06"], 1)), None))

    assert [one.title for one in of_kind(found, "Quarter")] == ["April 2022 to June 2022"]
    assert of_kind(found, "Twelve months") == []


def test_part_of_a_year_is_not_set_against_the_whole_year_before() -> None:
    counts = dict.fromkeys([f"2021-{month:02d}" for month in range(1, 13)], 100) | dict.fromkeys(["2022-04"], 10)

    (year,) = of_kind(list(_spans(made(counts), None)), "Financial year to date")

    assert (year.count, year.before) == (10, 100)


def test_rates_are_of_all_residents_with_source_and_date(world: World) -> None:
    people = Population(
        area_code=DISTRICT,
        sex=BOTH_SEXES,
        age_band=EVERYONE,
        as_at=world.residents.opens_on.replace(year=2020),
        persons=20_000,
        source="made-up census",
    )
    world.add(people)
    world.record(dict.fromkeys([f"2022-{month:02d}" for month in range(1, 13)], 10))

    found = spans(world.session, series(world.session, "asb", DISTRICT))

    assert found.base == "20,000 residents of every age, made-up census, 1 September 2020"
    assert next(one for one in found.spans if one.kind == "Twelve months").rate == 6


def test_without_a_population_there_are_counts_and_no_rates(world: World) -> None:
    world.record({"2022-01": 5, "2022-02": 5, "2022-03": 5})

    found = spans(world.session, series(world.session, "asb", "B1"))

    assert found.base.startswith("No rates: ")
    assert [(one.kind, one.count, one.rate) for one in found.spans] == [("Quarter", 15, None)]
