"""Two questions against each other, a question through time, and a ranking broken down by an answer."""

import pytest
from findings_world import World
from flask import Flask
from parish_world import PASSWORD
from sqlalchemy.orm import Session
from walker import Walker, downloaded, table

from csp_consult.db import db
from csp_consult.fieldwork.waves import find
from csp_consult.findings.small_counts import WHY
from csp_consult.places.models import Area
from csp_consult.sources.models import PublishedResult, PublishedSurvey

CROSSTAB = "/officer/waves/residents-test/2022/crosstab"
TREND = "/officer/surveys/residents-test/trend"


def test_two_questions_are_chosen_and_set_against_each_other(olive: Walker) -> None:
    offered = {str(option["value"]) for option in olive.get(CROSSTAB).select("#row option")}
    olive.get(f"{CROSSTAB}?row=asb_change&column=disabled")

    shown = table(olive, "crosstab")

    assert [row[0] for row in shown] == ["More", "Same", "Less", "I do not know", "Base", "Effective base"]
    assert "%" in shown[0][1]
    assert "Standard errors: " in olive.text
    assert {"asb_change", "disabled"} <= offered
    assert "seen" not in offered


def test_a_table_downloads_every_cell_with_its_interval_and_bases(olive: Walker) -> None:
    rows = downloaded(olive, f"{CROSSTAB}.csv?row=asb_change&column=disabled")

    assert {row["column"] for row in rows} == {"yes", "no", ""}
    for row in rows:
        assert row["synthetic"] == "yes"
        assert bool(row["estimate"]) != bool(row["reason"])
        assert int(row["base"]) > 0


def test_an_answer_of_a_few_people_is_withheld_and_the_reason_is_given(olive: Walker, site: Flask) -> None:
    with site.app_context():
        session = db.session()
        world = World(session, find(session, "residents-test/2022"), find(session, "councils-test/2022"))
        for _ in range(3):
            world.answer(age="25-34", sex="male", ward="W1", news="radio", disabled="no")
        for _ in range(200):
            world.answer(age="25-34", sex="male", ward="W1", news="letters", disabled="no")
        session.commit()

    rows = downloaded(olive, f"{CROSSTAB}.csv?row=news&column=disabled")

    radio = [row for row in rows if row["row"] == "radio"]
    assert radio
    assert all((row["estimate"], row["reason"]) == ("", WHY) for row in radio)


@pytest.mark.parametrize("query", ["row=asb_change&column=asb_change", "row=seen&column=sex", "row=x&column=sex"])
def test_questions_that_make_no_table_are_refused_in_words(olive: Walker, query: str) -> None:
    olive.get(f"{CROSSTAB}?{query}")

    assert olive.page.select_one("#crosstab") is None
    assert any(said in olive.text for said in ("two different questions", "takes several answers", "no question 'x'"))


def test_a_question_is_followed_through_the_waves(olive: Walker) -> None:
    offered = {str(option["value"]) for option in olive.get(TREND).select("#question option")}
    olive.get(f"{TREND}?question=asb_change")

    assert [row[0] for row in table(olive, "trend")][:4] == ["More", "Same", "Less", "I do not know"]
    assert "asb_change" in offered


def test_what_others_printed_without_a_base_is_said_not_to_be_testable(olive: Walker, site: Flask) -> None:
    with site.app_context():
        _publish(db.session())

    olive.get(f"{TREND}?question=asb_change")
    printed = table(olive, "printed-trend")
    olive.get("/officer/published")

    assert [row[3] for row in printed] == ["94%", "77%", "not shown"]
    assert printed[1][-2] == "No base was published, so this cannot be tested."
    assert printed[2][-2].startswith("Only a direction was printed (slightly down)")
    assert table(olive, "printed-trends") == printed


def test_a_ranking_is_broken_down_by_an_answer(olive: Walker) -> None:
    page = olive.get("/officer/waves/residents-test/2022/ranking")
    offered = [option["value"] for option in page.select("#by option")]

    olive.get("/officer/waves/residents-test/2022/ranking?by=disabled")

    assert "disabled" in offered
    assert "seen" not in offered
    assert [row[0] for row in table(olive, "groups")] == [
        "Do you have a long-term condition? Yes",
        "Do you have a long-term condition? No",
    ]


def test_an_officer_makes_a_codeframe_and_codes_what_people_wrote(olive: Walker, site: Flask) -> None:
    with site.app_context():
        session = db.session()
        world = World(session, find(session, "residents-test/2022"), find(session, "councils-test/2022"))
        world.answer(comment="Cars race past the school.", age="25-34", sex="male", ward="W1")
        world.answer(comment="No lamps.", age="25-34", sex="male", ward="W1")
        session.commit()

    olive.get("/officer/waves/residents-test/2022/words")
    olive.submit({"name": "Speeding", "description": "Cars too fast"}, button="Add")
    assert "2 wrote something; 2 still to be coded." in olive.text
    first = olive.page.select_one("input[name=codes]")
    assert first is not None
    olive.submit({"codes": [str(first["value"])]}, button="Save and go on")

    assert "2 wrote something; 1 still to be coded." in olive.text
    assert [row[0] for row in table(olive, "themes-residents-test-2022-comment")] == ["Speeding"]


def test_a_code_without_a_name_is_refused_and_what_was_typed_stays(olive: Walker) -> None:
    olive.get("/officer/waves/residents-test/2022/words")
    olive.submit({"name": "", "description": "Cars too fast"}, button="Add")

    assert olive.errors == ["Enter a name for the code."]
    assert "Cars too fast" in str(olive.page.select_one("#description"))


def test_only_officers_read_what_people_wrote(site: Flask) -> None:
    clerk = Walker(site.test_client())
    clerk.get("/sign-in")
    clerk.submit({"email": "clerk@example.org", "password": PASSWORD})

    assert clerk.client.get("/officer/waves/residents-test/2022/words").status_code == 403


def test_a_survey_that_is_not_there_is_not_found(olive: Walker) -> None:
    assert olive.client.get("/officer/surveys/nothing/trend").status_code == 404


def _publish(session: Session) -> None:
    area = session.query(Area).filter_by(kind="district").one().code
    common = {"area_code": area, "question": "asb_change", "period": "Sept 2022", "previous_period": "Sept 2021"}
    session.add(
        PublishedSurvey(
            slug="insight",
            title="Insight Survey",
            organisation="County",
            audience="residents",
            period="2022",
            citation="Plan",
            results=[
                PublishedResult(
                    id="insight.asb", position=1, kind="share", text="Fell", value=77, previous_value=94, **common
                ),
                PublishedResult(
                    id="insight.more", position=2, kind="direction", text="More", direction="slightly down", **common
                ),
            ],
        )
    )
    session.commit()


def test_a_code_is_changed_joined_to_another_and_taken_away(olive: Walker, site: Flask) -> None:
    words = "/officer/waves/residents-test/2022/words"
    for name in ("Speeding", "Racing"):
        olive.get(words)
        olive.submit({"name": name, "description": "Cars"}, button="Add")
    olive.follow("Racing")
    olive.submit({"name": "speeding"}, button="Change it")
    assert any("already a code" in error for error in olive.errors)

    olive.submit({"name": "Street racing"}, button="Change it")
    olive.follow("Street racing")
    into = next(str(one["value"]) for one in olive.page.select("#into option") if one.text == "Speeding")
    olive.submit({"into": into}, button="Take the code away")

    assert "Its answers went to the other code." in olive.text
    assert "Street racing" not in olive.text
