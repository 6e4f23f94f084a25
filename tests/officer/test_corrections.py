"""Where an old figure still stands: in tables, sentences, footnotes, charts in words and officers' own words."""

from datetime import date, timedelta

import pytest
from findings_world import DISTRICT
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Response
from csp_consult.fieldwork.responses import withdraw
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.papers.changed_since import Stale, changed, corrections, differences_of
from csp_consult.papers.contents import Paper, Paragraph, Picture, Section
from csp_consult.papers.kinds import Making
from csp_consult.papers.models import Publication
from csp_consult.papers.publishing import publish, write
from csp_consult.papers.sentences import NOT_THERE, figures, sentences
from csp_consult.papers.sentences import changed as changed_sentences
from csp_consult.parishes.models import ParishResponse
from csp_consult.plan.models import Priority, ThreeYearPlan
from csp_consult.recorded.models import PublishedComparison
from csp_consult.reports.tables import Cell, Column, Table

MAKING = Making(date(2022, 12, 20), "Test partnership", DISTRICT, DEFAULT_RULES)
WAVE = "residents-test/2022"
SHEET = "councils-test/2022/P1"


def paper(*rows: tuple[str, str], said: str = "", note: str = "", alt: str = "", own: str = "") -> Paper:
    columns = (Column("Concern", "topic"), Column("Share", "percent"))
    concerns = Table("t", "Concerns", columns, [[Cell(name), Cell(share)] for name, share in rows], {}, synthetic=False)
    pictures = (Picture("ranking", {}, alt),) if alt else ()
    section = Section("s", "What was said", (Paragraph(said, note),), ((concerns, ""),), own, pictures)
    return Paper("results", "Results", "", "CSP", "2022-12-01", (section,), synthetic=False)


def told(then: Paper, now: Paper) -> list[tuple[str, str, str]]:
    return [(one.place, one.was, one.now) for one in differences_of(then, now)]


def test_a_figure_of_a_table_that_changed_came_or_went_is_named_with_its_row_and_column() -> None:
    then = paper(("Speeding", "59%"), ("Burglary", "20%"))
    now = paper(("Speeding", "58%"), ("Fraud", "12%"))

    assert told(then, now) == [
        ("Speeding: Share", "59%", "58%"),
        ("Burglary: Share", "20%", NOT_THERE),
        ("Fraud: Share", NOT_THERE, "12%"),
    ]
    assert told(then, then) == []


def test_a_sentence_a_footnote_and_a_chart_in_words_are_each_listed_as_they_read_then_and_read_now() -> None:
    then = paper(said="Speeding comes first: 59.1%. It is ahead.", note="Base 240.", alt="Order: speeding, drugs.")
    now = paper(said="Speeding comes first: 58.4%. It is ahead.", note="Base 180.", alt="Order: drugs, speeding.")

    assert told(then, now) == [
        ("Sentence", "Speeding comes first: 59.1%.", "Speeding comes first: 58.4%."),
        ("Chart in words", "Order: speeding, drugs.", "Order: drugs, speeding."),
        ("Footnote", "Base 240.", "Base 180."),
    ]


def test_officers_own_words_are_listed_only_where_they_quote_a_figure_that_no_longer_holds() -> None:
    own = "59% say speeding, of 2,024 asked. We have met twice in 2022."
    then, now = (paper(("Speeding", share), said="In 2022 we asked 2,024.", own=own) for share in ("59%", "58%"))

    [cell, quoted] = told(then, now)

    assert cell == ("Speeding: Share", "59%", "58%")
    assert quoted[:2] == ("Officers’ own words", "59% say speeding, of 2,024 asked.")
    assert quoted[2] == "The figures no longer hold 59%. The words are the same: change them."
    mended = paper(("Speeding", "58%"), said="In 2022 we asked 2,024.", own="58% say speeding.")
    assert told(then, mended)[1][2].endswith("It is rewritten.")
    assert told(then, paper(("Speeding", "59%"), said="In 2022 we asked 2,024.", own="Other words.")) == []


def test_a_text_is_parted_at_the_ends_of_sentences_and_never_within_a_figure() -> None:
    assert sentences("It fell by 33.4%. “Now” it is 1,024. (So they say.)") == [
        "It fell by 33.4%.",
        "“Now” it is 1,024.",
        "(So they say.)",
    ]
    assert figures("It fell by 33.4%, to 1,024, in 4 of 10 wards.") == {"33.4%", "1,024", "10"}


_TEXTS = st.lists(st.sampled_from(["A rose by 1%.", "A rose by 2%.", "B fell.", "Nothing is known.", "C is 5th."]))


@given(then=_TEXTS, now=_TEXTS)
def test_what_is_listed_is_exactly_what_one_side_has_and_the_other_lacks(then: list[str], now: list[str]) -> None:
    pairs = changed_sentences(then, now)

    old, new = (sorted(pair[side] for pair in pairs if pair[side] != NOT_THERE) for side in (0, 1))
    kept = list(then)
    for one in old:
        kept.remove(one)
    assert sorted([*kept, *new]) == sorted(now)
    assert not set(old) & set(new)


def sign_off(session: Session, kind: str, about: str, making: Making = MAKING, reason: str = "") -> Publication:
    return publish(session, kind, about, making, by="olive@example.org", signed_off_by="Chair", reason=reason)


@pytest.fixture
def told_everywhere(site: Flask) -> Flask:
    """Results, chapter, yearly review and a council's sheet, all signed off as the figures stood."""
    with site.app_context():
        session = db.session()
        plan = ThreeYearPlan(title="A safer district", first_year=2023, last_year=2026, source="The printed plan")
        session.add(plan)
        session.flush()
        served = (("speeding", "Slower traffic"), ("asb", "Less anti-social behaviour"))
        for place, (topic, title) in enumerate(served):
            session.add(
                Priority(slug=topic, group="Places", title=title, topic_slug=topic, position=place, plan_id=plan.id)
            )
        sign_off(session, "results", WAVE)
        for kind, about in (("consultation", ""), ("plan-review", "2022-23"), ("parish-feedback", SHEET)):
            sign_off(session, kind, about)
        session.commit()
    return site


def stale(session: Session, making: Making = MAKING) -> dict[str, Stale]:
    return {one.publication.kind: one for one in changed(session, making)}


def sentences_of(one: Stale) -> list[tuple[str, str]]:
    return [(each.was, each.now) for each in one.differences if each.place == "Sentence"]


def withdraw_some(session: Session) -> None:
    references = session.scalars(select(Response.reference).order_by(Response.reference).limit(60)).all()
    assert all(withdraw(session, reference) for reference in references)
    session.flush()


def test_a_withdrawal_is_listed_with_the_old_and_the_new_headline_and_every_paper_that_repeats_it(
    told_everywhere: Flask,
) -> None:
    with told_everywhere.app_context():
        session = db.session()
        assert changed(session, MAKING) == [], "nothing has changed since all was signed off"

        withdraw_some(session)

        found = stale(session)
        assert set(found) == {"results"}, "the others quote what is still public"
        assert ("240 people answered.", "180 people answered.") in sentences_of(found["results"])
        assert {other.kind for other, _ in found["results"].repeated} == {"consultation", "plan-review"}


def test_once_the_results_are_corrected_the_papers_that_quote_them_are_listed_with_their_sentences(
    told_everywhere: Flask,
) -> None:
    with told_everywhere.app_context():
        session = db.session()
        withdraw_some(session)
        later = Making(MAKING.today + timedelta(days=3), MAKING.organisation, DISTRICT, DEFAULT_RULES)

        sign_off(session, "results", WAVE, later, reason="Sixty withdrew.")

        found = stale(session, later)
        assert set(found) == {"consultation", "plan-review"}
        assert any("Base 240" in one.was for one in found["consultation"].differences if one.place == "Footnote")
        assert any("version 1" in one.was for one in found["plan-review"].differences if one.place == "Footnote")
        [logged] = corrections(session)
        assert (logged.publication.version, logged.publication.reason) == (2, "Sixty withdrew.")
        assert any((one.was, one.now) == ("240 people answered.", "180 people answered.") for one in logged.differences)


def test_a_record_that_was_corrected_is_listed_in_results_chapter_and_review_by_their_sentences(
    told_everywhere: Flask,
) -> None:
    with told_everywhere.app_context():
        session = db.session()
        printed = session.get_one(PublishedComparison, "asb-fall")
        printed.change_pct, printed.text = -12.5, "ASB incidents down 12.5% on the year before"
        session.flush()

        found = stale(session)

    for kind in ("results", "plan-review"):
        assert any("33.4%" in was and "12.5%" in now for was, now in sentences_of(found[kind])), kind
    assert "consultation" in {other.kind for other, _ in found["results"].repeated}


def test_how_people_were_consulted_reads_the_same_after_the_day_by_which_the_answer_was_due(
    told_everywhere: Flask,
) -> None:
    with told_everywhere.app_context():
        session = db.session()
        for section in ("not-asked", "read", "changed"):
            write(session, "fairness", WAVE, section, "Words.", by="olive", today=MAKING.today)
        sign_off(session, "fairness", WAVE)
        later = Making(date(2023, 6, 1), MAKING.organisation, DISTRICT, DEFAULT_RULES)

        assert "fairness" not in stale(session, later)


def test_a_council_that_amends_changes_its_own_sheet_sentence_by_sentence(told_everywhere: Flask) -> None:
    with told_everywhere.app_context():
        session = db.session()
        given = session.scalars(select(ParishResponse).where(ParishResponse.parish_code == "P1")).one()
        amended = ParishResponse(
            wave_id=given.wave_id,
            parish_code="P1",
            version=2,
            reference="again",
            submission="again",
            answers={"themes": {"road-safety": "1", "acquisitive-crime": "3", "asb": "2"}},
            mandate=given.mandate,
            meeting_on=given.meeting_on,
            minute_reference="22/2",
            reason="The council looked again.",
            submitted_on=MAKING.today,
        )
        session.add(amended)
        session.flush()

        found = stale(session)["parish-feedback"]

    [(was, now)] = sentences_of(found)
    assert "Road safety: Very much" in was
    assert "Road safety: Not at all" in now


def test_officers_words_in_a_paper_that_quote_an_old_figure_are_listed_on_the_page(
    told_everywhere: Flask, olive: Walker
) -> None:
    with told_everywhere.app_context():
        session = db.session()
        write(session, "results", WAVE, "done", "We read what 240 people said.", by="olive", today=MAKING.today)
        sign_off(session, "results", WAVE, reason="Words of our own.")
        withdraw_some(session)
        session.commit()

    olive.get("/officer/corrections")

    assert "We read what 240 people said. The figures no longer hold 240. The words are the same" in olive.text
    assert "The old figures stand in these papers too" in olive.text
    assert "Words of our own." in olive.text
    assert "Officers’ own words not there We read what 240 people said." in olive.text, "all that was corrected"
    assert "version 1" in olive.text
