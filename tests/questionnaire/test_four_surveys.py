"""The four questionnaires ask what the plan reports, with a way out where a person needs one."""

from pathlib import Path

import pytest
import yaml

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import check, load
from csp_consult.questionnaire.path import path
from csp_consult.resources import resource_folder
from csp_consult.topics.taxonomy import Entry, parse

SURVEYS = {
    "vrn-community-safety": "residents",
    "community-insight": "residents",
    "neighbourhood-link": "residents",
    "parish-councils": "parishes",
}


def entries() -> dict[str, Entry]:
    """The taxonomy by slug."""
    source = (resource_folder("surveys") / "topics.yaml").read_text(encoding="utf-8")
    return {entry.slug: entry for entry in parse(source)}


def survey(name: str) -> Questionnaire:
    return load((resource_folder("surveys") / f"{name}.yaml").read_text(encoding="utf-8"), topics=entries())


@pytest.mark.parametrize(("name", "audience"), SURVEYS.items())
def test_a_questionnaire_is_sound_and_draws_no_advice(name: str, audience: str) -> None:
    source = (resource_folder("surveys") / f"{name}.yaml").read_text(encoding="utf-8")

    assert check(source, topics=entries()) == []
    assert (survey(name).slug, survey(name).audience) == (name, audience)


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        (
            "vrn-community-safety",
            """safe_day safe_night asb_problem crime_problem asb_change crime_change asb_seen asb_age crime_seen
            victim reported cohesion problem""",
        ),
        ("community-insight", "asb_change safe_night cohesion"),
        ("neighbourhood-link", "top place_type"),
        ("parish-councils", "theme top_road_safety top_acquisitive_crime top_asb"),
    ],
)
def test_every_question_the_plan_reports_is_asked(name: str, questions: str) -> None:
    assert set(questions.split()) <= survey(name).questions.keys()


@pytest.mark.parametrize("name", [name for name, audience in SURVEYS.items() if audience == "residents"])
def test_residents_are_placed_among_the_population_and_never_made_to_answer(name: str) -> None:
    questionnaire = survey(name)
    cell = questionnaire.cell

    assert (cell.age, cell.sex, cell.area, cell.connection) == ("age", "sex", "ward", "connection")
    assert questionnaire.channel == "news"
    assert not any(question.required for question in questionnaire.questions.values())
    assert [choice.code for choice in questionnaire.question("age").choices()] == (
        ["16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+", "prefer_not"]
    )
    assert [choice.code for choice in questionnaire.question("sex").choices()] == ["female", "male", "prefer_not"]
    assert next(page.id for page in questionnaire.pages if page.questions[0].standard) == "about-you"


def test_whether_it_was_reported_is_asked_of_victims_alone() -> None:
    questionnaire = survey("vrn-community-safety")

    assert "reporting" in [page.id for page in path(questionnaire, {"victim": "yes_household"})]
    assert "reporting" not in [page.id for page in path(questionnaire, {"victim": "no"})]
    assert "asb-who" in [page.id for page in path(questionnaire, {"asb_seen": ["fly_tipping"]})]
    assert "asb-who" not in [page.id for page in path(questionnaire, {"asb_seen": ["none"]})]


def test_the_vrn_survey_measures_problem_shares_leaving_dont_know_out() -> None:
    (measure,) = survey("vrn-community-safety").concern

    assert measure.kind == "problem share"
    assert measure.values["problem.speeding", "very_big"] == ("speeding", 1.0)
    assert measure.values["problem.speeding", "fairly_big"] == ("speeding", 1.0)
    assert measure.values["problem.speeding", "no_problem"] == ("speeding", 0.0)
    assert ("problem.speeding", "dont_know") not in measure.values


def test_the_link_survey_gives_three_two_and_one_points_out_of_three() -> None:
    (measure,) = survey("neighbourhood-link").concern

    assert [measure.values[f"top.{place}", "asb"] for place in (1, 2, 3)] == [
        ("asb", 1.0),
        ("asb", 2 / 3),
        ("asb", 1 / 3),
    ]
    assert not {"none", "other", "dont_know"} & measure.topics.keys()


def test_parishes_rate_themes_and_rank_topics_within_them() -> None:
    headline, *within = survey("parish-councils").concern

    assert headline.kind == "mean rating"
    assert [headline.values["theme.asb", str(rating)][1] for rating in range(1, 6)] == [0, 0.25, 0.5, 0.75, 1]
    assert [measure.within for measure in within] == ["road-safety", "acquisitive-crime", "asb"]
    assert all(entries()[topic].theme == measure.within for measure in within for topic in measure.topics.values())


@pytest.mark.parametrize(
    ("name", "topics"), [("vrn-community-safety", ["asb", "crime"]), ("community-insight", ["asb"])]
)
def test_change_is_asked_of_the_local_area_over_twelve_months(name: str, topics: list[str]) -> None:
    changes = survey(name).change

    assert [change.topic for change in changes] == topics
    assert {(change.reference, change.area) for change in changes} == {("12 months", "local")}
    assert all(change.up and change.same and change.down for change in changes)


def test_the_taxonomy_holds_every_theme_and_topic_of_the_plan(shared: Path) -> None:
    plan = yaml.safe_load((shared / "seed" / "topics.yaml").read_text(encoding="utf-8"))["themes"]
    ours = {(entry.slug, entry.theme, entry.title) for entry in entries().values()}

    assert ours >= {(theme, None, entry["title"]) for theme, entry in plan.items()}
    assert ours >= {
        (slug, theme, topic["title"]) for theme, entry in plan.items() for slug, topic in entry["topics"].items()
    }
