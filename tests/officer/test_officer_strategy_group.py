"""One page a quarter says what people say, what was recorded, where they part, what we did and what changed."""

from datetime import date

import pytest
from findings_world import DISTRICT
from flask import Flask
from walker import Walker

from csp_consult.db import db
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.findings.errors import FindingError
from csp_consult.papers import strategy_group
from csp_consult.recorded.models import PublishedComparison
from csp_consult.reports.strategy import Quarter


def test_the_page_of_the_quarter_in_which_residents_were_asked_has_all_five_parts(olive: Walker) -> None:
    olive.get("/officer/gap?wave=residents-test/2022&topic=asb&area=B1")
    olive.follow("Plan an activity for this gap")
    dates = {"starts_on-day": 5, "starts_on-month": 10, "starts_on-year": 2022}
    olive.submit({"channel": "Posters", "owner": "Officer", "status": "under way", **dates}, button="Add to the plan")

    olive.get("/officer/strategy-group")

    assert olive.heading == "Strategy Group: October to December 2022"
    assert "Speeding comes first" in olive.text
    assert "effective base" in olive.text
    assert "Recorded anti-social behaviour in District D1 fell by 33.4%" in olive.text
    assert "for Residents of Beat B1" in olive.text
    assert "Nothing can be said yet" in olive.text


def test_a_figure_printed_of_a_period_that_ends_in_the_quarter_is_of_that_quarter(olive: Walker) -> None:
    olive.get("/officer/papers/strategy-group?about=2022-3")
    assert "ASB incidents down 33.4% on the year before (year to September 2022)." in olive.text
    assert "Made-up Police." in olive.text

    olive.get("/officer/papers/strategy-group?about=2022-2")
    assert "Nothing of these months is on record here." in olive.text
    assert "No survey of residents had closed" in olive.text


def test_a_printed_count_stands_with_its_number_and_the_earlier_one(site: Flask, olive: Walker) -> None:
    with site.app_context():
        printed = db.session.get_one(PublishedComparison, "asb-fall")
        printed.kind, printed.text, printed.change_pct = "count", "Serious violence; peak in autumn", None
        printed.value, printed.previous_value, printed.unit = 236, 219, "incidents"
        printed.period, printed.previous_period = "2021/22", "2020/21"
        db.session.commit()

    olive.get("/officer/papers/strategy-group?about=2022-3")

    assert "Serious violence; peak in autumn, 2021/22 (236 incidents; 2020/21: 219)." in olive.text


def test_the_paper_is_signed_off_in_versions_that_stay_and_that_the_public_does_not_see(olive: Walker) -> None:
    address = "/officer/papers/strategy-group?about=2022-4"
    olive.get(address)
    olive.send(olive.filled() | {"section": "said", "text-said": "We were asked about speeding twice."})
    olive.submit({"signed_off_by": "Chair of the Strategy Group"}, button="Sign off version 1")
    olive.send(olive.filled() | {"section": "said", "text-said": "And once more."})

    olive.get(f"{address}&version=1")

    assert "signed off on" in olive.text
    assert "by: Chair of the Strategy Group" in olive.text
    assert "We were asked about speeding twice." in olive.text
    assert "And once more." not in olive.text
    olive.get(f"{address}&version=2")
    assert olive.status == 404
    visitor = olive.client.application.test_client()
    assert visitor.get("/papers/strategy-group?about=2022-4").status_code == 404
    assert visitor.get("/api/papers/strategy-group?about=2022-4").status_code == 404


def test_the_picture_shows_the_concerns_of_the_table_and_no_others(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strategy_group, "_MOST", 2)
    with site.app_context():
        made = strategy_group.paper(
            db.session(), DISTRICT, Quarter(2022, 4), date(2023, 2, 1), organisation="P", rules=DEFAULT_RULES
        )

    [(table, _)], [picture] = made.sections[0].tables, made.sections[0].pictures
    assert [row["label"] for row in picture.data["rows"]] == [row[0].text for row in table.rows]
    assert [row["place"] for row in picture.data["rows"]] == [row[2].text for row in table.rows]
    assert picture.data["title"] == table.caption
    assert len(table.rows) == 2


@pytest.mark.parametrize("given", ["2022-5", "2022", "9999-1", "2022-1-1", "next"])
def test_an_address_that_names_no_quarter_says_how_to(given: str) -> None:
    with pytest.raises(FindingError, match="for example 2022-4"):
        Quarter.read(given)


def test_quarters_follow_each_other_over_the_new_year() -> None:
    last = Quarter.of(date(2022, 12, 31))

    assert (str(last), str(last.next), str(last.next.previous)) == ("2022-4", "2023-1", "2022-4")
    assert last.months == ("2022-10", "2022-11", "2022-12")
    assert last.last_day == date(2022, 12, 31)
