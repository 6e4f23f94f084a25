"""What others printed of their surveys comes in from a file: as printed, each row kept or refused with its reason."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.source import source
from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.people.models import AuditEntry
from csp_consult.places.csv_lines import FileError
from csp_consult.places.row_files import RowsReceipt
from csp_consult.sources.models import RegisteredSource
from csp_consult.sources.published import results, survey
from csp_consult.sources.result_file import NEEDED, OPTIONAL, import_results

Row = dict[str, str]
SURVEY = {
    "survey": "panel-2022",
    "title": "County Panel",
    "organisation": "The county",
    "audience": "residents",
    "survey_period": "September 2022",
    "citation": "Report, page 4",
}
SHARE = {**SURVEY, "id": "panel.asb", "kind": "share", "text": "Agree", "topic": "asb", "value": "77"}
ORDER = {
    **SURVEY,
    "id": "panel.top",
    "kind": "order",
    "text": "Top concerns",
    "question": "top_three",
    "order": "Fly tipping = fly-tipping; Speeding cars = speeding; Litter",
}


def written(rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, (*NEEDED, *OPTIONAL), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def taken(session: Session, rows: list[Row]) -> RowsReceipt:
    return import_results(session, io.BytesIO(written(rows)), "results.csv", district=DISTRICT)


def test_a_share_an_order_a_movement_and_a_sentence_are_kept_as_printed(printed: Session) -> None:
    down = {**SURVEY, "id": "panel.safe", "kind": "direction", "text": "Feeling safe", "direction": "slightly down"}
    said = {**SURVEY, "id": "panel.said", "kind": "statement", "text": "More in towns"}
    before = {"previous_value": "94", "previous_period": "2021", "unit": "% agree"}

    receipt = taken(printed, [{**SHARE, **before}, ORDER, down, said])

    assert receipt.sentences() == ["4 of 4 rows kept."]
    found = survey(printed, "panel-2022")
    assert found is not None
    share, order, safe, statement = found.results
    assert (share.value, share.previous_value, share.previous_period, share.unit) == (77, 94, "2021", "% agree")
    assert order.order == [
        {"printed": "Fly tipping", "topic": "fly-tipping"},
        {"printed": "Speeding cars", "topic": "speeding"},
        {"printed": "Litter", "topic": None},
    ]
    assert (safe.direction, safe.value, statement.text) == ("slightly down", None, "More in towns")
    assert {one.area_code for one in found.results} == {DISTRICT}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.none() | st.integers(1, 999_999), st.integers(0, 100), st.integers(0, 100))
def test_the_base_is_the_one_printed_or_none_whatever_else_the_file_holds(
    printed: Session, base: int | None, now: int, before: int
) -> None:
    share = {**SHARE, "value": str(now), "previous_value": str(before), "base": str(base or "")}
    counted = {**share, "id": "panel.n", "kind": "count", "unit": "respondents"}

    with printed.begin_nested() as trial:
        taken(printed, [share, counted])
        found = survey(printed, "panel-2022")
        assert found is not None
        assert (found.base, found.recruitment) == (base, None)
        assert [one.value for one in found.results] == [now, now]
        trial.rollback()


def test_a_file_taken_in_again_changes_what_it_names_and_leaves_the_rest(printed: Session) -> None:
    taken(printed, [SHARE, ORDER])

    taken(printed, [{**SHARE, "value": "76", "base": "214"}])

    found = survey(printed, "panel-2022")
    assert found is not None
    assert (found.base, [(one.id, one.value) for one in found.results]) == (
        214,
        [("panel.asb", 76), ("panel.top", None)],
    )


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"id": "panel.asb"}, "the same id stands earlier in the file"),
        ({"id": "vrn_css.n"}, "a result of another survey has that id"),
        ({"base": "214"}, "the base of the survey is another than earlier in the file"),
        ({"title": "Another"}, "the title of the survey is another than earlier in the file"),
        ({"base": "about 200"}, "a base is a whole number of respondents, or empty where none was printed"),
        ({"base": "0"}, "a base is a whole number of respondents, or empty where none was printed"),
        ({"survey": "County Panel"}, "a survey is named with small letters, figures and dashes, 60 at most"),
        ({"survey": "filed"}, "a survey file is registered under that name"),
        ({"audience": "everybody"}, "the audience is none of residents, institutions"),
        ({"kind": "mean"}, "the kind is none of share, count, order, direction, statement"),
        ({"value": ""}, "a share is printed with its value"),
        ({"value": "101"}, "a share is from 0 to 100 per cent"),
        ({"value": "most"}, "value is not a number, as 33.4 or -33.4"),
        ({"order": "a; b"}, "a share is printed without order"),
        (
            {"kind": "order", "order": "alone"},
            "an order is written as 'fly tipping = fly-tipping; litter', two or more",
        ),
        ({"kind": "order", "order": "a = dragons; b"}, "no topic has that name"),
        (
            {"kind": "direction", "direction": "sideways"},
            "the direction is none of up, slightly up, no change, slightly down, down",
        ),
        ({"topic": "dragons"}, "no topic has that name"),
        ({"area_code": "E99"}, "no area has that code"),
        ({"citation": ""}, "citation is empty"),
        ({"text": "x" * 401}, "text is longer than 400 characters"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line_and_reason(printed: Session, cells: Row, says: str) -> None:
    printed.add(_filed())
    printed.flush()

    receipt = taken(printed, [SHARE, {**SHARE, "id": "panel.other", **cells}])

    assert [(one.line, one.reason) for one in receipt.refused] == [(3, says)]
    found = survey(printed, "panel-2022")
    assert found is not None
    assert (found.title, found.base, [one.id for one in found.results]) == ("County Panel", None, ["panel.asb"])


def test_a_survey_of_which_no_row_can_be_kept_is_not_on_record(printed: Session) -> None:
    with pytest.raises(FileError, match=r"Line 2: no topic has that name"):
        taken(printed, [{**SHARE, "topic": "dragons"}])

    assert survey(printed, "panel-2022") is None


def test_the_command_looks_before_it_takes_in_and_the_audit_trail_says_who_did(
    app: Flask, printed: Session, tmp_path: Path
) -> None:
    printed.commit()
    path = tmp_path / "panel.csv"
    path.write_bytes(written([SHARE, {**SHARE, "id": "panel.bad", "value": ""}]))
    runner = app.test_cli_runner()

    looked = runner.invoke(source, ["import-published", str(path), "--preview"])
    assert "Line 3: a share is printed with its value: 'share'." in looked.output
    assert (looked.exit_code, survey(printed, "panel-2022")) == (0, None)
    done = runner.invoke(source, ["import-published", str(path)])
    printed.rollback()

    assert done.output.startswith("1 of 2 rows kept.\n")
    assert "panel.asb" in {one.id for one in results(printed, topic="asb")}
    (entry,) = printed.scalars(select(AuditEntry))
    assert (entry.action, entry.subject) == ("published survey results taken in", "panel.csv")
    assert entry.detail == {"rows": 2, "kept": 1}
    assert entry.actor.endswith("at the command line")


def _filed() -> RegisteredSource:
    about: dict[str, Any] = {"title": "Filed", "audience": "residents", "period": "2022", "citation": "A file"}
    return RegisteredSource(slug="filed", registered_on=date(2022, 1, 1), concern={}, **about)
