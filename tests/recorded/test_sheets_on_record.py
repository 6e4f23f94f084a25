"""A partnership's own sheets on record: quarters stay quarters, zeros are figures, what is withheld is not known."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from recorded.sheet_files import Line, csv_sheet
from recorded.street_files import TODAY, TakeIn, street_file, street_row
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.findings.recorded_spans import spans
from csp_consult.recorded.imports import district_of, imports
from csp_consult.recorded.models import RecordedCount, WaitingSheet
from csp_consult.recorded.receipts import Receipt
from csp_consult.recorded.series import NoSeriesError, Series, series
from csp_consult.recorded.sheets import waiting
from csp_consult.recorded.sheets.mapping import mapping_from

BEATS = ["Broughton Astley and Walton", "Lutterworth", "Harborough North", "Harborough and the Bowdens"]
QUARTERS = [f"Q{n} {year}/{year % 100 + 1}" for year in (2020, 2021) for n in (1, 2, 3, 4)]
TakeSheet = Callable[..., Receipt]


@pytest.fixture
def take_sheet(harborough: Session) -> TakeSheet:
    """Take a sheet in, held against fly-tipping unless said otherwise."""

    def once(*lines: Line, topic: str = "fly-tipping", **changes: object) -> Receipt:
        place = district_of(harborough, DISTRICT, TODAY)
        sheet = waiting.put_up(harborough, csv_sheet(*lines), "fly-tipping.csv", place, TODAY)
        document = {**sheet.mapping, "recorded_by": "The council", **changes}
        found = waiting.read_waiting(harborough, sheet, mapping_from(document), place)
        waiting.settle(harborough, sheet, mapping_from({**document, "topics": dict.fromkeys(found.categories, topic)}))
        return waiting.take_in(harborough, sheet, place, by="Olive Officer", today=TODAY)

    return once


def crosstab(rows: Mapping[str, Line]) -> list[Line]:
    return [["Fly-tipping"], ["Beat", *QUARTERS], *[[beat, *counts] for beat, counts in rows.items()]]


def counts(found: Series) -> dict[str, int]:
    return {point.period: point.count for point in found.points}


def test_beats_by_quarter_make_series_of_beats_and_of_the_district(harborough: Session, take_sheet: TakeSheet) -> None:
    receipt = take_sheet(*crosstab({beat: [10 * i + q for q in range(8)] for i, beat in enumerate(BEATS)}))

    beat, whole = series(harborough, "fly-tipping", "NR40"), series(harborough, "fly-tipping", DISTRICT)
    assert receipt.kept == 32
    assert counts(beat) == dict(
        zip(
            [*(f"2020-Q{n}" for n in (2, 3, 4)), "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2022-Q1"],
            range(10, 18),
            strict=True,
        )
    )
    assert whole.points[0].count == 60
    assert beat.method == "as the sheet gives it"
    assert whole.method == "beats added up; to district approximate, ours"
    assert whole.categories == ("Fly-tipping (The council)",)


def test_a_quarter_is_never_spread_over_its_months(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(*crosstab({beat: [3] * 8 for beat in BEATS}))

    assert all(point.period[5] == "Q" for point in series(harborough, "fly-tipping", DISTRICT).points)
    assert set(harborough.scalars(select(RecordedCount.n))) == {3}


def test_years_of_quarters_are_set_against_the_same_quarters(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(*crosstab({beat: [5] * 4 + [10] * 4 for beat in BEATS}))

    found = {one.kind: one for one in spans(harborough, series(harborough, "fly-tipping", DISTRICT)).spans}

    year = found["Twelve months"]
    assert (year.count, year.before, len(year.months)) == (160, 80, 12)
    assert year.title == "April 2021 to March 2022"
    assert found["Financial year to date"].count == 160


def test_months_add_up_to_a_quarter_only_when_all_three_are_there(harborough: Session, take_sheet: TakeSheet) -> None:
    head = ["Beat", "Type"]
    take_sheet([*head, "Q1 2021/22"], ["Lutterworth", "Fly-tipping", 9])

    take_sheet([*head, "Jul 2021", "Aug 2021", "Sep 2021", "Oct 2021"], ["Lutterworth", "Fly-tipping", 1, 2, 4, 8])

    assert counts(series(harborough, "fly-tipping", "NR40")) == {"2021-Q2": 9, "2021-Q3": 7}


def test_a_reported_zero_is_a_figure_and_a_withheld_one_is_missing(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(["Beat", "Apr 2021", "May 2021", "Jun 2021"], ["Lutterworth", 0, "<5", 6])

    found = series(harborough, "fly-tipping", "NR40")

    assert counts(found) == {"2021-04": 0, "2021-06": 6}
    assert found.missing == ("2021-05",)


def test_a_district_of_which_one_beat_was_withheld_is_not_known(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(["Beat", "Apr 2021", "May 2021"], *[[beat, 4, 4] for beat in BEATS[:3]], [BEATS[3], 4, "*"])

    assert counts(series(harborough, "fly-tipping", DISTRICT)) == {"2021-04": 16}


def test_an_area_the_sheet_says_nothing_of_has_no_series(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(["Beat", "Apr 2021"], ["Lutterworth", 4])

    with pytest.raises(NoSeriesError, match="give no figures for Bosworth"):
        series(harborough, "fly-tipping", "E05011965")


def test_a_parish_can_be_counted_where_a_sheet_gives_it(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(["Parish", "Apr 2021"], ["Allexton", 4])

    assert series(harborough, "fly-tipping", "E04005399").total == 4


def test_a_sheet_taken_in_again_changes_nothing(harborough: Session, take_sheet: TakeSheet) -> None:
    lines = crosstab({beat: list(range(8)) for beat in BEATS})
    take_sheet(*lines)
    before = [tuple(row) for row in harborough.execute(select(RecordedCount.__table__).order_by("period", "area_code"))]

    receipt = take_sheet(*lines)

    assert receipt.already_on_record
    assert before == [
        tuple(row) for row in harborough.execute(select(RecordedCount.__table__).order_by("period", "area_code"))
    ]
    assert len(imports(harborough)) == 1


def test_a_revision_says_what_it_changed_and_leaves_other_subjects_alone(
    harborough: Session, take_sheet: TakeSheet
) -> None:
    head = ["Beat", "Type", "Apr 2021"]
    take_sheet(head, ["Lutterworth", "Fly-tipping", 4])
    take_sheet(head, ["Lutterworth", "Noise", 7], topic="noisy-neighbours")

    receipt = take_sheet(head, ["Lutterworth", "Fly-tipping", 0], ["Harborough North", "Fly-tipping", 1])

    (month,) = receipt.months
    assert month.changed == {"Fly-tipping (The council)": (4, 1)}
    assert counts(series(harborough, "fly-tipping", "NR40")) == {"2021-04": 0}
    left = select(RecordedCount.n).where(RecordedCount.category == "Noise (The council)")
    assert harborough.scalars(left).all() == [7]


def test_the_mapping_is_remembered_for_the_next_sheet_with_these_headings(
    harborough: Session, take_sheet: TakeSheet
) -> None:
    take_sheet(
        ["Beat", "Q1 2021/22", "Q2 2021/22"], ["The Bowdens", 4, 5], areas={"The Bowdens": "NR42"}, dashes="zero"
    )

    place = district_of(harborough, DISTRICT, TODAY)
    later = csv_sheet(["Beat", "Q1 2021/22", "Q2 2021/22", "Q3 2021/22"], ["The Bowdens", 4, 5, "-"])
    sheet = waiting.put_up(harborough, later, "later.csv", place, TODAY)

    found = waiting.read_waiting(harborough, sheet, mapping_from(sheet.mapping), place)
    assert [(one.key[2], one.n) for one in found.kept] == [("NR42", 4), ("NR42", 5), ("NR42", 0)]


def test_a_sheet_that_waited_too_long_is_thrown_away_with_the_next(harborough: Session) -> None:
    place = district_of(harborough, DISTRICT, TODAY)
    content = csv_sheet(["Beat", "Apr 2021"], ["Lutterworth", 4])
    waiting.put_up(harborough, content, "old.csv", place, date(2026, 1, 1))

    waiting.put_up(harborough, content, "new.csv", place, TODAY)

    assert harborough.scalars(select(WaitingSheet.file_name)).all() == ["new.csv"]


def test_fire_and_rescue_collisions_stand_beside_those_of_stats19(harborough: Session, take_sheet: TakeSheet) -> None:
    take_sheet(
        ["Month", "Attended"],
        ["Apr 2021", 12],
        ["May 2021", 0],
        topic="",
        source="fire_rescue",
        recorded_by="Leicestershire Fire and Rescue Service",
        category={"at": [], "same": "road traffic collisions"},
    )

    found = series(harborough, "road-safety", DISTRICT)

    assert found.source == "fire_rescue"
    assert counts(found) == {"2021-04": 12, "2021-05": 0}


def test_both_sources_of_a_topic_can_be_had(harborough: Session, take_in: TakeIn, take_sheet: TakeSheet) -> None:
    take_in(street_file([street_row()]))
    take_sheet(["Beat", "Oct 2018"], *[[beat, 5] for beat in BEATS], topic="asb")

    assert series(harborough, "asb", DISTRICT).total == 1
    assert series(harborough, "asb", DISTRICT).other_sources == ("own_sheet",)
    assert series(harborough, "asb", DISTRICT, source="own_sheet").total == 20
