"""The three-year plan: kept by officers, held against evidence, reviewed each year, and published."""

import json
from datetime import date

import pytest
from findings_world import DISTRICT, World
from flask import Flask
from walker import Walker, table

from csp_consult.db import db
from csp_consult.papers.contents import Paper, Section, as_data
from csp_consult.papers.models import Publication
from csp_consult.papers.plan_evidence import FinancialYear, everything, printed_date
from csp_consult.papers.plan_paper import plan_paper
from csp_consult.people.audit import entries
from csp_consult.plan.models import Activity, PlanEvidence, PlanLine, Priority, ThreeYearPlan
from csp_consult.plan.three_year import PlanError, state_dates
from csp_consult.recorded.models import PublishedComparison
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.sources.models import PublishedResult, PublishedSurvey

PLAN = "/officer/three-year-plan"
REVIEW = "/officer/papers/plan-review?about=2022-23"


@pytest.fixture
def planned(site: Flask) -> Flask:
    """A plan with a priority on ASB, one on burglary, and one that no topic stands for."""
    with site.app_context():
        plan = ThreeYearPlan(title="A safer district", first_year=2023, last_year=2026, source="The printed plan")
        db.session.add(plan)
        db.session.flush()
        for position, (slug, group, title, topic) in enumerate(
            (
                ("asb", "Places", "Less anti-social behaviour", "asb"),
                ("burglary", "Property", "Fewer burglaries", "burglary"),
                ("sharing", "Cross-cutting", "Sharing what we know", None),
            )
        ):
            db.session.add(
                Priority(slug=slug, group=group, title=title, topic_slug=topic, position=position, plan_id=plan.id)
            )
        plan.lines = [
            PlanLine(kind="action", text="Tell residents", priority_slug="asb", position=1, source="The printed plan")
        ]
        db.session.commit()
    return site


def publish_results(olive: Walker) -> None:
    olive.get("/officer/papers/results?about=residents-test/2022")
    olive.submit({"signed_off_by": "Chair"}, button="Publish version 1")


def test_an_officer_begins_a_plan_and_adds_a_priority_an_action_and_its_grant(olive: Walker) -> None:
    olive.get(PLAN)
    olive.submit({"title": "Next plan", "first_year": "2026"}, button="Begin this plan")
    assert olive.heading == "Next plan"
    olive.follow("Add a priority: Places")
    olive.submit({"title": "Safer roads", "topic": "road-safety"}, button="Keep this priority")
    olive.follow("Add an action")
    olive.submit(
        {
            "text": "Speed watch in six villages",
            "serves": "priority:plan-2026-1",
            "owner": "Beat team",
            "starts_on-day": "1",
            "starts_on-month": "4",
            "starts_on-year": "2026",
            "status": "planned",
            "grant_pounds": "£1,500",
            "evidence": ["topic:speeding", "survey:residents-test/2022"],
        },
        button="Keep this line",
    )

    assert "Speed watch in six villages" in olive.text
    assert "Serves Safer roads Owner Beat team When From 1 April 2026 Grant (OPCC) £1,500" in olive.text
    held = [
        link.text for link in olive.page.select("main .csp-card a") if link.text in {"Speeding", "residents-test, 2022"}
    ]
    assert held == ["residents-test, 2022", "Speeding"]


def test_a_faulty_line_is_refused_field_by_field_and_nothing_typed_is_lost(olive: Walker, planned: Flask) -> None:
    olive.get(f"{PLAN}/2023-2026/lines/0?kind=action")
    olive.submit(
        {
            "text": "",
            "grant_pounds": "a lot",
            "owner": "Beat team",
            "starts_on-day": "31",
            "starts_on-month": "2",
            "starts_on-year": "2026",
        },
        button="Keep this line",
    )
    assert olive.errors == [
        "Enter a first day that is in the calendar",
        "Enter the grant in whole pounds, for example 1500, or leave it empty",
    ]
    assert olive.filled(button="Keep this line")["owner"] == "Beat team"
    assert olive.filled(button="Keep this line")["grant_pounds"] == "a lot"

    olive.submit({"grant_pounds": "", "starts_on-day": "28", "evidence": ["topic:nothing"]}, button="Keep this line")
    assert olive.errors == ["Enter what the line says", "Choose evidence from the list"]


def test_a_line_can_be_changed_and_taken_out_and_the_trail_says_so(olive: Walker, planned: Flask) -> None:
    olive.get(PLAN)
    olive.follow("Change action: Tell residents")
    olive.submit({"text": "Tell residents twice", "owner": "Council"}, button="Keep this line")
    assert "Tell residents twice" in olive.text
    olive.follow("Change action: Tell residents twice")
    olive.submit(button="Take this line out of the plan")

    assert "Tell residents twice" not in olive.text
    with planned.app_context():
        assert [one.action for one in entries(db.session()) if one.action.startswith("plan")] == [
            "plan line kept",
            "plan line removed",
        ]


def test_the_commissioners_copy_is_dated_before_the_plan_is_final(olive: Walker, planned: Flask) -> None:
    def dates(copied: int | None, final: int | None) -> dict[str, str]:
        typed = {}
        for field, day in (("copied_on", copied), ("final_on", final)):
            for part, value in (("day", day), ("month", 3), ("year", 2023)):
                typed[f"{field}-{part}"] = str(value) if day else ""
        return typed

    olive.get(PLAN)
    assert "is not on record" in olive.text
    olive.submit(dates(None, 20), button="Keep these dates")
    assert olive.errors == ["Say when the Commissioner was sent a copy: that comes before the plan is final"]
    olive.submit(dates(20, 20), button="Keep these dates")
    assert olive.errors == ["The Commissioner’s copy must be dated before the plan is final"]
    olive.submit(dates(13, 20), button="Keep these dates")
    assert "was sent a copy of the plan on 13 March 2023, before it became final on 20 March 2023." in olive.text


def test_a_date_to_come_is_no_date_on_record(planned: Flask) -> None:
    with planned.app_context():
        plan = db.session.query(ThreeYearPlan).one()
        with pytest.raises(PlanError, match="cannot have been sent after today"):
            state_dates(db.session(), plan, copied_on=date(2023, 3, 2), final_on=None, today=date(2023, 3, 1))


def test_the_plan_as_a_paper_names_no_activity_that_nobody_has_approved(planned: Flask) -> None:
    with planned.app_context():
        session = db.session()
        plan = session.query(ThreeYearPlan).one()
        activities = [
            Activity(
                title=title,
                topic_slug="asb",
                area_code=DISTRICT,
                audience="Residents",
                message="Checks are made.",
                channel="Newsletter",
                owner="The partnership",
                starts_on=date(2023, 1, 1),
                approved_by="Chair" if approved else "",
                approved_on=approved,
                gap={},
            )
            for title, approved in (("Agreed talk", date(2023, 1, 1)), ("Mere idea", None))
        ]
        session.add_all(activities)
        session.flush()
        evidence = [PlanEvidence(kind="activity", reference=str(one.id)) for one in activities]
        plan.lines.append(PlanLine(kind="measure", text="Fewer calls", priority_slug="asb", evidence=evidence))
        session.flush()
        made = plan_paper(session, plan.years, date(2023, 2, 1), organisation="P")

    assert any("Agreed talk" in note for note in made.notes())
    assert not any("Mere idea" in note for note in made.notes())


def test_the_review_says_which_priorities_the_new_evidence_supports(olive: Walker, planned: Flask) -> None:
    publish_results(olive)

    olive.get(REVIEW)

    rows = {row[0]: row[1:] for row in table(olive, "priorities")}
    # Residents say that ASB rose while the record fell by a third.
    assert rows["Less anti-social behaviour"][-1] == "Evidence on both sides"
    assert rows["Sharing what we know"] == ["Cross-cutting", "0", "0", "0", "No figure stands for it"]
    assert "Speaks against it: ASB incidents down 33.4% on the year before." in olive.text
    assert "Published results of residents-test, 2022, version 1" in olive.text
    assert "1 of 1 actions name no owner." in olive.text


def test_of_a_survey_only_what_is_published_counts_as_evidence(olive: Walker, planned: Flask) -> None:
    olive.get(REVIEW)
    assert not [text for text in olive.page.stripped_strings if "of 4 concerns" in text]
    assert "Fewer burglaries" in olive.text
    assert {row[0]: row[-1] for row in table(olive, "priorities")}["Fewer burglaries"] == "No new evidence"

    publish_results(olive)
    olive.get(REVIEW)
    assert [text for text in olive.page.stripped_strings if "of 4 concerns" in text]


def test_evidence_of_another_year_is_not_new(olive: Walker, planned: Flask) -> None:
    publish_results(olive)

    olive.get("/officer/papers/plan-review?about=2023-24")

    assert {row[-1] for row in table(olive, "priorities")} == {"No new evidence", "No figure stands for it"}
    assert "Evidence of earlier years:" in olive.text
    assert "Synthetic: contains responses that nobody gave." in olive.text, "of the earlier evidence, too"


def test_an_address_that_names_no_year_says_how_to(olive: Walker, planned: Flask) -> None:
    olive.get("/officer/papers/plan-review?about=2022-24")

    assert olive.status == 400
    assert "for example 2022-23" in olive.text


def test_without_a_plan_the_review_says_where_to_begin_one(olive: Walker) -> None:
    olive.get(REVIEW)

    assert olive.status == 404
    assert "begin one under Act, Three-year plan" in olive.text


def test_what_others_printed_points_by_its_own_words(site: Flask) -> None:
    with site.app_context():
        survey = PublishedSurvey(
            slug="s", title="S", organisation="S", audience="residents", period="Autumn 2022", citation="The plan."
        )
        common = {"survey": survey, "area_code": DISTRICT, "topic_slug": "asb"}
        agreed = "Agree that ASB has decreased or stayed the same"
        survey.results = [
            PublishedResult(id="a", position=1, kind="share", text=agreed, value=77, previous_value=94, **common),
            PublishedResult(id="b", position=2, kind="direction", text="Seen", direction="down", **common),
            PublishedResult(
                id="f",
                position=6,
                kind="direction",
                text="Told the police",
                direction="up",
                question="reported",
                **common,
            ),
            PublishedResult(id="c", position=3, kind="statement", text="Said", value=20, **common),
            PublishedResult(
                id="e", position=5, kind="direction", text="In one ward", direction="up", **common | {"area_code": "W1"}
            ),
            PublishedResult(
                id="d",
                position=4,
                kind="order",
                text="Top",
                order=[{"printed": "speeding", "topic": "speeding"}],
                **common,
            ),
        ]
        db.session.add(survey)
        rose = {
            "topic_slug": "road-safety",
            "area_code": DISTRICT,
            "kind": "count",
            "text": "Collisions",
            "source": "Fire",
            "citation": "The plan",
            "period": "2022",
        }
        db.session.add(
            PublishedComparison(
                id="r",
                position=2,
                value=77,
                previous_value=64,
                previous_period="2018/19",
                detail={},
                **rose,
            )
        )
        db.session.flush()
        found = {one.text: one.says for one in everything(db.session(), DISTRICT, FinancialYear(2022))}

    assert found[f"{agreed}: 77%; before: 94%."] == "for", "fewer agree that it fell"
    assert found["Seen."] == "against"
    assert found["Said."] == "neither"
    assert found["Told the police."] == "neither", "of how many there were to tell, it says nothing"
    assert found["Speeding is named 1st: Top."] == "for"
    assert found["Collisions (77; 2018/19: 64)."] == "for"
    assert "In one ward." not in found, "it tells nothing of the district"


def test_part_of_a_year_is_said_to_stand_beside_the_same_months(site: Flask) -> None:
    with site.app_context():
        world = World.found(db.session())
        world.record({"2021-04": 10, "2021-05": 12, "2022-04": 11, "2022-05": 10})
        world.session.flush()
        texts = [one.text for one in everything(db.session(), DISTRICT, FinancialYear(2022))]

    [found] = [text for text in texts if "recorded in" in text]
    assert "21 recorded in April 2022 to May 2022, down 4.5% on the same months a year before; chance alone" in found


def test_from_a_year_without_any_there_is_no_percentage_and_the_sentence_stands(site: Flask) -> None:
    with site.app_context():
        world = World.found(db.session())
        world.record({"2021-04": 0, "2022-04": 5})
        world.session.flush()
        texts = [one.text for one in everything(db.session(), DISTRICT, FinancialYear(2022))]

    assert [text for text in texts if text.endswith("5 recorded in April 2022, 0 in the same months a year before.")]


def test_the_middle_of_an_order_is_in_neither_half(site: Flask) -> None:
    order = Table(
        "concerns",
        "Concerns in order",
        [Column("Concern", "topic"), *(Column(None, name) for name in ("place", "place_lower", "place_upper"))],
        [[Cell(f"Topic {n}", f"t{n}"), *(Cell("", place) for place in (n, n, n))] for n in range(1, 8)],
        {},
        synthetic=False,
    )
    paper = Paper("results", "W", "", "", "2023-01-01", (Section("said", "", (), ((order, ""),)),), synthetic=False)
    with site.app_context():
        signed = {"published_on": date(2023, 1, 1), "published_by": "o", "signed_off_by": "Chair"}
        db.session.add(
            Publication(kind="results", about="residents-test/2022", version=1, paper=as_data(paper), **signed)
        )
        db.session.flush()
        found = {one.topic: one.says for one in everything(db.session(), DISTRICT, FinancialYear(2022))}

    assert [found[f"t{n}"] for n in range(1, 8)] == ["for"] * 3 + ["neither"] + ["against"] * 3


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Autumn 2022", date(2022, 11, 30)),
        ("Sept 2022", date(2022, 9, 30)),
        ("April to December 2022", date(2022, 12, 31)),
        ("2020", date(2020, 12, 31)),
        ("first three quarters", None),
    ],
)
def test_a_printed_period_ends_with_its_last_month_season_or_year(printed: str, expected: date | None) -> None:
    assert printed_date(printed) == expected


def test_plan_and_review_are_published_as_they_stood_with_their_data(olive: Walker, planned: Flask) -> None:
    visitor = Walker(planned.test_client())
    for kind, about in (("three-year-plan", "2023-2026"), ("plan-review", "2022-23")):
        address = f"{kind}?about={about}"
        visitor.get(f"/papers/{address}")
        assert visitor.status == 404
        olive.get(f"/officer/papers/{address}")
        olive.submit({"signed_off_by": "Chair of the Strategy Group"}, button="Publish version 1")

        visitor.get(f"/papers/{address}")

        assert visitor.status == 200
        assert "signed off by: Chair of the Strategy Group" in visitor.text
        data = json.loads(visitor.client.get(f"/api/papers/{address}").data)
        for section in data["sections"]:
            for paragraph in section["paragraphs"]:
                assert " ".join(paragraph["text"].split()) in visitor.text
            for one in section["tables"]:
                assert visitor.client.get(f"/papers/{kind}/{one['table']['id']}.csv?about={about}").status_code == 200
    visitor.get("/results/revisions")
    assert visitor.text.count("signed off by: Chair of the Strategy Group. First published.") == 2
