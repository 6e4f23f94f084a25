"""From a postcode to ward, parish, beat and LSOA: also across boundaries, and where there is no parish."""

from datetime import date

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from csp_consult.fieldwork.areas import context_for
from csp_consult.places.models import Area, AreaLink, Postcode
from csp_consult.places.postcodes import areas_of
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.questions.base import AnswerError, Question

TODAY = date(2022, 10, 1)
AREAS = {
    "W1": "ward",
    "W2": "ward",
    "W3": "ward",
    "P1": "parish",
    "P2": "parish",
    "B1": "beat",
    "B2": "beat",
    "L1": "lsoa21",
    "L2": "lsoa21",
}
# Ward 1 has two parishes, ward 2 one, ward 3 (a town) none.
LINKS = (("P1", "W1"), ("P2", "W1"), ("P2", "W2"), ("W1", "B1"), ("W2", "B2"), ("W3", "B2"))
POSTCODES = (
    ("LE11AA", "W1", "P1", "L1"),
    ("LE11AB", "W1", None, "L1"),
    ("LE11AC", "W3", None, "L2"),
    ("LE11AD", "W1", "P1", "L1"),
    ("LE11AD", "W3", None, "L2"),
    ("LE11AE", "W2", None, None),
)
FILE = """
questionnaire: place
version: "1"
title: Place
organisation: A test
audience: residents
minutes: 1
intro: {purpose: To try., decides: Nobody., after: Thrown away.}
pages:
  - page: only
    title: Place
    questions:
      - id: place
        kind: area
        of: KIND
        text: Where do you live?
        options:
          none: {text: My home is in no parish, role: unparished}
          outside: {text: Outside the district, role: outside}
"""


@pytest.fixture
def places(session: Session) -> Session:
    """Three wards with what lies in them, and five postcodes."""
    session.add_all(Area(code=code, kind=kind, name=f"Area {code}", source="test") for code, kind in AREAS.items())
    session.flush()
    session.add_all(AreaLink(inner_code=a, outer_code=b, method="official", source="test") for a, b in LINKS)
    session.add_all(
        Postcode(postcode=postcode, ward_code=ward, parish_code=parish, lsoa_code=lsoa, source="test")
        for postcode, ward, parish, lsoa in POSTCODES
    )
    session.flush()
    return session


@pytest.mark.parametrize(
    ("postcode", "kind", "codes", "partly_in_none"),
    [
        ("le1 1aa", "ward", ["W1"], False),
        ("le1 1aa", "parish", ["P1"], False),
        ("le1 1aa", "beat", ["B1"], False),
        ("le1 1aa", "lsoa21", ["L1"], False),
        # The list does not tell the parish: those of the ward may be chosen from.
        ("LE1 1AB", "parish", ["P1", "P2"], False),
        ("LE1 1AE", "parish", ["P2"], False),
        ("LE1 1AC", "parish", [], False),
        # Across the edge of the town: one parish, or none.
        ("LE1 1AD", "parish", ["P1"], True),
        ("LE1 1AD", "beat", ["B1", "B2"], False),
        ("LE1 1AD", "lsoa21", ["L1", "L2"], False),
    ],
)
def test_a_postcode_gives_its_areas_of_every_kind(
    places: Session, postcode: str, kind: str, codes: list[str], partly_in_none: bool
) -> None:
    found = areas_of(places, postcode, kind, TODAY)

    assert found is not None
    assert ([area.code for area in found.areas], found.partly_in_none) == (codes, partly_in_none)


def test_a_postcode_that_is_not_on_the_list_is_outside(places: Session) -> None:
    assert areas_of(places, "B1 1AA", "parish", TODAY) is None


def answered(places: Session, kind: str, postcode: str) -> tuple[Question, object]:
    """What the question makes of a postcode."""
    question = load(FILE.replace("KIND", kind)).question("place")
    context = context_for(places, [question], TODAY, by_postcode=True)
    return question, question.parse(MultiDict({"place-postcode": postcode}), context)


@pytest.mark.parametrize(
    ("kind", "postcode", "answer"),
    [
        ("parish", "LE1 1AA", "P1"),
        ("parish", "LE1 1AC", "none"),
        ("parish", "B1 1AA", "outside"),
        ("beat", "LE1 1AE", "B2"),
        ("lsoa21", "LE1 1AC", "L2"),
    ],
)
def test_the_answer_is_the_area_no_parish_or_outside_and_never_the_postcode(
    places: Session, kind: str, postcode: str, answer: str
) -> None:
    question, given = answered(places, kind, postcode)

    assert given == answer
    assert question.tally(given) == [("place", answer)]


@pytest.mark.parametrize(
    ("kind", "postcode", "message"),
    [
        ("parish", "LE1 1AD", "This postcode lies in Area P1 and a place without one. Choose yours in the list."),
        ("parish", "LE1 1AB", "This postcode lies in Area P1 and Area P2. Choose yours in the list."),
        ("beat", "LE1 1AD", "This postcode lies in Area B1 and Area B2. Choose yours in the list."),
    ],
)
def test_a_postcode_that_straddles_asks_which(places: Session, kind: str, postcode: str, message: str) -> None:
    with pytest.raises(AnswerError) as refused:
        answered(places, kind, postcode)

    assert refused.value.message == message
