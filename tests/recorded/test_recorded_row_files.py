"""Files that officers make row by row: areas like ours and their rates, and what others printed."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.recorded import recorded
from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.csv_lines import FileError
from csp_consult.places.row_files import RowsReceipt
from csp_consult.recorded.comparators import COLUMNS as RATES
from csp_consult.recorded.comparators import import_rates
from csp_consult.recorded.comparison_file import NEEDED, OPTIONAL, import_comparisons
from csp_consult.recorded.models import ComparatorArea, ComparatorRate, PublishedComparison
from csp_consult.recorded.published import comparisons
from csp_consult.sources.models import PublishedResult, PublishedSurvey
from csp_consult.sources.result_file import NEEDED as RESULTS_NEEDED
from csp_consult.sources.result_file import OPTIONAL as RESULTS_OPTIONAL
from csp_consult.sources.result_file import import_results

Row = dict[str, str]
GOOD_RATE = dict(zip(RATES, ("E1", "Likeshire", "asb", "2021-04-01", "2022-03-31", "12.5", "Table 1"), strict=True))
FALL = {
    "id": "asb-fall",
    "kind": "change",
    "text": "ASB down a third",
    "source": "The police",
    "citation": "Report, page 3",
    "period": "2021/22",
    "topic": "asb",
    "period_from": "2021-04-01",
    "period_to": "2022-03-31",
    "previous_period": "2020/21",
    "change_pct": "-33.4",
}
AGREED = {
    "survey": "insight",
    "title": "Insight Survey",
    "organisation": "The county",
    "audience": "residents",
    "survey_period": "2022",
    "citation": "Report, page 4",
    "id": "insight.asb",
    "kind": "share",
    "text": "ASB has decreased or stayed the same",
    "topic": "asb",
    "value": "77",
}
RESULTS = (*RESULTS_NEEDED, *RESULTS_OPTIONAL)
ORDER = "fly tipping = fly-tipping; litter"
MEANT = ["asb", "E1", DISTRICT, "2021-04-01", "2022-03-31", "12.5", "-33.4", "-100.1", "nan", "1e999", "change", "rate"]
CELLS = st.sampled_from(
    [
        "",
        *MEANT,
        "share",
        "count",
        "statement",
        "dragons",
        "order",
        "direction",
        "down",
        "214",
        ORDER,
        "x" * 401,
        "E" * 13,
    ]
) | st.text(max_size=8)


def written(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def rates(session: Session, rows: list[Row]) -> RowsReceipt:
    return import_rates(session, io.BytesIO(written(RATES, rows)), "rates.csv")


def printed(session: Session, rows: list[Row]) -> RowsReceipt:
    return import_comparisons(
        session, io.BytesIO(written((*NEEDED, *OPTIONAL), rows)), "printed.csv", district=DISTRICT
    )


def survey_results(session: Session, rows: list[Row]) -> RowsReceipt:
    return import_results(session, io.BytesIO(written(RESULTS, rows)), "results.csv", district=DISTRICT)


def on_record(session: Session) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for model in (ComparatorArea, ComparatorRate, PublishedComparison, PublishedSurvey, PublishedResult)
        for row in session.execute(select(model.__table__).order_by(*model.__table__.primary_key))
    ]


def some_rows(good: Row, columns: tuple[str, ...]) -> st.SearchStrategy[list[Row]]:
    """Rows that are sound but for a few cells, so that some are kept and some are not."""
    changed = st.dictionaries(st.sampled_from(columns), CELLS, max_size=3)
    return st.lists(changed.map(lambda cells: {**good, **cells}), min_size=1, max_size=6)


@pytest.fixture
def trial(harborough: Session) -> Iterator[Session]:
    """A session whose every example is undone."""
    harborough.commit()
    yield harborough
    harborough.rollback()


@pytest.mark.parametrize(
    ("take", "good", "columns"),
    [(rates, GOOD_RATE, RATES), (printed, FALL, (*NEEDED, *OPTIONAL)), (survey_results, AGREED, RESULTS)],
    ids=["rates of areas like ours", "printed figures", "printed results of surveys"],
)
def test_every_row_is_kept_or_refused_with_its_line_and_taking_a_file_in_again_changes_nothing(
    trial: Session, take: Callable[[Session, list[Row]], RowsReceipt], good: Row, columns: tuple[str, ...]
) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(some_rows(good, columns))
    def law(rows: list[Row]) -> None:
        try:
            receipt = take(trial, rows)
        except FileError:
            assert on_record(trial) == before
            return
        assert receipt.kept + len(receipt.refused) == receipt.rows
        assert all(one.line > 1 and one.reason for one in receipt.refused)
        assert all(first.line < second.line for first, second in pairwise(receipt.refused))
        once = on_record(trial)
        assert take(trial, rows).kept == receipt.kept
        assert on_record(trial) == once
        trial.rollback()

    before = on_record(trial)
    law()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(trial: Session, content: bytes) -> None:
    for header in (b"", ",".join(RATES).encode() + b"\n"):
        with pytest.raises(FileError):
            import_rates(trial, io.BytesIO(header + content), "x.csv")


def test_a_change_without_its_counts_a_rate_without_its_base_and_a_share_are_kept_as_printed(
    harborough: Session,
) -> None:
    rate = {**FALL, "id": "rate", "kind": "rate", "change_pct": "", "value": "12.9", "unit": "per 1000"}
    share = {**FALL, "id": "share", "kind": "share", "change_pct": "", "value": "5.5", "unit": "% of the county"}

    receipt = printed(harborough, [FALL, rate, share])

    assert receipt.sentences() == ["3 of 3 rows kept."]
    fall, rated, shared = comparisons(harborough)
    assert (fall.change_pct, fall.value, fall.area_code, fall.period_to) == (-33.4, None, DISTRICT, date(2022, 3, 31))
    assert (rated.value, rated.unit, rated.change_pct) == (12.9, "per 1000", None)
    assert (shared.kind, shared.value) == ("share", 5.5)


def test_a_figure_with_an_id_on_record_takes_its_place_and_keeps_what_else_was_printed(harborough: Session) -> None:
    printed(harborough, [{**FALL, "id": "first"}, FALL])
    comparisons(harborough)[1].detail = {"top_beats": ["Town"]}
    harborough.flush()

    printed(harborough, [{**FALL, "change_pct": "-30"}])

    assert [(one.id, one.change_pct) for one in comparisons(harborough)] == [("first", -33.4), ("asb-fall", -30)]
    assert comparisons(harborough)[1].detail == {"top_beats": ["Town"]}


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"id": "asb-fall"}, "the same id stands earlier in the file"),
        ({"kind": "order"}, "the kind is none of change, rate, count, share, statement"),
        ({"change_pct": ""}, "a change is printed with change_pct or change_abs"),
        ({"change_pct": "-101"}, "nothing can fall by more than 100 per cent"),
        ({"kind": "share", "value": "101"}, "a share is from 0 to 100 per cent"),
        ({"topic": "dragons"}, "no topic has that name"),
        ({"area_code": "E99"}, "no area has that code"),
        ({"period_to": "31/03/2022"}, "a date is not written as 2022-03-31"),
        ({"period_to": "2020-03-31"}, "the period ends before it begins"),
        ({"citation": ""}, "citation is empty"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(harborough: Session, cells: Row, says: str) -> None:
    receipt = printed(harborough, [FALL, {**FALL, "id": "other", **cells}])

    assert [(one.line, one.reason) for one in receipt.refused] == [(3, says)]
    assert len(comparisons(harborough)) == 1


def test_a_column_that_means_nothing_is_named(harborough: Session) -> None:
    content = written((*NEEDED, "change_percent"), [{**{column: FALL[column] for column in NEEDED}}])

    with pytest.raises(FileError, match="has the column 'change_percent', which means nothing here"):
        import_comparisons(harborough, io.BytesIO(content), "printed.csv", district=DISTRICT)


def test_the_command_looks_before_it_takes_in(app: Flask, harborough: Session, tmp_path: object) -> None:
    harborough.commit()
    path = f"{tmp_path}/printed.csv"
    with open(path, "wb") as file:
        file.write(written((*NEEDED, *OPTIONAL), [FALL]))
    runner = app.test_cli_runner()

    looked = runner.invoke(recorded, ["import-published", path, "--preview"])
    assert (looked.exit_code, comparisons(harborough)) == (0, [])
    taken = runner.invoke(recorded, ["import-published", path])
    harborough.rollback()

    assert taken.output == "1 of 1 rows kept.\n"
    assert [one.id for one in comparisons(harborough)] == ["asb-fall"]
