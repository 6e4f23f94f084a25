"""Answer types and logic as a resident meets them: postcodes, drawn orders, words of caution."""

from typing import Any

import pytest
from flask import Flask
from resident.conftest import wave_of
from small_survey import SOURCE
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db, writing
from csp_consult.fieldwork import exports
from csp_consult.fieldwork.imports import ColumnMapping, import_rows
from csp_consult.fieldwork.models import Response
from csp_consult.fieldwork.waves import find
from csp_consult.places.models import Postcode
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

GLEN, FLECKNEY = "E05011958", "E05011957"


@pytest.fixture
def postcodes(app: Flask, open_wave: str) -> None:
    """A list of two postcodes: one in Glen, one across the boundary."""
    with app.app_context(), writing() as session:
        for postcode, ward in (("LE80AA", GLEN), ("LE80BB", GLEN), ("LE80BB", FLECKNEY)):
            session.add(Postcode(postcode=postcode, ward_code=ward, source="test"))


def at_the_ward(resident: Walker, survey: str) -> None:
    resident.get(f"{survey}/questions/concerns")
    for _ in range(2):
        resident.submit(button="Continue")


def test_without_a_list_of_postcodes_the_list_of_areas_stands_alone(resident: Walker, open_wave: str) -> None:
    at_the_ward(resident, open_wave)

    assert resident.page.select("[name=ward-postcode]") == []


@pytest.mark.parametrize(("postcode", "shown"), [("le8 0aa", "Glen"), ("LE1 1AA", "Elsewhere")])
def test_a_postcode_becomes_an_area_or_outside_and_is_not_kept(
    app: Flask, resident: Walker, open_wave: str, postcodes: None, statements: Any, postcode: str, shown: str
) -> None:
    at_the_ward(resident, open_wave)
    form = resident.filled({"ward-postcode": postcode})

    with statements() as seen:
        resident.client.post(resident.path, data=form)
    resident.get(f"{open_wave}/check")

    assert len(seen) <= 4
    assert shown in resident.text
    resident.submit(button="Send my answers")
    with app.app_context():
        [response] = db.session().scalars(select(Response))
    assert response.answers == {"ward": GLEN if shown == "Glen" else "outside"}


def test_a_postcode_across_a_boundary_asks_which(resident: Walker, open_wave: str, postcodes: None) -> None:
    at_the_ward(resident, open_wave)

    resident.submit({"ward-postcode": "LE8 0BB"}, button="Continue")
    assert resident.errors == ["This postcode lies in Fleckney and Glen. Choose yours in the list."]

    resident.submit({"ward": FLECKNEY}, button="Continue")
    assert resident.heading == "Check your answers"
    assert "Fleckney" in resident.text


def test_what_is_no_postcode_is_refused_in_words_and_never_stored(
    app: Flask, resident: Walker, open_wave: str, postcodes: None
) -> None:
    at_the_ward(resident, open_wave)

    resident.submit({"ward-postcode": "LE8"}, button="Continue")
    assert resident.errors == ["Enter a full postcode, like LE16 7AB."]

    resident.submit({"ward-postcode": "LE8", "age": "25-34"}, button="Back")
    resident.get(f"{open_wave}/questions/you")
    assert resident.filled()["ward-postcode"] == ""
    assert resident.filled()["age"] == ["25-34"]


def test_the_page_with_the_list_of_postcodes_takes_at_most_three_statements(
    resident: Walker, open_wave: str, postcodes: None, statements: Any
) -> None:
    at_the_ward(resident, open_wave)

    with statements() as seen:
        resident.client.get(resident.path)

    assert len(seen) <= 3


DRAWN = SOURCE.replace(
    "        text: Which worry you most?\n", "        text: Which worry you most?\n        order: random\n"
)


def test_the_order_somebody_saw_is_theirs_on_every_visit_stored_exported_and_read_back(app: Flask) -> None:
    survey = wave_of(app, DRAWN)
    seen: list[list[str]] = []
    for _ in range(4):
        walker = Walker(app.test_client())
        walker.get(f"{survey}/questions/concerns")
        walker.submit({"top.1": "burglary"}, button="Continue")
        walker.get(f"{survey}/questions/concerns")
        seen.append([str(option["value"]) for option in walker.page.select("[name='top.1'] option") if option["value"]])
        walker.get(f"{survey}/questions/concerns")
        assert [str(one["value"]) for one in walker.page.select("[name='top.1'] option") if one["value"]] == seen[-1]
        walker.get(f"{survey}/questions/crime")
        for _ in range(2):
            walker.submit(button="Continue")
        walker.submit(button="Send my answers")

    with app.app_context(), writing() as session:
        wave = find(session, "small/now")
        questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
        rows = list(exports.rows(session, wave, questionnaire))
        texts = [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
        import_rows(session, wave, questionnaire, texts, ColumnMapping(), today=wave.opens_on)
        stored = session.scalars(select(Response)).all()

    assert sorted(row["top-order"] for row in rows) == sorted(" ".join(order) for order in seen)
    assert sorted((response.orders or {})["top"] for response in stored) == sorted(seen * 2)


WRITTEN = SOURCE.replace(
    "pages:\n",
    """pages:
  - page: words
    title: In your words
    sensitive: yes
    questions:
      - {id: comment, kind: long_text, text: 'What else?'}
""",
)


def test_a_telephone_number_draws_a_word_of_caution_and_is_sent_all_the_same(app: Flask, resident: Walker) -> None:
    survey = wave_of(app, WRITTEN)
    resident.get(f"{survey}/questions/words")
    assert "do not name people" in resident.text
    assert resident.page.title is not None
    assert resident.page.title.get_text().startswith("Survey, page 1"), "the history does not tell"

    resident.submit({"comment": "Ring 07700 900123"}, button="Continue")
    for _ in range(3):
        resident.submit(button="Continue")
    assert "seems to hold a telephone number" in resident.text
    resident.submit(button="Send my answers")

    with app.app_context():
        assert db.session().scalars(select(Response)).one().answers == {"comment": "Ring 07700 900123"}


def test_looks_that_are_kept_for_everybody_hold_nobody_s_answers(app: Flask, open_wave: str) -> None:
    one, other = Walker(app.test_client()), Walker(app.test_client())
    one.get(f"{open_wave}/questions/concerns")
    one.submit({"problem.asb": "big"}, button="Continue")
    one.get(f"{open_wave}/questions/concerns")

    other.get(f"{open_wave}/questions/concerns")

    assert one.filled()["problem.asb"] == ["big"]
    assert "problem.asb" not in other.filled()
    one.get(f"{open_wave}/questions/concerns")
    assert one.filled()["problem.asb"] == ["big"], "nor does a page that nobody answered hide them"


def test_looks_that_are_kept_are_those_of_the_language_asked_for(app: Flask, real_wave: str) -> None:
    resident = Walker(app.test_client())
    said: dict[str, list[tuple[str, str]]] = {}
    for language in ("en", "cy", "en"):
        resident.get(f"{real_wave}?language={language}")
        resident.get(f"{real_wave}/questions/connection")
        said.setdefault(language, []).append(
            (resident.page.select("footer")[0].text, resident.page.select("fieldset")[0].text)
        )

    assert said["en"][0] == said["en"][1]
    assert "Privacy" in said["en"][0][0]
    assert "Privacy" not in said["cy"][0][0]
    assert said["en"][0][1] != said["cy"][0][1], "the question"
