"""The taxonomy: what the file says is what the tables say, on the day asked."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.resources import resource_folder
from csp_consult.topics.models import Topic, TopicRecord
from csp_consult.topics.taxonomy import TaxonomyError, categories, load_taxonomy, mappings, parse, themes, topics_of

ON = date(2022, 12, 1)
FILE = """
themes:
  asb:
    title: Anti-social behaviour
    record:
      - {source: police_uk, category: Anti-social behaviour, from: 2013-05-01}
    topics:
      drugs:
        title: Drugs
        record:
          - {source: police_uk, category: Drugs, from: 2013-05-01}
          - {source: police_uk, category: Violent crime, from: 2010-12-01, to: 2013-05-01}
      noise: {title: Noise, sensitive: true, note: Recorded by nobody.}
  safety:
    title: Safety
    topics:
      locks:
        title: Locks
        record: [{source: police_uk, category: Burglary, from: 2013-05-01}]
"""


@pytest.fixture
def harborough_topics(session: Session) -> Session:
    load_taxonomy(session, (resource_folder("surveys") / "topics.yaml").read_text(encoding="utf-8"))
    return session


def test_the_theme_of_anti_social_behaviour_is_held_against_its_own_category(harborough_topics: Session) -> None:
    assert categories(harborough_topics, "asb", "police_uk", ON) == {"Anti-social behaviour"}
    assert categories(harborough_topics, "criminal-damage", "police_uk", ON) == {"Criminal damage and arson"}


def test_acquisitive_crime_is_held_against_seven_categories(harborough_topics: Session) -> None:
    assert len(categories(harborough_topics, "acquisitive-crime", "police_uk", ON)) == 7


@pytest.mark.parametrize("topic", ["noisy-neighbours", "fly-tipping", "farm-theft", "cyber-fraud", "domestic-abuse"])
def test_a_topic_without_a_recorded_counterpart_gets_none(harborough_topics: Session, topic: str) -> None:
    assert categories(harborough_topics, topic, "police_uk", ON) == set()


def test_a_theme_is_not_given_what_its_topics_map_to(session: Session) -> None:
    load_taxonomy(session, FILE)

    assert categories(session, "safety", "police_uk", ON) == set()
    assert categories(session, "locks", "police_uk", ON) == {"Burglary"}


def test_the_mapping_is_that_of_the_day(session: Session) -> None:
    load_taxonomy(session, FILE)

    assert categories(session, "drugs", "police_uk", date(2012, 1, 1)) == {"Violent crime"}
    assert categories(session, "drugs", "police_uk", date(2013, 4, 30)) == {"Violent crime"}
    assert categories(session, "drugs", "police_uk", date(2013, 5, 1)) == {"Drugs"}
    assert categories(session, "drugs", "stats19", ON) == set()


def test_loading_again_changes_nothing_not_even_the_keys(session: Session) -> None:
    load_taxonomy(session, FILE)
    before = [tuple(row) for row in session.execute(select(TopicRecord.__table__).order_by("id"))]

    load_taxonomy(session, FILE)

    assert [tuple(row) for row in session.execute(select(TopicRecord.__table__).order_by("id"))] == before


def test_an_edited_mapping_replaces_the_old_and_leaves_the_others(session: Session) -> None:
    load_taxonomy(session, FILE)

    load_taxonomy(session, FILE.replace("category: Burglary", "category: Robbery"))

    assert categories(session, "locks", "police_uk", ON) == {"Robbery"}
    assert categories(session, "drugs", "police_uk", ON) == {"Drugs"}


def test_a_topic_taken_out_of_the_file_stays_for_the_answers_that_name_it(session: Session) -> None:
    load_taxonomy(session, FILE)

    noise = "      noise: {title: Noise, sensitive: true, note: Recorded by nobody.}\n"
    load_taxonomy(session, FILE.replace(noise, ""))

    assert session.get(Topic, "noise") is not None


def test_themes_and_topics_keep_the_order_of_the_file(session: Session) -> None:
    load_taxonomy(session, FILE)

    assert [theme.slug for theme in themes(session)] == ["asb", "safety"]
    assert [topic.slug for topic in topics_of(session, "asb")] == ["drugs", "noise"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("themes: [", "not readable YAML"),
        ("other: 1", "no 'themes'"),
        ("themes: {asb: {note: x}}", "'asb' needs a title"),
        ("themes: {a: {title: A, topics: {a: {title: A}}}}", "'a' stands twice"),
        ("themes: {a: {title: A, record: [{source: rumour, category: x, from: 2013-05-01}]}}", "'rumour'"),
        ("themes: {a: {title: A, record: [{source: stats19, category: x}]}}", "a date under from"),
        ("themes: {a: {title: A, record: [{source: stats19, category: x, from: 2013-05-01, to: 2012-01-01}]}}", "ends"),
        ("themes: {a: {title: A, record: [x]}}", "source, category and from"),
    ],
)
def test_a_fault_in_the_file_is_told_in_words(text: str, says: str) -> None:
    with pytest.raises(TaxonomyError, match=says):
        parse(text)


def test_a_category_may_cover_a_topic_only_in_part(session: Session) -> None:
    load_taxonomy(
        session, FILE.replace("category: Drugs, from: 2013-05-01", "category: Drugs, from: 2013-05-01, covers: partly")
    )

    assert {one.category: one.partly for one in mappings(session, "drugs")} == {"Drugs": True, "Violent crime": False}


def test_how_far_a_category_covers_a_topic_is_one_of_two_words() -> None:
    with pytest.raises(TaxonomyError, match="'wholly' or 'partly', not 'mostly'"):
        parse(FILE.replace("category: Drugs, from: 2013-05-01", "category: Drugs, from: 2013-05-01, covers: mostly"))
